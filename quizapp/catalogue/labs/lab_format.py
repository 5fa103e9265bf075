"""The shape of a lab file: what its author may write and what must hold between its parts. Knows no YAML and no file.

All prose is Markdown, all commands are shell run as root in the learner's sandbox. A value for each of `vars` is drawn
for each run and put in for `${NAME}` everywhere. Hints may quote `{seen}`, `{typed}` and `{wanted}`.
"""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from quizapp.catalogue.bounds import SLUG_MAX_CHARS, SLUG_PATTERN

LINE_MAX_CHARS = 300  # one line on a page
TEXT_MAX_CHARS = 16_000  # as much as the Markdown renderer takes
MOST_ITEMS = 30  # of each list; the largest lab so far has 12 wrong attempts
MINUTES_MAX = 120
LEVEL_MAX = 5
REGEX_MAX_CHARS = 200

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=SLUG_MAX_CHARS)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_MAX_CHARS)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX_CHARS)]
Shell = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX_CHARS)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=SLUG_MAX_CHARS)]


class LabTemplate(StrEnum):
    """The kind of host that a lab runs on."""

    USERNS = "userns"
    VM = "vm"


class LabNeed(StrEnum):
    """What a lab needs of the kernel under its host, beyond what every host has."""

    MACVLAN = "macvlan"
    IPVLAN = "ipvlan"
    VXLAN = "vxlan"


class PredictionKind(StrEnum):
    """How a prediction is given."""

    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


class Compare(StrEnum):
    """When an answer equals the host's value: as whole numbers, as text, as sets of words, as lines in their order."""

    INT = "int"
    TEXT = "text"
    SET = "set"
    ORDER = "order"


class Aspect(StrEnum):
    """A side of a host's state that the effects of two commands are compared on."""

    CONTAINERS = "containers"
    PORTS = "ports"
    NETWORKS = "networks"
    ADDRESSES = "addresses"
    ROUTES = "routes"
    NAT = "nat"
    LISTENERS = "listeners"


class _Strict(BaseModel):
    """A part of a lab: nothing unknown in it, and it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Variable(_Strict):
    """A number drawn anew for each run, so that no answer can be copied. `random: 20-90` includes both ends."""

    random: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")]

    @property
    def low(self) -> int:
        """The smallest value."""
        return int(self.random.partition("-")[0])

    @property
    def high(self) -> int:
        """The largest value."""
        return int(self.random.partition("-")[2])

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.low > self.high:
            raise ValueError("the first number must not be larger than the second")
        return self


class Prediction(_Strict):
    """Something the learner commits to before the sandbox starts. `happened` prints what came of it, after a pass."""

    name: Slug
    label: Line
    kind: PredictionKind
    options: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    happened: Shell
    reveal: Annotated[str, StringConstraints(max_length=TEXT_MAX_CHARS)] = ""

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Self:
        if self.kind is PredictionKind.CHOICE and len(set(self.options)) < 2:
            raise ValueError("a choice needs at least two different options")
        if self.kind is not PredictionKind.CHOICE and self.options:
            raise ValueError("only a prediction of kind choice has options")
        return self


class Expect(_Strict):
    """What a command must come to; everything that is set must hold. Outer white space of the output never matters."""

    equals: str | None = None
    contains: str | None = None
    matches: Annotated[str, StringConstraints(max_length=REGEX_MAX_CHARS)] | None = None
    not_contains: str | None = None
    exit: Annotated[int, Field(ge=0, le=255)] | None = None

    @field_validator("matches")
    @classmethod
    def _is_a_regex(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"is not a regular expression: {error}") from None
        return value

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        if all(value is None for value in (self.equals, self.contains, self.matches, self.not_contains, self.exit)):
            raise ValueError("needs at least one of equals, contains, matches, not_contains and exit")
        return self


class Check(_Strict):
    """One thing that must be so on the host. `hint` is what the learner reads when it is not."""

    name: Slug
    run: Shell
    expect: Expect
    hint: Text


class LabAnswer(_Strict):
    """A value that the learner types; `run` prints the right one, on the learner's own host.

    With `compare: order` it is a trace: the learner puts some of the `options` in order, and `run` prints them so.
    `diagram` says in which parts of a picture, by their names, the options are drawn; without it there is one part.
    """

    name: Slug
    label: Line
    run: Shell
    compare: Compare
    options: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    diagram: dict[Line, Annotated[tuple[Line, ...], Field(min_length=1)]] = {}
    hint: Text

    @model_validator(mode="after")
    def _diagram_draws_the_options(self) -> Self:
        drawn = [option for part in self.diagram.values() for option in part]
        if self.diagram and sorted(drawn) != sorted(self.options):
            raise ValueError("the diagram has each of the options once, and nothing else")
        return self

    @model_validator(mode="after")
    def _options_are_to_be_ordered(self) -> Self:
        if self.compare is Compare.ORDER and len(set(self.options)) < 2:
            raise ValueError("an order needs at least two different options")
        if self.compare is not Compare.ORDER and self.options:
            raise ValueError("only an answer with compare: order has options")
        return self


class AskedCommand(_Strict):
    """One command line that the learner types, graded by its effect: `reference` has the right one.

    Both are run on fresh hosts of their own, and the states after that are compared in the aspects that it is `about`.
    """

    label: Line
    reference: Shell
    about: Annotated[tuple[Aspect, ...], Field(min_length=1)] = tuple(Aspect)
    hint: Text

    @model_validator(mode="after")
    def _names_each_aspect_once(self) -> Self:
        if len(set(self.about)) < len(self.about):
            raise ValueError("an aspect is named twice")
        return self


class Recording(_Strict):
    """The lab's question asked of a transcript, for where its host cannot be had.

    `answer` is the right one to `label`; `happened` says for each prediction, by its name, what came of it.
    """

    transcript: Text
    label: Line
    answer: Line
    compare: Compare
    hint: Text
    happened: dict[Slug, Line] = {}

    @field_validator("compare")
    @classmethod
    def _is_a_value(cls, value: Compare) -> Compare:
        if value is Compare.ORDER:
            raise ValueError("a recording asks for a value, which has no order")
        return value


class Solution(_Strict):
    """A way to do it: after `run`, with what `answer` prints typed in, every check passes. The first one is shown."""

    name: Line | None = None
    run: Shell
    answer: Shell | None = None


class WrongAttempt(_Strict):
    """A way to get it wrong, and why; it must fail, at the check that `fails` names where that is given."""

    run: Shell
    answer: Shell | None = None
    why: Line
    fails: Slug | None = None


class LabDefinition(_Strict):
    """A whole lab file. `id` is the folder's name, `concepts` are keys of those in notes, `facts` serve the author."""

    id: Slug
    title: Line
    summary: Line
    concepts: tuple[Slug, ...] = ()
    tags: Annotated[tuple[Slug, ...], Field(max_length=MOST_ITEMS)] = ()
    level: Annotated[int, Field(ge=1, le=LEVEL_MAX)]
    minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    facts: tuple[Line, ...] = ()
    template: LabTemplate = LabTemplate.USERNS
    needs: tuple[LabNeed, ...] = ()
    vars: dict[VariableName, Variable] = {}
    setup: Annotated[str, StringConstraints(max_length=TEXT_MAX_CHARS)] = ""
    task: Text
    predict: Annotated[tuple[Prediction, ...], Field(max_length=MOST_ITEMS)] = ()
    answer: LabAnswer | None = None
    explain: LabAnswer | None = None
    """A question on the learner's own values, after a pass; it counts for nothing."""
    command: AskedCommand | None = None
    """With it the lab asks for one command: solutions and wrong tries are such, and nothing else is graded."""
    checks: Annotated[tuple[Check, ...], Field(max_length=MOST_ITEMS)] = ()
    recorded: Recording | None = None
    hints: Annotated[tuple[Text, ...], Field(max_length=MOST_ITEMS)] = ()
    solutions: Annotated[tuple[Solution, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    wrong: Annotated[tuple[WrongAttempt, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    reveal: Text

    @property
    def graded(self) -> list[str]:
        """The names of all that a grading looks at, in its order."""
        if self.command:
            return [aspect.value for aspect in self.command.about]
        return [check.name for check in self.checks] + ([self.answer.name] if self.answer else [])

    @model_validator(mode="after")
    def _can_be_graded(self) -> Self:
        if not self.checks and self.answer is None and self.command is None:
            raise ValueError("a lab needs checks, an answer or a command")
        if self.command and (self.checks or self.answer or self.predict or self.explain):
            raise ValueError("a lab that asks for a command has no checks, answer, predictions or explanation")
        graded = self.graded
        for names in (graded, [prediction.name for prediction in self.predict]):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"the name {twice} is given twice")
        if unknown := next((each.fails for each in self.wrong if each.fails and each.fails not in graded), None):
            raise ValueError(f"a wrong try fails at {unknown}, which is not one of {', '.join(graded)}")
        return self

    @model_validator(mode="after")
    def _recording_tells_what_was_predicted(self) -> Self:
        happened = self.recorded.happened if self.recorded else {}
        if self.recorded and set(happened) != {prediction.name for prediction in self.predict}:
            raise ValueError("a recording says for every prediction, and no other, what happened")
        for prediction in self.predict if self.recorded else ():
            if prediction.options and happened[prediction.name] not in prediction.options:
                raise ValueError(f"what the recording says of {prediction.name} is none of its options")
        return self

    @model_validator(mode="after")
    def _attempts_answer_what_is_asked(self) -> Self:
        answers = [solution.answer for solution in self.solutions] + [attempt.answer for attempt in self.wrong]
        if self.answer is None and any(answers):
            raise ValueError("a solution or wrong try has an answer, but the lab asks for none")
        if self.answer is not None and not all(each.answer for each in self.solutions):
            raise ValueError("every solution needs an answer, since the lab asks for one")
        return self
