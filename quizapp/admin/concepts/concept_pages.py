"""The pages of concepts for editors: the list, and one concept with what hangs on it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVarTuple

from markupsafe import Markup
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from quizapp.admin.trail import LastDone, last_done
from quizapp.catalogue.editing.concept_authoring import STEPS, is_deletable
from quizapp.catalogue.html.rendering import in_plain_text, render, render_head, render_inline
from quizapp.catalogue.models import Concept, Note, Question, Section
from quizapp.catalogue.note_paths import is_file
from quizapp.catalogue.patches.concept_text import ConceptWords
from quizapp.catalogue.remits import notes_edited_by
from quizapp.catalogue.visibility import FOR_ALL, Reader

Columns = TypeVarTuple("Columns")

ROWS_PER_PAGE = 50
SEARCH_MAX_CHARS = 200
QUESTIONS_MAX = 100  # named on one concept's page; none of the content folder has ten
CHOICES_MAX = 500  # concepts of one note that one can be merged with; the longest note that was seen has 120


@dataclass(frozen=True, kw_only=True)
class ConceptFilters:
    """The filters of the list. An empty text filters nothing."""

    q: str = ""
    """Words; each must be in the name or the text."""
    note: str = ""
    """The key of a note."""
    retired: str = ""
    """Anything for those alone that an editor retired; empty for those that are there."""

    @property
    def chosen(self) -> dict[str, str]:
        """Those that are set, by name, as an address has them."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True, kw_only=True)
class ConceptRow:
    """A concept in the list."""

    key: str
    term: str
    """Without the marks of Markdown, as in all that follows but `term_html`."""
    term_html: Markup
    note: str
    section: str
    questions: int
    """How many that are not retired are about it."""


@dataclass(frozen=True, kw_only=True)
class ConceptList:
    """One page of the list."""

    rows: Sequence[ConceptRow]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class ConceptChoice:
    """A concept that another one can be merged with."""

    key: str
    term: str


@dataclass(frozen=True, kw_only=True)
class ConceptToEdit:
    """A concept in its editor."""

    key: str
    term: str
    note_key: str
    note_title: str
    section: str
    anchor: str
    is_file: bool
    """Whether its note is one."""
    is_retired: bool
    is_retired_here: bool
    is_deletable: bool
    questions: Sequence[tuple[str, Markup]]
    """The key and the first line of what asks it."""
    step: LastDone | None
    """What this editor did to it last, if that was not taken back."""


def concept_list(db: Session, *, filters: ConceptFilters, editor: Reader, page: int) -> ConceptList:
    """A page of the concepts that an editor may change, note by note. A page past the end gives the last one."""
    chosen = _narrowed(select(Concept.id), filters, editor)
    found = db.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    pages = max(1, ceil(found / ROWS_PER_PAGE))
    page = min(max(1, page), pages)
    asked = select(func.count(Question.id)).where(Question.concept_id == Concept.id, Question.retired_at.is_(None))
    rows = _narrowed(
        select(Concept.key, Concept.term, Note.title, Section.title, asked.scalar_subquery()), filters, editor
    )
    rows = rows.order_by(Note.number.nulls_last(), Note.title, Note.id, Concept.position, Concept.id)
    here = db.execute(rows.limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE))
    return ConceptList(
        rows=[
            ConceptRow(
                key=key,
                term=in_plain_text(term),
                term_html=render_inline(term),
                note=note,
                section=section,
                questions=questions,
            )
            for key, term, note, section, questions in here
        ],
        found=found,
        page=page,
        pages=pages,
    )


def concept_page(db: Session, *, concept: Concept, editor: Reader) -> ConceptToEdit:
    """A concept, which has a section, in its editor."""
    section = concept.section
    assert section is not None  # the service gives no other
    asked = select(Question.key, Question.prompt).where(
        Question.concept_id == concept.id, Question.retired_at.is_(None)
    )
    rows = db.execute(asked.order_by(Question.position, Question.id).limit(QUESTIONS_MAX))
    return ConceptToEdit(
        key=concept.key,
        term=in_plain_text(concept.term),
        note_key=section.note.key,
        note_title=section.note.title,
        section=section.title,
        anchor=section.anchor,
        is_file=is_file(section.note.path),
        is_retired=concept.retired_at is not None,
        is_retired_here=concept.retired_here,
        is_deletable=is_deletable(db, concept),
        questions=[(key, render_head(prompt)) for key, prompt in rows],
        step=last_done(db, of=concept.key, deeds=STEPS, editor=editor),
    )


def concepts_of(db: Session, *, note: str, besides: str) -> Sequence[ConceptChoice]:
    """The concepts of a note for all, in its order, without one."""
    found = select(Concept.key, Concept.term).join(Concept.section).join(Section.note)
    live = Note.key == note, FOR_ALL, Note.retired_at.is_(None), Concept.retired_at.is_(None), Concept.key != besides
    rows = db.execute(found.where(*live).order_by(Concept.position, Concept.id).limit(CHOICES_MAX))
    return [ConceptChoice(key=key, term=in_plain_text(term)) for key, term in rows]


def is_in_file(db: Session, *, note: str) -> bool:
    """Whether a note is a file."""
    path = db.scalar(select(Note.path).where(Note.key == note, FOR_ALL))
    return path is not None and is_file(path)


def shown_words(words: ConceptWords) -> tuple[Markup, Markup]:
    """The name and the text as learners see them."""
    return render_inline(words.term), render(words.text)


def _narrowed(concepts: Select[*Columns], filters: ConceptFilters, editor: Reader) -> Select[*Columns]:
    """Those of `concepts` that the editor may change and that pass the filters."""
    found = concepts.join(Concept.section).join(Section.note)
    found = found.where(FOR_ALL, Note.retired_at.is_(None), notes_edited_by(editor))
    for word in filters.q.replace("\x00", "")[:SEARCH_MAX_CHARS].split():
        places = (Concept.term, Concept.text)
        found = found.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    if filters.note:
        found = found.where(Note.key == filters.note)
    if filters.retired:
        return found.where(Concept.retired_here, Concept.retired_at.is_not(None))
    return found.where(Concept.retired_at.is_(None))
