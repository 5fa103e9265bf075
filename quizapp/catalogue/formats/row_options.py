"""The options that a row of a table has, and which of them its answer names, however people write that. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OPTIONS_MAX = 26  # as many as there are letters
_LETTERS = re.compile(r"[A-Ha-h](?:\s*(?:[,|;/&]|\band\b)\s*[A-Ha-h])*$")
_TOGETHER = re.compile(r"[A-H]{2,8}$")  # "ACD"
_NUMBERS = re.compile(r"\d{1,2}(?:\s*(?:[,|;/&]|\band\b)\s*\d{1,2})*$")
_MARKED = re.compile(r"\(?(?P<sign>[A-Ha-h]|\d{1,2})(?:[.):]\s+(?P<text>.+)|[.)])$", re.DOTALL)  # "(B)", "B. 443"
_CALLED = re.compile(r"(?:option|choice|answer)s?\s+(?=(?:[A-Ha-h]|\d{1,2})\b)", re.IGNORECASE)  # "Option B"
_LEADING = re.compile(r"\s*\(?[A-Ha-h1-9][.)]\s+")


@dataclass(frozen=True, kw_only=True)
class RowOptions:
    """What may be chosen in the question of a row."""

    texts: Sequence[str] = ()
    whys: Sequence[str] = ()
    """What is said of each, empty without that."""
    right: frozenset[int] = frozenset()
    """The places of the right ones, from 0."""


def options_of(cells: Mapping[str, str]) -> RowOptions:
    """The options of a row, whose cells are called as in `column_names`; none without any."""
    answer = cells.get("answer", "")
    wrong = [text for part, text in cells.items() if part.startswith("wrong ") and text]
    if wrong and answer:
        texts = [answer, *wrong]
        return RowOptions(texts=texts, whys=[""] * len(texts), right=frozenset({0}))
    names = sorted(part for part in cells if part.startswith("option "))
    texts = [cells[name] for name in names]
    if not names and cells.get("options"):
        texts = _in_one_cell(cells["options"], answer)
    while texts and not texts[-1]:
        texts.pop()
    whys = [cells.get(name.replace("option", "why"), "") for name in names] or [""] * len(texts)
    return RowOptions(texts=texts, whys=whys, right=_right(answer, texts))


def _in_one_cell(cell: str, answer: str) -> list[str]:
    """Options that stand in one cell: with bars between them, on lines of their own, as a list of JSON, with `;`.

    A comma parts them only where one of the parts is the answer, as texts have commas themselves.
    """
    if cell.startswith("["):
        try:
            read = json.loads(cell)
        except (ValueError, RecursionError):
            read = None
        if isinstance(read, list) and 1 < len(read) <= OPTIONS_MAX and all(isinstance(one, str) for one in read):
            return [one.strip() for one in read]
    for sign in ("|", "\n", ";", ","):
        parts = [part.strip() for part in cell.split(sign) if part.strip()]
        if 1 < len(parts) <= OPTIONS_MAX and (sign != "," or _same(answer, parts)):
            return [_LEADING.sub("", part, count=1) for part in parts] if all(map(_LEADING.match, parts)) else parts
    return [cell]


def _right(answer: str, options: Sequence[str]) -> frozenset[int]:
    """The places of the right options: by their text, else by letters, else by numbers from 1."""
    for sign in ("", "|", "\n", ";", ","):
        parts = answer.split(sign) if sign else [answer]
        places = [_same(part, options) for part in parts]
        if all(places):
            return frozenset().union(*places)
    if (found := _MARKED.fullmatch(answer)) and (
        not found["text"] or _same(found["text"], options) == _named([found["sign"]], options)
    ):
        return _named([found["sign"]], options)
    called = _CALLED.sub("", answer)
    if _LETTERS.match(called) or _NUMBERS.match(called):
        return _named(re.findall(r"\d+|\b[A-Ha-h]\b", called), options)
    if _TOGETHER.match(called) and len(set(called)) == len(called):
        return _named(called, options)
    return frozenset().union(*(_same(part, options) for part in answer.split("|")))


def _same(text: str, options: Sequence[str]) -> frozenset[int]:
    """The places of the options with this text."""
    word = text.strip().lower()
    return frozenset(place for place, one in enumerate(options) if word and one.strip().lower() == word)


def _named(signs: Sequence[str], options: Sequence[str]) -> frozenset[int]:
    """The places that letters and numbers from 1 name; none if one of them names no option."""
    places = frozenset(int(sign) - 1 if sign.isdigit() else ord(sign.lower()) - ord("a") for sign in signs)
    is_whole = all(0 <= place < len(options) and options[place] for place in places)
    return places if is_whole else frozenset()
