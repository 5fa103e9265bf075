"""Reads Aiken: a question, its options from A on, and a line `ANSWER: B`. Pure.

Moodle takes a question of one line, capital letters, one of them as the answer, and no blank lines within; here a
question may have several lines, letters may be small, several may be right, blank lines may part the options, and what
explains the answer may stand below it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.catalogue.formats.bank import BankItem, ItemKind, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.formats.wording import plain

CONVENTION = "Aiken"
_OPTION = re.compile(r"([A-Z])(?:[.)]\s+|\))(\S.*)$")
_SMALL_OPTION = re.compile(r"([a-z])(?:[.)]\s+|\))(\S.*)$")  # in a text without capital ones
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)$", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*(?:,|;|&|\band\b)\s*", re.IGNORECASE)  # between the letters of an answer
_SAID = re.compile(r"(?:(?:general\s+)?feedback|explanation|rationale|reason|comment|why)\s*:\s*(.*)$", re.IGNORECASE)
_WHOLE = re.compile(r"\(?([A-Z])[.)]\s*(.*)$")  # "B) its text"
_NUMBERED = re.compile(r"(?:question\s+|q)?(\d{1,4})\s*[.):]\s+(?=\S)", re.IGNORECASE)
STEM_LINES_MAX = 50  # of a question, between which options are looked for
BLANKS_MAX = 4  # lines between two options, or before the answer


@dataclass
class _Open:
    """A question whose end has not been read yet."""

    line: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str | None = None
    """What the line ANSWER: says; None before it."""
    said: list[str] = field(default_factory=list)
    """What explains the answer."""


def looks_like_aiken(text: str) -> bool:
    """Whether a text has an option and an answer line, as no other format has."""
    lines = text.split("\n")
    return any(_ANSWER.match(line.strip()) for line in lines) and any(
        _option_of(lines).match(line.strip()) for line in lines
    )


def read(data: bytes, name: str) -> ParsedNote:
    """An Aiken file as a note called `name`. Raises Unreadable."""
    return note_of(items_of(decoded(data)), title=name, convention=CONVENTION)


def items_of(text: str) -> list[BankItem]:
    """The questions of a text. One without a right answer is among them, with a warning."""
    found = list(_found(text.split("\n")))
    numbers = [_NUMBERED.match(one.stem[0]) for one in found if one.stem]
    if len(numbers) > 1 and [number and int(number[1]) for number in numbers] == [*range(1, len(numbers) + 1)]:
        for one in found:  # the numbers are those of the list, and no part of what is asked
            one.stem[:1] = [_NUMBERED.sub("", line, count=1) for line in one.stem[:1]]
    return [_item(one) for one in found]


def _found(lines: Sequence[str]) -> Iterator[_Open]:
    at = _Open()
    option_of = _option_of(lines)
    for number, line in enumerate(lines, start=1):
        written = line.strip()
        if answer := _ANSWER.match(written):
            if at.answer is not None:
                yield from _whole(at)
                at = _Open()
            at.answer = answer[1].strip()
        elif at.answer is not None and written:
            if not _explain(at, written, lines, number, option_of):
                yield from _whole(at)
                at = _Open()
                _go_on(at, written, number)
        elif option := option_of.match(written) if at.stem and at.answer is None else None:
            at.options.append((option[1].upper(), option[2]))
        elif not written:
            if at.said or (at.options and at.answer is None and not _goes_on(at, lines, number, option_of)):
                yield from _whole(at)  # it has ended, answer or not
                at = _Open()
        else:
            _go_on(at, written, number)
    yield from _whole(at)


def _whole(at: _Open) -> Iterator[_Open]:
    if at.stem or at.options:
        yield at


def _explain(at: _Open, written: str, lines: Sequence[str], number: int, option_of: re.Pattern[str]) -> bool:
    """Whether line `number`, behind the answer, explains it, which is kept then: by its name, or as it follows at once.

    What is a question by the options below it explains nothing.
    """
    if said := _SAID.match(written):
        at.said.append(said[1])
        return True
    is_near = at.said or _ANSWER.match(lines[number - 2].strip()) is not None
    if is_near and not _has_options(lines, number, option_of):
        at.said.append(written)
        return True
    return False


def _has_options(lines: Sequence[str], behind: int, option_of: re.Pattern[str]) -> bool:
    """Whether an option is within the same paragraph behind a line, or begins the next; at the end there is none."""
    following = [line.strip() for line in lines[behind : behind + STEM_LINES_MAX]]
    end = following.index("") if "" in following else len(following)
    next_one = next(filter(None, following[end:]), "")
    return any(option_of.match(line) for line in (*following[:end], next_one))


def _option_of(lines: Sequence[str]) -> re.Pattern[str]:
    """What an option of this text looks like."""
    return _OPTION if any(_OPTION.match(line.strip()) for line in lines) else _SMALL_OPTION


def _goes_on(at: _Open, lines: Sequence[str], behind: int, option_of: re.Pattern[str]) -> bool:
    """Whether the next option, or the answer, is the next text from the line `behind` on."""
    following = next((line.strip() for line in lines[behind : behind + BLANKS_MAX] if line.strip()), "")
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


def _item(at: _Open) -> BankItem:
    given = _given(at)
    said = []
    if at.answer and not given:
        said.append(f"ANSWER: {at.answer[:20]} names no option, so none is right. Correct the letter.")
    elif not at.answer:
        said.append("There is no line ANSWER: with the letter of the right option.")
    return BankItem(
        kind=ItemKind.CHOICE,
        line=at.line,
        stem=plain("\n".join(at.stem)),
        answers=tuple(
            BankAnswer(text=plain(text), weight=FULL if letter in given else 0) for letter, text in at.options
        ),
        one_right=len(given) < 2,
        feedback=plain("\n".join(filter(None, at.said))),
        warnings=tuple(said),
    )


def _given(at: _Open) -> Sequence[str]:
    """The letters of the right options, as `B`, `A, C`, `A C`, `AC`, `B) its text`, or by the text alone."""
    letters = [letter for letter, _ in at.options]
    answer = (at.answer or "").strip()
    texts = [letter for letter, text in at.options if text.strip().lower() == answer.lower()]
    whole = _WHOLE.match(answer)
    if whole and (whole[1], whole[2].strip()) in (*at.options, *((letter, "") for letter in letters)):
        return [whole[1]]
    given = _SEVERAL.split(answer.upper().rstrip(".)"))
    if not set(given) <= set(letters):
        given = [sign for sign in answer if not sign.isspace()]
    return given if answer and set(given) <= set(letters) and len(set(given)) == len(given) else texts
