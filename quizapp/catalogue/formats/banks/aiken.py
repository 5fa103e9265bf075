"""Reads Aiken: a question, its options from A on, and a line `ANSWER: B`. Pure.

Moodle takes a question of one line and a capital letter only; here a question may have several lines, and the letter
may be small.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.catalogue.formats.bank import BankItem, ItemKind, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.formats.wording import plain

CONVENTION = "Aiken"
_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)$")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)$", re.IGNORECASE)


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
    return any(_ANSWER.match(line) for line in lines) and any(_OPTION.match(line) for line in lines)


def read(data: bytes, name: str) -> ParsedNote:
    """An Aiken file as a note called `name`. Raises Unreadable."""
    return note_of(items_of(decoded(data)), title=name, convention=CONVENTION)


def items_of(text: str) -> Iterator[BankItem]:
    """The questions of a text. One without a right answer is among them, with a warning."""
    at = _Open()
    for number, line in enumerate(text.split("\n"), start=1):
        written = line.strip()
        if answer := _ANSWER.match(written):
            if at.stem or at.options:
                yield _item(at, answer[1].strip())
            at = _Open()
        elif option := _OPTION.match(written) if at.stem else None:
            at.options.append((option[1], option[2]))
        elif not written:
            if at.options:  # a blank line ends a question that has options, answer or not
                yield _item(at, "")
                at = _Open()
        else:
            _go_on(at, written, number)
    if at.stem:
        yield _item(at, "")


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
    given = answer.upper().rstrip(".)")
    said = list(at.warnings)
    if answer and given not in letters:
        said.append(f"ANSWER: {answer[:20]} names no option, so none is right. Correct the letter.")
    elif not answer:
        said.append("There is no line ANSWER: with the letter of the right option.")
    options = tuple(BankAnswer(text=plain(text), weight=FULL if letter == given else 0) for letter, text in at.options)
    stem = plain("\n".join(at.stem))
    return BankItem(kind=ItemKind.CHOICE, line=at.line, stem=stem, answers=options, warnings=tuple(said))
