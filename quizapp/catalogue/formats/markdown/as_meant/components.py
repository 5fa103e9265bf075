"""Reads the questions that components of MDX hold in their properties: `<Quiz questions={[{question: "…"}]} />`. Pure.

The properties are JavaScript; of it only literals are read: objects, lists, strings, numbers. Lines count from 0.
"""

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quizapp.catalogue.formats.banks.data_bank import questions_in
from quizapp.catalogue.formats.parsed import ParsedQuestion

_BEGINS = re.compile(r"^\s*<[A-Z][\w.]*(?=\s|$)")
_SIGN = re.compile("<[A-Z]")
LINES_MAX = 2_000  # of one component
CHARS_MAX = 128 * 1024  # of one component; fifty questions with their explanations have about 30,000
UNREAD_MAX = 50  # components that cannot be read; then no further one is tried
_STRING = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`", re.DOTALL)
_TOKEN = re.compile(rf"{_STRING.pattern}|[{{}}]", re.DOTALL)
_CLOSES = re.compile(r"\s*/?>")
_NAME = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]*)\s*:")
_LAST_COMMA = re.compile(r",(?=\s*[}\]])")
_REMARK = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_PROPERTY = re.compile(r"\s*(?P<name>[A-Za-z_][\w-]*)\s*(?P<equals>=)?\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": ""}
_ASKS = re.compile(r"(?i)\bquestions?\b|\bprompt\b|\bstem\b")
_QUESTIONS = "questions"


@dataclass(frozen=True, kw_only=True)
class AskedByComponents:
    """What the components of a note ask."""

    lines: frozenset[int]
    """Those of the components that ask."""
    questions: tuple[ParsedQuestion, ...]


_NOTHING = AskedByComponents(lines=frozenset(), questions=())


def held_by_components(lines: Sequence[str], code: Container[int]) -> AskedByComponents:
    """The questions of all components, in order. One whose properties cannot be read stays as it is."""
    taken: set[int] = set()
    questions: list[ParsedQuestion] = []
    if _SIGN.search("\n".join(lines)) is None:
        return _NOTHING
    begun = [at for at, line in enumerate(lines) if line[:40].lstrip()[:1] == "<" and _BEGINS.match(line)]
    until = unread = 0
    for number in begun:
        if number < until or number in code or unread > UNREAD_MAX:
            continue
        text = "\n".join(lines[number : number + LINES_MAX])[:CHARS_MAX]
        found = _read(text)
        if found is None:
            unread += 1
            continue
        end, properties = found
        until = number + text.count("\n", 0, end) + 1
        own = questions_in({_QUESTIONS: [properties]}, text[:end])
        questions += (replace(one, line=number + one.line) for one in own)
        taken |= set(range(number, until)) if own else set()
    return AskedByComponents(lines=frozenset(taken), questions=tuple(questions))


def _read(text: str) -> tuple[int, Mapping[str, Any]] | None:
    """Where the component that a text begins with ends, and its properties; None if it asks nothing or is not read."""
    begins = _BEGINS.match(text)
    assert begins is not None
    properties: dict[str, Any] = {}
    at = begins.end()
    while (found := _PROPERTY.match(text, at)) is not None:
        at = found.end()
        if not found["equals"]:
            properties[found["name"]] = True
            continue
        value = _value_at(text, at)
        if value is None:
            return None
        at, properties[found["name"]] = value
    closed = _CLOSES.match(text, at)
    if closed is None or not _ASKS.search(text, 0, closed.end()):
        return None
    return closed.end(), properties


def _value_at(text: str, at: int) -> tuple[int, Any] | None:
    """Where a property's value ends, and the value; None if it is neither a string nor an expression in braces."""
    string = _STRING.match(text, at)
    if string is not None:
        return string.end(), _unquoted(string[0])
    if text[at : at + 1] != "{":
        return None
    end = _end_of_braces(text, at)
    if end is None:
        return None
    try:
        return end, json.loads(_as_json(text[at + 1 : end - 1]))
    except (json.JSONDecodeError, RecursionError):
        return end, None  # a function or a name: nothing that asks


def _end_of_braces(text: str, at: int) -> int | None:
    """Where the brace that stands at a place is closed; None if it never is."""
    depth = 0
    for found in _TOKEN.finditer(text, at):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0:
            return found.end()
    return None


def _as_json(expression: str) -> str:
    """An expression of literals as JSON: names quoted, strings in double quotation marks, no comma before a bracket."""
    parts: list[str] = []
    strings: list[str] = []
    at = 0
    for string in _STRING.finditer(expression):
        parts += [expression[at : string.start()], f"\0{len(strings)}\0"]
        strings.append(json.dumps(_unquoted(string[0])))
        at = string.end()
    text = "".join([*parts, expression[at:]])
    text = _LAST_COMMA.sub("", _NAME.sub(r'"\1":', _REMARK.sub("", text)))
    return re.sub(r"\0(\d+)\0", lambda found: strings[int(found[1])], text)


def _unquoted(string: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), string[1:-1])
