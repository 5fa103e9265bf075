"""Things that a learner puts in their order. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected

ITEMS_MIN, ITEMS_MAX = 2, 12  # one has no order; more than a dozen are several questions
_MARKER = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+")


@dataclass(frozen=True, kw_only=True)
class Ordering:
    """The things in their right order, in Markdown of one line each."""

    items: tuple[str, ...]
    kind: Literal["order"] = "order"

    @property
    def source(self) -> str:
        """The text from which `read` makes it: one a line."""
        return "\n".join(self.items)

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return "\n".join(f"{number}. {item}" for number, item in enumerate(self.items, start=1))

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown: the things by their letters."""
        return "Put these in order:\n\n" + "\n".join(f"- {item}" for item in sorted(self.items, key=str.casefold))


def read(text: str) -> Ordering:
    """The things on lines, which may be those of a list. Raises NotExpected."""
    items = tuple(line for line in (_MARKER.sub("", line).strip() for line in text.split("\n")) if line)
    if not ITEMS_MIN <= len(items) <= ITEMS_MAX or len(set(items)) != len(items):
        raise NotExpected(f"Write {ITEMS_MIN} to {ITEMS_MAX} different things in their order, one on a line.")
    return Ordering(items=items)
