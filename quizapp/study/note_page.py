"""A note with what its reader knows of it. Reads only."""

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
    """A concept beside the article. `state` is the least advanced of its cards' states."""

    term: Markup
    state: str
    url: None = None


@dataclass(frozen=True, kw_only=True)
class SectionOfReader:
    """A section and the reader's knowledge of its concepts."""

    section: SectionView
    concepts: Sequence[MarginConcept]


@dataclass(frozen=True, kw_only=True)
class NotePage:
    """A note as one reader sees it. `in_review` of `to_review` questions are cards of theirs already."""

    note: NoteArticle
    sections: Sequence[SectionOfReader]
    in_review: int
    to_review: int
    lab_states: Mapping[str, str]


# From least to most advanced: a concept is as far as its least advanced card. Due comes first, since it wants action.
_ORDER = (Knowledge.DUE, Knowledge.LEARNING, Knowledge.NEW, Knowledge.KNOWN)


def note_page(db: Session, *, user: User, key: str, now: datetime) -> NotePage:
    """One note for one reader. Raises NotFound."""
    note = note_article(db, key=key)
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
        lab_states={lab.slug: state_of(known, [lab.question_id]) for lab in note.labs},
    )


def state_of(known: Mapping[int, Knowledge], question_ids: Collection[int]) -> str:
    """The state shown for some questions together: "new" as long as none of them is a card."""
    states = {known[question_id] for question_id in question_ids}
    return next((state.value for state in _ORDER if state in states), Knowledge.NEW.value)
