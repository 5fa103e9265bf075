"""What a regular expression of a search is made of: instructions, each for one letter or for a place between two. Pure.

See `patterns` for what is understood.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from quizapp.search.tokens import folded

INSTRUCTIONS_MAX = 1_000  # of one expression
REPEATED_MAX = 100  # times
DEPTH_MAX = 20  # of groups in groups
_CLASSES = "dws"
_BLANKS = "nrtfv"  # after a backslash; texts are folded, so there are no others


class BadPattern(ValueError):
    """An expression that is not understood, with a sentence that says why."""


class Edge(Enum):
    """What must be so between two letters."""

    BEGIN = auto()
    END = auto()
    WORD = auto()
    NO_WORD = auto()


@dataclass(frozen=True)
class Letters:
    """One letter out of these."""

    ranges: Sequence[tuple[str, str]] = ()
    classes: Sequence[str] = ()
    """Such as `d`, and `D` for what is none."""
    is_negated: bool = False

    def has(self, letter: str) -> bool:
        capital = letter.upper()
        found = any(first <= one <= last for one in (letter, capital) for first, last in self.ranges)
        return (found or any(is_of(letter, name) for name in self.classes)) is not self.is_negated


@dataclass(frozen=True)
class Ways:
    """Go on at both places, each so many instructions from here."""

    one: int
    other: int


Instruction: TypeAlias = Letters | Edge | Ways
Program: TypeAlias = list[Instruction]
_ANY = Letters(is_negated=True)


def is_of(letter: str, name: str) -> bool:
    """Whether a letter is of a class: digits, letters of words, blanks; of a capital's, whether it is not."""
    if name.isupper():
        return not is_of(letter, name.lower())
    if name == "d":
        return letter.isdecimal()
    if name == "s":
        return letter.isspace()
    return letter.isalnum() or letter == "_" or unicodedata.category(letter)[0] == "M"


def program_of(written: str) -> Program:
    """The instructions of an expression. Raises BadPattern."""
    return _ExpressionReader(written).program()


class _ExpressionReader:
    """Reads an expression from left to right."""

    def __init__(self, written: str) -> None:
        self._left = list(unicodedata.normalize("NFC", written.removeprefix("(?i)")))

    def program(self) -> Program:
        made = self._either(0)
        if self._left:
            raise BadPattern("a bracket closes none")
        return made

    def _next_is(self, sign: str) -> bool:
        """Whether this is next; it is then taken."""
        if self._left[: len(sign)] != list(sign):
            return False
        del self._left[: len(sign)]
        return True

    def _either(self, depth: int) -> Program:
        if depth > DEPTH_MAX:
            raise BadPattern(f"groups are at most {DEPTH_MAX} deep")
        made = self._row(depth)
        while self._next_is("|"):
            other = self._row(depth)
            made = [Ways(1, len(made) + 2), *made, Ways(len(other) + 1, len(other) + 1), *other]
        return made

    def _row(self, depth: int) -> Program:
        made = Program()
        while self._left and self._left[0] not in "|)":
            made += self._repeated(self._one(depth))
            if len(made) > INSTRUCTIONS_MAX:
                raise BadPattern("it is too long")
        return made

    def _repeated(self, one: Program) -> Program:
        while self._left and self._left[0] in "*+?{":
            bounds = self._bounds()
            if bounds is None:
                return one
            least, most = bounds
            self._next_is("?")  # to find as little as possible finds the same texts
            if len(one) * max(least, most or 1) > INSTRUCTIONS_MAX:
                raise BadPattern("it is too long")
            maybe: Program = [Ways(1, len(one) + 1), *one]
            any_more: Program = [Ways(1, len(one) + 2), *one, Ways(-len(one) - 1, -len(one) - 1)]
            one = one * least + (any_more if most is None else maybe * (most - least))
        return one

    def _bounds(self) -> tuple[int, int | None] | None:
        """How often at least and at most, None: any number; None in place of both if a bracket is only a sign."""
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self._left[0] in simple:
            return simple[self._left.pop(0)]
        written = "".join(self._left[1 : self._left.index("}")]) if "}" in self._left else ""
        least, comma, most = written.partition(",")
        if not (least.isascii() and least.isdigit() and (most == "" or (most.isascii() and most.isdigit()))):
            return None
        del self._left[: len(written) + 2]
        first, last = int(least[:4]), int(most[:4]) if most else None if comma else int(least[:4])
        if max(first, last or 0) > REPEATED_MAX or (last is not None and last < first):
            raise BadPattern(f"something is repeated up to {REPEATED_MAX} times, from the smaller number to the larger")
        return first, last

    def _one(self, depth: int) -> Program:
        letter = self._left.pop(0)
        match letter:
            case "(":
                return self._group(depth)
            case "[":
                return [self._letters()]
            case ".":
                return [_ANY]
            case "^" | "$":
                return [Edge.BEGIN if letter == "^" else Edge.END]
            case "\\":
                return self._escaped()
            case "*" | "+" | "?":
                raise BadPattern(f"nothing stands before {letter} that could be repeated")
        return _exactly(letter)

    def _group(self, depth: int) -> Program:
        if not self._next_is("?:") and self._left[:1] == ["?"]:
            raise BadPattern("of groups only (…) and (?:…) are understood")
        made = self._either(depth + 1)
        if not self._next_is(")"):
            raise BadPattern("a bracket is never closed")
        return made

    def _escaped(self) -> Program:
        letter = self._left.pop(0) if self._left else ""
        if letter in ("b", "B"):
            return [Edge.WORD if letter == "b" else Edge.NO_WORD]
        name = _class_of(letter)
        return [Letters(classes=name)] if name else _exactly(letter)

    def _letters(self) -> Letters:
        """What stands between square brackets; the first was taken. A `]` that comes first is a letter."""
        is_negated, ranges, classes = self._next_is("^"), list[tuple[str, str]](), ""
        while not (ranges or classes) or not self._next_is("]"):
            first, name = self._letter_or_class()
            classes += name
            if name:
                continue
            is_range = self._left[:1] == ["-"] and self._left[1:2] != ["]"]
            last = self._last_of_range() if is_range else first
            if last < first:
                raise BadPattern(f"{first}-{last} goes from the later letter to the earlier")
            ranges.append((first, last))
        return Letters(ranges, classes, is_negated)

    def _last_of_range(self) -> str:
        self._left.pop(0)
        last, name = self._letter_or_class()
        if name:
            raise BadPattern("a range ends with a letter")
        return last

    def _letter_or_class(self) -> tuple[str, str]:
        """The next letter between square brackets and "", or "" and the name of a class."""
        if not self._left:
            raise BadPattern("a square bracket is never closed")
        letter = self._left.pop(0)
        if letter != "\\":
            return letter, ""
        letter = self._left.pop(0) if self._left else ""
        name = _class_of(letter)
        return ("", name) if name else (letter, "")


def _class_of(letter: str) -> str:
    """The class that a letter after a backslash means; "" if that means itself. Raises BadPattern."""
    if letter and letter in _BLANKS:
        return "s"
    if letter and letter.lower() in _CLASSES:
        return letter
    if not letter or (letter.isascii() and letter.isalnum()):
        raise BadPattern(f"\\{letter} means nothing here; a sign after a backslash means itself")
    return ""


def _exactly(letter: str) -> Program:
    """What finds a letter; folded it may be two."""
    return [Letters(((one, one),)) for one in folded(letter) or letter]
