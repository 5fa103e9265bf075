r"""The regular expressions of a search, `re:eth\d+`, looked for in time that grows with the text alone. Pure.

By RE2, whose syntax it is: Python's own `re` tries one way after the other, so that `(a+)+b` takes minutes over forty
letters. Nothing that looks back or ahead is understood: no `\1`, no `(?=…)`. Letters count in either case, as in every
search, and texts are folded, so that the letters of an expression are folded too; a line break counts as a blank.
"""

import re
from typing import Any

from quizapp.search.tokens import folded_letters

STEPS_MAX = 10_000_000  # letters that one search looks through: some third of a second, three at worst
PROGRAM_MAX_BYTES = 1024**2  # of an expression as it is compiled, and of what is remembered while it is looked for
# A class of letters by name, a sign after a backslash, other text. `\D` is not folded: it would be `\d`.
_PIECE = re.compile(r"\\[pP]\{[^}]*\}|\\[pP]?.|[^\\]+|\\", re.DOTALL)
# RE2's words for what people get wrong, and ours.
FAULTS = {
    "missing ]": "a square bracket is never closed",
    "missing )": "a bracket is never closed",
    "unexpected )": "a bracket is closed that was not opened",
    "no argument for repetition operator": "nothing stands before a sign that repeats",
    "bad repetition operator": "two signs that repeat stand together",
    "invalid repetition size": "{from,to} is from the smaller number, and at most 1,000 times",
    "invalid character class range": "there is no such class of letters, or a range that begins with the greater one",
    "invalid escape sequence": "a backslash stands before what it gives no meaning to",
    "invalid perl operator": "nothing looks back or ahead",
    "trailing \\": "nothing stands behind a backslash",
    "pattern too large - compile failed": "it is too large",
}
_BLANKS = frozenset({r"\n", r"\r", r"\t", r"\f", r"\v"})  # in a folded text each is a blank


class BadPattern(ValueError):
    """An expression that is not understood, with what RE2 says of it."""


class TooLong(Exception):
    """More letters would have to be looked through than are left."""


class Steps:
    """The letters that may still be looked through for one search."""

    def __init__(self, left: int = STEPS_MAX) -> None:
        self._left = left

    def take(self, steps: int) -> None:
        """Take so many. Raises TooLong."""
        self._left -= steps
        if self._left < 0:
            raise TooLong


class Pattern:
    """An expression that can be looked for."""

    def __init__(self, written: str, steps: Steps) -> None:
        """`steps` are those that may be taken, in all texts together. Raises BadPattern."""
        self._expression, self._steps = compiled(written), steps

    def finds(self, text: str) -> bool:
        """Whether it stands somewhere in a folded text. Raises TooLong."""
        self._steps.take(len(text))
        return self._expression.search(text) is not None


def compiled(written: str) -> Any:
    """An expression of RE2, which has no types, ready to be looked for. Raises BadPattern."""
    import re2  # loaded for such a search alone

    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    options.max_mem = PROGRAM_MAX_BYTES
    try:
        return re2.compile(_PIECE.sub(_folded, written), options=options)
    except re2.error as refused:
        raise BadPattern(_words(refused)) from None


def _folded(piece: re.Match[str]) -> str:
    text = piece[0]
    if text.startswith("\\"):
        return " " if text in _BLANKS else text
    return folded_letters(text)


def _words(refused: Exception) -> str:
    """What is wrong with an expression. RE2 says it with its place: `missing ]: [`."""
    said = refused.args[0].decode("utf-8", "replace")
    name, _, part = said.partition(": ")
    return f"{FAULTS[name]}: {part}" if name in FAULTS and part else FAULTS.get(name, said)
