"""The questions of a note that cannot be asked yet, each with what it lacks. Reads only; knows no page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Question, Section
from quizapp.catalogue.question_shape import wording_of
from quizapp.catalogue.question_wording import unaskable

NO_ANSWER = "It has no answer yet. Once one stands under it in the note's text, it is asked."


@dataclass(frozen=True, kw_only=True)
class DraftQuestion:
    """A question that cannot be asked yet."""

    prompt_html: Markup
    lacks: str
    """A sentence that says what makes it one that is asked."""


def drafts_of(db: Session, *, note_id: int) -> Mapping[str | None, Sequence[DraftQuestion]]:
    """The drafts of a note that nobody holds back, in its order, by the anchor of their section; None for none."""
    rows = (
        select(Question, Section.anchor)
        .outerjoin(Section, Section.id == Question.section_id)
        .where(Question.note_id == note_id, Question.draft, Question.retired_at.is_(None), Question.held.is_(None))
        .options(selectinload(Question.choices), selectinload(Question.tags))
        .order_by(Question.position, Question.id)
    )
    found: dict[str | None, list[DraftQuestion]] = defaultdict(list)
    for question, anchor in db.execute(rows):
        drawn = DraftQuestion(prompt_html=render_inline(question.prompt.split("\n")[0]), lacks=_lacks(question))
        found[anchor].append(drawn)
    return found


def _lacks(question: Question) -> str:
    faults = unaskable(wording_of(question), question.kind, draft=True)
    return " ".join(faults.values()) or NO_ANSWER
