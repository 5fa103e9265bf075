"""What stands in a gap: the words that it hides, and the hint behind `::`. Pure.

Anki takes all that follows the first `::` for the hint, so of `{{c1::fe80::1}}` it hides `fe80`. An address of IPv6 and
a type of CloudFormation are taken whole here: nobody who writes them in a gap means a part.
"""

import re
from ipaddress import IPv6Interface

_PARTING = "::"
_CLOUD_TYPE = re.compile(r"(?:AWS|Alexa|Custom)(?:::\w+)+")


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
