"""Reads the text format of text2qti, as teachers write it for Canvas: numbered questions, `*a)` for right. Pure.

Its texts are Markdown. `@gap` and `@match`, which a fork of text2qti has, become a text with gaps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from quizapp.catalogue.formats.bank import BankItem, ItemKind, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.kinds.number import NUMBER

CONVENTION = "text2qti"
ANSWERS_MAX = 500  # of one question; more of them are no question that anybody asks
_STEM = re.compile(r"\d{1,4}\.\s+(\S.*)$")
_OPTION = re.compile(r"(\*?)([A-Za-z])\)\s+(\S.*)$")
_BOX = re.compile(r"\[([ *])\]\s+(\S.*)$")
_TYPED = re.compile(r"\*\s+(\S.*)$")
_NUMBER = re.compile(rf"=\s+({NUMBER})(?:\s*\+-\s*({NUMBER})(%?))?\s*$")
_RANGE = re.compile(rf"=\s+\[\s*({NUMBER})\s*,\s*({NUMBER})\s*\]\s*$")
_ESSAY = re.compile(r"(?:_{3,}|\^{3,})\s*$")
_SAID = re.compile(r"(\.\.\.|[+-])\s+(\S.*)$")  # what is said afterwards: always, if right, if wrong
_GAP = re.compile(r"@gap\s+(\w+)\)\s+(\S.*)$")
_MATCH = re.compile(r"@match\s+(\w+)\s+(\w+)\s*$")
_FIELD = re.compile(r"(quiz title|quiz description|text title|text|title|points|pick)\s*:\s*(.*)$", re.IGNORECASE)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_KNOWN = re.compile(r"^(?:quiz title\s*:|\*[a-z]\)\s|\[\*\]\s|=\s+\S+\s*\+-)", re.IGNORECASE | re.MULTILINE)
_NUMBERED = re.compile(r"^1\.\s+\S", re.MULTILINE)
_COMMENTS = {"COMMENT": "END_COMMENT"}
_GROUPS = ("GROUP", "END_GROUP")


@dataclass
class _ItemAnswer:
    """An answer of a question that is still open; its texts go on over several lines."""

    lines: list[str]
    is_right: bool
    tolerance: str = ""
    said: list[str] = field(default_factory=list)


@dataclass
class _OpenItem:
    """A question, or a text, whose end has not been read yet."""

    line: int
    title: str
    kind: ItemKind | None = None
    stem: list[str] = field(default_factory=list)
    answers: list[_ItemAnswer] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    gaps: dict[str, str] = field(default_factory=dict)
    """The words to choose from, by their name."""
    places: dict[str, str] = field(default_factory=dict)
    """The name of the word that belongs into each gap."""
    goes_on: list[str] = field(default_factory=list)
    """The text to which the next line belongs."""
    several: bool = False


def looks_like_text2qti(text: str) -> bool:
    """Whether a text numbers its questions and marks what is right as text2qti does."""
    return _NUMBERED.search(text) is not None and _KNOWN.search(text) is not None


def read(data: bytes, name: str) -> ParsedNote:
    """A text of text2qti as a note, called by its own title or else `name`. Raises Unreadable."""
    reader = _LineReader()
    items = reader.items(decoded(data).split("\n"))
    note = note_of(
        items, title=name, convention=CONVENTION, warnings=reader.warnings
    )  # which are there once it is read
    return replace(note, title=reader.title or name)


class _LineReader:
    """Reads line by line. What begins in the first column is a mark; any other line goes on with the text above it."""

    def __init__(self) -> None:
        self.title = ""
        self.warnings: list[NoteWarning] = []
        self._named = ""
        self._open: _OpenItem | None = None

    def items(self, lines: list[str]) -> Iterator[BankItem]:
        """The questions and texts, in their order."""
        fence = hidden = ""
        for number, line in enumerate(lines, start=1):
            if hidden:
                hidden = "" if line.strip() == hidden else hidden
                continue
            mark = _FENCE.match(line)
            if mark is not None:
                fence = mark[1] if not fence else "" if mark[1].startswith(fence) else fence
            if fence or mark is not None:
                self._go_on(line)
            elif line.strip() in _COMMENTS:
                hidden = _COMMENTS[line.strip()]
            elif not line.startswith("%"):  # a comment of one line
                yield from self._line(line.rstrip(), number)
        yield from self._ended()

    def _line(self, line: str, number: int) -> Iterator[BankItem]:
        if found := _STEM.match(line):
            yield from self._ended()
            self._open = _OpenItem(line=number, title=self._named, stem=[found[1]])
            self._open.goes_on, self._named = self._open.stem, ""
        elif found := _FIELD.match(line):
            yield from self._ended()
            self._field(found[1].lower(), found[2].strip(), number)
        elif line in _GROUPS:
            yield from self._ended()
            if line == "GROUP":
                message = "Of a GROUP text2qti draws some questions; all of them are imported."
                self.warnings.append(NoteWarning(line=number, message=message))
        elif self._open is None or not _take_mark(self._open, line):
            self._go_on(line)

    def _field(self, name: str, value: str, number: int) -> None:
        match name:
            case "quiz title":
                self.title = value
            case "title":
                self._named = value
            case "text" | "text title" | "quiz description" if value:
                self._open = _OpenItem(line=number, title="", kind=ItemKind.TEXT, stem=[value])
                self._open.goes_on = self._open.stem

    def _go_on(self, line: str) -> None:
        if self._open is not None:
            self._open.goes_on.append(line)

    def _ended(self) -> Iterator[BankItem]:
        if self._open is not None:
            yield _item(self._open)
        self._open = None


def _take_mark(at: _OpenItem, line: str) -> bool:
    """Take a line that is a mark of text2qti; False for any other."""
    if found := _OPTION.match(line):
        _take_answer(at, ItemKind.CHOICE, found[3], is_right=bool(found[1]))
    elif found := _BOX.match(line):
        at.several = True
        _take_answer(at, ItemKind.CHOICE, found[2], is_right=found[1] == "*")
    elif found := _TYPED.match(line):
        _take_answer(at, ItemKind.TYPED, found[1], is_right=True)
    elif found := _NUMBER.match(line):
        spread = Decimal(found[2] or 0)
        whole = abs(Decimal(found[1])) * spread / 100 if found[3] else spread
        _take_answer(at, ItemKind.NUMERIC, found[1], is_right=True, tolerance=f"{whole:f}" if found[2] else "")
    elif found := _RANGE.match(line):
        _take_answer(at, ItemKind.NUMERIC, f"{found[1]} to {found[2]}", is_right=True)
    elif _ESSAY.match(line):
        at.kind, at.goes_on = ItemKind.ESSAY, []
    elif found := _SAID.match(line):
        at.goes_on = at.answers[-1].said if at.answers else at.said
        at.goes_on.append(found[2])
    elif found := _GAP.match(line):
        at.gaps[found[1]], at.goes_on = found[2], []
    elif found := _MATCH.match(line):
        at.places[found[2]], at.goes_on = found[1], []
    else:
        return False
    return True


def _take_answer(at: _OpenItem, kind: ItemKind, text: str, *, is_right: bool, tolerance: str = "") -> None:
    if len(at.answers) == ANSWERS_MAX:
        raise Unreadable(f"A question has more than {ANSWERS_MAX} answers. Is it one?", line=at.line)
    at.kind = kind
    at.answers.append(_ItemAnswer(lines=[text], is_right=is_right, tolerance=tolerance))
    at.goes_on = at.answers[-1].lines


def _item(at: _OpenItem) -> BankItem:
    answers = tuple(
        BankAnswer(
            text=_text(one.lines),
            weight=FULL if one.is_right else 0,
            feedback=_text(one.said),
            tolerance=one.tolerance,
        )
        for one in at.answers
    )
    kind, stem, feedback = at.kind or ItemKind.ESSAY, _text(at.stem), _text(at.said)
    if at.gaps:
        filled = {place: at.gaps.get(name, "") for place, name in at.places.items()}
        return _gapped(at, stem, filled, feedback)
    if kind is ItemKind.CHOICE and {answer.text.lower() for answer in answers} == {"true", "false"}:
        kind = ItemKind.TRUE_FALSE
    return BankItem(
        kind=kind,
        line=at.line,
        title=at.title,
        stem=stem,
        answers=answers,
        one_right=not at.several,
        feedback=feedback,
    )


def _gapped(at: _OpenItem, stem: str, filled: dict[str, str], feedback: str) -> BankItem:
    """A text with gaps such as `{G1}`; words that belong into none were there to mislead."""
    text = stem.replace("**", "*")  # bold words are gaps
    for place, word in filled.items():
        text = text.replace(f"{{{place}}}", f"**{word}**" if word else f"{{{place}}}")
    return BankItem(kind=ItemKind.CLOZE, line=at.line, title=at.title, stem=stem, gapped=text, feedback=feedback)


def _text(lines: list[str]) -> str:
    """Lines without the indentation of what goes on."""
    first, rest = lines[:1], lines[1:]
    width = min((len(line) - len(line.lstrip()) for line in rest if line.strip()), default=0)
    return "\n".join([*first, *(line[width:] for line in rest)]).strip()
