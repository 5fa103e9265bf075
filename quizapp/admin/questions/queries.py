"""The pages of Content: the list of questions with their findings, and one question as learners see it. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, TypeVarTuple, assert_never

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from quizapp.admin.questions.editor_priorities import BAD_FLAGS, FLAG_WORDS, Flagged, neediest, nothing_flagged
from quizapp.admin.questions.findings import FACTS, WORDS, Finding, condition, state
from quizapp.admin.questions.history import count_edits
from quizapp.catalogue.articles.queries import QuestionView, view_of
from quizapp.catalogue.comments.service import count_open_about_question
from quizapp.catalogue.editing.drafts import is_deletable
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.item_figures import Flag
from quizapp.catalogue.kinds.expected import Expected, read
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.models import EXPECTING_KINDS, Choice, Lab, Note, Question, QuestionKind, Withheld
from quizapp.catalogue.question_shape import KIND_WORDS, STAGE_WORDS, Stage, stage_of
from quizapp.catalogue.question_wording import Wording, is_web_address
from quizapp.catalogue.remits import edited_by
from quizapp.catalogue.visibility import Reader, is_for_all

Columns = TypeVarTuple("Columns")

ROWS_PER_PAGE = 50
SEARCH_MAX_CHARS = 200
EXCERPT_CHARS = 160  # two lines in the list at most window widths
CHANGED = "changed"  # the sort's value for "last changed first"
NEEDS_FIRST = "needs"  # the sort's value for "what most needs an editor"
NO_FINDINGS = "no findings"
NEEDS_WORK = "needs-work"  # the health filter's value for "any finding that is not one of FACTS"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """The filters of the list. An empty text filters nothing."""

    q: str = ""
    """Words; each must be in the prompt, the answer, the key or an option."""
    kind: str = ""
    """A value of QuestionKind."""
    note: str = ""
    """The key of a note."""
    health: str = ""
    """A value of Finding, or NEEDS_WORK."""
    stage: str = ""
    """A value of Stage; without one those that are not retired."""
    sort: str = ""
    """CHANGED or NEEDS_FIRST; else in the order of their notes."""

    @property
    def chosen(self) -> dict[str, str]:
        """Those that are set, by name, as an address has them."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A finding as the list shows it, or that there is none."""

    state: str
    """One of "good", "warning", "bad" and "off"."""
    word: str
    """What is shown beside the mark, such as "draft, no answer"."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A question in the list."""

    key: str
    excerpt: str
    """The beginning of the question; of a hands-on one the title of its lab."""
    kind: str
    note: str | None
    stage: str | None
    """In a word; None if it is published."""
    marks: Sequence[Mark]


@dataclass(frozen=True, kw_only=True)
class ContentList:
    """One page of the list."""

    rows: Sequence[Row]
    found: int
    """Questions that pass the filters, on all pages together."""
    page: int
    pages: int
    anything: bool
    """Whether there is any question that the editor may change, whatever the filters."""


@dataclass(frozen=True, kw_only=True)
class EditorPage:
    """A question in the editor: its note and section, its findings, and the learner's view."""

    key: str
    rev: int
    kind: str
    note_key: str | None
    """None without a note, and for a note that is retired, which has no page."""
    note_title: str | None
    section: str | None
    concept: str | None
    """The term of the concept that it is about, without marks of Markdown."""
    stage: Stage
    is_retired_here: bool
    """Whether an editor retired it, and not its file."""
    is_deletable: bool
    lab: str | None
    """The slug of the lab whose question it is; None for any other question."""
    marks: Sequence[Mark]
    open_threads: int
    """How many threads of editors about it are open."""
    edits: int
    """How many times the question was edited in the browser."""
    view: QuestionView
    """The question as learners would see it with the texts in the form, saved or not."""


def content_list(
    db: Session, *, filters: Filters, today: date, page: int, editor: Reader, flagged: Flagged = nothing_flagged
) -> ContentList:
    """A page of what an editor may change, in the order that was chosen. A page past the end gives the last one.

    `flagged` finds what learners' answers say of questions; it is asked if those are to come first.
    """
    counted = select(Question.note_id, func.count(Question.id)).group_by(Question.note_id)
    by_note = dict(
        db.execute(_narrowed(counted.join(Question.note) if filters.note else counted, filters, editor, today)).all()
    )
    found = sum(by_note.values())
    pages = max(1, ceil(found / ROWS_PER_PAGE))
    page = min(max(1, page), pages)
    flags = flagged(db) if filters.sort == NEEDS_FIRST else {}
    first = (page - 1) * ROWS_PER_PAGE
    here = _ids_on(db, by_note, filters=filters, editor=editor, flags=flags, today=today, first=first)
    rows = db.execute(
        select(Question, Lab.title, *(condition(finding, today=today).label(finding.name) for finding in Finding))
        .outerjoin(Question.note)
        .outerjoin(Lab, Lab.question_id == Question.id)
        .where(Question.id.in_(here))
        .options(contains_eager(Question.note).load_only(Note.title))
    )
    by_id = {
        question.id: _row(question, lab, found_here, flags.get(question.id, ())) for question, lab, *found_here in rows
    }
    return ContentList(
        rows=[by_id[question_id] for question_id in here],
        found=found,
        page=page,
        pages=pages,
        anything=found > 0
        or db.scalar(select(Question.id).where(is_for_all(), edited_by(editor)).limit(1)) is not None,
    )


def keys_of(db: Session, *, filters: Filters, editor: Reader, today: date, most: int) -> list[str]:
    """The keys of all questions of the list, on whatever page; of more than `most` so many."""
    return [*db.scalars(_narrowed(select(Question.key).outerjoin(Question.note), filters, editor, today).limit(most))]


def _ids_on(
    db: Session,
    by_note: Mapping[int | None, int],
    *,
    filters: Filters,
    editor: Reader,
    flags: Mapping[int, Sequence[Flag]],
    today: date,
    first: int,
) -> Sequence[int]:
    """The ids of the questions from number `first` on, in the order of the list.

    Only ids: sorting all questions with their texts and findings takes far longer.
    """
    chosen = _narrowed(select(Question.id).outerjoin(Question.note), filters, editor, today)
    if filters.sort == NEEDS_FIRST:
        return neediest(db, chosen, flags=flags, today=today, first=first, most=ROWS_PER_PAGE)
    if filters.sort == CHANGED:
        order: Sequence[Any] = (Question.updated_at.desc(), Question.id.desc())
        before = 0
    else:
        order = Note.number.nulls_last(), Note.title.nulls_last(), Note.id, Question.position, Question.id
        notes, before = _notes_on(db, by_note, first=first)
        chosen = chosen.where(_is_of(notes))  # only those of the page
    return db.scalars(chosen.order_by(*order).limit(ROWS_PER_PAGE).offset(first - before)).all()


def editor_page(db: Session, *, question: Question, shown: Wording, today: date) -> EditorPage:
    """The editor of a question with the texts `shown` in its form, saved or not."""
    conditions = select(*(condition(finding, today=today) for finding in Finding)).where(Question.id == question.id)
    lab = select(Lab.slug).where(Lab.question_id == Question.id).correlate(Question).scalar_subquery()
    *found, open_threads, slug = db.execute(conditions.add_columns(count_open_about_question(), lab)).one()
    return EditorPage(
        key=question.key,
        rev=question.rev,
        kind=KIND_WORDS[question.kind],
        note_key=question.note.key if question.note and question.note.retired_at is None else None,
        note_title=question.note.title if question.note else None,
        section=question.section.title if question.section else None,
        concept=in_plain_text(question.concept.term) if question.concept else None,
        stage=stage_of(question),
        is_retired_here=question.retired_here,
        is_deletable=is_deletable(db, question),
        lab=slug,
        marks=_marks(found),
        open_threads=open_threads,
        edits=count_edits(db, question),
        view=preview(question, shown),
    )


def preview(question: Question, shown: Wording) -> QuestionView:
    """The question as learners would see it with these texts, rendered by the function that renders their pages."""
    unsaved = Question(
        id=question.id,
        key=question.key,
        kind=question.kind,
        prompt=shown.prompt,
        answer=shown.answer,
        must=list(shown.must),
        bonus=list(shown.bonus),
        red_flags=list(shown.red_flags),
        hints=list(shown.hints),
        expected=_expected(question.kind, shown.expected),
        source_url=shown.source_url if is_web_address(shown.source_url) else None,
        as_of=shown.as_of or None,
        level=shown.level,
        choices=[Choice(id=each.id, text=each.text, right=each.right, why=each.why) for each in shown.choices],
    )
    return view_of(unsaved)


def unsaved(kind: QuestionKind) -> Question:
    """A question that is not stored, to be shown with texts by `preview`."""
    return Question(id=0, key="new", kind=kind)


def _expected(kind: QuestionKind, text: str) -> Expected | None:
    """What is right in a question of this kind; None while the text cannot be read."""
    try:
        return read(kind.value, text) if kind in EXPECTING_KINDS else None
    except NotExpected:
        return None


def _notes_on(db: Session, by_note: Mapping[int | None, int], *, first: int) -> tuple[list[int | None], int]:
    """The notes of the questions from number `first`, counted from 0, on one page; and the questions before them.

    `by_note` has the number of questions of each note; the questions without a note come last.
    """
    order = select(Note.id).order_by(Note.number.nulls_last(), Note.title, Note.id)
    notes: list[int | None] = []
    before = seen = 0
    for note in (*db.scalars(order), None):
        if note not in by_note or seen >= first + ROWS_PER_PAGE:
            continue
        seen += by_note[note]
        if seen <= first:
            before = seen
        else:
            notes.append(note)
    return notes, before


def _is_of(notes: Sequence[int | None]) -> ColumnElement[bool]:
    """The condition that a question is of one of these notes; None stands for no note."""
    named = Question.note_id.in_([note for note in notes if note is not None])
    return or_(named, Question.note_id.is_(None)) if None in notes else named


def _narrowed(questions: Select[*Columns], filters: Filters, editor: Reader, today: date) -> Select[*Columns]:
    """Those of `questions` that the editor may change and that pass the filters.

    Retired ones only if the health filter is RETIRED.
    """
    questions = questions.where(is_for_all(), edited_by(editor))
    for word in filters.q.replace("\x00", "")[:SEARCH_MAX_CHARS].split():
        places = (Question.prompt, Question.answer, Question.key)
        in_choice = Question.choices.any(Choice.text.icontains(word, autoescape=True))
        questions = questions.where(or_(*(place.icontains(word, autoescape=True) for place in places), in_choice))
    if filters.kind:
        questions = questions.where(Question.kind == QuestionKind(filters.kind))
    if filters.note:
        questions = questions.where(Note.key == filters.note)
    if filters.health == NEEDS_WORK:
        questions = questions.where(
            or_(*(condition(finding, today=today) for finding in Finding if finding not in FACTS))
        )
    elif filters.health:
        questions = questions.where(condition(Finding(filters.health), today=today))
    if filters.stage:
        return questions.where(_is_at(Stage(filters.stage)))
    if filters.health != Finding.RETIRED:
        # The same as `not retired`, but an index says of most questions, which are not hidden, that they are not.
        questions = questions.where(or_(Question.hidden == false(), ~condition(Finding.RETIRED, today=today)))
    return questions


def _is_at(stage: Stage) -> ColumnElement[bool]:
    """The condition that a question is at a stage; see `question_shape.stage_of`."""
    is_live, is_draft = Question.retired_at.is_(None), or_(Question.held == Withheld.DRAFT, Question.draft.is_(True))
    match stage:
        case Stage.PUBLISHED:
            return Question.hidden == false()
        case Stage.RETIRED:
            return Question.retired_at.is_not(None)
        case Stage.DRAFT:
            return and_(is_live, is_draft)
        case Stage.REVIEW:
            return and_(is_live, Question.held == Withheld.REVIEW, Question.draft.is_(False))
        case _:
            assert_never(stage)


def neighbours(
    db: Session, *, question: Question, filters: Filters, editor: Reader, today: date
) -> tuple[str | None, str | None]:
    """The keys of the questions before and after one in its note that pass the filters."""
    place = tuple_(Question.position, Question.id)
    here = tuple_(literal(question.position), literal(question.id))
    alike = _narrowed(select(Question.key).outerjoin(Question.note), filters, editor, today)
    alike = alike.where(Question.note_id.is_not_distinct_from(question.note_id))
    earlier = alike.where(place < here).order_by(Question.position.desc(), Question.id.desc()).limit(1)
    later = alike.where(place > here).order_by(Question.position, Question.id).limit(1)
    return db.scalar(earlier), db.scalar(later)


def _row(question: Question, lab: str | None, found: Sequence[bool], flags: Sequence[Flag]) -> Row:
    return Row(
        key=question.key,
        excerpt=lab or _excerpt(question.prompt),  # a lab's task begins with what stands there, and names its values
        kind=KIND_WORDS[question.kind],
        note=question.note.title if question.note else None,
        stage=None if (stage := stage_of(question)) is Stage.PUBLISHED else STAGE_WORDS[stage],
        marks=[
            *(flag_mark(flag) for flag in flags),
            *(one for one in _marks(found) if not flags or one.word != NO_FINDINGS),
        ],
    )


def flag_mark(flag: Flag) -> Mark:
    """The mark of what learners' answers say."""
    return Mark(state="bad" if flag in BAD_FLAGS else "warning", word=FLAG_WORDS[flag])


def _marks(found: Sequence[bool]) -> list[Mark]:
    """A mark for each finding that holds; `found` has one flag for each Finding. "no findings" if all are FACTS."""
    holding = [finding for finding, holds in zip(Finding, found, strict=True) if holds]
    marks = [Mark(state=state(finding), word=WORDS[finding]) for finding in holding]
    return marks if set(holding) - FACTS else [Mark(state="good", word=NO_FINDINGS), *marks]


def _excerpt(text: str) -> str:
    """The first EXCERPT_CHARS characters of a Markdown text, on one line and without markup."""
    line = in_plain_text(" ".join(text[: 2 * EXCERPT_CHARS].split()))
    return line if len(line) <= EXCERPT_CHARS else f"{line[:EXCERPT_CHARS].rstrip()}…"
