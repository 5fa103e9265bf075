"""A note to read: its sections with their text, concepts, questions and labs. Reads only.

The number of statements is the same for every note: what belongs to many rows is read in one statement for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import Select, bindparam, false, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from quizapp.catalogue.articles.lab_links import LabSummary, labs_of
from quizapp.catalogue.articles.queries import QuestionView, date_of_note, view_of
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import IS_OF_ANOTHER_TOOL, PAGE_KINDS, Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.patches.concept_lines import SectionPiece, SoughtTerm, element_of, parts_of
from quizapp.catalogue.visibility import Reader, read_by
from quizapp.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class ConceptView:
    """A concept of a note, with the ids of its questions, and the labs about it."""

    key: str
    term_html: Markup
    question_ids: Sequence[int]
    """Those that can become cards, its labs' own among them."""
    labs: Sequence[LabSummary]
    """The labs that name it, the easiest first."""

    @property
    def element(self) -> str:
        """The id of the element at its line."""
        return element_of(self.key)


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """A section of a note, as a page shows it."""

    number: str | None
    title: str
    """Empty for one that has the title of its note, such as the text before the first heading."""
    anchor: str
    """The id of its element on the page."""
    parts: Sequence[SectionPiece]
    """Its text, cut behind the line of each concept."""
    concepts: Sequence[ConceptView]
    questions: Sequence[QuestionView]
    """Its open questions, which the page shows with their answers."""
    labs: Sequence[LabSummary]
    """The labs that stand under it, the easiest first."""

    @property
    def html(self) -> Markup:
        """Its text."""
        return Markup("").join(part.html for part in self.parts)

    @property
    def unplaced(self) -> Sequence[ConceptView]:
        """Its concepts whose line in the text was not found."""
        placed = {part.concept for part in self.parts}
        return [concept for concept in self.concepts if concept.key not in placed]


@dataclass(frozen=True, kw_only=True)
class NoteArticle:
    """A note to read."""

    id: int
    key: str
    title: str
    number: int | None
    date: str | None
    sections: Sequence[SectionView]
    labs: Sequence[LabSummary]
    """The labs about its concepts, and those that stand in it."""
    to_practise: Sequence[int]
    """The ids of its questions that are answered on a page."""
    to_review: Sequence[int]
    """The ids of its questions that can become cards."""
    owner_id: UUID | None
    """The id of the learner whose own note it is; None for a note for all."""
    is_offered: bool
    """Whether its owner offers it to all."""
    came_as: str | None
    """What its file was, such as text2qti, if that was questions of another tool: it has no Markdown to give back."""

    @property
    def is_of_another_tool(self) -> bool:
        """Whether its file was questions of another tool."""
        return self.came_as is not None


def note_article(db: Session, *, user: Reader, key: str) -> NoteArticle:
    """One note that `user` may read. Raises NotFound."""
    found = select(Note, IS_OF_ANOTHER_TOOL).where(Note.key == key, Note.retired_at.is_(None), read_by(user))
    row = db.execute(found.options(defer(Note.source), selectinload(Note.sections))).one_or_none()
    if row is None:
        raise NotFound("There is no such note any more. The list of notes has those there are.")
    note, is_of_another_tool = row
    asked = list(db.scalars(_live_questions(), {"note_id": note.id}).unique())
    concepts = db.scalars(_live_concepts(), {"note_id": note.id}).all()
    own = [question.id for question in asked if question.kind is QuestionKind.LAB]
    about, labs = labs_of(db, concepts={concept.key for concept in concepts}, questions=own)
    of_note = _OfNote(asked, concepts, about, labs)
    return NoteArticle(
        id=note.id,
        key=note.key,
        title=note.title,
        number=note.number,
        date=date_of_note(note),
        sections=[_section_view(section, of_note) for section in note.sections],
        labs=sorted(labs, key=lambda lab: lab.title),
        to_practise=[question.id for question in asked if question.kind in PAGE_KINDS],
        to_review=[question.id for question in asked],
        owner_id=note.owner_id,
        is_offered=note.offered_at is not None,
        came_as=note.convention if is_of_another_tool else None,
    )


class _OfNote:
    """What a note has, sorted to its sections and concepts."""

    def __init__(
        self,
        asked: Sequence[Question],
        concepts: Sequence[Concept],
        about: Mapping[str, Sequence[LabSummary]],
        labs: Sequence[LabSummary],
    ) -> None:
        self.asked: dict[int | None, list[Question]] = {}
        """The questions of each section, by its id."""
        self.of_concept: dict[tuple[int | None, int | None], list[int]] = {}
        """The ids of a section's questions about a concept, by the ids of both."""
        self.concepts: dict[int | None, list[Concept]] = {}
        """The concepts of each section, by its id."""
        self.about = about
        """The labs that name a concept, by its key."""
        self.labs = labs
        """Those, and what else stands in the note, such as the labs of a concept that an editor has retired."""
        for question in asked:
            self.asked.setdefault(question.section_id, []).append(question)
            self.of_concept.setdefault((question.section_id, question.concept_id), []).append(question.id)
        for concept in concepts:
            self.concepts.setdefault(concept.section_id, []).append(concept)


def _section_view(section: Section, of_note: _OfNote) -> SectionView:
    mine = of_note.asked.get(section.id, [])
    concepts = [
        ConceptView(
            key=concept.key,
            term_html=render_inline(concept.term),
            question_ids=of_note.of_concept.get((section.id, concept.id), []),
            labs=of_note.about.get(concept.key, []),
        )
        for concept in of_note.concepts.get(section.id, [])
    ]
    own = {question.id for question in mine if question.kind is QuestionKind.LAB}
    return SectionView(
        number=section.number,
        title=section.title if section.title != section.note.title else "",
        anchor=section.anchor,
        parts=parts_of(section.html, [SoughtTerm(key=one.key, term_html=one.term_html) for one in concepts]),
        concepts=concepts,
        questions=[
            view_of(question)
            for question in mine
            if question.kind is not QuestionKind.LAB and question.concept_id is None
        ],
        labs=sorted(
            (lab for lab in of_note.labs if lab.question_id in own),
            key=lambda lab: (lab.level or 0, lab.minutes, lab.title),
        ),
    )


@cache
def _live_questions() -> Select[Question]:
    """The questions of a note that are shown, in its order. Takes `note_id`."""
    return (
        select(Question)
        .where(Question.note_id == bindparam("note_id"), Question.hidden == false())
        .options(joinedload(Question.choices), joinedload(Question.concept).defer(Concept.text))
        .order_by(Question.position, Question.id)
    )


@cache
def _live_concepts() -> Select[Concept]:
    """The concepts of a note that are there, in its order. Takes `note_id`."""
    return (
        select(Concept)
        .join(Concept.section)
        .where(Section.note_id == bindparam("note_id"), Concept.retired_at.is_(None))
        .options(defer(Concept.text))
        .order_by(Concept.position, Concept.id)
    )
