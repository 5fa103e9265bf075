"""Stores one lab definition, and the hands-on question of the lab. Knows no file."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_places import put_in_place
from quizapp.catalogue.labs.lab_sources import content_of
from quizapp.catalogue.models import Lab, Question, QuestionKind
from quizapp.catalogue.store import question_store as store
from quizapp.catalogue.store.import_run import Changes


@dataclass(frozen=True, kw_only=True)
class StoredLab:
    """The result of storing a lab."""

    changes: Changes
    unknown: tuple[str, ...] = ()
    """The keys of concepts that the lab names and no note has."""
    alone: bool = False
    """Whether no question has the id that the lab names as `same_as`."""
    names_itself: bool = False
    """Whether that question is the lab's own."""
    conflict: bool = False
    """Whether both the file and the browser changed the question; the browser's version was kept."""
    clash: bool = False
    """Whether nothing was stored, because a question of a note has the lab's id."""


def store_lab(db: Session, definition: LabDefinition, *, now: datetime) -> StoredLab:
    """Make the stored lab and its question equal to the definition; one that an editor has retired stays so.

    Flushes; the caller commits.
    """
    question = db.scalar(select(Question).where(Question.key == definition.id))
    if question is not None and question.kind is not QuestionKind.LAB:
        return StoredLab(changes=Changes(), clash=True)
    content = content_of(definition)
    changes, conflict = Changes(), False
    if question is None:
        question = store.create(content, key=definition.id, now=now)
        changes += Changes(added=1)
    else:
        outcome = store.update(db, question, content, now=now)
        conflict = outcome is store.Merge.CONFLICT
        restored = not question.retired_here and store.restore(question)
        changes += Changes(changed=int(outcome is store.Merge.CHANGED), restored=int(restored))
    definition, unknown = put_in_place(db, question, definition)
    db.add(question)
    db.flush()
    changes += Changes(changed=int(write_definition(db, question, definition)))
    named = db.scalar(select(Question.id).where(Question.key == definition.same_as))
    return StoredLab(
        changes=changes,
        unknown=unknown,
        alone=definition.same_as is not None and named is None,
        names_itself=named == question.id,
        conflict=conflict,
    )


def retire_lab(db: Session, lab: Lab, *, now: datetime) -> Changes:
    """Take a lab out of the lists. Its runs and its question's cards stay."""
    lab.retired_at = now
    retired = store.retire(lab.question, now=now)
    db.flush()
    return Changes(retired=int(retired))


def write_definition(db: Session, question: Question, definition: LabDefinition) -> bool:
    """Make or change the lab's own row. Returns whether a stored row was changed."""
    data = definition.model_dump(mode="json")
    for name in ("same_as", "address"):
        if data[name] is None:
            del data[name]  # so that the labs that were stored before this field was there have not changed
    fingerprint = store.fingerprint(data)
    lab = db.scalar(select(Lab).where(Lab.slug == definition.id))
    is_new = lab is None
    if lab is None:
        lab = Lab(slug=definition.id, question=question)
        db.add(lab)
    differs = not is_new and lab.fingerprint != fingerprint
    if is_new or differs:
        lab.title, lab.summary, lab.minutes = definition.title, definition.summary, definition.minutes
        lab.definition, lab.fingerprint = data, fingerprint
    if not question.retired_here:
        lab.retired_at = None
    db.flush()
    return differs
