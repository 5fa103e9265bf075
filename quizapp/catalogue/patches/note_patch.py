"""Writes an edit that was made in the browser into a note's text, in the lines of that item alone. Pure.

A text is changed where it stands. Each change is proved: the note is read again, and it counts only if the item says
what was wanted and everything else says what it said. What cannot be written so is refused and stays as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse, ParsedChoice, ParsedNote, ParsedQuestion
from quizapp.catalogue.kinds.expected import LABEL_OF, Expected

LINE_END = re.compile(r"(\r\n|\r|\n)")
_MARKERS = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*")
_ENDS_ITEM = (LineUse.SECTION, LineUse.TITLE, LineUse.CONCEPT, LineUse.FRONT_MATTER)
_LABELS = {"must": "Must", "bonus": "Bonus", "red_flags": "Red flags", "level": "Level", "source_url": "Source",
           "as_of": "As of"}  # fmt: skip
LISTED = ("order", "match")  # kinds whose label stands above a list
_ARROW = re.compile(r"\s*(?:\u2192|\u21d2|--?\\?>|=\\?>)\s*")
_GUIDES = ("must", "bonus", "red_flags")


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A note's text with edits, and those that could not be written."""

    text: str
    refused: Sequence[int]
    """Their places in `everything_asked`."""


def patched(text: str, wanted: Mapping[int, ParsedQuestion], *, name: str) -> Patch:
    """The text in which the questions at these places of `everything_asked` say what is wanted."""
    before = parse_note(text.encode(), name=name)
    whole = _written(text, before, wanted)
    if whole is not None and _is_as_meant(whole, before, wanted, name=name):
        return Patch(text=whole, refused=())
    done: dict[int, ParsedQuestion] = {}
    refused = []
    for place, question in sorted(wanted.items()):
        more = {**done, place: question}
        tried = _written(text, before, more)
        if tried is not None and _is_as_meant(tried, before, more, name=name):
            done = more
        else:
            refused.append(place)
    return Patch(text=(_written(text, before, done) or text) if done else text, refused=refused)


def _written(text: str, before: ParsedNote, wanted: Mapping[int, ParsedQuestion]) -> str | None:
    """The text with all these edits; None if the old words of one are not where they should be."""
    parts = LINE_END.split(text)
    lines, ends = parts[0::2], [*parts[1::2], ""]
    items = list(before.everything_asked)
    usual = next((end for end in ends if end), "\n")
    for place in sorted(wanted, key=lambda place: -items[place].line):
        first, last = lines_of(before, items[place], lines)
        made = edited_lines("\n".join(lines[first:last]), items[place], wanted[place])
        if made is None:
            return None
        new = made.split("\n")
        closing = ends[last - 1]
        ends[first:last] = [*(ends[first:last] + [usual] * len(new))[: len(new) - 1], closing]
        lines[first:last] = new
    return "".join(line + end for line, end in zip(lines, ends, strict=True))


def lines_of(note: ParsedNote, item: ParsedQuestion, lines: Sequence[str]) -> tuple[int, int]:
    """The first line of an item, from 0, and the line after its last one."""
    first = item.line - 1
    others = [one.line - 1 for one in note.everything_asked if one.line - 1 > first]
    others += [line for line in range(first + 1, len(note.uses)) if note.uses[line] in _ENDS_ITEM][:1]
    last = min(others, default=len(lines))
    while last > first + 1 and not lines[last - 1].strip():
        last -= 1
    return first, last


def edited_lines(text: str, old: ParsedQuestion, new: ParsedQuestion) -> str | None:
    """An item's lines with its new words; None if the old ones are not found."""
    made: str | None = text
    for was, becomes in _replacements(old, new):
        made = _replaced(made, was, becomes) if made is not None else None
    if made is not None and old.expected != new.expected:
        made = _with_expected(made, old.expected, new.expected)
    for was, becomes in zip_longest(old.hints, new.hints, fillvalue=""):
        if made is not None and was != becomes:
            made = _relabelled(made, "Hint", was, becomes)
    for name, label in _LABELS.items():
        if made is not None and getattr(old, name) != getattr(new, name):
            made = _relabelled(made, label, _value(old, name), _value(new, name))
    return _with_choices(made, old.choices, new.choices) if made is not None else None


def _replacements(old: ParsedQuestion, new: ParsedQuestion) -> Iterator[tuple[str, str]]:
    """Texts that are replaced, each with its new words."""
    if old.prompt != new.prompt:
        yield old.prompt, new.prompt
    if old.answer != new.answer:
        yield old.answer, new.answer


def _replaced(text: str, old: str, new: str) -> str | None:
    """`text` with the last occurrence of `old` replaced; further lines are indented as those of `old`, or its item."""
    first, *more = old.split("\n")
    if not old:
        return None
    pattern = re.escape(first) + "".join(rf"\n([ \t>]*){re.escape(line.lstrip())}" for line in more)
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    at = found[-1] if len(found) > 1 and new and text.count(old) > 1 else found[0]
    line = text[text.rfind("\n", 0, at.start()) + 1 : at.start()]
    markers = _MARKERS.match(line)
    indent = at[1] if more and at[1] else re.sub(r"[^\t>]", " ", markers[0] if markers is not None else "")
    head, *rest = new.split("\n")
    shown = "\n".join([head, *(f"{indent}{one}" if one.strip() else "" for one in rest)])
    return text[: at.start()] + shown + text[at.end() :]


def _value(question: ParsedQuestion, name: str) -> str:
    value = getattr(question, name)
    return "; ".join(value) if name in _GUIDES else str(value or "")


def _relabelled(text: str, label: str, old: str, new: str) -> str | None:
    """The lines with another value of a label; a label that is new stands on a line of its own below."""
    if not old:
        lines = text.split("\n")
        above = [_MARKERS.match(line) for line in lines if re.search(r"[*_]\w[\w ]*:[*_]|[*_]\w[\w ]*[*_]:", line)]
        begin = above[-1][0] if above and above[-1] is not None and above[-1][0].strip() else "    *   "
        return f"{text}\n{begin}*{label}:* {new}"
    pattern = rf"((?:[*_]{{1,3}})?{label}\s?(?::[*_]{{1,3}}|[*_]{{1,3}}:|:)[ \t]*[<]?){re.escape(old)}"
    found = re.search(pattern, text, re.IGNORECASE)
    if found is None:
        return None
    if new:
        return f"{text[: found.end(1)]}{new}{text[found.end() :]}"
    return re.sub(r"\n[ \t>]*(?:[-*+][ \t]+)?(?=\n|$)", "", text[: found.start()].rstrip(" \t") + text[found.end() :])


def _with_expected(text: str, old: Expected | None, new: Expected | None) -> str | None:
    """The lines with what is right instead; None if the old lines are not found."""
    if old is None or new is None or old.kind != new.kind:
        return None
    if old.kind in LISTED:
        return _with_listed(text, old.source.split("\n"), new.source.split("\n"))
    if "\n" in new.source:
        return None
    pattern = rf"([*_]{re.escape(LABEL_OF[old.kind])}:[*_][ \t]+)([^\n]*?)(?=\s+<!--|\s{{2,}}[*_]\w|[ \t]*(?:\n|$))"
    found = re.search(pattern, text, re.IGNORECASE)
    return f"{text[: found.end(1)]}{new.source}{text[found.end() :]}" if found is not None else None


def _with_listed(text: str, old: Sequence[str], new: Sequence[str]) -> str | None:
    """The lines of a list with other items, each on one line; None if the old ones do not follow one another."""
    lines = text.split("\n")
    listed = [_MARKERS.sub("", line, count=1) for line in lines]
    wanted = [_with_arrow(one) for one in old]
    starts = [row for row in range(len(lines)) if [*map(_with_arrow, listed[row : row + len(old)])] == wanted]
    if len(starts) != 1:
        return None
    rows = range(starts[0], starts[0] + len(old))
    begins = [lines[row][: len(lines[row]) - len(listed[row])] for row in rows]
    kept = {one: listed[row] for one, row in zip(old, rows, strict=True)}
    written = []
    for place, one in enumerate(new):
        more = max(0, place + 1 - len(old))
        begin = _counted_on(begins[place - more], more)
        written.append(f"{begin}{kept.get(one, one)}")
    return "\n".join([*lines[: rows.start], *written, *lines[rows.stop :]])


def _counted_on(begin: str, more: int) -> str:
    """The marker of a list's item, with a number that is so much higher if it has one."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + more), begin)


def _with_arrow(text: str) -> str:
    """The text of an item with one form of arrow, by which it is found."""
    return _ARROW.sub(" \u2192 ", text).strip()


def _with_choices(text: str, old: Sequence[ParsedChoice], new: Sequence[ParsedChoice]) -> str | None:
    """The lines with other options: each is changed on its own line, new ones come after the last, others go."""
    if list(old) == list(new):
        return text
    lines = text.split("\n")
    rows = _rows_of(lines, old)
    if rows is None or not rows:
        return None
    begin = re.match(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+", lines[rows[-1]])
    if begin is None or "[" not in lines[rows[-1]]:
        return None
    written = [
        f"{begin[0]}[{'x' if one.right else ' '}] {one.text}{f'  *Why:* {one.why}' if one.why else ''}" for one in new
    ]
    kept = {one: lines[row] for one, row in zip(old, rows, strict=True)}
    shown = [kept.get(one, line) for one, line in zip(new, written, strict=True)]
    before = [line for number, line in enumerate(lines[: rows[0]]) if number not in rows]
    after = [line for number, line in enumerate(lines) if number > rows[0] and number not in rows]
    return "\n".join([*before, *shown, *after])


def _rows_of(lines: Sequence[str], choices: Sequence[ParsedChoice]) -> list[int] | None:
    """The line of each option of one line; None if one is not found."""
    rows: list[int] = []
    for choice in choices:
        begin = rows[-1] + 1 if rows else 0
        found = (number for number in range(begin, len(lines)) if choice.text in lines[number])
        found = (number for number in found if re.match(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX]\]", lines[number]))
        row = next(found, None)
        if row is None or "\n" in choice.text:
            return None
        rows.append(row)
    return rows


def _is_as_meant(text: str, before: ParsedNote, wanted: Mapping[int, ParsedQuestion], *, name: str) -> bool:
    """Whether the note says what is wanted, and everything else what it said."""
    after = parse_note(text.encode(), name=name)
    asked = list(before.everything_asked)
    meant = [said_of(wanted.get(place, one), file=one) for place, one in enumerate(asked)]
    if [said_of(one, file=one) for one in after.everything_asked] != meant:
        return False
    return frame_of(after) == frame_of(before)


def said_of(question: ParsedQuestion, *, file: ParsedQuestion) -> ParsedQuestion:
    """What a question says, with what only its file says of it."""
    return replace(question, line=0, key=file.key, lab=file.lab, same_as=file.same_as)


def frame_of(note: ParsedNote) -> ParsedNote:
    """A note without what it asks, and without lines."""
    return replace(
        note,
        sections=tuple(
            replace(
                section,
                line=0,
                concepts=tuple(replace(one, line=0, cards=()) for one in section.concepts),
                cards=(),
                questions=(),
            )
            for section in note.sections
        ),
        warnings=(),
        uses=(),
    )
