"""Which items of each note are live, and which of them an import has retired."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.visibility import FOR_ALL


class LiveItem(NamedTuple):
    """A concept or question that is not retired."""

    is_question: bool
    id: int
    key: str
    fingerprint: str


def live_items(db: Session, *, path: str | None = None) -> dict[str, frozenset[LiveItem]]:
    """The items that are not retired, by their Note.path; of all notes for all, or of one.

    What a learner's own note says keeps nothing for the others.
    """
    questions = select(Note.path, Question.id, Question.key, Question.fingerprint).join(
        Question, Question.note_id == Note.id
    )
    questions = questions.where(Question.retired_at.is_(None), Question.kind != QuestionKind.LAB)
    concepts = select(Note.path, Concept.id, Concept.key, Concept.fingerprint).join(Section, Section.note_id == Note.id)
    concepts = concepts.join(Concept, Concept.section_id == Section.id).where(Concept.retired_at.is_(None))
    found: dict[str, set[LiveItem]] = {}
    chosen = FOR_ALL if path is None else and_(FOR_ALL, Note.path == path)
    for is_question, statement in ((True, questions), (False, concepts)):
        for name, item_id, key, fingerprint in db.execute(statement.where(chosen)):
            item = LiveItem(is_question=is_question, id=item_id, key=key, fingerprint=fingerprint)
            found.setdefault(name, set()).add(item)
    return {name: frozenset(items) for name, items in found.items()}


def lost_items(db: Session, before: Mapping[str, frozenset[LiveItem]]) -> Counter[str]:
    """How many of these items no note has any more, neither the row nor its words, by the note that they were in."""
    now = {item for items in live_items(db).values() for item in items}
    ids = {(item.is_question, item.id) for item in now}
    said = {(item.is_question, item.fingerprint) for item in now}
    return Counter(
        {
            name: sum(
                (item.is_question, item.id) not in ids and (item.is_question, item.fingerprint) not in said
                for item in items
            )
            for name, items in before.items()
        }
    )
