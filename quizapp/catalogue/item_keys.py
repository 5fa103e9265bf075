"""The ids that the catalogue has of a note's items, in the order in which its file has the items. Reads only."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section, Unsettled, file_note_id


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
        .where(file_note_id == note.id, Question.made_here.is_(False), Question.kind != QuestionKind.LAB)
        .where(or_(Question.retired_at.is_(None), Question.retired_here.is_(True)))
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
