"""How much more a learner's own notes would be with a note as it is planned. Writes nothing."""

import json
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.kinds.expected import to_json
from quizapp.catalogue.models import Note
from quizapp.catalogue.own_notes import OwnNotes
from quizapp.catalogue.store.import_run import NoteFile
from quizapp.catalogue.store.note_plan import NotePlan, PlannedConcept, PlannedQuestion
from quizapp.catalogue.store.note_planning import PlannedNote
from quizapp.catalogue.store.question_store import Content, Merge


def added_by(db: Session, planned: PlannedNote, file: NoteFile) -> OwnNotes:
    """What the note adds to `own_notes.own_notes`, less than nothing where it grows shorter. Counts no pictures."""
    plan, had = planned.plan, select(func.length(Note.source)).where(Note.id == planned.header.note_id)
    return OwnNotes(
        notes=int("retired_at" in planned.header.values),  # a new one, or one that comes back
        questions=sum(one.row is None for one in plan.questions),
        chars=len(file.source)
        - (db.scalar(had) or 0)
        + sum(len(one.html) for one in plan.sections)
        - sum(len(row.html) for row in planned.rows.sections)
        + _of_items(plan),
    )


def _of_items(plan: NotePlan) -> int:
    concepts = sum(map(_more_of_concept, plan.concepts))
    return concepts + sum(map(_more_of_question, plan.questions))


def _more_of_concept(one: PlannedConcept) -> int:
    return len(one.text) - (len(one.row.text) if one.row is not None else 0)


def _more_of_question(one: PlannedQuestion) -> int:
    if one.merged.outcome not in (Merge.NEW, Merge.CHANGED):
        return 0
    return _chars(one.content) - (_chars(one.row.content) if one.row is not None else 0)


def _chars(content: Content) -> int:
    """The characters of a question as `own_notes` counts them: its lists and what is expected as JSON."""
    lists: Iterable[object] = (content.must, content.bonus, content.red_flags, content.hints)
    expected = len(json.dumps(to_json(content.expected))) if content.expected is not None else 0
    options = sum(len(choice.text) + len(choice.why) for choice in content.choices)
    return len(content.prompt) + len(content.answer) + sum(len(json.dumps(one)) for one in lists) + expected + options
