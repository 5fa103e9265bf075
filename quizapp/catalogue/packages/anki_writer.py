"""Writes questions as an Anki package with genanki, into a database that is opened by this process's one SQLite."""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import genanki

from quizapp import sqlite
from quizapp.catalogue.formats.anki_out import back_of, deck_of, front_of
from quizapp.catalogue.formats.parsed import ParsedQuestion

# Never changed, nor are the fields: Anki keeps the old text for good where a note type has a field more than before.
_NOTE_TYPE_ID = 1_764_403_200_000
_NOTE_TYPE = genanki.Model(
    _NOTE_TYPE_ID,
    "quizapp question",
    fields=[{"name": "Front"}, {"name": "Back"}],
    templates=[{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
)
_ID_BITS = 40  # of a deck's id, which Anki wants to be a number below 2^63


def write(
    notes: Sequence[tuple[str, Sequence[ParsedQuestion]]], *, now: datetime, media: Mapping[str, bytes] | None = None
) -> bytes:
    """A package with a deck for each note. A question keeps its guid, so that a second import makes no second card.

    `media` are the pictures that the questions show, by their names.
    """
    places = count(1)  # genanki puts all new cards in place 0, so that their order is lost
    decks = []
    for title, questions in notes:
        deck = genanki.Deck(_id_of(title), deck_of(title))
        for question in questions:
            fields = [front_of(question), back_of(question)]
            deck.add_note(genanki.Note(model=_NOTE_TYPE, fields=fields, guid=question.key, due=next(places)))
        decks.append(deck)
    return _packed(genanki.Package(decks), now, media or {})


def _packed(package: genanki.Package, now: datetime, media: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with TemporaryDirectory(prefix="quizapp-anki-") as folder:
        path = Path(folder) / "collection.anki2"
        path.touch()
        with closing(sqlite.open_new(path)) as db:
            seconds = now.timestamp()
            package.write_to_db(db.cursor(), seconds, count(int(seconds * 1000)))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, "collection.anki2")
            archive.writestr("media", json.dumps({str(place): name for place, name in enumerate(media)}))
            for place, data in enumerate(media.values()):
                archive.writestr(str(place), data, compress_type=zipfile.ZIP_STORED)
    return target.getvalue()


def _id_of(title: str) -> int:
    return int.from_bytes(hashlib.sha256(title.encode()).digest()[: _ID_BITS // 8]) + 1
