"""A note's page, with how far one learner is with its concepts. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.queries import NoteArticle, SectionView, note_article
from quizapp.review.queries import Knowledge, knowledge, today_of


@dataclass(frozen=True, kw_only=True)
class MarginConcept:
    """A concept in the margin of the note."""

    term: Markup
    state: str
    """The value of the Knowledge of its least advanced card; see `state_of`."""
    url: None = None


@dataclass(frozen=True, kw_only=True)
class SectionOfReader:
    """A section, with how far the learner is with its concepts."""

    section: SectionView
    concepts: Sequence[MarginConcept]


@dataclass(frozen=True, kw_only=True)
class NotePage:
    """A note as one learner sees it."""

    note: NoteArticle
    sections: Sequence[SectionOfReader]
    in_review: int
    """The number of its questions of which the learner has a card."""
    to_review: int
    """The number of its questions that can become cards."""
    is_own: bool
    """Whether it is the reader's own note, which no other learner sees."""
    offered_by: str | None
    """For an editor, the name of the learner who offers it to all; None for another note."""
    lab_states: Mapping[str, str]
    """How far the learner is with each of its labs: slug to a value of Knowledge."""


# From least to most advanced: a concept has the state of its least advanced card. Due is first: it is to be reviewed.
_ORDER = (Knowledge.DUE, Knowledge.LEARNING, Knowledge.NEW, Knowledge.KNOWN)


def note_page(db: Session, *, user: User, key: str, now: datetime) -> NotePage:
    """The page of one note for one learner. Raises NotFound."""
    note = note_article(db, user=user, key=key)
    ids = [*note.to_review, *(lab.question_id for lab in note.labs)]
    known = knowledge(db, user_id=user.id, question_ids=ids, today=today_of(user, now=now))
    return NotePage(
        note=note,
        sections=[
            SectionOfReader(
                section=section,
                concepts=[
                    MarginConcept(term=concept.term_html, state=state_of(known, concept.question_ids))
                    for concept in section.concepts
                ],
            )
            for section in note.sections
        ],
        in_review=sum(known[question_id] is not Knowledge.NONE for question_id in note.to_review),
        to_review=len(note.to_review),
        is_own=note.owner_id == user.id,
        offered_by=db.get_one(User, note.owner_id).name if note.owner_id not in (None, user.id) else None,
        lab_states={lab.slug: state_of(known, [lab.question_id]) for lab in note.labs},
    )


def state_of(known: Mapping[int, Knowledge], question_ids: Collection[int]) -> str:
    """The state of several questions together: the first of _ORDER that one of them has; "new" without any card."""
    states = {known[question_id] for question_id in question_ids}
    return next((state.value for state in _ORDER if state in states), Knowledge.NEW.value)
