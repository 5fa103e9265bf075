"""The ids that the catalogue has of a note's items, in the order in which its file has the items. Reads only."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section, Unsettled


def keys_of(db: Session, note: Note) -> list[str]:
    """The ids of a note's concepts and of what it asks, each in the note's order; see `id_comments.items_of`."""
    concepts = (
        select(Concept.key)
        .join(Section, Concept.section_id == Section.id)
        .where(Section.note_id == note.id, Concept.retired_at.is_(None))
        .order_by(Concept.position)
    )
    questions = (
        select(Question.key)
        .where(Question.note_id == note.id, Question.retired_at.is_(None), Question.kind != QuestionKind.LAB)
        .where(Question.id.not_in(select(Unsettled.question_id).where(Unsettled.file.is_(None))))
        .order_by(Question.position)
    )
    return [*db.scalars(concepts), *db.scalars(questions)]


def keys_owned_by(db: Session, owner: UUID) -> frozenset[str]:
    """The ids of all items of a learner's own notes, retired ones included, unless their section is gone."""
    questions = select(Question.key).join(Question.note).where(Note.owner_id == owner)
    sections = select(Section.id).join(Section.note).where(Note.owner_id == owner)
    concepts = select(Concept.key).where(Concept.section_id.in_(sections))
    return frozenset([*db.scalars(questions), *db.scalars(concepts)])
