"""Notes in lists and questions as pages show them, with their texts as HTML. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Protocol

from markupsafe import Markup
from sqlalchemy import Row, ScalarSelect, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.articles.lab_links import LINK, OWN_QUESTION, LabSummary, summary_of
from quizapp.catalogue.articles.places import Place, place_of
from quizapp.catalogue.html.rendering import render, render_inline
from quizapp.catalogue.kinds.expected import Expected
from quizapp.catalogue.models import PAGE_KINDS, Concept, Lab, Note, Question, QuestionKind, Section
from quizapp.catalogue.same_thing import is_shared
from quizapp.catalogue.visibility import Reader, learnt_by
from quizapp.column_types import CompactUuid
from quizapp.errors import NotFound
from quizapp.shown_progress import SHOWN_MAX

_IN_ORDER = Note.number.nulls_last(), Note.title, Note.id


@dataclass(frozen=True, kw_only=True)
class NoteSummary:
    """A note in a list."""

    id: int
    key: str
    title: str
    number: int | None
    """The N of "Day N: title"."""
    date: str | None
    """Such as "21 November", with the year if the note has it; None without a date."""
    sections: int
    """The number of sections that teach."""
    questions: int
    """The number of questions that are answered on a page."""
    flashcards: int
    labs: int
    is_own: bool
    """Whether it is the reader's own note, which no other learner sees."""


class ChoiceWords(Protocol):
    """The texts of an option, in Markdown."""

    @property
    def id(self) -> int: ...

    @property
    def text(self) -> str: ...

    @property
    def right(self) -> bool: ...

    @property
    def why(self) -> str: ...


class QuestionWords(Protocol):
    """The texts of a question, in Markdown: a Question with its present ones, or an Asked with those of a draw."""

    @property
    def prompt(self) -> str: ...

    @property
    def answer(self) -> str: ...

    @property
    def must(self) -> Sequence[str]: ...

    @property
    def bonus(self) -> Sequence[str]: ...

    @property
    def red_flags(self) -> Sequence[str]: ...

    @property
    def choices(self) -> Sequence[ChoiceWords]: ...

    @property
    def expected(self) -> Expected | None: ...

    @property
    def hints(self) -> Sequence[str]: ...

    @property
    def source_url(self) -> str | None: ...

    @property
    def as_of(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class ChoiceView:
    """An option of a question, with its texts as HTML."""

    id: int
    html: Markup
    right: bool
    why_html: Markup


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """A question of any kind with its texts as HTML."""

    id: int
    key: str
    kind: QuestionKind
    prompt_html: Markup
    answer_html: Markup
    must: Sequence[Markup]
    bonus: Sequence[Markup]
    red_flags: Sequence[Markup]
    choices: Sequence[ChoiceView]
    hints: Sequence[Markup]
    """What helps to answer, from the first that is shown to the last."""
    task_html: Markup
    """What is to be done beside reading the prompt, such as the things to be put in order; empty for most kinds."""
    solution_html: Markup
    """What is right, where that is neither an option nor the answer's text; empty else."""
    place: Place | None
    """None if the question has no note, or a retired one."""
    source_url: str | None
    as_of: str | None
    level: int | None
    has_other_forms: bool = False
    """Whether other questions may test the same thing; see `same_thing`."""


@dataclass(frozen=True, kw_only=True)
class NoteChoice:
    """A note to choose in a form."""

    key: str
    title: str


def notes_to_choose(db: Session, *, user: Reader) -> Sequence[NoteChoice]:
    """The notes of `list_notes`, without its figures, for which all their questions are counted; one's own first."""
    named = select(Note.key, Note.title).where(Note.retired_at.is_(None), learnt_by(user.id))
    named = named.order_by(Note.owner_id.is_(None), *_IN_ORDER)
    return [NoteChoice(key=key, title=title) for key, title in db.execute(named)]


def list_notes(db: Session, *, user: Reader) -> Sequence[NoteSummary]:
    """Every note that `user` learns from, by day number, then title; those without a number come last."""
    return [_summary(row) for row in db.execute(_summaries(most=None), {"user_id": user.id})]


def first_note(db: Session, *, user: Reader) -> NoteSummary | None:
    """The first note of `list_notes`, of whose questions no more than SHOWN_MAX + 1 are counted; None without any."""
    row = db.execute(_summaries(most=SHOWN_MAX + 1).limit(1), {"user_id": user.id}).first()
    return None if row is None else _summary(row)


def questions_of_note(db: Session, *, user: Reader, key: str) -> Sequence[int]:
    """The ids of what can become cards of a note that `user` learns from, in the note's order. Raises NotFound."""
    note_id = db.scalar(select(Note.id).where(Note.key == key, Note.retired_at.is_(None), learnt_by(user.id)))
    if note_id is None:
        raise NotFound("There is no such note any more. The list of notes has those there are.")
    live = select(Question.id).where(Question.note_id == note_id, Question.hidden == false())
    return db.scalars(live.order_by(Question.position, Question.id)).all()


def question_view(db: Session, *, question_id: int) -> QuestionView:
    """One question, retired or not, so that a question that was asked can still be shown. Raises NotFound."""
    return question_with_lab(db, question_id=question_id)[0]


def question_with_lab(db: Session, *, question_id: int) -> tuple[QuestionView, LabSummary | None]:
    """One question, retired or not, and its lab as in `questions_with_labs`. Raises NotFound."""
    found = questions_with_labs(db, question_ids=[question_id])
    if question_id not in found:
        raise NotFound("There is no such question any more.")
    return found[question_id]


def questions_with_labs(
    db: Session, *, question_ids: Collection[int]
) -> Mapping[int, tuple[QuestionView, LabSummary | None]]:
    """Questions, retired or not, by id, in one statement; those there are.

    Each with the lab of a hands-on question, or the lab in which its answer can be tried; None if there is none.
    """
    rows = db.execute(_whole_questions(), {"question_ids": list(question_ids)}).unique()
    found = dict[int, tuple[QuestionView, LabSummary | None]]()
    for row in rows:
        question, is_asked_otherwise, *lab = row
        view = replace(view_of(question), has_other_forms=bool(is_asked_otherwise))
        found.setdefault(question.id, (view, summary_of(lab)))
    return found


def _option_html(text: str) -> Markup:
    """An option of one line, or of several blocks such as code."""
    return render(text) if "\n" in text else render_inline(text)


def view_of(question: Question, *, words: QuestionWords | None = None) -> QuestionView:
    """A question with its texts as HTML; `words` are shown in place of its present texts."""
    words = words or question
    return QuestionView(
        id=question.id,
        key=question.key,
        kind=question.kind,
        prompt_html=render(words.prompt),
        answer_html=render(words.answer),
        must=[render_inline(point) for point in words.must],
        bonus=[render_inline(point) for point in words.bonus],
        red_flags=[render_inline(point) for point in words.red_flags],
        choices=[
            ChoiceView(
                id=choice.id, html=_option_html(choice.text), right=choice.right, why_html=render_inline(choice.why)
            )
            for choice in words.choices
        ],
        hints=[render_inline(hint) for hint in words.hints],
        task_html=render(words.expected.task) if words.expected is not None else Markup(),
        solution_html=render(words.expected.solution) if words.expected is not None else Markup(),
        place=place_of(question),
        source_url=words.source_url,
        as_of=words.as_of,
        level=question.level,
    )


@cache
def _whole_questions() -> Select[*tuple[Any, ...]]:
    """Questions with all that is shown of them, each with whether it is asked in other forms too, and its lab's LINK.

    Takes `question_ids`.
    """
    tried_in = and_(or_(Lab.question_id == Question.id, Lab.slug == Question.lab_slug), Lab.retired_at.is_(None))
    return (
        select(Question, is_shared(Question), *LINK)
        .outerjoin(Lab, tried_in)
        .outerjoin(OWN_QUESTION, Lab.question)
        .where(Question.id.in_(bindparam("question_ids", expanding=True)))
        .order_by(Lab.id)
        .options(
            joinedload(Question.choices),
            joinedload(Question.note).load_only(Note.key, Note.title, Note.retired_at, Note.owner_id),
            joinedload(Question.section).load_only(Section.title, Section.anchor),
            joinedload(Question.concept).load_only(
                *(Concept.key, Concept.term, Concept.retired_at, Concept.section_id)
            ),
        )
    )


def _summaries(*, most: int | None) -> Select[Any]:
    """The columns of each NoteSummary, with no more than `most` questions counted; None: all. Takes `user_id`.

    The counts are read from an index, note by note: grouping all questions takes SQLite three times as long.
    """

    def asked(*kinds: QuestionKind) -> ScalarSelect[int]:
        mine = Question.note_id == Note.id, Question.hidden == false(), Question.kind.in_(kinds)
        if most is None:
            return select(func.count()).where(*mine).scalar_subquery()
        some = select(Question.id).where(*mine).limit(most).correlate(Note).subquery()
        return select(func.count()).select_from(some).correlate(Note).scalar_subquery()

    teaching = select(func.count()).where(Section.note_id == Note.id, Section.teaches)
    return (
        select(
            Note.id,
            Note.key,
            Note.title,
            Note.number,
            Note.year,
            Note.month,
            Note.day,
            teaching.scalar_subquery().label("sections"),
            asked(*PAGE_KINDS).label("questions"),
            asked(QuestionKind.FLASHCARD).label("flashcards"),
            asked(QuestionKind.LAB).label("labs"),
            Note.owner_id.is_not(None).label("is_own"),
        )
        .where(Note.retired_at.is_(None), learnt_by(bindparam("user_id", type_=CompactUuid())))
        .order_by(*_IN_ORDER)
    )


def _summary(row: Row[Any]) -> NoteSummary:
    return NoteSummary(
        id=row.id,
        key=row.key,
        title=row.title,
        number=row.number,
        date=date_of_note(row),
        sections=row.sections,
        questions=row.questions,
        flashcards=row.flashcards,
        labs=row.labs,
        is_own=row.is_own,
    )


def date_of_note(note: Note | Row[Any]) -> str | None:
    """Such as "21 November", with the year if the note has it; None without a date."""
    if note.month is None or note.day is None:
        return None
    leap_year = 2000  # any year would do: only the month's name is taken from it
    text = f"{note.day} {date(leap_year, note.month, 1):%B}"
    return f"{text} {note.year}" if note.year is not None else text
