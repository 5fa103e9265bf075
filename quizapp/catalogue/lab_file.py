"""Read a lab file's text into a definition, or say in which line it is wrong. Knows no folder and no database."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from quizapp.catalogue.lab_format import LabDefinition
from quizapp.catalogue.parsed import NoteWarning
from quizapp.catalogue.yaml_text import BadYaml, Document, read_mapping
from quizapp.errors import Invalid


class BadLab(Invalid):
    """A lab file that cannot be taken; every fault in it has its line."""

    def __init__(self, faults: Sequence[NoteWarning]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)


def read_lab(text: str, *, folder: str) -> LabDefinition:
    """The definition in a lab file that lies in `folder`. Raises BadLab with all faults at once."""
    try:
        document = read_mapping(text)
    except BadYaml as error:
        raise BadLab([NoteWarning(line=error.line, message=str(error))]) from None
    try:
        definition = LabDefinition.model_validate(document.data)
    except ValidationError as error:
        faults = [_fault(document, each) for each in error.errors(include_url=False, include_input=False)]
        raise BadLab(sorted(faults, key=lambda fault: fault.line)) from None
    if definition.id != folder:
        message = f"The id is {definition.id}, but the folder is called {folder}. Give both the same name."
        raise BadLab([NoteWarning(line=document.line_of(["id"]), message=message)])
    return definition


def _fault(document: Document, error: ErrorDetails) -> NoteWarning:
    """One of pydantic's errors as a sentence with the line it is about."""
    path = ".".join(str(step) for step in error["loc"])
    what = error["msg"].removeprefix("Value error, ")
    message = f"{path}: {what}." if path else f"{what[:1].upper()}{what[1:]}."
    return NoteWarning(line=document.line_of(error["loc"]), message=message)
