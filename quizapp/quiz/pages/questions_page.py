"""The page of all questions of a test: which are answered, seen, marked for later. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from markupsafe import Markup

from quizapp.catalogue.html.rendering import render
from quizapp.quiz.given_commands import LEFT_OUT
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.pages.link_text import for_a_link
from quizapp.quiz.pages.queries import left_s, title_of


class QuestionState(StrEnum):
    """What was done with a question of a test."""

    ANSWERED = "answered"
    UNKNOWN = "not known"  # the learner said that they do not know
    SEEN = "seen, not answered"
    LEFT_OUT = "left out, not counted"  # no host was to be had for its command
    OPEN = "not seen yet"


@dataclass(frozen=True, kw_only=True)
class ListedQuestion:
    """A question of a test in the list of all."""

    position: int
    asked: Markup
    """Its text, without links, to stand in one."""
    state: QuestionState
    is_for_later: bool


@dataclass(frozen=True, kw_only=True)
class QuestionsPage:
    """All questions of a test."""

    quiz_id: UUID
    title: str
    questions: Sequence[ListedQuestion]
    unanswered: Sequence[int]
    """The positions of those without an answer."""
    left_s: int | None
    """Seconds until its time is up; None without a limit."""


def questions_page(quiz: QuizSession, *, now: datetime) -> QuestionsPage:
    """The list of a test's questions."""
    return QuestionsPage(
        quiz_id=quiz.id,
        title=title_of(quiz),
        questions=[_listed(attempt) for attempt in quiz.attempts],
        unanswered=[attempt.position for attempt in quiz.attempts if attempt.answer is None],
        left_s=left_s(quiz, now),
    )


def _listed(attempt: Attempt) -> ListedQuestion:
    return ListedQuestion(
        position=attempt.position,
        asked=for_a_link(render(attempt.shown.listed)),
        state=_state(attempt),
        is_for_later=attempt.for_later,
    )


def _state(attempt: Attempt) -> QuestionState:
    if attempt.answer is None:
        return QuestionState.OPEN if attempt.draft is None else QuestionState.SEEN
    if attempt.answer.get(LEFT_OUT):
        return QuestionState.LEFT_OUT
    return QuestionState.UNKNOWN if attempt.answer.get("unknown") else QuestionState.ANSWERED
