"""The format of a lab file: its fields, and the rules between its parts. Knows no YAML and no file.

All texts are Markdown. All commands are shell, run as root in the learner's sandbox. For each run a value is drawn for
each of `vars` and put in for `${NAME}` everywhere. Hints may quote `{seen}`, `{typed}` and `{wanted}`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    field_validator,
    model_serializer,
    model_validator,
)

from quizapp.catalogue.bounds import ID_PATTERN
from quizapp.catalogue.labs.lab_parts import (
    LEVEL_MAX,
    MINUTES_MAX,
    MOST_ITEMS,
    OF_HOSTS,
    REGEX_MAX_CHARS,
    TEXT_MAX_CHARS,
    Aspect,
    Compare,
    LabNeed,
    LabTemplate,
    Line,
    NetworkDetail,
    PredictionKind,
    Shell,
    ShownMarks,
    Slug,
    Solution,
    Strict,
    Text,
    VariableName,
    WrongAttempt,
)
from quizapp.catalogue.labs.lab_words import CheckWord, CheckWords

NOTHING_DONE = "true"  # a command without any effect: the `run` of a solution that only answers

VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")  # where a text of a lab has a value put in


def substitute(data: Any, values: Mapping[str, str]) -> Any:
    """`data` (text, or lists and mappings of it) with each `${NAME}` that has a value replaced, once.

    Others stay, so the shell still replaces `${HOME}` in a script.
    """
    match data:
        case str():
            return VARIABLE.sub(lambda found: values.get(found[1], found[0]), data)
        case list():
            return [substitute(item, values) for item in data]
        case dict():
            return {key: substitute(item, values) for key, item in data.items()}
    return data


class _Strict(BaseModel):
    """As Strict. With it as their base the linter would not know these as models, whose defaults are copied."""

    model_config = Strict.model_config


class Variable(_Strict):
    """What is drawn for each run, so that no answer can be copied: a number, or the order of some words."""

    random: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}-[0-9]{1,9}$")] | None = None
    """The range of a number: `20-90` includes both ends."""
    shuffle: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """The words of which a variable TREE makes TREE_1, TREE_2 and so on, in the order that was drawn."""

    @property
    def low(self) -> int:
        """The smallest number."""
        return int((self.random or "0").partition("-")[0])

    @property
    def high(self) -> int:
        """The largest number."""
        return int((self.random or "-0").partition("-")[2])

    def names(self, name: str) -> tuple[str, ...]:
        """The names that a variable called `name` gives values to."""
        return tuple(f"{name}_{number}" for number, _ in enumerate(self.shuffle, start=1)) or (name,)

    @model_validator(mode="after")
    def _is_a_range_or_words(self) -> Self:
        if (self.random is None) == (not self.shuffle):
            raise ValueError("needs either random or shuffle")
        if self.low > self.high:
            raise ValueError("the first number must not be larger than the second")
        if self.shuffle and len(set(self.shuffle)) != max(2, len(self.shuffle)):
            raise ValueError("shuffle needs at least two different words")
        return self


class Prediction(_Strict):
    """A value that the learner must predict before the sandbox starts."""

    name: Slug
    label: Line
    """The question that the prediction answers."""
    kind: PredictionKind
    options: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """The values to choose from, for the kind choice only."""
    happened: Shell
    """A command that prints the true value, on a host on which the lab was passed."""
    reveal: Annotated[str, StringConstraints(max_length=TEXT_MAX_CHARS)] = ""
    """An explanation of the true value, shown after a pass."""

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Self:
        if self.kind is PredictionKind.CHOICE and len(set(self.options)) < 2:
            raise ValueError("a choice needs at least two different options")
        if self.kind is not PredictionKind.CHOICE and self.options:
            raise ValueError("only a prediction of kind choice has options")
        return self


class Expect(_Strict):
    """What a command must print and its exit code. Each field that is set must hold; white space around is ignored."""

    equals: str | None = None
    contains: str | None = None
    matches: Annotated[str, StringConstraints(max_length=REGEX_MAX_CHARS)] | None = None
    """A Python regular expression that must be found in the output; `^` and `$` match at each line."""
    not_contains: str | None = None
    exit: Annotated[int, Field(ge=0, le=255)] | None = None
    """The exit code; None: any."""

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


def _require_set(compare: Compare, among: Sequence[str]) -> None:
    """Raise ValueError if `among` does not fit the kind of answer."""
    if among and compare not in (Compare.SET, Compare.LETTERS):
        raise ValueError("only an answer with compare: set or letters has among")
    if compare is Compare.LETTERS and (not among or any(len(each) != 1 or not each.isalpha() for each in among)):
        raise ValueError("an answer with compare: letters names the single letters it may have in among")


class Check(CheckWords):
    """One condition on the host's state: a command and what it must print, or one word.

    `hint` is shown to the learner if it does not hold.
    """

    name: Slug
    run: Shell | None = None
    expect: Expect | None = None
    hint: Text

    @property
    def words(self) -> Mapping[str, CheckWord]:
        """The words that are given, by their names."""
        given = {name: getattr(self, name) for name in CheckWords.model_fields}
        return {name: word for name, word in given.items() if word is not None}

    @property
    def is_word(self) -> bool:
        """Whether it is one word, and not a command."""
        return self.run is None

    @model_validator(mode="after")
    def _is_one_condition(self) -> Self:
        given = [*(["run"] if self.run is not None else []), *self.words]
        if len(given) != 1:
            raise ValueError(f"needs run, or one word, and has {' and '.join(given) or 'neither'}")
        if (self.run is None) != (self.expect is None):
            raise ValueError("run and expect go together")
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_not_given(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in dump(self).items() if value is not None}


class LabAnswer(_Strict):
    """A value that the learner types, or with `compare: order` places that the learner puts in order."""

    name: Slug
    label: Line
    """The question."""
    run: Shell
    """A command that prints the right answer on the learner's own host; for an order, one place on each line."""
    compare: Compare
    options: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """The places, for an order only. The right answer need not have all of them."""
    diagram: dict[Line, Annotated[tuple[Line, ...], Field(min_length=1)]] = {}
    """The places in each part of the diagram, by the part's name; empty: all of them in one part without a name."""
    among: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """The words or letters that the answer may have, for a set or letters only; anything else is not read."""
    hint: Text
    shows: Shell | None = None
    """A command whose output is shown with the question, for what is asked after a right command only."""

    @model_validator(mode="after")
    def _among_fits_the_kind(self) -> Self:
        _require_set(self.compare, self.among)
        return self

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
    """One command line that the learner types, graded by its effect.

    The learner's command and `reference` are each run on a new host, and the states of the two hosts are compared.
    """

    label: Line
    """The question."""
    reference: Shell
    """A command with the right effect."""
    about: Annotated[tuple[Aspect, ...], Field(min_length=1)] = OF_HOSTS
    """The aspects in which the states are compared."""
    hint: Text

    @model_validator(mode="after")
    def _names_each_aspect_once(self) -> Self:
        if len(set(self.about)) < len(self.about):
            raise ValueError("an aspect is named twice")
        return self


class Recording(_Strict):
    """A recording of the lab on another host, and a question about it, for installations that have no such host."""

    transcript: Text
    """Commands and their output."""
    label: Line
    """The question."""
    answer: Line
    """The right answer."""
    compare: Compare
    among: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """As in LabAnswer."""
    hint: Text
    happened: dict[Slug, Line] = {}
    """The true value of each prediction, by the prediction's name."""

    @field_validator("compare")
    @classmethod
    def _is_a_value(cls, value: Compare) -> Compare:
        if value is Compare.ORDER:
            raise ValueError("a recording asks for a value, which has no order")
        return value

    @model_validator(mode="after")
    def _among_fits_the_kind(self) -> Self:
        _require_set(self.compare, self.among)
        return self


class LabDefinition(_Strict):
    """A whole lab file."""

    id: Slug
    """The name of the file's folder; stored as the lab's slug."""
    address: Slug | None = None
    """What stands in the lab's address in place of its id, where that would tell what the lab asks for."""
    title: Line
    summary: Line
    concepts: tuple[Slug, ...] = ()
    """The keys of the concepts in notes that the lab is about."""
    same_as: Annotated[str, StringConstraints(pattern=ID_PATTERN)] | None = None
    """The id of a question or card of a note that tests the same thing; None if none does."""
    tags: Annotated[tuple[Slug, ...], Field(max_length=MOST_ITEMS)] = ()
    level: Annotated[int, Field(ge=1, le=LEVEL_MAX)]
    minutes: Annotated[int, Field(ge=1, le=MINUTES_MAX)]
    facts: tuple[Line, ...] = ()
    """Notes for authors; not shown to learners."""
    template: LabTemplate = LabTemplate.USERNS
    needs: tuple[LabNeed, ...] = ()
    vars: dict[VariableName, Variable] = {}
    setup: Annotated[str, StringConstraints(max_length=TEXT_MAX_CHARS)] = ""
    """Shell that is run once on each new host, before the learner gets it."""
    task: Text
    predict: Annotated[tuple[Prediction, ...], Field(max_length=MOST_ITEMS)] = ()
    answer: LabAnswer | None = None
    explain: LabAnswer | None = None
    """A question about the learner's own host, after a pass; its verdict changes no rating."""
    command: AskedCommand | None = None
    """The lab asks for this one command and nothing else is graded; solutions and wrong attempts are commands.

    What was predicted, and the question after a pass, are about the host on which a right command ran.
    """
    checks: Annotated[tuple[Check, ...], Field(max_length=MOST_ITEMS)] = ()
    """In the order from cause to symptom: the hint of the first one that fails is shown."""
    recorded: Recording | None = None
    hide: Annotated[tuple[NetworkDetail, ...], Field(max_length=MOST_ITEMS)] | None = None
    """What the picture of the networks leaves out until the lab is done; None: what its answer is about."""
    hints: Annotated[tuple[Text, ...], Field(max_length=MOST_ITEMS)] = ()
    shown: ShownMarks = ShownMarks()
    solutions: Annotated[tuple[Solution, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    wrong: Annotated[tuple[WrongAttempt, ...], Field(min_length=1, max_length=MOST_ITEMS)]
    reveal: Text

    @property
    def graded(self) -> list[str]:
        """The names of the checks, the answer or the aspects that are graded, in the order of grading."""
        if self.command:
            return [aspect.value for aspect in self.command.about]
        return [check.name for check in self.checks] + ([self.answer.name] if self.answer else [])

    @model_validator(mode="after")
    def _can_be_graded(self) -> Self:
        if not self.checks and self.answer is None and self.command is None:
            raise ValueError("a lab needs checks, an answer or a command")
        if self.command and (self.checks or self.answer):
            raise ValueError("a lab that asks for a command has no checks and no answer")
        graded = self.graded
        for names in (graded, [prediction.name for prediction in self.predict]):
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ValueError(f"the name {twice} is given twice")
        if unknown := next((each.fails for each in self.wrong if each.fails and each.fails not in graded), None):
            raise ValueError(f"a wrong attempt fails at {unknown}, which is not one of {', '.join(graded)}")
        return self

    @model_validator(mode="after")
    def _brings_what_its_question_is_about(self) -> Self:
        if self.answer and self.answer.shows:
            raise ValueError("only explain has shows: an answer is looked for on the host")
        if self.explain and (self.explain.shows is None) == (self.command is not None):
            raise ValueError("explain has shows in a lab that asks for a command, whose host is gone then; in no other")
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
            raise ValueError("a solution or wrong attempt has an answer, but the lab asks for none")
        if self.answer is not None and not all(each.answer for each in self.solutions):
            raise ValueError("every solution needs an answer, since the lab asks for one")
        return self
