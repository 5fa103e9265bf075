"""A lab's task as text for a terminal, which a new one shows first, in its own width. Knows no host."""

import re

_FENCE = re.compile(r"^\s*(```|~~~)")
# A code span, which stays as it is; a link; strong and plain emphasis.
_INLINE = re.compile(r"(`[^`]*`)|\[([^\]]+)\]\([^)\s]+\)|\*\*(.+?)\*\*|(?<![\w*])\*(?!\s)([^*]+?)(?<!\s)\*(?![\w*])")
_CODE = re.compile(r"`([^`]+)`")
BOLD, PLAIN = "\x1b[1m", "\x1b[22m"
_ITEM = re.compile(r"^(\s*)([-*]|[0-9]+\.)\s+")


def message(title: str, task: str) -> str:
    """The title and the Markdown task as text, a line for each paragraph and item; code is bold and keeps its lines."""
    return "\n".join([f"Your task: {title}", "", *_lines(task), "", ""])


def _lines(task: str) -> list[str]:
    """The lines of the task: paragraphs and list items in one line each, code unchanged."""
    lines: list[str] = []
    paragraph: list[str] = []
    in_code = False
    for line in [*task.splitlines(), ""]:
        is_fence = bool(_FENCE.match(line))
        if paragraph and (in_code or is_fence or not line.strip() or _ITEM.match(line)):
            lines.append(_joined(paragraph))
            paragraph = []
        if is_fence:
            in_code = not in_code
        elif in_code or not line.strip():
            lines.append(line)
        else:
            paragraph.append(line)
    return lines[:-1]


def _joined(paragraph: list[str]) -> str:
    item = _ITEM.match(paragraph[0])
    start = item[0] if item else ""
    text = " ".join(line.strip() for line in paragraph).removeprefix(start.strip()).strip()
    text = _INLINE.sub(lambda found: next(group for group in found.groups() if group is not None), text)
    return _CODE.sub(f"{BOLD}\\1{PLAIN}", (start + text).rstrip())
