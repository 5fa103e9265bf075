"""Turns text without markup into Markdown that shows the same text. Pure."""

import re
from collections.abc import Sequence
from itertools import groupby

# Characters that make markup wherever they stand: code, emphasis, options of a list, HTML, entities, struck out text.
_MARKUP = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n]|$)"  # a backslash before a sign or the end of a line
    r"|`"
    r"|\*(?!(?<= \*) )"  # a star, but not one between blanks
    r"|(?<![^\W_])_+(?=[^\W_])|(?<=[^\W_])_+(?![^\W_])"  # underscores beside a word, but not within one or alone
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w{1,32};)"
    r"|~(?=~)|(?<=~)~"
    r"|(?<=\])[(:\[]"
    r"|(?<=!)\["
)
# Characters that make a block where they begin a line: headings, quotes, lists, rules, tables.
_OPENS_BLOCK = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]{2,}(?=\s*$)|\|?(?=[-: |]*-[-: |]*$))")
_BEGINS_BLOCK = frozenset("#>-+=|:")
_OPENS_NUMBER = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_FENCE = re.compile(r"`{3,}")


def plain(text: str) -> str:
    """A text of any number of lines as Markdown. Its line ends stay.

    Indented lines become a code block if their indentations differ, so that they mean something.
    GIFT, Aiken and Anki write text where each character means itself: `__init__`, `<image>`, `$(pwd)`.
    """
    text = text.strip("\n").rstrip()
    if "\n" not in text:
        return _line(text)
    parts = []
    for indented, run in groupby(text.split("\n"), key=_is_indented):
        lines = list(run)
        parts.append(fenced("\n".join(lines)) if indented and _is_code(lines) else _lines(lines))
    return "\n\n".join(part for part in parts if part)


def code(text: str) -> str:
    """A text as a code span of one line."""
    text = " ".join(text.split("\n"))
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{ticks}{pad}{text}{pad}{ticks}" if text else ""


def fenced(text: str, language: str = "") -> str:
    """A text as a code block, without the indentation that all its lines have."""
    lines = text.expandtabs(4).strip("\n").split("\n")
    width = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    inner = "\n".join(line[width:].rstrip() for line in lines)
    longest = max((len(run) for run in _FENCE.findall(inner)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{inner}\n{ticks}"


def _is_indented(line: str) -> bool:
    return line.startswith(("  ", "\t")) and bool(line.strip())


def _is_code(lines: Sequence[str]) -> bool:
    """Whether indented lines mean something by their indentation, and do not only go on below a first line."""
    return len({len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()) for line in lines}) > 1


def _lines(lines: list[str]) -> str:
    """Lines that are not indented: blank ones end a paragraph, the others a line."""
    paragraphs = []
    for filled, run in groupby(lines, key=lambda line: bool(line.strip())):
        if filled:
            paragraphs.append("  \n".join(_line(line.strip()) for line in run))
    return "\n\n".join(paragraphs)


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{sign}" for sign in found[0])


def _line(line: str) -> str:
    escaped = _MARKUP.sub(_escaped, line.strip())
    if escaped[:1].isdigit():
        return _OPENS_NUMBER.sub(r"\1\\\2", escaped)
    if escaped[:1] not in _BEGINS_BLOCK:
        return escaped
    return _OPENS_BLOCK.sub(lambda found: f"{found[1]}\\{found[2]}" if found[2] else found[0], escaped)
