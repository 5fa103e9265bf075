"""Draws values for a lab's variables, and finds them again in what was typed. Knows no lab and no shell."""

import re
from collections.abc import Mapping
from random import Random

from quizapp.catalogue.labs.lab_format import Variable

_NUMBER = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")


def draw(variables: Mapping[str, Variable], *, rng: Random) -> dict[str, str]:
    """A value for each variable: a number from its range. The same `rng` state draws the same values."""
    return {name: str(rng.randint(variable.low, variable.high)) for name, variable in variables.items()}


def form_of(text: str, values: Mapping[str, str]) -> str:
    """The opposite of `lab_format.substitute`: a mark with NULs, which nobody types, for each number in `values`.

    If two names have the same value, it is not known which of them a number stands for, and the text stays as it is.
    """
    marks = {value: f"\0{name}\0" for name, value in values.items()}
    if len(marks) < len(values):
        return text
    return _NUMBER.sub(lambda found: marks.get(found[0], found[0]), text)
