"""Errors of `flask` commands: an expected fault prints one sentence, not a traceback."""

import errno
import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from quizapp.errors import QuizappError

PRIVATE = 0o077  # the bits of a mode that nobody but its user may have

_WRITABLE = "Let this user read and write there, and try again."
_ROOM = "Make room there, and try again."
_DISK = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: _WRITABLE,
    errno.EACCES: _WRITABLE,
    errno.EPERM: _WRITABLE,
}

P = ParamSpec("P")
R = TypeVar("R")


def make_private_files() -> None:
    """From now on, what this process makes can be read by its user alone: backups and databases hold personal data."""
    os.umask(os.umask(PRIVATE) | PRIVATE)


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a QuizappError, and a database that cannot be used, into click's one-line error and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except QuizappError as error:
            raise click.ClickException(str(error)) from error
        except Exception as error:
            if (sentence := _of_database(error) or _of_disk(error)) is None:
                raise
            raise click.ClickException(sentence) from error

    return run


def _of_disk(error: Exception) -> str | None:
    """What to say of a place where nothing can be written, as on a disk that is full; None for another error."""
    if not isinstance(error, OSError) or error.errno not in _DISK:
        return None
    return f"{error.filename2 or error.filename or 'The disk'}: {error.strerror}. {_DISK[error.errno]}"


def _of_database(error: Exception) -> str | None:
    """What to say of a disk that is full or read-only, or a server that does not answer; None for another error.

    Commands that ask no database do not load SQLAlchemy, and so have no error of it.
    """
    loaded = sys.modules.get("sqlalchemy.exc")
    if loaded is None or not isinstance(error, loaded.OperationalError):
        return None
    said = str(error.orig).strip().partition("\n")[0].rstrip(".")
    return f"The database cannot be used: {said}. See that it runs, and that this user may write there and has room."
