"""Marks a number that a learner typed, with or without its unit. Pure."""

import re

from quizapp.catalogue.kinds.number import NUMBER, NumberValue, decimal_of
from quizapp.errors import Invalid
from quizapp.quiz.marking import Marked
from quizapp.verdicts import Verdict

TYPED_MAX_CHARS = 80  # the longest number and its unit
_TYPED = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>[^\s\d.,].*)?", re.DOTALL)
_THOUSANDS = re.compile(r"(?<=\d)[ '\u2019\u00a0\u202f](?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d)|\d{4,}(?!\d))")


def mark(expected: NumberValue, typed: str) -> Marked:
    """Mark it. Raises Invalid for what is no number, or one in another unit: it is told and not counted."""
    if not typed.strip():
        raise Invalid("Type a number first.")
    found = _TYPED.fullmatch(_written(typed)) if len(typed) <= TYPED_MAX_CHARS else None
    if found is None:
        raise Invalid(
            "That could not be read as a number, so it was not counted. Write it such as 1450 or 0.5, without commas."
        )
    if found["unit"] and _unit(found["unit"]) != _unit(expected.unit):
        wanted = f"It is asked in {expected.unit}" if expected.unit else "It is asked without a unit"
        raise Invalid(f"{wanted}, so {found['unit'].strip()[:30]} was not counted. Write the number again.")
    off = abs(decimal_of(found["value"]) - decimal_of(expected.value))
    is_right = off <= decimal_of(expected.tolerance)
    return Marked(verdict=Verdict.PASS if is_right else Verdict.FAIL, score=1.0 if is_right else 0.0)


def _written(typed: str) -> str:
    """A number as it was typed, with a point before its fraction and nothing between its thousands.

    `1,450` stays as it is, and so is no number: it means 1450 to one person and 1.45 to another.
    """
    return _DECIMAL_COMMA.sub(".", _THOUSANDS.sub("", typed.strip().rstrip(".").strip()))


def _unit(text: str) -> str:
    """A unit by which two are the same: "Byte" is "bytes"."""
    return "".join(text.split()).rstrip(".").casefold().removesuffix("s")
