"""What learners have done of what is assigned, read from their cards, quizzes and runs. Reads only.

Nothing is kept of it with a class: what is assigned looks into what a learner did anyway, so that it counts as well if
it was done before. Only a quiz counts from the assignment's first day on, since one may be taken again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, and_, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question, QuestionKind
from quizapp.catalogue.same_thing import ASKED_AT_ONCE, is_shared, same_as_each
from quizapp.classes.models import AssignedKind, Assignment
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review.memory import Phase
from quizapp.review.models import Card, ReviewLog
from quizapp.verdicts import Verdict

QUIZ_LEAST = 5  # questions of a quiz that counts, or all that the note has: one question alone is no quiz on a note


class AssignedState(StrEnum):
    """How a learner stands with something that is assigned."""

    AHEAD = "ahead"  # its first day has not begun
    OPEN = "open"
    LATE = "late"  # its last day is over, and it is not done
    DONE = "done"
    DONE_LATE = "done late"


@dataclass(frozen=True, kw_only=True)
class Achieved:
    """What one learner has done of one thing."""

    made: int = 0
    """Of a note, how many of its questions were answered at least once; of a quiz or lab, 1 once it is done."""
    of: int = 1
    """Of a note, how many questions it has; else 1. Questions that test the same thing are one."""
    begun: bool = False
    done_at: datetime | None = None
    percent: int | None = None
    """The best result of a finished quiz, 0 to 100; None of other kinds and without one."""


NothingYet = Achieved()
Key = tuple[int, UUID]
"""The id of an Assignment and of a learner."""


def state_of(assigned: Assignment, achieved: Achieved, *, now: datetime) -> AssignedState:
    """How a learner stands with it."""
    if achieved.done_at is not None:
        in_time = assigned.due_at is None or achieved.done_at < assigned.due_at
        return AssignedState.DONE if in_time else AssignedState.DONE_LATE
    if now < assigned.from_at:
        return AssignedState.AHEAD
    return AssignedState.OPEN if assigned.due_at is None or now < assigned.due_at else AssignedState.LATE


def achieved(db: Session, *, assigned: Sequence[Assignment], user_ids: Collection[UUID]) -> Mapping[Key, Achieved]:
    """What these learners have done of these things, of each pair."""
    note_ids = {one.note_id for one in assigned if one.note_id is not None}
    questions = questions_of_notes(db, note_ids=note_ids)
    notes = _of_notes(db, [one for one in assigned if one.kind is AssignedKind.NOTE], user_ids, questions)
    quizzes = _of_quizzes(db, [one for one in assigned if one.kind is AssignedKind.QUIZ], user_ids, questions)
    labs = _of_labs(db, [one for one in assigned if one.kind is AssignedKind.LAB], user_ids)
    return dict((*notes, *quizzes, *labs))


@dataclass(frozen=True, kw_only=True)
class AssignedQuestions:
    """The questions of some notes that learners see, labs apart."""

    things: Mapping[int, frozenset[int]]
    """By the note's id, what they ask: of those that test the same thing, the smallest id stands for all."""
    asked_by: Mapping[int, Collection[tuple[int, int]]]
    """By a question's id, for what it stands: the note's id and the thing. Another note's question may stand for it.
    Of the few that test the same as another; each of `alone` stands for itself in its own note."""
    alone: ColumnElement[int]
    """The ids of the questions that test the same as no other, for a statement."""
    condition: ColumnElement[int]
    """The ids of all, and of those of other notes in `asked_by`."""


def questions_of_notes(db: Session, *, note_ids: Collection[int]) -> AssignedQuestions:
    """The questions of these notes."""
    live = Question.note_id.in_(note_ids), Question.hidden == false(), Question.kind != QuestionKind.LAB
    rows = [(id, note_id or 0) for id, note_id in db.execute(select(Question.id, Question.note_id).where(*live))]
    shared = list(db.scalars(select(Question.id).where(*live, is_shared(Question)).limit(ASKED_AT_ONCE)))
    same: dict[int, set[int]] = {}
    for of, other in db.execute(same_as_each(), {"of_ids": shared}) if shared else ():
        same.setdefault(of, {of}).add(other)
    things: dict[int, set[int]] = {note_id: set() for note_id in note_ids}
    asked_by: dict[int, set[tuple[int, int]]] = {}
    for id, note_id in rows:
        thing = min(same.get(id, {id}))
        things[note_id].add(thing)
        for other in same.get(id, ()):
            asked_by.setdefault(other, set()).add((note_id, thing))
    return AssignedQuestions(
        things={note_id: frozenset(some) for note_id, some in things.items()},
        asked_by=asked_by,
        alone=select(Question.id).where(*live, Question.id.not_in(same)).scalar_subquery(),
        condition=select(Question.id).where(or_(and_(*live), Question.id.in_(asked_by))).scalar_subquery(),
    )


def _of_notes(
    db: Session, assigned: Sequence[Assignment], user_ids: Collection[UUID], questions: AssignedQuestions
) -> Iterator[tuple[Key, Achieved]]:
    alone = _counted_alone(db, user_ids, questions) if assigned else {}
    shared = _first_of_shared(db, user_ids, questions) if assigned else {}
    for one in assigned:
        of = len(questions.things[one.note_id or 0])
        for user_id in user_ids:
            whose = one.note_id or 0, user_id
            made, last = alone.get(whose, (0, None))
            times = shared.get(whose, {})
            made += len(times)
            ends = [*times.values(), *(() if last is None else (last,))]
            done_at = max(ends) if ends and made == of else None
            yield (one.id, user_id), Achieved(made=made, of=of, begun=made > 0, done_at=done_at)


def _counted_alone(
    db: Session, user_ids: Collection[UUID], questions: AssignedQuestions
) -> Mapping[tuple[int, UUID], tuple[int, datetime]]:
    """How many of the questions `alone` were answered, and when the last one for the first time.

    By the ids of note and learner. The database counts: a class has a row for each learner and card.
    """
    each = _answers(user_ids, questions.alone).subquery()
    whose = each.c.user_id, each.c.question_id
    first = select(*whose, func.min(each.c.at).label("at")).group_by(*whose).subquery()
    counted = select(first.c.user_id, Question.note_id, func.count(), func.max(first.c.at))
    counted = counted.join(Question, Question.id == first.c.question_id)
    rows = db.execute(counted.group_by(first.c.user_id, Question.note_id))
    return {(note_id or 0, user_id): (made, at) for user_id, note_id, made, at in rows}


def _first_of_shared(
    db: Session, user_ids: Collection[UUID], questions: AssignedQuestions
) -> Mapping[tuple[int, UUID], Mapping[int, datetime]]:
    """When each thing that several questions ask was first answered, by the ids of note and learner."""
    found: dict[tuple[int, UUID], dict[int, datetime]] = {}
    if not questions.asked_by:
        return found
    some = select(Question.id).where(Question.id.in_(questions.asked_by)).scalar_subquery()
    for user_id, question_id, at in db.execute(_answers(user_ids, some)):
        for note_id, thing in questions.asked_by[question_id]:
            times = found.setdefault((note_id, user_id), {})
            times[thing] = min(at, times.get(thing, at))
    return found


def _answers(user_ids: Collection[UUID], question_ids: ColumnElement[int]) -> CompoundSelect[UUID, int, datetime]:
    """Who answered which question when: its first review, and first answers in quizzes."""
    cards = select(Card.user_id, Card.question_id, ReviewLog.reviewed_at.label("at"))
    cards = cards.join(ReviewLog, and_(ReviewLog.card_id == Card.id, ReviewLog.sequence == 1))
    cards = cards.where(Card.user_id.in_(user_ids), Card.phase != Phase.NEW, Card.question_id.in_(question_ids))
    given = select(QuizSession.user_id, Attempt.question_id, Attempt.answered_at).join(Attempt.quiz_session)
    given = given.where(Attempt.is_first, Attempt.answered_at.is_not(None), Attempt.question_id.in_(question_ids))
    return union_all(cards, given.where(QuizSession.user_id.in_(user_ids)))


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """A quiz that a learner has taken on a note."""

    started_at: datetime
    finished_at: datetime | None
    asked: int
    answered: int
    score: float


def _of_quizzes(
    db: Session, assigned: Sequence[Assignment], user_ids: Collection[UUID], questions: AssignedQuestions
) -> Iterator[tuple[Key, Achieved]]:
    found = _quizzes_taken(db, {one.note_id for one in assigned}, user_ids) if assigned else {}
    for one in assigned:
        least = min(QUIZ_LEAST, len(questions.things[one.note_id or 0]))
        for user_id in user_ids:
            taken = [quiz for quiz in found.get((one.note_id, user_id), ()) if quiz.started_at >= one.from_at]
            # One that was discarded is finished too, with questions that were never answered.
            whole = [quiz for quiz in taken if quiz.answered == quiz.asked >= least]
            done_at = min((quiz.finished_at for quiz in whole if quiz.finished_at is not None), default=None)
            percent = max((round(100 * quiz.score / quiz.asked) for quiz in whole if quiz.asked), default=None)
            made = int(done_at is not None)
            yield (one.id, user_id), Achieved(made=made, begun=bool(taken), done_at=done_at, percent=percent)


def _quizzes_taken(
    db: Session, note_ids: Collection[int | None], user_ids: Collection[UUID]
) -> Mapping[tuple[int | None, UUID], Sequence[_Taken]]:
    """The quizzes of these learners on these notes, by the ids of both."""
    of_quiz = QuizSession.id, QuizSession.user_id, QuizSession.note_id, QuizSession.started_at, QuizSession.finished_at
    sums = (
        func.count(Attempt.id).label("asked"),
        func.count(Attempt.verdict).label("answered"),
        func.coalesce(func.sum(Attempt.score), 0.0).label("score"),
    )
    rows = select(*of_quiz, *sums).join(Attempt).group_by(*of_quiz)
    found: dict[tuple[int | None, UUID], list[_Taken]] = {}
    for row in db.execute(rows.where(QuizSession.user_id.in_(user_ids), QuizSession.note_id.in_(note_ids))):
        said = row._asdict()
        whose = said.pop("note_id"), said.pop("user_id")
        del said["id"]
        found.setdefault(whose, []).append(_Taken(**said))
    return found


def _of_labs(db: Session, assigned: Sequence[Assignment], user_ids: Collection[UUID]) -> Iterator[tuple[Key, Achieved]]:
    passed = func.min(LabRun.finished_at).filter(LabRun.verdict == Verdict.PASS)
    rows = select(LabRun.lab_id, LabRun.user_id, passed).group_by(LabRun.lab_id, LabRun.user_id)
    named = LabRun.user_id.in_(user_ids), LabRun.lab_id.in_({one.lab_id for one in assigned})
    found = {(lab_id, user_id): at for lab_id, user_id, at in db.execute(rows.where(*named, COUNTS)) if assigned}
    for one in assigned:
        for user_id in user_ids:
            done_at = found.get((one.lab_id or 0, user_id))
            begun = (one.lab_id or 0, user_id) in found
            yield (one.id, user_id), Achieved(made=int(done_at is not None), begun=begun, done_at=done_at)
