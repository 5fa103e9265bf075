"""A lab's task as plain text, which a new terminal shows first. Knows no host."""

import re
import textwrap

COLUMNS = 78  # two fewer than a terminal has at first
_FENCE = re.compile(r"^\s*(```|~~~)")
_ITEM = re.compile(r"^(\s*)([-*]|[0-9]+\.)\s+")


def message(title: str, task: str) -> str:
    """The title and the Markdown task as plain text, in lines of at most COLUMNS columns; code keeps its lines."""
    return "\n".join([f"Your task: {title}", "", *_lines(task), "", ""])


def _lines(task: str) -> list[str]:
    """The lines of the task: paragraphs and list items wrapped, code unchanged."""
    lines: list[str] = []
    paragraph: list[str] = []
    in_code = False
    for line in [*task.replace("**", "").splitlines(), ""]:
        is_fence = bool(_FENCE.match(line))
        if paragraph and (in_code or is_fence or not line.strip() or _ITEM.match(line)):
            lines += _filled(paragraph)
            paragraph = []
        if is_fence:
            in_code = not in_code
        elif in_code or not line.strip():
            lines.append(line)
        else:
            paragraph.append(line)
    return lines[:-1]


def _filled(paragraph: list[str]) -> list[str]:
    item = _ITEM.match(paragraph[0])
    indent = " " * (len(item[0]) if item else 0)
    start = item[0] if item else ""
    text = " ".join(line.strip() for line in paragraph).removeprefix(start.strip()).strip()
    filled = textwrap.wrap(
        text, COLUMNS, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return filled or [start.rstrip()]
