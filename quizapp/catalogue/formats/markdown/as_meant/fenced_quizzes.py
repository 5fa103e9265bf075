"""Questions that other tools keep between fences or shortcodes, as the Markdown that they stand for. Pure.

Divisions of pandoc, `mcq` of MkDocs, `quiz` of LearnSpec, `{exercise}` and `{solution}` of MyST, quizdown of Hugo.
Other fences are code.
"""

import re
from collections.abc import Container, Iterator, Sequence
from enum import Enum

_FENCE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,}|:{3,})\s*"
    r"(?:(?P<name>mcq|quiz)(?![\w-])|\{(?P<role>exercise|solution)(?:-start)?\})[ \t]*(?P<title>[^`]*)$"
)
_SHORTCODE = re.compile(r"^\s*\{\{[<%]\s*(?P<closes>/?)\s*quizdown\s*[%>]\}\}\s*$")
_FIELD = re.compile(r"^(?P<name>type|question|id|title|shuffle|points):\s*(?P<text>.*)$")
_BOX = re.compile(r"^\s*(?:[-*+]\s+)?\[(?P<box>[ xX])\]\s+(?P<text>\S.*)$")
_DIV = re.compile(r"^:{3,}\s*\{?\s*\.?(?P<kind>question|answer|solution)\b[^{}]*\}?\s*$")
_DIRECTIVE = re.compile(r"^\s*:[\w-]+:")
SETTINGS_MAX = 30  # lines of a quizdown's settings
SIGNS = (
    "```mcq", "```quiz", "~~~quiz", "{exercise", "{solution", "quizdown", "::: {.question", ":::{.question",
    "::: question",
)  # fmt: skip


class _Frame(Enum):
    OPTIONS = "a question with options"
    PART = "an exercise or its solution"


def written_out(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines of such fences with what they mean; fences that are never closed stay."""
    found = _quizdown(lines) | _divs(lines, code)
    number = exercises = 0
    open_ones: set[str] = set()
    while number < len(lines):
        opened = _FENCE.match(lines[number])
        may_close = opened is not None and opened["fence"] not in open_ones
        last = _closing(lines, number, opened["fence"]) if opened is not None and may_close else None
        if opened is None or last is None:
            open_ones |= {opened["fence"]} if opened is not None else set()
            number += 1
            continue
        inside = range(number + 1, last)
        frame = _Frame.OPTIONS if opened["name"] else _Frame.PART
        own = dict(_options(lines, inside) if frame is _Frame.OPTIONS else _directives(lines, inside))
        found |= {number: "", last: "", **own}
        if frame is _Frame.PART:
            title = opened["title"].strip()
            is_asked = opened["role"] == "exercise"
            exercises += is_asked
            found[number] = f"###### Exercise {exercises}: {title}".rstrip(": ") if is_asked else "###### Answer"
        number = last + 1
    return found


def _closing(lines: Sequence[str], first: int, fence: str) -> int | None:
    """The line of the fence that closes one; None without it."""
    for number in range(first + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith(fence) and not line.strip(fence[0]):
            return number
    return None


def _options(lines: Sequence[str], inside: range) -> Iterator[tuple[int, str]]:
    """The question, its options with boxes, and why each is right or wrong, which is quoted below it."""
    option: tuple[int, str] | None = None
    for number in inside:
        line = lines[number]
        if (box := _BOX.match(line)) is not None:
            option = number, f"- [{box['box']}] {box['text']}"
            yield option
        elif line.strip() == "---":
            yield number, ""
        elif (field := _FIELD.match(line)) is not None and option is None:
            asks = field["name"] == "question" and field["text"].strip(" |>")
            text = field["text"].strip().strip("\"'")
            yield number, f"Q: {text}" if asks else ""
        elif line.startswith("? "):
            option = None
            yield number, f"Q: {line[2:].strip()}"
        elif option is not None and line.lstrip().startswith("> "):
            option = option[0], f"{option[1]}{' ' if ' *Why:*' in option[1] else ' *Why:* '}{line.lstrip()[2:].strip()}"
            yield option
            yield number, ""


def _directives(lines: Sequence[str], inside: range) -> Iterator[tuple[int, str]]:
    """The lines that only say how a part is shown or called."""
    for number in inside:
        if not _DIRECTIVE.match(lines[number]):
            return
        yield number, ""


def _divs(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The frames of pandoc round a question or an answer, of which the latter says that it is one."""
    found: dict[int, str] = {}
    open_ones = 0
    for number, line in enumerate(lines):
        if line[:3] != ":::" or number in code:
            continue
        if (opened := _DIV.match(line)) is not None:
            found[number] = "" if opened["kind"] == "question" else "**Answer:**"
            open_ones += 1
        elif open_ones and not line.strip(": "):
            found[number] = ""
            open_ones -= 1
    return found


def _quizdown(lines: Sequence[str]) -> dict[int, str]:
    """The frame of a quizdown and its settings, which stand between two lines of dashes right below it."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        if "quizdown" not in line or (frame := _SHORTCODE.match(line)) is None:
            continue
        found[number] = ""
        below = (at for at in range(number + 1, min(number + SETTINGS_MAX, len(lines))) if lines[at].strip())
        first = next(below, None)
        last = next((at for at in below if lines[at].strip() == "---"), None)
        if not frame["closes"] and first is not None and lines[first].strip() == "---" and last is not None:
            found |= dict.fromkeys(range(first, last + 1), "")
    return found
