"""Cards and settings as Obsidian's plugin for Anki has them in comments, as the lines that frame a card. Pure.

`%%ANKI` to `END%%`, and `START` to `END` within a quotation, perhaps between lines of `%%`. Lines count from 0.
"""

import re
from collections.abc import Container, Sequence

_SETTING = re.compile(r"(?:>\s?)?(?:TARGET DECK|FILE TAGS): ?\S.*$")
_BEGINS = re.compile(r"%%\s?ANKI\s*$")
_ENDS = re.compile(r"END\s?%%\s*$")
_QUOTED = re.compile(r"> ?")
_FIELD = re.compile(r"%%(?:[ \t]+(?P<text>(?!.*%%\s*$)\S.*))?[ \t]*$")  # of anki-md; what ends with `%%` is a comment
_RULE = re.compile(r" {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$")
_NAMES = ("Q:", "A:")
FEWEST_FIELDS = 4
_START, _END, _HIDES = "START", "END", "%%"
_SIGNS = (_START, _HIDES, "TARGET DECK:", "FILE TAGS:")  # one of these stands in each note with such lines


def as_framed(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """The lines that are meant by such lines; blank for the plugin's settings and for marks of comments round cards."""
    whole = "\n".join(lines)
    if not any(sign in whole for sign in _SIGNS):
        return {}
    found = _fields(lines, code) if any(line.startswith(_HIDES) for line in lines) else {}
    begun: int | None = None
    for number, line in enumerate(lines):
        if number in code or number in found or line[:1] not in (">", "%", "E", "T", "F"):
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


def _fields(lines: Sequence[str], code: Container[int]) -> dict[int, str]:
    """Cards between rules whose front and back each begin with `%%` at the margin, as questions with answers."""
    found: dict[int, str] = {}
    part = 0
    for number, line in enumerate(lines):
        if number in code:
            continue
        if _RULE.match(line):
            part = 0
        elif (field := _FIELD.match(line)) is not None and part < len(_NAMES):
            found[number] = f"{_NAMES[part]} {field['text'] or ''}".rstrip()
            part += 1
    fronts = sum(line.startswith(_NAMES[0]) for line in found.values())
    return found if FEWEST_FIELDS <= fronts * len(_NAMES) == len(found) else {}


def _before(lines: Sequence[str], begun: int, found: Container[int]) -> int:
    """The line above a card and above the settings that stand right above it."""
    at = begun - 1
    while at >= 0 and at in found:
        at -= 1
    return at


def _is_mark(lines: Sequence[str], at: int) -> bool:
    return 0 <= at < len(lines) and lines[at].removeprefix(">").strip() == _HIDES
