"""Numbers whose stop a program has escaped, so that no list begins: "**1\\. What …?**". Pure. Lines count from 0."""

import re
from collections.abc import Container, Mapping, Sequence

from quizapp.catalogue.formats.markdown.wording import Asks, read

SIGNS = ("\\.", "\\)")
FEWEST = 2  # of such lines; one may be a number at the beginning of a sentence
_ESCAPED = re.compile(r"^(?P<before>[ \t]*(?:#{1,6}[ \t]+)?(?:\*\*|__)?\d{1,3})\\(?P<stop>[.)])(?=[ \t*_])")
_TITLE = re.compile(r"(?:\*\*|__)(?!\d|[A-Za-z][.)])[^*_\n]{2,60}(?:\*\*|__):?[ \t]*$")
_NUMBERED = re.compile(r"(\d{1,3})[.)] \S")


def titles_between(lines: Sequence[str], code: Container[int]) -> Mapping[int, str]:
    """Bold lines right above the next number of a list that asks, as headings: only a 1 begins a list below a line."""
    found: dict[int, str] = {}
    last = 0
    for number, line in enumerate(lines):
        if not line[:1].isdigit() or number in code or (own := _NUMBERED.match(line)) is None:
            continue
        title = lines[number - 1] if int(own[1]) == last + 1 > 1 else ""
        alone = number < 2 or not lines[number - 2].strip()
        if alone and title and _TITLE.match(title) and read(line).asks is not Asks.NOT:
            found[number - 1] = f"###### {title}"
        last = int(own[1])
    return found


def as_numbers(lines: Sequence[str], code: Container[int]) -> Mapping[int, str]:
    """Such lines, in headings and bold too, with the numbers that are meant."""
    found = {
        number: f"{own['before']}{own['stop']}{line[own.end() :]}"
        for number, line in enumerate(lines)
        if "\\" in line and number not in code and (own := _ESCAPED.match(line)) is not None
    }
    return found if len(found) >= FEWEST else {}
