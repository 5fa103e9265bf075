"""What can go wrong with a backup, each with a sentence that says what to do."""

from quizapp.errors import QuizappError


class BackupFailed(QuizappError):
    """No backup was made. The database was not changed."""


class BackupBroken(QuizappError):
    """A backup is not what it was when it was made, or nobody can tell."""


class RestoreFailed(QuizappError):
    """A backup was not put back. The database is what it was before."""


class ToolMissing(QuizappError):
    """A program of PostgreSQL is not on this machine, or only in another version than its server has."""
