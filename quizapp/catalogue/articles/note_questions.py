"""What can become cards of one note: its questions in their order, each with its section. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import false, select
from sqlalchemy.orm import Session

from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.same_thing import is_shared, things_of
from quizapp.catalogue.visibility import Reader, learnt_by
from quizapp.errors import NotFound

ID_DIGITS_MAX = 9  # of a number that a column of ids holds


@dataclass(frozen=True, kw_only=True)
class NoteQuestion:
    """A question that can become a card."""

    id: int
    key: str
    kind: QuestionKind
    prompt_html: Markup
    anchor: str | None
    """The id of its section's element on the note's page; None if it is in none."""
    thing: int
    """The id of one that tests the same thing: the same one for all that are learnt by one card."""


def note_id_of(db: Session, *, user: Reader, key: str) -> int:
    """The id of a note that `user` learns from. Raises NotFound."""
    found = db.scalar(select(Note.id).where(Note.key == key, Note.retired_at.is_(None), learnt_by(user.id)))
    if found is None:
        raise NotFound("There is no such note any more. The list of notes has those there are.")
    return found


def questions_of(
    db: Session,
    *,
    note_id: int,
    section: str | None = None,
    concept: str | None = None,
    question: str | None = None,
) -> Sequence[NoteQuestion]:
    """The questions of a note, or only those of the section with that anchor, of the concept or with that key or id.

    Pages send the id: the key of a lab's question has the lab's slug, which may tell what is to be found.
    """
    asked = (
        select(Question.id, Question.key, Question.kind, Question.prompt, Section.anchor, is_shared(Question))
        .outerjoin(Section, Section.id == Question.section_id)
        .where(Question.note_id == note_id, Question.hidden == false())
    )
    if section is not None:
        asked = asked.where(Section.anchor == section)
    if concept is not None:
        asked = asked.join(Concept, Concept.id == Question.concept_id).where(Concept.key == concept)
    if question is not None:
        is_id = question.isascii() and question.isdecimal() and len(question) <= ID_DIGITS_MAX
        asked = asked.where(Question.id == int(question) if is_id else Question.key == question)
    rows = db.execute(asked.order_by(Question.position, Question.id)).all()
    things = things_of(db, question_ids=[row[0] for row in rows if row[-1]])
    return [
        NoteQuestion(
            id=id, key=key, kind=kind, prompt_html=render_inline(prompt), anchor=anchor, thing=things.get(id, id)
        )
        for id, key, kind, prompt, anchor, _ in rows
    ]
