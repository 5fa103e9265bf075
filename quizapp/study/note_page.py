"""A note's page, with how far one learner is with its concepts. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from markupsafe import Markup
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.note_article import NoteArticle, SectionView, note_article
from quizapp.catalogue.note_questions import NoteQuestion, questions_of
from quizapp.review import retentions
from quizapp.review.queries import Knowledge, knowledge, today_of
from quizapp.review.studied import suspended_of


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


class InReviews(StrEnum):
    """Whether a question is in the learner's reviews."""

    IN = "in"
    SUSPENDED = "suspended"
    NONE = "none"  # it is no card


@dataclass(frozen=True, kw_only=True)
class CardChoice:
    """A question of the note that can be added to the reviews or taken out of them."""

    question: NoteQuestion
    state: InReviews


@dataclass(frozen=True, kw_only=True)
class CardChoices:
    """The questions of one section, or of the whole note."""

    title: str
    """Empty for questions that are in no section with a title."""
    anchor: str | None
    """The section's; None if the questions are in none."""
    choices: Sequence[CardChoice]

    @property
    def total(self) -> int:
        """How many cards they are: questions that test the same thing are learnt by one."""
        return len({choice.question.thing for choice in self.choices})

    def count(self, state: str) -> int:
        """How many cards are in a state."""
        return len({choice.question.thing for choice in self.choices if choice.state == state})


@dataclass(frozen=True, kw_only=True)
class NotePage:
    """A note as one learner sees it."""

    note: NoteArticle
    sections: Sequence[SectionOfReader]
    cards: CardChoices
    """All its questions that can become cards."""
    cards_by_section: Sequence[CardChoices]
    """The same; sections without any are left out."""
    is_own: bool
    """Whether it is the reader's own note, which no other learner sees."""
    offered_by: str | None
    """For an editor, the name of the learner who offers it to all; None for another note."""
    may_export: bool
    """Whether the reader may have it as a file: editors, and its owner."""
    retention: int | None
    """How much of it the learner wants to remember, in percent, if not as much as of other notes."""
    lab_states: Mapping[str, str]
    """How far the learner is with each of its labs: slug to a value of Knowledge."""


# From least to most advanced: a concept has the state of its least advanced card. Due is first: it is to be reviewed.
_ORDER = (Knowledge.DUE, Knowledge.LEARNING, Knowledge.NEW, Knowledge.KNOWN)


def note_page(db: Session, *, user: User, key: str, now: datetime) -> NotePage:
    """The page of one note for one learner. Raises NotFound."""
    note = note_article(db, user=user, key=key)
    ids = [*note.to_review, *(lab.question_id for lab in note.labs)]
    known = knowledge(db, user_id=user.id, question_ids=ids, today=today_of(user, now=now))
    cards = _card_choices(db, user=user, note=note, known=known)
    retention = retentions.of_note(db, user=user, note_id=note.id)
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
        cards=cards,
        cards_by_section=_by_section(note, cards.choices),
        is_own=note.owner_id == user.id,
        offered_by=db.get_one(User, note.owner_id).name if note.owner_id not in (None, user.id) else None,
        may_export=user.is_editor or note.owner_id == user.id,
        retention=None if retention is None else round(100 * retention),
        lab_states={lab.slug: state_of(known, [lab.question_id]) for lab in note.labs},
    )


def _card_choices(db: Session, *, user: User, note: NoteArticle, known: Mapping[int, Knowledge]) -> CardChoices:
    suspended = suspended_of(db, user=user, question_ids=note.to_review)

    def state(question_id: int) -> InReviews:
        if known.get(question_id, Knowledge.NONE) is Knowledge.NONE:
            return InReviews.NONE
        return InReviews.SUSPENDED if question_id in suspended else InReviews.IN

    asked = questions_of(db, note_id=note.id)
    choices = [CardChoice(question=question, state=state(question.id)) for question in asked]
    return CardChoices(title=note.title, anchor=None, choices=choices)


def _by_section(note: NoteArticle, choices: Sequence[CardChoice]) -> Sequence[CardChoices]:
    """The choices of each section that has any, in the note's order; those of none come last."""
    parts = [*((section.title, section.anchor) for section in note.sections), ("", None)]
    sorted_out = [
        CardChoices(title=title, anchor=anchor, choices=[each for each in choices if each.question.anchor == anchor])
        for title, anchor in parts
    ]
    return [part for part in sorted_out if part.choices]


def state_of(known: Mapping[int, Knowledge], question_ids: Collection[int]) -> str:
    """The state of several questions together: the first of _ORDER that one of them has; "new" without any card."""
    states = {known[question_id] for question_id in question_ids}
    return next((state.value for state in _ORDER if state in states), Knowledge.NEW.value)
