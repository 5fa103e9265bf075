"""The fields of a lab that have a form beside its text. What is typed there goes into the lines of that field alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from quizapp.catalogue.labs.lab_lines import Value, with_value
from quizapp.catalogue.yaml_text import BadYaml, read_mapping
from quizapp.errors import Invalid

BETWEEN = "---"  # a line that parts one hint from the next
PREFIX = "field-"  # of the names of the form's fields


class FieldShape(Enum):
    """How a field is typed."""

    LINE = auto()
    NUMBER = auto()
    WORDS = auto()  # with commas between them
    TEXT = auto()
    TEXTS = auto()  # with a line of BETWEEN between them


@dataclass(frozen=True, kw_only=True)
class LabField:
    """A field of the form."""

    name: str
    label: str
    shape: FieldShape
    value: str

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.shape in (FieldShape.TEXT, FieldShape.TEXTS)


_FIELDS: Mapping[str, tuple[str, FieldShape]] = {
    "title": ("Title", FieldShape.LINE),
    "summary": ("Summary", FieldShape.LINE),
    "level": ("Level, 1 to 5", FieldShape.NUMBER),
    "minutes": ("Minutes", FieldShape.NUMBER),
    "tags": ("Tags, with commas", FieldShape.WORDS),
    "concepts": ("Ids of concepts, with commas: the first says which note it belongs to", FieldShape.WORDS),
    "task": ("Task, in Markdown", FieldShape.TEXT),
    "hints": (f"Hints, with a line {BETWEEN} between them", FieldShape.TEXTS),
    "reveal": ("Read after the run", FieldShape.TEXT),
}


def fields_of(text: str) -> Sequence[LabField]:
    """The fields with what the text says of them; none for a text that is no YAML."""
    try:
        data = read_mapping(text).data
    except BadYaml:
        return ()
    return [
        LabField(name=name, label=label, shape=shape, value=_shown(data.get(name), shape))
        for name, (label, shape) in _FIELDS.items()
    ]


def with_fields(text: str, given: Mapping[str, str]) -> str:
    """The text with what was typed in the form, where that differs from what the text says.

    Raises BadYaml for a text that cannot be read, NoPlace, and Invalid for what is no number.
    """
    for field in fields_of(text):
        typed = given.get(PREFIX + field.name, field.value).replace("\r\n", "\n").strip()
        if typed != field.value.strip():
            text = with_value(text, field.name, _value(typed, field))
    return text


def _value(typed: str, field: LabField) -> Value:
    match field.shape:
        case FieldShape.NUMBER:
            if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
                raise Invalid(f"{field.label}: write a whole number.")
            return int(typed)
        case FieldShape.WORDS:
            return [word.strip() for word in typed.split(",") if word.strip()]
        case FieldShape.TEXTS:
            parts = f"\n{typed}\n".split(f"\n{BETWEEN}\n")
            return [part.strip("\n") for part in parts if part.strip()]
        case _:
            return typed


def _shown(value: object, shape: FieldShape) -> str:
    if value is None:
        return ""
    if not isinstance(value, list):
        return str(value).rstrip("\n")
    between = f"\n{BETWEEN}\n" if shape is FieldShape.TEXTS else ", "
    return between.join(str(each).rstrip("\n") for each in value)
