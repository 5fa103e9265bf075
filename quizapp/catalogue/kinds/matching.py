"""Things of which a learner says what belongs to each. Pure."""

import re
from dataclasses import dataclass
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected

PAIRS_MIN, PAIRS_MAX = 2, 12  # one pair leaves no choice; more than a dozen are several questions
_MARKER = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+")
_ARROW = re.compile(r"(?:^|\s)(?:\u2192|\u21d2|--?\\?>|=\\?>)(?:\s|$)")


@dataclass(frozen=True, kw_only=True)
class Matching:
    """What belongs together, in Markdown of one line each."""

    pairs: tuple[tuple[str, str], ...]
    """Left and right side of each."""
    decoys: tuple[str, ...] = ()
    """Right sides that belong to nothing."""
    kind: Literal["match"] = "match"

    @property
    def rights(self) -> tuple[str, ...]:
        """What can be chosen, each once, by its letters and not by what it belongs to."""
        return tuple(sorted({*(right for _, right in self.pairs), *self.decoys}, key=lambda one: (one.casefold(), one)))

    @property
    def source(self) -> str:
        """The text from which `read` makes it: one pair a line."""
        lines = [*(f"{left} \u2192 {right}" for left, right in self.pairs), *(f"\u2192 {one}" for one in self.decoys)]
        return "\n".join(lines)

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return "\n".join(f"- {left} \u2192 {right}" for left, right in self.pairs)

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown."""
        lefts, rights = "; ".join(left for left, _ in self.pairs), "; ".join(self.rights)
        return f"Match {lefts}\n\nwith {rights}"


def read(text: str) -> Matching:
    """The pairs on lines, which may be those of a list, left → right. Raises NotExpected."""
    pairs, decoys = [], []
    for line in filter(str.strip, text.split("\n")):
        item = _MARKER.sub("", line).strip()
        arrow = _ARROW.search(re.sub(r"`[^`]*`", lambda found: "\0" * len(found[0]), item))
        if arrow is None or not item[arrow.end() :].strip():
            raise NotExpected("Write what belongs together on a line each, left → right.")
        left, right = item[: arrow.start()].strip(), item[arrow.end() :].strip()
        if left:
            pairs.append((left, right))
        else:
            decoys.append(right)
    if not PAIRS_MIN <= len(pairs) <= PAIRS_MAX or len({left for left, _ in pairs}) != len(pairs):
        raise NotExpected(f"Write {PAIRS_MIN} to {PAIRS_MAX} pairs with different left sides, one on a line.")
    return Matching(pairs=tuple(pairs), decoys=tuple(dict.fromkeys(decoys)))
