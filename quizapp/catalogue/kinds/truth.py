"""A statement of which a learner says whether it is true. Pure."""

from dataclasses import dataclass
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected

_TRUE, _FALSE = ("true", "t", "yes", "right"), ("false", "f", "no", "wrong")


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Whether the statement is true; the question's answer says why."""

    is_true: bool
    kind: Literal["truth"] = "truth"

    @property
    def source(self) -> str:
        """The text from which `read` makes it."""
        return "true" if self.is_true else "false"

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return "True." if self.is_true else "False."

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown."""
        return "True or false, and why?"


def read(text: str) -> Truth:
    """The word true or false. Raises NotExpected."""
    word = text.strip().strip("*_`.").lower()
    if word not in (*_TRUE, *_FALSE):
        raise NotExpected("Write true or false.")
    return Truth(is_true=word in _TRUE)
