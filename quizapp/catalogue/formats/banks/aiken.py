"""Reads Aiken: a question, its options from A on, and a line `ANSWER: B`. Pure.

Moodle takes a question of one line, capital letters, one of them as the answer, and no blank lines within; here a
question may have several lines, letters may be small, several may be right, and blank lines may part the options.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quizapp.catalogue.formats.bank import BankItem, ItemKind, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.formats.wording import plain

CONVENTION = "Aiken"
_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)$")
_SMALL_OPTION = re.compile(r"([a-z])[.)]\s+(\S.*)$")  # in a text without capital ones
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)$", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:,|;|&|\band\b)\s*", re.IGNORECASE)  # between the letters of an answer
BLANKS_MAX = 4  # lines between two options, or before the answer


@dataclass
class _Open:
    """A question whose end has not been read yet."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def looks_like_aiken(text: str) -> bool:
    """Whether a text has an option and an answer line, as no other format has."""
    lines = text.split("\n")
    return any(_ANSWER.match(line) for line in lines) and any(_option_of(lines).match(line) for line in lines)


def read(data: bytes, name: str) -> ParsedNote:
    """An Aiken file as a note called `name`. Raises Unreadable."""
    return note_of(items_of(decoded(data)), title=name, convention=CONVENTION)


def items_of(text: str) -> Iterator[BankItem]:
    """The questions of a text. One without a right answer is among them, with a warning."""
    at = _Open()
    lines = text.split("\n")
    option_of = _option_of(lines)
    for number, line in enumerate(lines, start=1):
        written = line.strip()
        if answer := _ANSWER.match(written):
            if at.stem or at.options:
                yield _item(at, answer[1].strip())
            at = _Open()
        elif option := option_of.match(written) if at.stem else None:
            at.options.append((option[1].upper(), option[2]))
        elif not written:
            if at.options and not _goes_on(at, lines, number, option_of):  # it has ended, answer or not
                yield _item(at, "")
                at = _Open()
        else:
            _go_on(at, written, number)
    if at.stem:
        yield _item(at, "")


def _option_of(lines: Sequence[str]) -> re.Pattern[str]:
    """What an option of this text looks like."""
    return _OPTION if any(_OPTION.match(line.strip()) for line in lines) else _SMALL_OPTION


def _goes_on(at: _Open, lines: Sequence[str], behind: int, option_of: re.Pattern[str]) -> bool:
    """Whether the next option, or the answer, is the next text from the line `behind` on."""
    following = next((line.strip() for line in islice(lines, behind, behind + BLANKS_MAX) if line.strip()), "")
    option = option_of.match(following)
    return _ANSWER.match(following) is not None or (
        option is not None and ord(option[1].upper()) == ord(at.options[-1][0]) + 1
    )


def _go_on(at: _Open, written: str, number: int) -> None:
    """A line that is neither option nor answer: it belongs to the last option, else to the question."""
    if at.options:
        letter, text = at.options[-1]
        at.options[-1] = (letter, f"{text}\n{written}")
    else:
        at.line = at.line or number
        at.stem.append(written)


def _item(at: _Open, answer: str) -> BankItem:
    letters = [letter for letter, _ in at.options]
    given = _SEVERAL.split(answer.upper().rstrip(".)"))
    said = list(at.warnings)
    if answer and not set(given) <= set(letters):
        given = []
        said.append(f"ANSWER: {answer[:20]} names no option, so none is right. Correct the letter.")
    elif not answer:
        said.append("There is no line ANSWER: with the letter of the right option.")
    options = tuple(BankAnswer(text=plain(text), weight=FULL if letter in given else 0) for letter, text in at.options)
    stem = plain("\n".join(at.stem))
    return BankItem(
        kind=ItemKind.CHOICE,
        line=at.line,
        stem=stem,
        answers=options,
        one_right=len(given) < 2,
        warnings=tuple(said),
    )
