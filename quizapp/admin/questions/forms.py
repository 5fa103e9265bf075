"""The forms of Content: the list's filters and the question editor."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from quizapp import clock
from quizapp.admin.questions.findings import WORDS, Finding
from quizapp.admin.questions.queries import CHANGED, NEEDS_FIRST, NEEDS_WORK, Filters
from quizapp.catalogue.articles.queries import NoteChoice
from quizapp.catalogue.bounds import LEVELS
from quizapp.catalogue.editing.merging import marks_of
from quizapp.catalogue.formats.markdown.conventions.dates import fitting, iso_date
from quizapp.catalogue.models import CHOICE_KINDS, EXPECTING_KINDS, PAGE_KINDS, QuestionKind
from quizapp.catalogue.question_shape import KIND_WORDS, STAGE_WORDS, Stage
from quizapp.catalogue.question_wording import (
    CHOICES_MAX,
    LABELS,
    ChoiceWording,
    Wording,
    tidy,
    tidy_lines,
    tidy_tags,
)
from quizapp.web.choices import SelectChoice
from quizapp.web.whole_numbers import WholeNumber

# How what is right is written, as in a note.
HOW_EXPECTED: Mapping[QuestionKind, str] = {
    QuestionKind.SHORT: "The accepted answers, with | between them. In `code` capitals count.",
    QuestionKind.NUMBER: "A number, such as 1450, 0.5 or 1450 ± 10 bytes.",
    QuestionKind.TRUTH: "true or false.",
    QuestionKind.ORDER: "One thing a line, in the right order.",
    QuestionKind.MATCH: "One pair a line: left → right. A line without a left side is there to mislead.",
    QuestionKind.CLOZE: "The text; the **bold words** are its gaps. Several in one gap stand between bars.",
}
ROWS_SHOWN = 4  # for options, as many questions have; one that stays empty adds none
ROWS_MAX = CHOICES_MAX + 1  # one more than a question may have, so that too many options are an error, not cut off


_FILTERS = ("q", "kind", "note", "health", "stage", "sort")


class FilterForm(FlaskForm):
    """The filters of the list. Sent by GET, so that a filtered list has an address of its own."""

    class Meta:
        csrf = False

    q = StringField("Search")
    kind = SelectField(
        "Kind",
        choices=[SelectChoice("", "Any"), *(SelectChoice(kind.value, KIND_WORDS[kind]) for kind in QuestionKind)],
    )
    note = SelectField("Note")
    health = SelectField(
        "Health",
        choices=[
            SelectChoice("", "Any"),
            SelectChoice(NEEDS_WORK, "needs a hand"),
            *(SelectChoice(finding.value, WORDS[finding]) for finding in Finding),
        ],
    )

    stage = SelectField(
        "Stage",
        choices=[SelectChoice("", "All but retired"), *(SelectChoice(one.value, STAGE_WORDS[one]) for one in Stage)],
    )
    sort = SelectField(
        "Order",
        choices=[
            SelectChoice("", "By note"),
            SelectChoice(NEEDS_FIRST, "What most needs an editor"),
            SelectChoice(CHANGED, "Last changed first"),
        ],
    )

    @classmethod
    def of(cls, sent: MultiDict[str, str], notes: Iterable[NoteChoice]) -> "FilterForm":
        """The form with the filters that were sent, and `notes` to choose from."""
        form = cls(MultiDict({name: sent.get(name, "") for name in _FILTERS}))
        form.note.choices = [SelectChoice("", "All notes"), *(SelectChoice(note.key, note.title) for note in notes)]
        return form

    def filters(self) -> Filters:
        """The filters that are valid; the others are empty here and have an error in the form."""
        self.validate()
        chosen = {name: "" if self[name].errors else self[name].data or "" for name in _FILTERS}
        return Filters(**chosen)


class ChoiceForm(Form):
    """One option. A new row that is left empty adds no option."""

    id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    text = TextAreaField("Text")
    right = BooleanField("Right")
    why = TextAreaField("Why it is right or wrong")
    remove = BooleanField("Remove")

    def wording(self) -> ChoiceWording | None:
        """The option of this row; None for a new row that is empty and for a row to be removed."""
        text, why = tidy(self.text.data or ""), tidy(self.why.data or "")
        if self.remove.data or (self.id.data is None and not text and not why):
            return None
        return ChoiceWording(id=self.id.data, text=text, right=bool(self.right.data), why=why)


class _Rows(FieldList):  # type: ignore[type-arg]  # generic in the stubs only
    """The rows of a form, numbered from 0. Reads only numbers below ROWS_MAX, however many rows were sent."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, object]) -> Iterator[int]:
        return (number for number in range(ROWS_MAX) if f"{prefix}-{number}-text" in formdata)


class QuestionForm(FlaskForm):
    """The editor's form for a question. Fields that the question's kind does not have are removed."""

    rev = IntegerField(widget=HiddenInput(), validators=[Optional()])
    opened = StringField(widget=HiddenInput())
    prompt = TextAreaField(LABELS["prompt"])
    answer = TextAreaField(LABELS["answer"])
    choices = _Rows(FormField(ChoiceForm))
    expected = TextAreaField(LABELS["expected"])
    hints = TextAreaField(
        LABELS["hints"],
        description="One a line, the first that is shown first. Each one opened costs a quarter of the points.",
    )
    must = TextAreaField(LABELS["must"], description="One point a line: an answer is right from six tenths of them on.")
    bonus = TextAreaField(LABELS["bonus"], description="One point a line: good to hear, not needed.")
    red_flags = TextAreaField(LABELS["red_flags"], description="One a line: what only somebody who is wrong says.")
    level = WholeNumber(
        LABELS["level"],
        least=LEVELS[0],
        most=LEVELS[-1],
        may_be_empty=True,
        description="1 (first week) to 5, or empty.",
    )
    source_url = StringField(LABELS["source_url"], description="The page that proves the answer.")
    as_of = StringField(LABELS["as_of"], description="When it was last checked: 2026, 2026-11 or 2026-11-23.")
    tags = StringField(LABELS["tags"], description="Separated by commas.")

    @classmethod
    def of(
        cls,
        kind: QuestionKind,
        shown: Wording | None = None,
        *,
        rev: int | None = None,
        opened: Wording | None = None,
    ) -> "QuestionForm":
        """The form for a kind, filled with `shown` and its revision `rev`, or without `shown` with what was sent.

        `opened` is what is stored, if that is not `shown`.
        """
        form = cls() if shown is None else cls(formdata=None, data=_data(shown, rev, opened or shown))
        if kind not in CHOICE_KINDS:
            del form.choices
        if kind in EXPECTING_KINDS:
            form.expected.description = HOW_EXPECTED[kind]
        else:
            del form.expected
        if kind not in PAGE_KINDS:
            del form.hints
        if kind is not QuestionKind.OPEN:
            del form.must, form.bonus, form.red_flags
        return form

    def wording(self, current: Wording) -> Wording:
        """The wording that was typed. A field that the form does not have keeps its value from `current`."""
        typed: dict[str, Any] = {
            "prompt": tidy(self.prompt.data or ""),
            "answer": tidy(self.answer.data or ""),
            "level": self.level.data,
            "source_url": tidy(self.source_url.data or "").strip(),
            "as_of": fitting(tidy(self.as_of.data or "").strip()),
            "tags": tidy_tags(iter((self.tags.data or "").split(","))),
        }
        for name in ("must", "bonus", "red_flags", "hints"):
            if name in self:
                typed[name] = tidy_lines(iter(tidy(self[name].data or "").split("\n")))
        if "expected" in self:
            typed["expected"] = tidy(self.expected.data or "")
        if "choices" in self:
            rows = (row.form.wording() for row in self.choices)
            typed["choices"] = tuple(choice for choice in rows if choice is not None)
        return replace(current, **typed)

    def unreadable(self) -> dict[str, str]:
        """What is wrong beside the rules of `faults`, after `validate`, by the field: a text that is no number, and a
        day that is yet to come for when a source was checked, wherever the editor is.
        """
        sentences = {"level": self.level.sentence, "choices": "An option could not be read. Reload the page."}
        found = {name: sentence for name, sentence in sentences.items() if name in self and self[name].errors}
        checked, newest = iso_date(self.as_of.data or "") or "", (clock.now() + timedelta(days=1)).date().isoformat()
        if checked > newest[: len(checked)]:
            found["as_of"] = "That is yet to come. Write when it was last checked, which is today at the latest."
        return found

    def show(self, faults: Mapping[str, str]) -> None:
        """Set each fault as the error of its field."""
        for name, sentence in faults.items():
            self[name].errors = [sentence]


def _data(shown: Wording, rev: int | None, opened: Wording) -> dict[str, Any]:
    """A wording as data for the form's fields, with at least one empty row for a new option while there is room."""
    free = max(1, ROWS_SHOWN - len(shown.choices)) if len(shown.choices) < CHOICES_MAX else 0
    blank = ChoiceWording(id=None, text="", right=False, why="")
    return {
        "rev": rev,
        "opened": marks_of(opened),
        "prompt": shown.prompt,
        "answer": shown.answer,
        "must": "\n".join(shown.must),
        "bonus": "\n".join(shown.bonus),
        "red_flags": "\n".join(shown.red_flags),
        "choices": [*shown.choices, *([blank] * free)],
        "expected": shown.expected,
        "hints": "\n".join(shown.hints),
        "level": shown.level,
        "source_url": shown.source_url,
        "as_of": shown.as_of,
        "tags": ", ".join(shown.tags),
    }
