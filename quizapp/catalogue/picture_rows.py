"""Who sees which picture: those who see a note that shows it, and for a day whoever has sent it in the browser."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.html.inline_html import KEPT, PICTURE_NAME
from quizapp.catalogue.models import Note, NotePicture, SentPicture
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.own_notes import OWN_PICTURES_MAX_BYTES
from quizapp.catalogue.pictures.picture_text import Picture, written_address
from quizapp.catalogue.visibility import Reader, owned_by, read_by


def notes_with_lost_copies(db: Session, folder: Path) -> set[str]:
    """The paths of the notes, other than those of the browser, that show a picture whose copy is not in the folder."""
    shown = select(Note.path, NotePicture.name).join(Note, Note.id == NotePicture.note_id)
    of_files = Note.retired_at.is_(None), ~Note.path.startswith(BROWSER), ~NotePicture.address.startswith(KEPT)
    rows = db.execute(shown.where(*of_files)).all()
    there = {path.name for path in folder.iterdir()} if rows and folder.is_dir() else set()
    return {row.path for row in rows if row.name not in there}


def note_sent(db: Session, *, user_id: UUID, pictures: Collection[Picture], now: datetime) -> None:
    """Keep that somebody has sent these pictures, so that they see them and can confirm a note with them."""
    for one in {picture.name: picture for picture in pictures}.values():
        db.merge(SentPicture(user_id=user_id, name=one.name, size=one.size, sent_at=now))
    db.flush()


def sent_by(db: Session, *, user_id: UUID) -> dict[str, Picture]:
    """The pictures that somebody has sent by themselves, by the address that stands for each in a note's text."""
    rows = db.execute(select(SentPicture.name, SentPicture.size).where(SentPicture.user_id == user_id))
    return {written_address(row.name): Picture(name=row.name, size=row.size) for row in rows}


def room_for_pictures(db: Session, *, user_id: UUID) -> tuple[int, set[str]]:
    """How many more bytes of pictures somebody may send, and the names of those that are counted already."""
    own = select(NotePicture.name, NotePicture.size).join(Note, Note.id == NotePicture.note_id)
    sent = select(SentPicture.name, SentPicture.size).where(SentPicture.user_id == user_id)
    rows = [*db.execute(own.where(Note.owner_id == user_id)), *db.execute(sent)]
    sizes = {row.name: row.size for row in rows}
    return max(0, OWN_PICTURES_MAX_BYTES - sum(sizes.values())), set(sizes)


def shown_before(db: Session, *, owner: UUID | None) -> dict[str, dict[str, Picture]]:
    """The pictures of the notes that a browser sent, by Note.path and address: this learner's own; None: for all."""
    columns = select(Note.path, NotePicture.address, NotePicture.name, NotePicture.size)
    rows = columns.join(Note, Note.id == NotePicture.note_id).where(Note.path.startswith(BROWSER), owned_by(owner))
    found: dict[str, dict[str, Picture]] = {}
    for row in db.execute(rows):
        found.setdefault(row.path, {})[row.address] = Picture(name=row.name, size=row.size)
    return found


def shown_of(db: Session, *, note_id: int) -> dict[str, Picture]:
    """The pictures of one note, by their addresses in its text."""
    columns = select(NotePicture.address, NotePicture.name, NotePicture.size)
    rows = db.execute(columns.where(NotePicture.note_id == note_id))
    return {row.address: Picture(name=row.name, size=row.size) for row in rows}


def show_also(db: Session, *, user: Reader, note_id: int | None, text: str) -> None:
    """Have a note show the pictures that a user's edit names, if the user sees them; the others stay as they are."""
    names = {name for name in PICTURE_NAME.findall(text) if f"{KEPT}{name}" in text}
    names -= set(db.scalars(select(NotePicture.name).where(NotePicture.note_id == note_id)))
    if note_id is not None and names:
        seen = seen_of(db, user=user, names=names).values()
        rows = (NotePicture(note_id=note_id, address=f"{KEPT}{one.name}", name=one.name, size=one.size) for one in seen)
        db.add_all(rows)
        db.flush()


def may_see(db: Session, *, user: Reader, name: str) -> bool:
    """Whether a user sees a note that shows the picture, or has just sent it."""
    return bool(seen_of(db, user=user, names=[name]))


def seen_of(db: Session, *, user: Reader, names: Collection[str]) -> dict[str, Picture]:
    """Those of the pictures with these names that the user sees, by name."""
    shown = select(NotePicture.name, NotePicture.size).join(Note, Note.id == NotePicture.note_id)
    sent = select(SentPicture.name, SentPicture.size).where(SentPicture.user_id == user.id)
    rows = [
        *db.execute(shown.where(NotePicture.name.in_(names), read_by(user))),
        *db.execute(sent.where(SentPicture.name.in_(names))),
    ]
    return {row.name: Picture(name=row.name, size=row.size) for row in rows}
