"""A question as a quiz session asks it: its texts, its options, which are right. Knows no database and no learner.

A quiz session stores these words when it draws the question. So an answer is marked by what the learner was asked, and
its page shows the options that were offered, even if the question is changed later. They are stored at the draw and not
when the question is shown, because a page view writes nothing. A question that is edited, loses its answer or is
retired after the draw is asked and marked as drawn; the next quiz session uses its new words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from quizapp.catalogue.kinds.expected import Expected


class AskedKind(StrEnum):
    """How a quiz session asks a question."""

    OPEN = "open"  # the learner writes a text, then marks it
    SINGLE = "single"  # the learner chooses one option
    MULTIPLE = "multiple"  # the learner chooses any number of options
    SHORT = "short"  # the learner types a few words
    NUMBER = "number"  # the learner types a number
    TRUTH = "truth"  # the learner says whether it is true
    ORDER = "order"  # the learner puts things in their order
    MATCH = "match"  # the learner chooses what belongs to each thing
    CLOZE = "cloze"  # the learner fills gaps
    LAB = "lab"  # the learner gives one command, which is graded by its effect on a host


@dataclass(frozen=True, kw_only=True)
class AskedChoice:
    """An option as it was offered."""

    id: int
    """The id of the Choice at the draw; that row may be gone by now."""
    text: str
    right: bool
    why: str = ""
    """Why it is right or wrong; empty if the author gave no reason."""


@dataclass(frozen=True, kw_only=True)
class AskedLab:
    """A lab that asks for one command, with the values that were drawn for it put in."""

    slug: str
    title: str
    values: Mapping[str, str]
    """The values of its variables, by the variables' names."""
    definition: Mapping[str, Any]
    """The whole lab; `catalogue.labs.lab_format.LabDefinition` reads it."""
    label: str
    """What names the command, in Markdown."""
    compared: tuple[str, ...]
    """What its effect is compared in, as pages call it."""
    reference: str
    """A command that is right."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it was asked. All texts are Markdown.

    Each attempt stores one as JSON, which is never rewritten: a field that is added needs a default, for older ones.
    """

    kind: AskedKind
    prompt: str
    answer: str = ""
    must: tuple[str, ...] = ()
    """The points of the marking guide, by which the learner marks an open answer."""
    bonus: tuple[str, ...] = ()
    """Points that a good answer makes beyond those."""
    red_flags: tuple[str, ...] = ()
    """Statements that only a wrong answer makes."""
    choices: tuple[AskedChoice, ...] = ()
    expected: Annotated[Expected, Field(discriminator="kind")] | None = None
    """What is right, of the kinds that have neither options nor a guide."""
    hints: tuple[str, ...] = ()
    lab: AskedLab | None = None
    """Of AskedKind.LAB alone."""
    source_url: str | None = None
    as_of: str | None = None

    @property
    def listed(self) -> str:
        """What names it in a list of questions: a lab's task is too long for one."""
        return self.prompt if self.lab is None else self.lab.title


@cache
def _stored() -> TypeAdapter[Asked]:
    """Made with the first quiz."""
    return TypeAdapter(Asked)


def to_json(asked: Asked) -> dict[str, Any]:
    """The JSON data that an attempt stores."""
    data: dict[str, Any] = _stored().dump_python(asked, mode="json")
    return data


def from_json(data: Mapping[str, Any]) -> Asked:
    """The Asked in JSON data of this or another version: missing fields get their defaults, unknown ones are ignored.

    Raises pydantic's ValidationError for other data.
    """
    return _stored().validate_python(data)
