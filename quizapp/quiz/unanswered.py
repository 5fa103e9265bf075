"""What a quiz session waits for: which questions are still to be answered or marked, and whether its time is up."""

from datetime import datetime, timedelta

from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import is_told_at_end

NO_GRACE = timedelta(0)


def is_over(quiz: QuizSession, *, now: datetime, grace: timedelta = NO_GRACE) -> bool:
    """Whether a test or an interview takes no answer any more: handed in, discarded, or its time is up by `grace`."""
    if not is_told_at_end(quiz.mode):
        return False
    is_closed = quiz.handed_in_at is not None or quiz.finished_at is not None
    return is_closed or (quiz.closes_at is not None and now >= quiz.closes_at + grace)


def waits_for_answers(quiz: QuizSession) -> bool:
    """Whether a test or an interview is not handed in yet, so that no answer has a verdict."""
    return is_told_at_end(quiz.mode) and quiz.handed_in_at is None and quiz.finished_at is None


def waiting(quiz: QuizSession) -> list[Attempt]:
    """The questions that are to be done next, in their order: answered, or once all is handed in marked."""
    if waits_for_answers(quiz):
        return [attempt for attempt in quiz.attempts if attempt.answer is None]
    return [attempt for attempt in quiz.attempts if attempt.verdict is None]


def present(quiz: QuizSession) -> Attempt | None:
    """The first question that waits; None if none does."""
    return next(iter(waiting(quiz)), None)


def next_position(quiz: QuizSession, *, after: int = 0) -> int:
    """The first position after `after` that waits, else the first that does; past the end if none does."""
    positions = [attempt.position for attempt in waiting(quiz)]
    return next(
        (position for position in positions if position > after), positions[0] if positions else len(quiz.attempts) + 1
    )
