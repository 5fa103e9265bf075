"""What can go wrong with a backup, each with a sentence that says what to do."""

import re

from quizapp.errors import QuizappError

# By what the system, SQLite or a program of PostgreSQL says, the first that fits.
_ADVICE = (
    ("No space left|disk is full|quota", "make room there and try again"),
    ("No such file or directory|Not a directory", "make that folder first, or name another one"),
    ("Permission denied|not permitted|[Rr]ead-?only", "let this user read and write there, or name another place"),
    ("locked|timeout|another copy", "end what uses the database, or wait longer with --wait"),
    ("[Cc]onnection|authentication|host name|server", "see that the server runs and that DATABASE_URL is right"),
)
_ELSE = "see that the disk is well, and try again"


def told(error: OSError) -> str:
    """What went wrong and what to do, for the end of a sentence."""
    said = error.strerror or str(error)
    place = error.filename2 or error.filename  # of a copy, where it was to go
    if place is not None and error.strerror:
        said = f"{place}: {said}"
    advice = next((advice for pattern, advice in _ADVICE if re.search(pattern, said)), _ELSE)
    return f"{said}; {advice}."


class BackupFailed(QuizappError):
    """No backup was made. The database was not changed."""


class BackupBroken(QuizappError):
    """A backup is not what it was when it was made, or nobody can tell."""


class RestoreFailed(QuizappError):
    """A backup was not put back. The database is what it was before."""


class ToolMissing(QuizappError):
    """A program of PostgreSQL is not on this machine, or only in another version than its server has."""
