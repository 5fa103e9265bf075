"""Questions behind a printed sign, line by line: "✔ What is a pod?". Pure. Lines count from 0."""

import re
from collections.abc import Container, Mapping, Sequence

from quizapp.catalogue.formats.markdown.languages import ASKING_TITLES, ASKING_WIDE
from quizapp.catalogue.formats.markdown.wording import Asks, is_sign, read

_ANNOUNCES = re.compile(rf"\b(?:questions|{ASKING_TITLES})\b|{ASKING_WIDE}", re.IGNORECASE)
BLANKS_MAX = 2  # lines between the title and the first of them
BEYOND_ASCII = "\x80"  # a line that sorts before it, as most do, begins with no printed sign
FEWEST = 3  # lines one below the other, all behind the same sign


def as_lists(lines: Sequence[str], code: Container[int]) -> Mapping[int, str]:
    """Such lines as items of a list, where half of them ask: else one that does not by its words would be no question.

    The line above them says that they are questions: things to check are none, nor are options, where one has another
    sign.
    """
    meant: dict[int, str] = {}
    number = 0
    while number < len(lines):
        end = number + 1
        if lines[number] < BEYOND_ASCII or number in code or not is_sign(sign := lines[number][:1]):
            number = end
            continue
        while end < len(lines) and lines[end][:1] == sign and end not in code:
            end += 1
        alone = end == len(lines) or not lines[end].strip()
        alone = alone and _ANNOUNCES.search(_above(lines, number)) is not None
        texts = [line[1:].lstrip("\ufe0f \t") for line in lines[number:end]]
        if alone and len(texts) >= FEWEST and sum(read(text).asks is not Asks.NOT for text in texts) * 2 >= len(texts):
            meant |= {number + place: f"- {text}" for place, text in enumerate(texts)}
        number = end
    return meant


def _above(lines: Sequence[str], number: int) -> str:
    """The nearest line above that is not blank; empty if a text stands right above, or none near."""
    above = [line for line in lines[max(number - BLANKS_MAX - 1, 0) : number] if line.strip()]
    return above[-1] if above and not lines[number - 1].strip() else ""
