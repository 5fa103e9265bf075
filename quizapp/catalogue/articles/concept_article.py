"""A concept to read: what its note says of it, what asks it, its labs, and what leads to it. Reads only."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.catalogue.articles.lab_links import LabSummary, concepts_beside, labs_about
from quizapp.catalogue.articles.places import Place
from quizapp.catalogue.html.rendering import render, render_inline
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.same_thing import same_as_each
from quizapp.catalogue.visibility import Reader, is_learnt_by, read_by
from quizapp.errors import NotFound

QUESTIONS_MAX = 200  # on the page of one concept; none of the content folder has ten
LINKS_MAX = 20  # nobody follows more
GONE = "There is no such concept any more. The list of notes has those there are."
NAME_CHARS_MIN = 3  # of a name that is looked for in other texts: shorter ones, such as -p, are in most
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True)
class ConceptQuestion:
    """A question about a concept."""

    id: int
    key: str
    prompt_html: Markup
    is_card: bool
    """Whether it is a flashcard; else it is answered on a page."""


@dataclass(frozen=True, kw_only=True)
class ConceptLink:
    """A concept that leads to another one."""

    place: Place
    term_html: Markup
    is_beside: bool
    """Whether both are named by one lab; else its text names the other."""


@dataclass(frozen=True, kw_only=True)
class ConceptArticle:
    """A concept to read."""

    id: int
    key: str
    term_html: Markup
    text_html: Markup
    place: Place
    questions: Sequence[ConceptQuestion]
    labs: Sequence[LabSummary]
    """The labs that name it, the easiest first."""
    links: Sequence[ConceptLink]
    """The concepts that lead to it, those of the same note among them; at most LINKS_MAX."""


def concept_article(db: Session, *, user: Reader, key: str) -> ConceptArticle:
    """One concept of a note that `user` may read. Raises NotFound."""
    concept = db.scalar(
        select(Concept)
        .join(Concept.section)
        .join(Section.note)
        .where(Concept.key == key, Concept.retired_at.is_(None), Note.retired_at.is_(None), read_by(user))
    )
    if concept is None or concept.section is None:
        raise NotFound(GONE)
    labs = labs_about(db, concepts=[key]).get(key, [])
    return ConceptArticle(
        id=concept.id,
        key=key,
        term_html=render_inline(concept.term),
        text_html=render(concept.text),
        place=_place(concept, concept.section),
        questions=_questions(db, concept, labs, user=user),
        labs=labs,
        links=_links(db, concept, user=user),
    )


def _place(concept: Concept, section: Section) -> Place:
    return Place(
        note_key=section.note.key,
        note_title=section.note.title,
        section=section.title if section.title != section.note.title else None,
        anchor=section.anchor,
        concept=concept.term,
        concept_key=concept.key,
    )


def _questions(db: Session, concept: Concept, labs: Sequence[LabSummary], *, user: Reader) -> Sequence[ConceptQuestion]:
    """What asks it: its own questions, other forms of them, and those that are tried in a lab about it above all."""
    of_labs = select(Question.id).where(Question.id.in_([lab.question_id for lab in labs]))
    tried_in = [lab.slug for lab in labs if lab.question_id in set(db.scalars(of_labs.where(_is_about(concept))))]
    own = db.scalars(
        select(Question.id)
        .where(or_(_is_about(concept), Question.lab_slug.in_(tried_in)), Question.hidden == false())
        .limit(QUESTIONS_MAX)
    ).all()
    forms = {other for _, other in db.execute(same_as_each(), {"of_ids": own})}
    shown = (
        select(Question.id, Question.key, Question.prompt, Question.kind)
        .where(Question.id.in_(forms), Question.hidden == false(), Question.kind != QuestionKind.LAB)
        .where(is_learnt_by(user.id))
        .order_by(Question.concept_id.is_distinct_from(concept.id), Question.position, Question.id)
        .limit(QUESTIONS_MAX)
    )
    return [
        ConceptQuestion(
            id=id, key=key, prompt_html=render_inline(prompt.split("\n")[0]), is_card=kind is QuestionKind.FLASHCARD
        )
        for id, key, prompt, kind in db.execute(shown)
    ]


def _is_about(concept: Concept) -> ColumnElement[bool]:
    return Question.concept_id == concept.id


def _links(db: Session, concept: Concept, *, user: Reader) -> Sequence[ConceptLink]:
    """The concepts whose text names this one, and those that a lab names beside it."""
    beside = concepts_beside(db, key=concept.key)
    named = [Concept.text.contains(name, autoescape=True) for name in names_of(concept.term)]
    found = (
        select(Concept)
        .join(Concept.section)
        .join(Section.note)
        .where(or_(Concept.key.in_(beside), *named), Concept.id != concept.id, Concept.retired_at.is_(None))
        .where(Note.retired_at.is_(None), read_by(user))
        .options(contains_eager(Concept.section).contains_eager(Section.note).load_only(Note.key, Note.title))
        .order_by(Note.number.nulls_last(), Note.title, Note.id, Concept.position, Concept.id)
        .limit(LINKS_MAX)
    )
    return [
        ConceptLink(place=_place(one, one.section), term_html=render_inline(one.term), is_beside=one.key in beside)
        for one in db.scalars(found)
        if one.section is not None
    ]


def names_of(term: str) -> Collection[str]:
    """What another text would call a concept: the code in its term, or else the whole term, as it is written."""
    code = {name.strip() for name in _CODE.findall(term)}
    return [name for name in sorted(code or {term}) if len(name) >= NAME_CHARS_MIN]
