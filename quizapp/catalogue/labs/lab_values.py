"""Draws values for a lab's variables, reads given ones, finds them in what was typed. Knows no lab and no shell."""

import re
from collections.abc import Iterator, Mapping
from random import Random

from quizapp.catalogue.labs.lab_format import Variable
from quizapp.errors import Invalid

_NUMBER = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")


def draw(variables: Mapping[str, Variable], *, rng: Random) -> dict[str, str]:
    """The values of all variables by the names that get them. The same `rng` state draws the same values."""
    return {name: value for variable, each in variables.items() for name, value in _draw_one(variable, each, rng)}


def _draw_one(name: str, variable: Variable, rng: Random) -> Iterator[tuple[str, str]]:
    """One variable's names with their values: a number from its range, or its words in a new order."""
    if variable.shuffle:
        return zip(variable.names(name), rng.sample(variable.shuffle, k=len(variable.shuffle)), strict=True)
    return iter([(name, str(rng.randint(variable.low, variable.high)))])


def chosen(variables: Mapping[str, Variable], given: Mapping[str, str]) -> dict[str, str]:
    """The values that an author gave, by the names that get them: a number, or shuffled words in order, with commas.

    Raises Invalid for a variable that there is not, and for other words than the variable's own.
    """
    return {name: value for variable, text in given.items() for name, value in _choose_one(variable, text, variables)}


def _choose_one(name: str, text: str, variables: Mapping[str, Variable]) -> Iterator[tuple[str, str]]:
    """One variable's names with the values of the text. Raises Invalid."""
    if name not in variables:
        raise Invalid(f"The lab draws no {name}. It draws: {', '.join(variables) or 'nothing'}.")
    variable = variables[name]
    if not variable.shuffle:
        return iter([(name, text)])
    words = text.split(",")
    if sorted(words) != sorted(variable.shuffle):
        raise Invalid(f"{name} takes all of its words in an order, with commas: {','.join(variable.shuffle)}")
    return zip(variable.names(name), words, strict=True)


def form_of(text: str, values: Mapping[str, str]) -> str:
    """The opposite of `lab_format.substitute`: a mark with NULs, which nobody types, for each number in `values`.

    If two names have the same value, it is not known which of them a number stands for, and the text stays as it is.
    """
    marks = {value: f"\0{name}\0" for name, value in values.items()}
    if len(marks) < len(values):
        return text
    return _NUMBER.sub(lambda found: marks.get(found[0], found[0]), text)
