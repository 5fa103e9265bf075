"""How long a quiz session took."""

from quizapp.quiz.models import QuizSession


def took_s(quiz: QuizSession) -> float:
    """Seconds from the beginning to the end of a quiz session that has ended."""
    ended = quiz.handed_in_at or quiz.finished_at or quiz.started_at
    return (ended - quiz.started_at).total_seconds()
