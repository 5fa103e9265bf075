"""The page of a quiz session's result: how much was right, against the last time, and each miss. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import ColumnElement, ScalarSelect, func, select, true
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.explaining import labs_proving
from quizapp.catalogue.lab_links import LabSummary
from quizapp.quiz.link_text import for_a_link
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.queries import fields_of, question_as_asked, shown_choices, title_of
from quizapp.quiz.service import can_be_asked_again
from quizapp.quiz.told import Told, told
from quizapp.review.queries import question_comes_back
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A missed question of a quiz session."""

    position: int
    question_id: int
    asked: Markup
    """The question's text, without links, to stand in one; empty if it has no words."""
    told: Told
    has_place: bool
    """Whether it stands in a note."""
    concept: str | None
    """The key of its concept; None if it names none."""
    lab: LabSummary | None
    """The lab that proves the answer."""
    was_answered: bool
    """Whether anything was answered; nothing comes back of a question that a test ended without."""
    comes_back: str | None
    """When the card is due, such as "tomorrow"; None if the question is retired or a draft."""


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """The result of a quiz session."""

    quiz_id: UUID
    title: str
    right: int
    of: int
    last_right: int | None
    """How many were right in the last quiz session of as many questions on the same; None if there was none."""
    misses: Sequence[Miss]
    can_repeat: bool
    """Whether any of the misses can be asked again."""


def quiz_result(db: Session, *, user: User, quiz: QuizSession, now: datetime) -> QuizResult:
    """How many answers of a quiz session are right, and its missed questions."""
    missed = [attempt for attempt in quiz.attempts if attempt.verdict is Verdict.FAIL]
    labs = labs_proving(db, user=user, question_ids=[attempt.question_id for attempt in missed]) if missed else {}
    return QuizResult(
        quiz_id=quiz.id,
        title=title_of(quiz),
        right=sum(attempt.verdict is Verdict.PASS for attempt in quiz.attempts),
        of=len(quiz.attempts),
        last_right=_last_right(db, quiz),
        misses=[_miss(db, attempt, user=user, lab=labs.get(attempt.question_id), now=now) for attempt in missed],
        can_repeat=any(can_be_asked_again(attempt) for attempt in missed),
    )


def _miss(db: Session, attempt: Attempt, *, user: User, lab: LabSummary | None, now: datetime) -> Miss:
    question, given = question_as_asked(attempt), attempt.answer or {}
    several = fields_of(attempt, parts=given.get("parts", ()))
    return Miss(
        position=attempt.position,
        question_id=attempt.question_id,
        asked=for_a_link(question.prompt_html),
        told=told(question, given, choices=shown_choices(attempt, question), several=several),
        has_place=question.place is not None,
        concept=None if question.place is None else question.place.concept_key,
        lab=lab,
        was_answered=attempt.answer is not None,
        comes_back=question_comes_back(db, user=user, question_id=attempt.question_id, now=now),
    )


def _last_right(db: Session, quiz: QuizSession) -> int | None:
    """How many were right the last time that as many questions on the same were all answered, before this time."""
    answered = _count(Attempt.verdict.is_not(None))
    return db.scalar(
        select(_count(Attempt.verdict == Verdict.PASS))
        .where(
            QuizSession.user_id == quiz.user_id,
            QuizSession.note_id.is_not_distinct_from(quiz.note_id),
            QuizSession.id != quiz.id,
            QuizSession.finished_at <= quiz.finished_at,
            _count(true()) == len(quiz.attempts),
            answered == len(quiz.attempts),
        )
        .order_by(QuizSession.finished_at.desc(), QuizSession.id)
        .limit(1)
    )


def _count(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many attempts of a quiz session meet the condition."""
    of_it = Attempt.quiz_session_id == QuizSession.id
    return select(func.count()).where(of_it, condition).correlate(QuizSession).scalar_subquery()
