"""Where a question may stand: the notes for all, and the sections and concepts of one. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.articles.queries import NoteChoice
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import Concept, Note, Section
from quizapp.catalogue.question_shape import QuestionPlace
from quizapp.catalogue.remits import holds_questions_of
from quizapp.catalogue.visibility import FOR_ALL, Reader

_SECTION, _CONCEPT = "section", "concept"
PLACE_MAX_CHARS = 80  # of a value of `Spot.value`: a word, and a key or an anchor of at most 64


@dataclass(frozen=True, kw_only=True)
class PlaceChoice:
    """A section or a concept that questions may be put into."""

    value: str
    """As a form sends it."""
    label: str
    is_concept: bool


def notes_for_all(db: Session, *, editor: Reader, also: Sequence[str] = ()) -> list[NoteChoice]:
    """The notes that an editor may put questions into, in the order of the list of notes.

    Whoever edits by tags may do so in any note. `also` are the keys of notes that are listed though they are retired.
    """
    is_listed = or_(Note.retired_at.is_(None), Note.key.in_(also))
    live = select(Note.key, Note.title).where(FOR_ALL, is_listed, holds_questions_of(editor))
    rows = db.execute(live.order_by(Note.number.nulls_last(), Note.title, Note.id))
    return [NoteChoice(key=key, title=title) for key, title in rows]


def places_in(db: Session, note: str) -> list[PlaceChoice]:
    """The sections of a note in their order, each followed by its concepts."""
    of_note = Note.key == note, Note.retired_at.is_(None), FOR_ALL
    sections = select(Section.id, Section.anchor, Section.title).join(Section.note).where(*of_note)
    concepts = select(Concept.section_id, Concept.key, Concept.term).join(Concept.section).join(Section.note)
    concepts = concepts.where(*of_note, Concept.retired_at.is_(None)).order_by(Concept.position, Concept.id)
    below: dict[int | None, list[PlaceChoice]] = {}
    for section_id, key, term in db.execute(concepts):
        choice = PlaceChoice(value=f"{_CONCEPT}:{key}", label=in_plain_text(term), is_concept=True)
        below.setdefault(section_id, []).append(choice)
    found: list[PlaceChoice] = []
    for section_id, anchor, title in db.execute(sections.order_by(Section.position)):
        found.append(PlaceChoice(value=f"{_SECTION}:{anchor}", label=title, is_concept=False))
        found += below.get(section_id, [])
    return found


def place_from(note: str, value: str) -> QuestionPlace:
    """The place that a form names. What it does not know counts as none."""
    kind, _, name = value[:PLACE_MAX_CHARS].replace("\x00", "").partition(":")
    return QuestionPlace(
        note=note.replace("\x00", "")[:PLACE_MAX_CHARS] or None,
        section=name if kind == _SECTION else None,
        concept=name if kind == _CONCEPT else None,
    )


def value_of(place: QuestionPlace) -> str:
    """A place as a form names it."""
    return f"{_CONCEPT}:{place.concept}" if place.concept else f"{_SECTION}:{place.section}" if place.section else ""


def title_of(notes: Sequence[NoteChoice], key: str) -> str:
    """The title of one of these notes; empty for none."""
    return next((note.title for note in notes if note.key == key), "")
