"""What explains a question, and what proves that one knows it: the line of its concept, and a lab. Reads only.

A question of a list at a note's end belongs to no concept itself. It is about the concept of another form of the same
thing, or about one that its lab names; where nothing names one, its words tell which it is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.articles.lab_links import LabSummary, summaries_of_labs
from quizapp.catalogue.articles.places import Place, place_of
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import Concept, Lab, Note, Question, Section
from quizapp.catalogue.nearest import Passage, nearest
from quizapp.catalogue.same_thing import pairs_of, same_as_each
from quizapp.catalogue.visibility import Reader, is_learnt_by, read_by
from quizapp.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class _About:
    """What one question says of itself."""

    concept: str | None
    """The key of its concept."""
    lab: int | None
    """The id of its lab, or of the one in which its answer can be tried."""
    lab_concepts: Sequence[str]
    """The keys of the concepts that this lab names."""


def place_explaining(db: Session, *, user: Reader, question_id: int) -> Place:
    """The place that explains a question of a note that `user` may read. Raises NotFound.

    It is the line of the concept that the question is about; of several that its lab names, or of all of its note if
    nothing names one, that of the nearest by its words. Without any, it is the nearest section that teaches, else the
    question's own one, else the beginning of its note.
    """
    question = db.scalar(
        select(Question)
        .join(Question.note)
        .where(Question.id == question_id, Note.retired_at.is_(None), read_by(user))
        .options(joinedload(Question.section), joinedload(Question.concept))
    )
    place = place_of(question) if question is not None else None
    if question is None or place is None:
        raise NotFound("There is no such question in a note any more. The list of notes has those there are.")
    forms = _forms(db, user=user, question_ids=[question_id]).get(question_id, [])
    of_concepts = _lines(db, Concept.key.in_(_concepts(forms)), user=user)
    own = next((found for found in _of(of_concepts, _own_concepts(forms))), None)
    if own is not None:
        return own[0]
    named = _of(of_concepts, _concepts(forms))
    return _nearest(question, named) or (named[0][0] if named else _in_note(db, question, place, user=user))


def _in_note(db: Session, question: Question, place: Place, *, user: Reader) -> Place:
    """The place that explains a question of which nothing says what it is about: in its section if that teaches."""
    is_explained = question.section is not None and question.section.teaches
    within = Section.id == question.section_id if is_explained else Section.note_id == question.note_id
    found = _nearest(question, _lines(db, within, user=user))
    if found is not None or is_explained:
        return found or place
    sections = select(Section.title, Section.anchor, Section.html).where(within, Section.teaches)
    passages = [
        (
            replace(place, section=title if title != place.note_title else None, anchor=anchor),
            Passage(title=title, text=Markup(html).striptags()),
        )
        for title, anchor, html in db.execute(sections.order_by(Section.position))
    ]
    return _nearest(question, passages) or replace(place, section=None, anchor=None)


def _nearest(question: Question, passages: Sequence[tuple[Place, Passage]]) -> Place | None:
    """The place whose passage is the nearest to a question and its answer; None if none is near."""
    found = nearest(f"{question.prompt} {question.answer}", [passage for _, passage in passages])
    return None if found is None else passages[found][0]


def labs_proving(db: Session, *, user: Reader, question_ids: Collection[int]) -> Mapping[int, LabSummary]:
    """A lab for each of these questions that has one: its own, that of another form of it, or one on its concept."""
    forms = _forms(db, user=user, question_ids=question_ids)
    chosen = {of: next((form.lab for form in all_of if form.lab is not None), None) for of, all_of in forms.items()}
    if None in chosen.values():
        by_concept = _labs_by_concept(db)
        for of, all_of in forms.items():
            chosen[of] = chosen[of] or next((by_concept[key] for key in _concepts(all_of) if key in by_concept), None)
    labs = summaries_of_labs(db, lab_ids={lab for lab in chosen.values() if lab is not None})
    return {of: labs[lab] for of, lab in chosen.items() if lab is not None and lab in labs}


@dataclass(frozen=True, kw_only=True)
class ConceptName:
    """A concept as it is named beside what is about it."""

    key: str
    term: str

    @property
    def plain(self) -> str:
        """The term without the marks of Markdown, for where no markup can stand."""
        return in_plain_text(self.term)


def concepts_of(db: Session, *, user: Reader, question_ids: Collection[int]) -> Mapping[int, ConceptName]:
    """The concept that each of these questions is most surely about; none of one that is about none."""
    forms = _forms(db, user=user, question_ids=question_ids)
    keys = {of: found[0] for of, all_of in forms.items() if (found := _concepts(all_of))}
    named = select(Concept.key, Concept.term).where(Concept.key.in_(set(keys.values())), Concept.retired_at.is_(None))
    terms = dict(db.execute(named).all())
    return {of: ConceptName(key=key, term=terms[key]) for of, key in keys.items() if key in terms}


def is_about(db: Session, *, concepts: Collection[str]) -> ColumnElement[bool]:
    """The condition that a question is about one of these concepts: itself, by another form of it, or by its lab."""
    own = Question.concept_id.in_(select(Concept.id).where(Concept.key.in_(concepts)))
    forms = pairs_of(own).subquery()
    labs = db.execute(select(Lab.slug, Lab.definition["concepts"]).where(Lab.retired_at.is_(None)))
    slugs = [slug for slug, named in labs if set(concepts) & set(named or ())]
    return or_(own, Question.id.in_(select(forms.c.other)), Question.lab_slug.in_(slugs))


def _forms(db: Session, *, user: Reader, question_ids: Collection[int]) -> Mapping[int, Sequence[_About]]:
    """For each of these questions what it says, and after it what the other forms say that `user` learns from."""
    pairs = db.execute(same_as_each(), {"of_ids": list(question_ids)}).all()
    tried_in = and_(or_(Lab.question_id == Question.id, Lab.slug == Question.lab_slug), Lab.retired_at.is_(None))
    asked = or_(Question.id.in_(question_ids), and_(Question.hidden == false(), is_learnt_by(user.id)))
    rows = db.execute(
        select(Question.id, Concept.key, Lab.id, Lab.definition["concepts"])
        .outerjoin(Concept, and_(Concept.id == Question.concept_id, Concept.retired_at.is_(None)))
        .outerjoin(Lab, tried_in)
        .where(Question.id.in_({other for _, other in pairs}), asked)
        .order_by(Lab.id)
    )
    said: dict[int, _About] = {}
    for question_id, concept, lab, concepts in rows:
        said.setdefault(question_id, _About(concept=concept, lab=lab, lab_concepts=concepts or ()))
    found: dict[int, list[_About]] = {}
    for of, other in sorted(pairs, key=lambda pair: (pair[0] != pair[1], pair[1])):  # each question itself first
        if other in said:
            found.setdefault(of, []).append(said[other])
    return found


def _own_concepts(forms: Iterable[_About]) -> list[str]:
    """The keys of the concepts that a question and its other forms say they are about, its own first."""
    return [form.concept for form in forms if form.concept is not None]


def _concepts(forms: Iterable[_About]) -> list[str]:
    """The keys of the concepts that a question is about, the surest first: at the end those that its labs name."""
    forms = list(forms)
    return list(dict.fromkeys([*_own_concepts(forms), *(key for form in forms for key in form.lab_concepts)]))


def _lines(db: Session, which: ColumnElement[bool], *, user: Reader) -> Sequence[tuple[Place, Passage]]:
    """Such concepts of notes that `user` may read, in the order of their notes, each with what it says."""
    rows = db.execute(
        select(Concept.key, Concept.term, Concept.text, Section.title, Section.anchor, Note.key, Note.title)
        .join(Section, Section.id == Concept.section_id)
        .join(Note, Note.id == Section.note_id)
        .where(which, Concept.retired_at.is_(None), Note.retired_at.is_(None), read_by(user))
        .order_by(Note.id, Concept.position, Concept.id)
    )
    return [
        (
            Place(
                note_key=note,
                note_title=named,
                section=title if title != named else None,
                anchor=anchor,
                concept=term,
                concept_key=key,
            ),
            Passage(title=term, text=text),
        )
        for key, term, text, title, anchor, note, named in rows
    ]


def _of(lines: Sequence[tuple[Place, Passage]], concepts: Sequence[str]) -> Sequence[tuple[Place, Passage]]:
    """The lines of these concepts, as far as they are there, in the order of the keys."""
    by_key = {place.concept_key: (place, passage) for place, passage in lines}
    return [by_key[key] for key in concepts if key in by_key]


def _labs_by_concept(db: Session) -> Mapping[str, int]:
    """The ids of the labs that are offered, by the keys of the concepts they name: for each concept the easiest."""
    rows = db.execute(
        select(Lab.id, Lab.definition["concepts"])
        .join(Lab.question)
        .where(Lab.retired_at.is_(None))
        .order_by(Question.level, Lab.minutes, Lab.id)
    )
    found: dict[str, int] = {}
    for lab, concepts in rows:
        for key in concepts or ():
            found.setdefault(key, lab)
    return found
