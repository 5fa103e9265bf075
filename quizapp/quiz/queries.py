"""What the pages of a sitting show, read for one learner. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from quizapp.accounts.models import User
from quizapp.catalogue.models import QuestionKind
from quizapp.catalogue.queries import ChoiceView, LabSummary, QuestionView, lab_of_question, view_of
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.service import can_be_asked_again
from quizapp.review.queries import question_comes_back
from quizapp.verdicts import Verdict

EVERYTHING = "All notes"


@dataclass(frozen=True, kw_only=True)
class ShownChoice:
    """An option as shown: `state` is "open" before the answer, then "right", "missed", "wrong" or "left"."""

    id: int
    number: int
    html: str
    why_html: str
    state: str


@dataclass(frozen=True, kw_only=True)
class AskedQuestion:
    """One page of a sitting. `stage` is "ask", "mark" (an open answer waits for its marks) or "done".

    `lab` is where the answer can be tried, once it is given.
    """

    quiz_id: UUID
    title: str
    position: int
    of: int
    elapsed_s: int
    stage: str
    question: QuestionView
    choices: Sequence[ShownChoice]
    text: str
    said: Sequence[int]
    result: "Result | None"
    lab: LabSummary | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """How an answer went: `state` is "pass", "nearly" or "fail", `word` says it, `comes_back` when the card is due."""

    state: str
    word: str
    comes_back: str | None


@dataclass(frozen=True, kw_only=True)
class Miss:
    """A missed question and when it comes back; None if it is asked no more."""

    position: int
    question: QuestionView
    comes_back: str | None


@dataclass(frozen=True, kw_only=True)
class QuizResult:
    """The end of a sitting."""

    quiz_id: UUID
    title: str
    right: int
    of: int
    percent: int
    """The mean score in percent: a half right answer counts half."""
    misses: Sequence[Miss]
    can_repeat: bool
    """Whether any of the misses can be asked again."""


@dataclass(frozen=True, kw_only=True)
class OpenQuiz:
    """A sitting that can be gone on with, at its first unanswered question."""

    id: UUID
    title: str
    position: int
    of: int


def asked_question(db: Session, *, user: User, quiz: QuizSession, attempt: Attempt, now: datetime) -> AskedQuestion:
    """One question of a sitting in whatever stage it is."""
    question = _as_asked(attempt)
    given = attempt.answer or {}
    return AskedQuestion(
        quiz_id=quiz.id,
        title=_title(quiz),
        position=attempt.position,
        of=len(quiz.attempts),
        elapsed_s=max(0, round(((quiz.finished_at or now) - quiz.started_at).total_seconds())),
        stage=_stage(attempt),
        question=question,
        choices=_shown_choices(attempt, question),
        text=given.get("text", ""),
        said=given.get("points", []),
        result=_result(db, user=user, attempt=attempt, now=now),
        lab=lab_of_question(db, question_id=attempt.question_id) if attempt.verdict is not None else None,
    )


def quiz_result(db: Session, *, user: User, quiz: QuizSession, now: datetime) -> QuizResult:
    """The score of a sitting and what was missed in it, as far as it got."""
    scores = [attempt.score or 0.0 for attempt in quiz.attempts]
    missed = [attempt for attempt in quiz.attempts if attempt.verdict is Verdict.FAIL]
    return QuizResult(
        quiz_id=quiz.id,
        title=_title(quiz),
        right=sum(attempt.verdict is Verdict.PASS for attempt in quiz.attempts),
        of=len(quiz.attempts),
        percent=round(100 * sum(scores) / len(scores)),
        misses=[
            Miss(
                position=attempt.position,
                question=_as_asked(attempt),
                comes_back=question_comes_back(db, user=user, question_id=attempt.question_id, now=now),
            )
            for attempt in missed
        ],
        can_repeat=any(can_be_asked_again(attempt) for attempt in missed),
    )


def open_quiz(db: Session, *, user: User) -> OpenQuiz | None:
    """The sitting that the user began last and has not finished, if there is one."""
    quiz = db.scalar(
        select(QuizSession)
        .where(QuizSession.user_id == user.id, QuizSession.finished_at.is_(None))
        .order_by(QuizSession.started_at.desc(), QuizSession.id)
        .options(selectinload(QuizSession.attempts))
        .limit(1)
    )
    if quiz is None:
        return None
    return OpenQuiz(id=quiz.id, title=_title(quiz), position=next_position(quiz), of=len(quiz.attempts))


def next_position(quiz: QuizSession, *, after: int = 0) -> int:
    """The first question past position `after` without a verdict, else the first one at all; past the end if none."""
    waiting = [attempt.position for attempt in quiz.attempts if attempt.verdict is None]
    return next(
        (position for position in waiting if position > after), waiting[0] if waiting else len(quiz.attempts) + 1
    )


def attempts_made(db: Session, *, user: User) -> int:
    """How many questions the user has answered in sittings, ever."""
    return (
        db.scalar(
            select(func.count(Attempt.id))
            .join(Attempt.quiz_session)
            .where(QuizSession.user_id == user.id, Attempt.verdict.is_not(None))
        )
        or 0
    )


def _title(quiz: QuizSession) -> str:
    return quiz.note.title if quiz.note is not None else EVERYTHING


def _stage(attempt: Attempt) -> str:
    if attempt.verdict is not None:
        return "done"
    return "mark" if attempt.answer is not None else "ask"


def _as_asked(attempt: Attempt) -> QuestionView:
    """The question as this attempt asks it, whatever became of it since."""
    asked = attempt.shown
    return replace(view_of(attempt.question, words=asked), kind=QuestionKind(asked.kind.value))


def _shown_choices(attempt: Attempt, question: QuestionView) -> list[ShownChoice]:
    """The options in the order drawn for this sitting; any that the draw did not know come last."""
    rank = {choice_id: number for number, choice_id in enumerate(attempt.choice_order)}
    ordered = sorted(question.choices, key=lambda choice: rank.get(choice.id, len(rank)))
    chosen = set((attempt.answer or {}).get("choices", []))
    return [
        ShownChoice(
            id=choice.id,
            number=number,
            html=choice.html,
            why_html=choice.why_html,
            state="open" if attempt.verdict is None else _state(choice, chosen=choice.id in chosen),
        )
        for number, choice in enumerate(ordered, start=1)
    ]


def _state(choice: ChoiceView, *, chosen: bool) -> str:
    if choice.right:
        return "right" if chosen else "missed"
    return "wrong" if chosen else "left"


def _result(db: Session, *, user: User, attempt: Attempt, now: datetime) -> Result | None:
    if attempt.verdict is None:
        return None
    score = attempt.score or 0.0
    comes = question_comes_back(db, user=user, question_id=attempt.question_id, now=now)
    match attempt.verdict:
        case Verdict.PASS:
            word = "Right" if score == 1 else "Right, with gaps"
            return Result(state="pass", word=word, comes_back=comes)
        case Verdict.FAIL if score > 0:
            return Result(state="nearly", word="Partly right", comes_back=comes)
        case Verdict.FAIL:
            return Result(state="fail", word="Not yet", comes_back=comes)
        case Verdict.COULD_NOT_CHECK:
            return Result(state="could-not-check", word="Could not check", comes_back=None)
        case _:
            assert_never(attempt.verdict)
