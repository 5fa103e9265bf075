"""Cards and settings as Obsidian's plugin for Anki has them in comments, as the lines that frame a card. Pure.

`%%ANKI` to `END%%`, and `START` to `END` within a quotation, perhaps between lines of `%%`. Lines count from 0.
"""

import re
from collections.abc import Container, Sequence

_SETTING = re.compile(r"(?:>\s?)?(?:TARGET DECK|FILE TAGS): ?\S.*$")
_BEGINS = re.compile(r"%%\s?ANKI\s*$")
_ENDS = re.compile(r"END\s?%%\s*$")
_QUOTED = re.compile(r"> ?")
_START, _END, _HIDES = "START", "END", "%%"


def as_framed(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that are meant by such lines; blank for the plugin's settings and for marks of comments round cards."""
    found: dict[int, str] = {}
    begun: int | None = None
    for number, line in enumerate(lines):
        if number in code or line[:1] not in (">", "%", "E", "T", "F"):
            continue
        inner = line.removeprefix(">").strip() if line[:1] == ">" else ""
        if _SETTING.match(line):
            found[number] = ""
        elif _BEGINS.match(line):
            found[number] = _START
        elif _ENDS.match(line):
            found[number] = _END
        elif inner == _START:
            begun = number
        elif inner == _END and begun is not None:
            found |= {at: _QUOTED.sub("", lines[at], count=1) for at in range(begun, number + 1)}
            found |= {at: "" for at in (_before(lines, begun, found), number + 1) if _is_mark(lines, at)}
            begun = None
    return found


def _before(lines: Sequence[str], begun: int, found: Container[int]) -> int:
    """The line above a card and above the settings that stand right above it."""
    at = begun - 1
    while at >= 0 and at in found:
        at -= 1
    return at


def _is_mark(lines: Sequence[str], at: int) -> bool:
    return 0 <= at < len(lines) and lines[at].removeprefix(">").strip() == _HIDES
