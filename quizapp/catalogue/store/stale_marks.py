"""Marks the questions that were made of a section which an import has changed, so that an editor sees them again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question, QuestionKind, SectionChange, StaleQuestion
from quizapp.catalogue.nearest import Passage, all_nearest
from quizapp.catalogue.store.note_plan import NotePlan, PlannedSection
from quizapp.catalogue.store.question_store import Merge


def words_of(html: str) -> str:
    """What a section says, without its form."""
    return Markup(html).striptags()


def changed_sections(plan: NotePlan) -> Mapping[int, str]:
    """What the sections said before, by id, of those that the plan has say something else."""
    found = {}
    for one in plan.sections:
        # Another title is another section, which has got the row of one that went.
        if one.row is not None and one.row.html != one.html and one.row.title == one.title:
            before = words_of(one.row.html)
            if before and before != words_of(one.html):
                found[one.row.id] = before
    return found


def mark_stale(db: Session, plan: NotePlan, *, note_id: int, now: datetime) -> None:
    """Mark what was made of the sections that the plan changes, and let what it changes itself be looked at.

    A question that is marked already keeps the older text. To be called once the plan is written.
    """
    reworded = [one.row.id for one in plan.questions if one.row is not None and one.merged.outcome is Merge.CHANGED]
    if reworded:
        waits = StaleQuestion.looked_at.is_(None), StaleQuestion.question_id.in_(reworded)
        db.execute(update(StaleQuestion).where(*waits).values(looked_at=now))
    changed = changed_sections(plan)
    if not changed:
        return
    fresh = {
        *reworded,
        *(one.row.id for one in plan.questions if one.row is not None and one.row.retired_at is not None),
    }
    of_section = _made_of(db, plan, changed, note_id=note_id, now=now)
    waiting = set(db.scalars(select(StaleQuestion.question_id).where(StaleQuestion.looked_at.is_(None), _of(note_id))))
    for section_id, question_ids in of_section.items():
        if stale := [one for one in question_ids if one not in waiting and one not in fresh]:
            _mark(db, stale, section_id=section_id, before=changed[section_id], now=now)
    _forget(db, plan, changed)


def _made_of(
    db: Session, plan: NotePlan, changed: Mapping[int, str], *, note_id: int, now: datetime
) -> Mapping[int, Sequence[int]]:
    """The ids of the questions of each of these sections: those in it, and those of a list at the note's end that it
    explains by its words."""
    rows = db.execute(
        select(Question.id, Question.section_id, Question.concept_id, Question.prompt, Question.answer)
        .where(Question.note_id == note_id, Question.retired_at.is_(None), Question.updated_at < now)
        .where(Question.kind != QuestionKind.LAB)
    ).all()
    teaching = [one for one in plan.sections if one.row is not None and one.row.teaches]
    listed = {one.row.id for one in plan.sections if one.row is not None and not one.row.teaches}
    found: dict[int, list[int]] = {section_id: [] for section_id in changed}
    asked = []
    for row in rows:
        if row.section_id in found:
            found[row.section_id].append(row.id)
        elif row.section_id in listed and row.concept_id is None:
            asked.append(row)
    places = all_nearest([f"{row.prompt} {row.answer}" for row in asked], [_passage(one) for one in teaching])
    for row, place in zip(asked, places, strict=True):
        explaining = teaching[place].row if place is not None else None
        if explaining is not None and explaining.id in found:
            found[explaining.id].append(row.id)
    return found


def _passage(section: PlannedSection) -> Passage:
    assert section.row is not None  # as its caller has chosen
    return Passage(title=section.row.title, text=words_of(section.row.html))


def _mark(db: Session, question_ids: Sequence[int], *, section_id: int, before: str, now: datetime) -> None:
    change = SectionChange(section_id=section_id, before=before, changed_at=now)
    db.add(change)
    db.flush()
    db.execute(delete(StaleQuestion).where(StaleQuestion.question_id.in_(question_ids)))
    db.execute(insert(StaleQuestion), [{"question_id": one, "change_id": change.id} for one in question_ids])


def _forget(db: Session, plan: NotePlan, changed: Collection[int]) -> None:
    """Forget the changes that were taken back, and those below which nothing waits any more."""
    says = {one.row.id: words_of(one.html) for one in plan.sections if one.row is not None and one.row.id in changed}
    for row in db.scalars(select(SectionChange).where(SectionChange.section_id.in_(changed))):
        if row.before == says[row.section_id]:
            db.delete(row)
    db.flush()
    used = select(StaleQuestion.change_id)
    db.execute(delete(SectionChange).where(SectionChange.section_id.in_(changed), SectionChange.id.not_in(used)))


def _of(note_id: int) -> ColumnElement[bool]:
    """The condition that a stale question is of a note."""
    return StaleQuestion.question_id.in_(select(Question.id).where(Question.note_id == note_id))
