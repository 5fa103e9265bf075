"""A lab's task as text for a terminal, which a new one shows first. Knows no host."""

import re
import textwrap

COLUMNS = 78  # two fewer than a terminal has at first
_FENCE = re.compile(r"^\s*(```|~~~)")
# A code span, which stays as it is; a link; strong and plain emphasis.
_INLINE = re.compile(r"(`[^`]*`)|\[([^\]]+)\]\([^)\s]+\)|\*\*(.+?)\*\*|(?<![\w*])\*(?!\s)([^*]+?)(?<!\s)\*(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")
BOLD, PLAIN = "\x1b[1m", "\x1b[22m"
_ITEM = re.compile(r"^(\s*)([-*]|[0-9]+\.)\s+")


def message(title: str, task: str) -> str:
    """The title and the Markdown task as text in lines of at most COLUMNS columns; code is bold and keeps its lines."""
    return "\n".join([f"Your task: {title}", "", *_lines(task), "", ""])


def _lines(task: str) -> list[str]:
    """The lines of the task: paragraphs and list items wrapped, code unchanged."""
    lines: list[str] = []
    paragraph: list[str] = []
    in_code = False
    for line in [*task.splitlines(), ""]:
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
    text = _INLINE.sub(lambda found: next(group for group in found.groups() if group is not None), text)
    filled = textwrap.wrap(
        text, COLUMNS, initial_indent=start, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    # With its backticks while the lines are filled, so that no line becomes longer.
    return _CODE.sub(f"{BOLD}\\1{PLAIN}", "\n".join(filled)).split("\n") if filled else [start.rstrip()]
