"""Compares a typed value with the value that the host printed. Knows no run, no check and no sandbox."""

import re
from typing import assert_never

from quizapp.catalogue.labs.lab_format import Compare
from quizapp.errors import Invalid

ANSWER_MAX_CHARS = 200  # a few ports, addresses or names; nobody types more by hand
_SEPARATORS = re.compile(r"[\s,;]+")


class AnswerUnreadable(Invalid):
    """What was typed is empty, too long or not of the kind that was asked for. It does not count as a check."""

    title = "That is not an answer yet"


def read(typed: str, *, compare: Compare) -> str:
    """What was typed, with white space reduced, ready for `agree`. Raises AnswerUnreadable."""
    if compare is Compare.ORDER:
        return _ordered(typed)
    typed = " ".join(typed.split())
    if not typed:
        raise AnswerUnreadable("Type your answer first, then check.")
    if len(typed) > ANSWER_MAX_CHARS:
        raise AnswerUnreadable(f"An answer has at most {ANSWER_MAX_CHARS} characters. Shorten it, then check again.")
    if compare is Compare.INT and _whole_number(typed) is None:
        raise AnswerUnreadable("Type a whole number, then check again.")
    return typed


def agree(one: str, other: str, *, compare: Compare) -> bool | None:
    """Whether two texts have the same value; None if `other`, the host's, is not a value of this kind."""
    match compare:
        case Compare.INT:
            wanted = _whole_number(other)
            return None if wanted is None else _whole_number(one) == wanted
        case Compare.TEXT:
            return _folded(one) == _folded(other) if other.strip() else None
        case Compare.SET:
            return _members(one) == _members(other)
        case Compare.ORDER:
            return _lines(one) == _lines(other) if _lines(other) else None
    assert_never(compare)


def _ordered(typed: str) -> str:
    """The chosen places in order, one on each line. Raises AnswerUnreadable for none, a gap, or a place given twice."""
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise AnswerUnreadable("Choose the first place, then the next, then check.")
    if "" in lines or len(set(lines)) < len(lines):
        raise AnswerUnreadable("Choose each place once, without a gap, then check again.")
    return "\n".join(lines)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(_folded(line) for line in text.splitlines() if line.strip())


def _whole_number(text: str) -> int | None:
    text = text.strip()
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _members(text: str) -> frozenset[str]:
    return frozenset(_SEPARATORS.split(text.strip().casefold())) - {""}
