"""How what a person sends in the browser is understood: whose it is, and which stored note each one is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue import picture_rows
from quizapp.catalogue.importing import sent_rows
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.item_keys import keys_owned_by
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.pictures.pictures import Copies

if TYPE_CHECKING:
    from quizapp.catalogue.importing.reading import ReadFiles


def owner_of_notes(user: User) -> UUID | None:
    """Whose own the notes are that this person brings: a learner's; None for an editor, who brings them for all."""
    return None if user.is_editor else user.id


def understood(db: Session, sent: Sequence[SentNote], *, user: User, copies: Copies | None = None) -> "ReadFiles":
    """What this person has sent, each note in the place of the stored one that it is."""
    from quizapp.catalogue.importing.reading import read_sent  # loads the parsers, which no other page needs

    owner = owner_of_notes(user)
    own_keys = keys_owned_by(db, owner) if owner is not None else frozenset[str]()
    stored = sent_rows.paths_by_heading(db, owner=owner)
    if owner is None:  # a file is changed in its own place, whatever heading it has
        stored |= {one.path: one.path for one in sent if one.path is not None and not one.path.startswith(BROWSER)}
    writes_ids = any(b"id:" in one.data for one in sent)
    by_id = sent_rows.paths_by_id(db, owner=owner) if writes_ids else {}
    before = picture_rows.shown_before(db, owner=owner)
    return read_sent(
        sent,
        owner=owner,
        sent_by=user,
        stored=stored,
        own_keys=own_keys,
        by_id=by_id,
        copies=copies,
        shown_before=before,
    )
