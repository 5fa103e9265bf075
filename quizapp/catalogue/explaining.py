"""What explains a question, and what proves that one knows it: the section of its concept, and a lab. Reads only.

A question of a list at a note's end belongs to no concept itself. It is about the concept of another form of the same
thing, or about one that its lab names.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.models import Concept, Lab, Note, Question, Section
from quizapp.catalogue.queries import LabSummary, Place, place_of, summaries_of_labs
from quizapp.catalogue.same_thing import same_as_each
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

    It is the section of the concept that the question is about; else the question's own section, if that teaches; else
    the beginning of its note.
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
    keys = _concepts(_forms(db, user=user, question_ids=[question_id]).get(question_id, []))
    found = _sections(db, user=user, concepts=keys)
    explaining = next((found[key] for key in keys if key in found), None)
    if explaining is not None:
        return explaining
    is_explained = question.section is not None and question.section.teaches
    return place if is_explained else replace(place, section=None, anchor=None)


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


def _concepts(forms: Iterable[_About]) -> list[str]:
    """The keys of the concepts that a question is about, the surest first."""
    forms = list(forms)
    own = [form.concept for form in forms if form.concept is not None]
    return list(dict.fromkeys([*own, *(key for form in forms for key in form.lab_concepts)]))


def _sections(db: Session, *, user: Reader, concepts: Collection[str]) -> Mapping[str, Place]:
    """The sections of these concepts that `user` may read, by the concept's key."""
    rows = db.execute(
        select(Concept.key, Concept.term, Section.title, Section.anchor, Note.key, Note.title)
        .join(Section, Section.id == Concept.section_id)
        .join(Note, Note.id == Section.note_id)
        .where(Concept.key.in_(concepts), Concept.retired_at.is_(None), Note.retired_at.is_(None), read_by(user))
    )
    return {
        key: Place(
            note_key=note, note_title=named, section=title if title != named else None, anchor=anchor, concept=term
        )
        for key, term, title, anchor, note, named in rows
    }


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
