"""Where labs stand: at the first concept they name that a note has, or that was merged into one which a note has."""

from collections.abc import Mapping, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.models import Concept, Question, QuestionKind, Section
from quizapp.catalogue.visibility import FOR_ALL

AFTER_ALL = 1_000_000  # the position of a lab's question in a note: after all others
MERGES_MAX = 10  # that are followed from a concept which was merged into one that was merged in its turn, and so on


def put_in_place(db: Session, question: Question, definition: LabDefinition) -> tuple[LabDefinition, tuple[str, ...]]:
    """Set the concept, section and note of a lab's question to those of the lab's first concept that a note has.

    A concept that an editor has retired keeps its labs: its lines are text of the note. Returns the definition with
    the keys of what merged concepts are part of now, and the keys of the concepts that no note has.
    """
    found = _named(db, definition.concepts)
    first = next((found[key] for key in definition.concepts if key in found), None)
    section = db.get(Section, first.section_id) if first is not None and first.section_id is not None else None
    question.concept, question.section = first, section
    question.note_id = section.note_id if section is not None else None
    question.position, question.same_as = AFTER_ALL, definition.same_as
    keys = tuple(dict.fromkeys(found[key].key if key in found else key for key in definition.concepts))
    resolved = definition if keys == definition.concepts else definition.model_copy(update={"concepts": keys})
    return resolved, tuple(key for key in definition.concepts if key not in found)


def let_labs_follow(db: Session) -> None:
    """Put each lab's question where its concept stands by now, which may have moved to another section or note."""
    moved = or_(
        Question.section_id.is_distinct_from(Concept.section_id), Question.note_id.is_distinct_from(Section.note_id)
    )
    rows = select(Question, Concept.section_id, Section.note_id).join(Question.concept).join(Concept.section)
    for question, section_id, note_id in db.execute(rows.where(Question.kind == QuestionKind.LAB, moved)).all():
        question.section_id, question.note_id = section_id, note_id
    db.flush()


def _named(db: Session, keys: Sequence[str]) -> Mapping[str, Concept]:
    """The concepts that are there, by the keys that name them or what was merged into them."""
    found: dict[str, Concept] = {}
    sought = {key: key for key in keys}
    for _ in range(MERGES_MAX):
        among = select(Concept).outerjoin(Concept.section).outerjoin(Section.note)
        rows = {row.key: row for row in db.scalars(among.where(Concept.key.in_(sought.values()), FOR_ALL))}
        found |= {name: rows[key] for name, key in sought.items() if key in rows and _is_there(rows[key])}
        sought = {
            name: into
            for name, key in sought.items()
            if name not in found and key in rows and (into := rows[key].merged_into) is not None
        }
        if not sought:
            break
    return found


def _is_there(concept: Concept) -> bool:
    """Whether its lines are in a note that is there, as a concept or, retired by an editor, as text."""
    if concept.retired_at is None:
        return True
    return concept.retired_here and concept.section is not None and concept.section.note.retired_at is None
