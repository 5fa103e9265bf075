"""Draws values for a lab's variables, and puts them in for `${NAME}`. Knows no lab and no shell.

Only names that have a value are replaced, so the shell still replaces `${HOME}` in a script.
"""

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from quizapp.catalogue.labs.lab_format import Variable

_NAME = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
_NUMBER = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")


def draw(variables: Mapping[str, Variable], *, rng: Random) -> dict[str, str]:
    """A value for each variable: a number from its range. The same `rng` state draws the same values."""
    return {name: str(rng.randint(variable.low, variable.high)) for name, variable in variables.items()}


def substitute(data: Any, values: Mapping[str, str]) -> Any:
    """`data` (text, or lists and mappings of it) with each `${NAME}` that has a value replaced, once."""
    match data:
        case str():
            return _NAME.sub(lambda found: values.get(found[1], found[0]), data)
        case list():
            return [substitute(item, values) for item in data]
        case dict():
            return {key: substitute(item, values) for key, item in data.items()}
    return data


def form_of(text: str, values: Mapping[str, str]) -> str:
    """The opposite of `substitute`: each number that is one of `values` replaced by a mark with NULs, which none types.

    If two names have the same value, it is not known which of them a number stands for, and the text stays as it is.
    """
    marks = {value: f"\0{name}\0" for name, value in values.items()}
    if len(marks) < len(values):
        return text
    return _NUMBER.sub(lambda found: marks.get(found[0], found[0]), text)
