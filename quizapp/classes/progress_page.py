"""How a class comes along with what is assigned, for its teachers; of one learner for that learner too. Reads only.

Both are made of the same, so that a learner sees exactly what a teacher sees of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.classes.assigned_page import AssignedItem, OwnItem, assigned_to, item_of, own_item
from quizapp.classes.assignment_progress import AssignedState, achieved, questions_of_notes
from quizapp.classes.models import AssignedKind, Assignment, StudyClass
from quizapp.classes.queries import members
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.quiz.models import QuizSession
from quizapp.review.log.counted_log import KNOWN
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewLog
from quizapp.review.queries import Retention, today_of
from quizapp.review.queue import in_turn

RETENTION_DAYS = 30  # as on Today
_DONE = (AssignedState.DONE, AssignedState.DONE_LATE)


@dataclass(frozen=True, kw_only=True)
class LearnerRow:
    """A learner of the class, in the table."""

    id: UUID
    name: str
    items: Sequence[OwnItem]
    retention: Retention | None
    """Of the assigned notes, in RETENTION_DAYS; None without a review that tells."""
    last_day: date | None
    """The last day with anything done of what is assigned, in the class's zone; None for never."""

    @property
    def done(self) -> int:
        """How many things are done."""
        return sum(one.state in _DONE for one in self.items)

    @property
    def late(self) -> int:
        """How many things are late."""
        return sum(one.state is AssignedState.LATE for one in self.items)


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """Something assigned, with how many learners have done it."""

    item: AssignedItem
    done: int
    late: int


@dataclass(frozen=True, kw_only=True)
class ClassProgress:
    """How a class comes along."""

    learners: Sequence[LearnerRow]
    """Those who have joined, by name."""
    items: Sequence[ItemRow]
    invited: int
    """How many more are invited and have not answered."""


@dataclass(frozen=True, kw_only=True)
class NoteFigures:
    """How one learner stands with one assigned note."""

    title: str
    key: str
    cards: int
    """The cards that they have of it."""
    learning: int
    """Of these, those in their first steps or relearnt."""
    due: int
    """Of these, those that can be answered now."""
    retention: Retention | None


@dataclass(frozen=True, kw_only=True)
class LearnerProgress:
    """How one learner comes along."""

    learner: LearnerRow
    notes: Sequence[NoteFigures]


def class_progress(db: Session, *, study_class: StudyClass, now: datetime) -> ClassProgress:
    """How all learners of a class come along."""
    named = [one for one, is_teacher in members(db, class_id=study_class.id) if not is_teacher]
    people = [one for one in named if one.joined_at]
    learners = _rows(db, study_class, {one.id: one.name for one in people}, zone=study_class.zone, now=now)
    items = item_of(db, assigned_to(db, class_id=study_class.id)).values()
    rows = [_item_row(item, learners) for item in items]
    return ClassProgress(learners=learners, items=rows, invited=len(named) - len(people))


def learner_progress(
    db: Session, *, study_class: StudyClass, learner: User, zone: str, now: datetime
) -> LearnerProgress:
    """How one learner comes along, for a reader whose clock is that of `zone`.

    Whoever calls it has seen that they are in the class.
    """
    (row,) = _rows(db, study_class, {learner.id: learner.name}, zone=zone, now=now)
    notes = {one.item.key: one.item.title for one in row.items if one.item.kind is not AssignedKind.LAB}
    return LearnerProgress(learner=row, notes=_figures(db, study_class, notes, learner, now=now))


def _rows(
    db: Session, study_class: StudyClass, names: Mapping[UUID, str], *, zone: str, now: datetime
) -> Sequence[LearnerRow]:
    assigned = assigned_to(db, class_id=study_class.id)
    items, done = item_of(db, assigned), achieved(db, assigned=assigned, user_ids=names)
    kept, last = _retention(db, assigned, names, now=now), _last_active(db, assigned, names)
    of_class = ZoneInfo(study_class.zone)
    return [
        LearnerRow(
            id=id,
            name=name,
            items=[own_item(one, items[one.id], done[one.id, id], zone=zone, now=now) for one in assigned],
            retention=_summed(found for (user_id, _), found in kept.items() if user_id == id),
            last_day=last[id].astimezone(of_class).date() if id in last else None,
        )
        for id, name in names.items()
    ]


def _item_row(item: AssignedItem, learners: Sequence[LearnerRow]) -> ItemRow:
    states = [one.state for learner in learners for one in learner.items if one.item.id == item.id]
    return ItemRow(item=item, done=sum(one in _DONE for one in states), late=states.count(AssignedState.LATE))


def _note_ids(assigned: Sequence[Assignment]) -> set[int]:
    return {one.note_id for one in assigned if one.note_id is not None}


def _retention(
    db: Session, assigned: Sequence[Assignment], user_ids: Collection[UUID], *, now: datetime
) -> Mapping[tuple[UUID, int | None], Retention]:
    """What each learner remembered of each assigned note, by the ids of both."""
    passed = func.sum(case((ReviewLog.rating != Rating.AGAIN, 1), else_=0))
    rows = select(ReviewLog.user_id, Question.note_id, passed, func.count())
    rows = rows.join(Card, Card.id == ReviewLog.card_id).join(Question, Question.id == Card.question_id)
    rows = rows.where(KNOWN, ReviewLog.reviewed_at > now - timedelta(days=RETENTION_DAYS))
    rows = rows.where(ReviewLog.user_id.in_(user_ids), Question.note_id.in_(_note_ids(assigned)))
    found = db.execute(rows.group_by(ReviewLog.user_id, Question.note_id))
    return {(user_id, note_id): Retention(passed=int(right), total=total) for user_id, note_id, right, total in found}


def _summed(found: Iterable[Retention]) -> Retention | None:
    some = list(found)
    return Retention(passed=sum(one.passed for one in some), total=sum(one.total for one in some)) if some else None


def _last_active(db: Session, assigned: Sequence[Assignment], user_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each learner did something last of what is assigned."""
    notes, labs = _note_ids(assigned), {one.lab_id for one in assigned if one.lab_id is not None}
    asked = questions_of_notes(db, note_ids=notes).condition
    cards = select(Card.user_id, func.max(Card.last_review_at)).where(Card.question_id.in_(asked))
    begun = func.coalesce(QuizSession.finished_at, QuizSession.started_at)
    quizzes = select(QuizSession.user_id, func.max(begun)).where(QuizSession.note_id.in_(notes))
    ended = func.coalesce(LabRun.finished_at, LabRun.started_at)
    runs = select(LabRun.user_id, func.max(ended)).where(LabRun.lab_id.in_(labs), COUNTS)
    last: dict[UUID, datetime] = {}
    for rows, user_id in ((cards, Card.user_id), (quizzes, QuizSession.user_id), (runs, LabRun.user_id)):
        for who, at in db.execute(rows.where(user_id.in_(user_ids)).group_by(user_id)):
            if at is not None:
                last[who] = max(at, last.get(who, at))
    return last


def _figures(
    db: Session, study_class: StudyClass, notes: Mapping[str, str], learner: User, *, now: datetime
) -> Sequence[NoteFigures]:
    assigned = assigned_to(db, class_id=study_class.id)
    ids = {one.note.key: one.note.id for one in assigned if one.note is not None}
    kept = _retention(db, assigned, [learner.id], now=now)
    is_learning = Card.phase.in_((Phase.LEARNING, Phase.RELEARNING))
    is_due = in_turn(Card, now=now, today=today_of(learner, now=now))
    counts = [func.count(), func.count().filter(is_learning), func.count().filter(is_due)]
    rows = select(Question.note_id, *counts).join(Question, Question.id == Card.question_id)
    mine = Card.user_id == learner.id, Card.hidden == false(), Card.suspended == false()
    rows = rows.where(*mine, Question.note_id.in_(ids.values())).group_by(Question.note_id)
    found = {note_id: tuple(said) for note_id, *said in db.execute(rows)}
    return [
        NoteFigures(
            title=title,
            key=key,
            cards=cards,
            learning=learning,
            due=due,
            retention=kept.get((learner.id, ids[key])),
        )
        for key, title in notes.items()
        for cards, learning, due in [found.get(ids[key], (0, 0, 0))]
    ]
