"""A lab's text as it was understood: its faults and likely mistakes with their places. Stores nothing."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.admin.labs.lab_fields import PREFIX, LabField, fields_of
from quizapp.catalogue.labs.lab_file import BadLab, LabFault, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_lint import lint, weak_checks

REMARKS_MAX = 100  # a text that is no lab at all would have one for each of its lines


@dataclass(frozen=True, kw_only=True)
class LabRemark:
    """What is said of a place in a lab's text; line and column count from 1."""

    line: int
    column: int
    message: str
    is_fault: bool
    """Whether the text is no lab because of it."""


@dataclass(frozen=True, kw_only=True)
class TypedLab:
    """A lab's text as it was understood."""

    remarks: Sequence[LabRemark]
    """By line."""
    is_lab: bool
    outline: Sequence[tuple[str, str]] = ()
    """What the lab has, as labels and values; empty if the text is no lab."""
    title: str = ""
    fields: Sequence[LabField] = ()
    """Those that have a form; none if the text is no YAML."""

    @property
    def as_json(self) -> str:
        """What the editor's margin shows."""
        said = [
            {"line": one.line, "column": one.column, "message": one.message, "better": "", "isFault": one.is_fault}
            for one in self.remarks
        ]
        fields = {PREFIX + field.name: field.value for field in self.fields}
        return json.dumps({"uses": [], "remarks": said, "fields": fields})


def read_typed_lab(text: str, *, slug: str) -> TypedLab:
    """What is understood of the text of the lab that is called `slug`."""
    try:
        lab = read_lab(text, folder=slug)
    except BadLab as error:
        return TypedLab(remarks=_remarks(error.faults, is_fault=True), is_lab=False, fields=fields_of(text))
    found = (*lint(text, folder=slug), *weak_checks(text, folder=slug))
    remarks = _remarks(sorted(found), is_fault=False)
    outline = tuple(_outline(lab))
    return TypedLab(remarks=remarks, is_lab=True, outline=outline, title=lab.title, fields=fields_of(text))


def _remarks(faults: Sequence[LabFault], *, is_fault: bool) -> Sequence[LabRemark]:
    return [
        LabRemark(line=each.line, column=each.column, message=each.message, is_fault=is_fault)
        for each in faults[:REMARKS_MAX]
    ]


def _outline(lab: LabDefinition) -> Iterator[tuple[str, str]]:
    yield "Title", lab.title
    yield "Level", f"{lab.level}, {lab.minutes} min"
    yield "Host", lab.template
    if lab.vars:
        yield "Drawn for each run", ", ".join(lab.vars)
    if lab.predict:
        yield "Predictions", ", ".join(each.name for each in lab.predict)
    if lab.graded:
        yield "Compared" if lab.command else "Graded", ", ".join(lab.graded)
    yield "Hints", str(len(lab.hints))
    yield "Solutions", str(len(lab.solutions))
    yield "Wrong attempts", str(len(lab.wrong))
    yield "Recording", "yes" if lab.recorded else "none"
