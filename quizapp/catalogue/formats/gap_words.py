"""What stands in a gap: the words that it hides, and the hint behind `::`; and Anki's gaps, one in another. Pure.

Anki takes all that follows the first `::` for the hint, so of `{{c1::fe80::1}}` it hides `fe80`. An address of IPv6 and
a type of CloudFormation are taken whole here: nobody who writes them in a gap means a part.
"""

import re
from ipaddress import IPv6Interface

# `{{c1::words::hint}}`, within which no other gap begins; one of several numbers, `{{c1,2::words}}`, is hidden by each.
_CLOZE = re.compile(
    r"\{\{c(?P<numbers>\d{1,3}(?:,\d{1,3}){0,9})::(?P<words>(?:(?!\{\{c\d|\}\}).)*?)(?:::(?P<hint>(?:(?!\}\}).)*?))?\}\}",
    re.DOTALL,
)
NESTED_MAX = 3  # gaps in one another
UNSAID = "\u2026"  # stands in a gap without a hint
_PARTING = "::"
_CLOUD_TYPE = re.compile(r"(?:AWS|Alexa|Custom)(?:::\w+)+")


def numbers_of(text: str) -> list[int]:
    """The numbers of Anki's gaps of a text in order, also of those that others stand in."""
    numbers: set[int] = set()
    for _ in range(NESTED_MAX):
        found = [*_CLOZE.finditer(text)]
        if not found:
            break
        numbers.update(*map(_numbers, found))
        text = _CLOZE.sub(lambda one: words_and_hint(one["words"], one["hint"])[0], text)
    return sorted(numbers)


def with_gap(text: str, number: int | None, *, hidden: list[str] | None = None) -> str:
    """The text with the gaps of this number as `[…]` or their hint, and all others filled; None fills all of them.

    The words that it hides are added to `hidden`.
    """

    def gap(found: re.Match[str]) -> str:
        words, hint = words_and_hint(found["words"], found["hint"])
        if number not in _numbers(found):
            return words
        if hidden is not None:
            hidden.append(words.strip())
        return f"[{hint.strip() or UNSAID}]"

    for _ in range(NESTED_MAX):
        text, count = _CLOZE.subn(gap, text)
        if not count:
            break
    return text


def _numbers(found: re.Match[str]) -> list[int]:
    return [int(number) for number in found["numbers"].split(",")]


def words_and_hint(words: str, hint: str | None) -> tuple[str, str]:
    """The words and the hint of a gap in which `words` stand before some `::` and `hint` behind it; "" is no hint."""
    if hint is None:
        return words, ""
    whole = words + _PARTING + hint
    if _is_one(whole):
        return whole, ""
    before, _, behind = whole.rpartition(_PARTING)
    return (before, behind) if _is_one(before) else (words, hint)


def _is_one(text: str) -> bool:
    """Whether `::` is a part of these words."""
    text = text.strip(" `")
    if _CLOUD_TYPE.fullmatch(text):
        return True
    try:
        IPv6Interface(text)
    except ValueError:
        return False
    return _PARTING in text
