"""Errors of `flask` commands: an expected fault prints one sentence, not a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from quizapp.errors import QuizappError

P = ParamSpec("P")
R = TypeVar("R")


def plain_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a QuizappError into click's one-line error and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except QuizappError as error:
            raise click.ClickException(str(error)) from error

    return run
