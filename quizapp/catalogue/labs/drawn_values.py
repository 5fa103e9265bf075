"""Finds the numbers of one run of a lab in a text, where each run draws others. Knows no file and no run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from quizapp.catalogue.labs.lab_format import LabDefinition, Variable

BARE_LOW = 1_000  # smaller numbers with nothing before them, such as a ttl of 64, are mostly about something else
_PLACE = re.compile(r"([A-Za-z0-9.]*)\$\{([A-Z][A-Z0-9_]*)\}(?=(\.[0-9$])?)")


@dataclass(frozen=True, kw_only=True)
class ShownValue:
    """A number in a text that was drawn once, such as the port of the host on which a recording was made."""

    field: str
    """The field of the lab whose text shows it."""
    variable: str
    text: str
    """The number, with what the lab has before it: `10.77.40`."""


def shown_values(lab: LabDefinition) -> Iterator[ShownValue]:
    """The numbers in texts for learners that stand where the lab has a variable, each once for a field.

    A number counts if it lies in the variable's range and has the same letters, digits and stops before it, unless the
    task names it too.
    """
    places = sorted(_places(lab))
    patterns = [(name, lab.vars[name], _pattern(before, goes_on)) for name, before, goes_on in places]
    for field, texts in _texts(lab).items():
        told: set[str] = set()
        for name, variable, pattern in patterns:
            meant = {found[0] for found in pattern.finditer(lab.task)}
            for found in pattern.finditer("\n".join(texts)):
                if variable.low <= int(found[1]) <= variable.high and found[0] not in told | meant:
                    told.add(found[0])
                    yield ShownValue(field=field, variable=name, text=found[0])


def put_back(lab: LabDefinition, text: str, values: Mapping[str, str]) -> str:
    """The text of a run with `${NAME}` for each number of its `values` that stands where the lab has that variable."""
    for name, before, goes_on in sorted(_places(lab), key=lambda place: len(place[1]), reverse=True):
        named = partial(_named, name=name, values=values)
        text = _pattern(before, goes_on).sub(named, text)
    return text


def _named(found: re.Match[str], *, name: str, values: Mapping[str, str]) -> str:
    """What was found, with the variable in place of the number if it is the run's."""
    return f"{found[0].removesuffix(found[1])}${{{name}}}" if found[1] == values.get(name) else found[0]


def _places(lab: LabDefinition) -> set[tuple[str, str, bool]]:
    """Where the lab has a drawn number: the variable, what stands before it, whether a stop and a digit follow."""
    found = {
        (name, before, bool(after))
        for text in _strings(lab.model_dump(mode="json", exclude={"vars"}))
        for before, name, after in _PLACE.findall(text)
        if name in lab.vars
    }
    return {place for place in found if _tells(lab.vars[place[0]], place[1])}


def _tells(variable: Variable, before: str) -> bool:
    """Whether a number in such a place can be known to be the variable's."""
    return variable.random is not None and (before != "" or variable.low >= BARE_LOW)


def _pattern(before: str, goes_on: bool) -> re.Pattern[str]:
    """What finds a number in a place; its first group is the number."""
    start = r"(?<![A-Za-z0-9.])" if before else r"(?<![A-Za-z0-9])"
    end = r"(?=\.[0-9])" if goes_on else r"(?![A-Za-z0-9]|\.[0-9])"
    return re.compile(f"{start}{re.escape(before)}([0-9]{{1,9}}){end}")


def _texts(lab: LabDefinition) -> dict[str, list[str]]:
    """The texts that learners read beside the task, by the field that has them."""
    data = lab.model_dump(mode="json")
    shown = {field: list(_strings(data[field])) for field in ("recorded", "hints", "reveal")}
    shown["predict"] = [text for each in lab.predict for text in (each.label, each.reveal, *each.options)]
    for field, asked in (("answer", lab.answer), ("explain", lab.explain), ("command", lab.command)):
        shown[field] = [asked.label, asked.hint] if asked else []
    shown["checks"] = [check.hint for check in lab.checks]
    return shown


def _strings(data: Any) -> Iterator[str]:
    """All texts in `data`: text, or lists and mappings of it."""
    match data:
        case str():
            yield data
        case list():
            for item in data:
                yield from _strings(item)
        case dict():
            for item in data.values():
                yield from _strings(item)
