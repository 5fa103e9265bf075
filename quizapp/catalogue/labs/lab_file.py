"""Reads a lab file's text into a definition, or names each fault with its line. Knows no disk and no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.yaml_text import BadYaml, Document, read_mapping
from quizapp.errors import Invalid

FAULTS_MAX = 200  # of one text: each is looked up in it, and a text that is no lab has one for each of its lines


@dataclass(frozen=True, kw_only=True, order=True)
class LabFault:
    """Something wrong with a lab file; line and column count from 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, kw_only=True)
class LabFile:
    """A lab file that was read."""

    path: str
    """As it is shown."""
    text: str
    definition: LabDefinition


class BadLab(Invalid):
    """A lab file that cannot be imported. `faults` has the first FAULTS_MAX, with their lines and columns."""

    def __init__(self, faults: Sequence[LabFault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)


def read_lab(text: str, *, folder: str) -> LabDefinition:
    """The definition in the text of a lab file whose folder is called `folder`. Raises BadLab with all faults."""
    return read_with_places(text, folder=folder)[0]


def read_with_places(text: str, *, folder: str) -> tuple[LabDefinition, Document]:
    """The definition, and the document with the places of its parts in the text. Raises BadLab with all faults."""
    try:
        document = read_mapping(text)
    except BadYaml as error:
        raise BadLab([LabFault(line=error.line, column=error.column, message=str(error))]) from None
    try:
        definition = LabDefinition.model_validate(document.data)
    except ValidationError as error:
        faults = [_fault(document, each) for each in error.errors(include_url=False, include_input=False)[:FAULTS_MAX]]
        raise BadLab(sorted(faults)) from None
    if definition.id != folder:
        message = f"The id is {definition.id}, but the folder is called {folder}. Give both the same name."
        raise BadLab([fault_at(document, ["id"], message)])
    return definition, document


def fault_at(document: Document, path: Sequence[str | int], message: str) -> LabFault:
    """A fault at the place of the part at `path`."""
    line, column = document.place_of(path)
    return LabFault(line=line, column=column, message=message)


def _fault(document: Document, error: ErrorDetails) -> LabFault:
    """One of pydantic's errors as a sentence, with its place."""
    path = ".".join(str(step) for step in error["loc"])
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = _no_such_field(error["loc"])
    end = "?" if " Did you mean " in what else "."
    message = f"{path}: {what}{end}" if path else f"{what[:1].upper()}{what[1:]}."
    return fault_at(document, error["loc"], message)


def _no_such_field(path: Sequence[str | int]) -> str:
    """What to say of a field that the format has not: the one that was likely meant, or those there are."""
    from quizapp.catalogue.labs.lab_schema import fields_at  # reads the format's own text

    fields = sorted(fields_at(path[:-1]))
    near = get_close_matches(str(path[-1]), fields, n=1)
    return (
        f"there is no such field here. Did you mean {near[0]}"
        if near
        else f"there is none of this name here. There are {', '.join(fields)}"
    )
