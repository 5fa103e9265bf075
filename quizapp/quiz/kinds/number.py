"""Marks a number that a learner typed, with or without its unit. Pure."""

import re

from quizapp.catalogue.kinds.number import NUMBER, NumberValue, decimal_of
from quizapp.errors import Invalid
from quizapp.quiz.marking import Marked
from quizapp.verdicts import Verdict

TYPED_MAX_CHARS = 80  # the longest number and its unit
_TYPED = re.compile(rf"(?P<value>{NUMBER})\s*(?P<unit>[^\s\d.,].*)?", re.DOTALL)
# Blanks of any width, and what else is put between thousands so that nobody takes it for a decimal point.
_THOUSANDS = re.compile(r"(?<=\d)[ '_\u2019\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d{1,2}(?!\d)|\d{4,}(?!\d))|(?<=(?<!\d)0),(?=\d{3}(?!\d))")
_POINTS_OF_THOUSANDS = re.compile(r"[-+\u2212]?[1-9]\d{0,2}(?:\.\d{3})+")
_WORD_LETTERS = 4  # a unit of fewer is a sign, in which an s is no plural: "ms" is not "m"


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
    is_right = _is_near(expected, found["value"])
    if not is_right and _POINTS_OF_THOUSANDS.fullmatch(found["value"]):
        without = found["value"].replace(".", "")
        if _is_near(expected, without):
            raise Invalid(
                f"A point stands before a fraction here. If {without} is meant, write it so. It was not counted."
            )
    return Marked(verdict=Verdict.PASS if is_right else Verdict.FAIL, score=1.0 if is_right else 0.0)


def _is_near(expected: NumberValue, value: str) -> bool:
    return abs(decimal_of(value) - decimal_of(expected.value)) <= decimal_of(expected.tolerance)


def _written(typed: str) -> str:
    """A number as it was typed, with a point before its fraction and nothing between its thousands.

    `1,450` stays as it is, and so is no number: it means 1450 to one person and 1.45 to another.
    """
    return _DECIMAL_COMMA.sub(".", _THOUSANDS.sub("", typed.strip().rstrip(".").strip()))


def _unit(text: str) -> str:
    """A unit by which two are the same: "Byte" is "bytes"."""
    folded = "".join(text.split()).rstrip(".").casefold()
    return folded.removesuffix("s") if len(folded) >= _WORD_LETTERS else folded
