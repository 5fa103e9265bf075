"""A few words or a command that a learner types, of which one or several are accepted. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected

ACCEPTED_MAX = 50  # variants of one answer; more are a task for a pattern, and nobody has written 20
ACCEPTED_MAX_CHARS = 300  # of one variant: a long command line; a longer text is an open answer
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, kw_only=True)
class ShortText:
    """The texts that are accepted, in Markdown, as their author wrote them."""

    accepted: tuple[str, ...]
    """The first is shown before the others. One that is a code span from end to end is compared by its capitals too."""
    kind: Literal["short"] = "short"

    @property
    def typed(self) -> tuple[str, ...]:
        """The same as somebody types them: without the marks of Markdown."""
        return tuple(map(plain, self.accepted))

    @property
    def source(self) -> str:
        """The text from which `read` makes it."""
        return " | ".join(self.accepted)

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return ", or ".join(self.accepted)

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown; empty if the question says all."""
        return ""


def plain(text: str) -> str:
    """A text of one line, which is Markdown, without marks of code and escapes."""
    parts, at = [], 0
    for found in CODE.finditer(text):
        parts += [_ESCAPED.sub(r"\1", text[at : found.start()]), found[2].strip()]
        at = found.end()
    return "".join([*parts, _ESCAPED.sub(r"\1", text[at:])])


def read(text: str) -> ShortText:
    """The texts between bars, of which those in code part nothing. Raises NotExpected."""
    plain = CODE.sub(lambda found: "\0" * len(found[0]), text)
    bars = [-1, *(found.start() for found in re.finditer(r"\|", plain)), len(text)]
    parts = [" ".join(text[start + 1 : end].split()) for start, end in pairwise(bars)]
    accepted = tuple(dict.fromkeys(part for part in parts if part))
    if not accepted:
        raise NotExpected("Write the accepted answers, with | between them.")
    if len(accepted) > ACCEPTED_MAX or max(map(len, accepted)) > ACCEPTED_MAX_CHARS:
        raise NotExpected(f"At most {ACCEPTED_MAX} answers are accepted, each of {ACCEPTED_MAX_CHARS} characters.")
    return ShortText(accepted=accepted)
