"""What an import of notes would do, as it is planned: each question, and what becomes of it."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp.catalogue.formats import tables
from quizapp.catalogue.formats.parsed import ParsedChoice
from quizapp.catalogue.formats.tables import TableSample
from quizapp.catalogue.html.rendering import render, render_inline
from quizapp.catalogue.importing.banks import TABLES
from quizapp.catalogue.importing.import_forecast import ForeseenNote, foresee
from quizapp.catalogue.importing.reading import ReadFiles, lines_of
from quizapp.catalogue.models import QuestionKind
from quizapp.catalogue.question_shape import KIND_WORDS
from quizapp.catalogue.retirement_consent import retires_much
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.store.note_planning import PlannedNote
from quizapp.catalogue.store.question_store import Content, Merge
from quizapp.web.templating import plural

ANSWERED_MAX = 200  # questions of a note whose answers are shown: to render a thousand takes over a second
HARD_BREAK = "  \n"


class Fate(StrEnum):
    """What an import does with a question."""

    NEW = "new"
    CHANGED = "changed"  # the learners' schedules of it stay
    KEPT = "kept"
    RESTORED = "restored"  # it was retired and is asked again
    RETIRED = "retired"  # it is asked no more; what was learnt of it stays


FATES = {
    Fate.NEW: "new",
    Fate.CHANGED: "changed, schedules stay",
    Fate.KEPT: "as it was",
    Fate.RESTORED: "asked again",
    Fate.RETIRED: "asked no more",
}


@dataclass(frozen=True, kw_only=True)
class PreviewedQuestion:
    """A question of a note, and what an import does with it."""

    fate: Fate
    becomes: str
    """The fate in words."""
    prompt_html: Markup
    answer_html: Markup
    """Its answer, below its options with the right ones marked and their reasons, if it has some.

    Empty for those after the first ANSWERED_MAX.
    """
    kind: str
    is_card: bool
    is_draft: bool
    """Whether it has no answer yet, so that editors alone see it."""


@dataclass(frozen=True, kw_only=True)
class PreviewedPicture:
    """A picture of a note."""

    address: str
    """As the note names it."""
    name: str
    """What its copy is called."""


@dataclass(frozen=True, kw_only=True)
class PreviewedNote:
    """A note as an import would store it."""

    report: FileReport
    path: str
    """What it was sent as; empty for a file that cannot be read."""
    data: str
    """What was sent, in base64."""
    lines: Sequence[tuple[str, str]]
    """Of Markdown: what becomes of each line, empty for a blank one, and the line."""
    questions: Sequence[PreviewedQuestion]
    reviews: int = 0
    """How many reviews of its cards the file has from another program."""
    schedules: int = 0
    """How many of its cards have a schedule of another program, and no reviews."""
    pictures: Sequence[PreviewedPicture] = ()
    """The pictures that it shows."""
    missing: Sequence[str] = ()
    """The addresses of pictures that were not sent, or are none."""
    table: TableSample | None = None
    """Of a CSV or TSV file, how it begins and what its columns are taken for; None where nobody can choose."""

    @property
    def named(self) -> str:
        """The names of the copies of its pictures by address, as JSON; empty without any."""
        return json.dumps({one.address: one.name for one in self.pictures}) if self.pictures else ""

    @property
    def distinct_pictures(self) -> Sequence[PreviewedPicture]:
        """Each of its pictures once, whatever the note calls it, by the first address as people read it."""
        first: dict[str, PreviewedPicture] = {}
        for one in self.pictures:
            first.setdefault(one.name, PreviewedPicture(address=_readable(one.address), name=one.name))
        return list(first.values())

    @property
    def retires_much(self) -> bool:
        """Whether so much of the note as it was is retired that somebody must agree."""
        return retires_much(self.report)

    @property
    def asks(self) -> str:
        """How many questions and flashcards are listed of it, in words."""
        cards = sum(question.is_card for question in self.questions)
        counts = ((len(self.questions) - cards, "question"), (cards, "flashcard"))
        return ", ".join(plural(count, word) for count, word in counts if count)

    def count(self, fate: Fate) -> int:
        """How many questions of the note have this fate, which a template names by its value."""
        return sum(question.fate == fate for question in self.questions)


def preview(db: Session, found: ReadFiles) -> list[PreviewedNote]:
    """What an import of what was read would do. Ends the transaction of `db`, which has written nothing."""
    foreseen = foresee(db, found)
    matched = Counter(row_id for one in foreseen if one.planned is not None for row_id in one.planned.plan.matched)
    return [_previewed(one, found, matched) for one in foreseen]


def unread(report: FileReport) -> PreviewedNote:
    """The preview of a file that cannot be read."""
    return PreviewedNote(report=report, path="", data="", lines=[], questions=[])


def _previewed(one: ForeseenNote, found: ReadFiles, matched: Container[int]) -> PreviewedNote:
    """`matched` has the ids of the rows with which questions of any of the files go on."""
    file, planned = one.file, one.planned
    if file is None or planned is None:
        return unread(one.report)
    sent = found.sent[file.path]
    shown = [
        _question(content, fate, render(_answer(content)) if place < ANSWERED_MAX else Markup())
        for place, (content, fate) in enumerate(_fates(planned, matched))
    ]
    lines = () if sent.suffix else lines_of(file.parsed, file.source)
    return PreviewedNote(
        report=one.report,
        path=sent.path or "",
        data=b64encode(sent.data).decode(),
        lines=[(use or "", line) for use, line in lines],
        questions=shown,
        reviews=sum(len(learnt.reviews) for learnt in file.parsed.learnt),
        pictures=[PreviewedPicture(address=place, name=picture.name) for place, picture in file.pictures.items()],
        missing=list(dict.fromkeys(map(_readable, file.missing))),
        schedules=len(file.parsed.states) + sum(learnt.state is not None for learnt in file.parsed.learnt),
        table=tables.sample(sent.data, sent.columns) if sent.suffix in TABLES else None,
    )


def _readable(address: str) -> str:
    """The address of a picture as people write it: without codes for its blanks, and without `./`."""
    return unquote(address).removeprefix("./")


def _fates(planned: PlannedNote, matched: Container[int]) -> Iterator[tuple[Content, Fate]]:
    """The questions of the note in the file's order, then those of it that the file does not have.

    Neither those that an editor has retired, nor those of no file that stay retired.
    """
    plan, note_id = planned.plan, planned.header.note_id
    for one in plan.questions:
        if one.row is None:
            yield one.content, Fate.NEW
        elif not one.row.retired_here:
            content = one.content if one.merged.outcome is Merge.CHANGED else one.row.content
            fate = Fate.KEPT if one.merged.fingerprint == one.row.fingerprint else Fate.CHANGED
            yield content, Fate.RESTORED if one.row.retired_at is not None else fate
    yield from ((row.content, Fate.RETIRED) for row in plan.retired_questions if row.id not in matched)
    yield from ((row.content, Fate.RESTORED) for row in plan.back_questions)
    told = {row.id for row in (*plan.retired_questions, *plan.back_questions)}
    for row in planned.rows.questions:
        if row.note_id == note_id and row.retired_at is None and row.id not in told and row.id not in matched:
            yield row.content, Fate.KEPT  # made in the browser, or changed there and no longer in the file


def _answer(content: Content) -> str:
    """What is right, or the options, of which the right ones are marked, and the answer, in Markdown."""
    options = [_option(choice) for choice in content.choices]
    is_in_lines = not any("\n" in one for one in options)
    listed = (HARD_BREAK if is_in_lines else "\n\n").join(options)
    right = content.expected.solution if content.expected is not None else ""
    return "\n\n".join(filter(None, (listed, right, content.answer)))


def _option(choice: ParsedChoice) -> str:
    """An option with its sign and its reason; not as an item, whose bullet would stand beside the sign."""
    why = f": {choice.why}" if choice.why else ""
    return f"{'✓' if choice.right else '✗'} {choice.text}{why}"


def _question(content: Content, fate: Fate, answer: Markup) -> PreviewedQuestion:
    return PreviewedQuestion(
        fate=fate,
        becomes=FATES[fate],
        prompt_html=render_inline(content.prompt),
        answer_html=answer,
        kind=KIND_WORDS[content.kind],
        is_card=content.kind is QuestionKind.FLASHCARD,
        is_draft=not content.can_be_asked,
    )
