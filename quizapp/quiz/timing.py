"""How long a quiz session took."""

from quizapp.quiz.models import QuizSession


def took_min(quiz: QuizSession) -> int:
    """Minutes from the beginning to the end of a quiz session that has ended, at least one."""
    ended = quiz.handed_in_at or quiz.finished_at or quiz.started_at
    return max(1, round((ended - quiz.started_at).total_seconds() / 60))
