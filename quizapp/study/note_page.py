"""A note's page, with how far one learner is with its concepts. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.note_article import NoteArticle, SectionView, note_article
from quizapp.catalogue.articles.note_drafts import DraftQuestion, drafts_of
from quizapp.catalogue.articles.note_questions import NoteQuestion, questions_of
from quizapp.catalogue.exporting.note_files import may_export
from quizapp.catalogue.models import QuestionKind
from quizapp.catalogue.remits import may_edit_note
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.review import note_retentions
from quizapp.review.knowledge import UNKNOWN, Knowledge, KnownQuestion, known
from quizapp.review.queries import today_of
from quizapp.study.concept_beside import ConceptBeside, LabBeside, beside, lab_beside, last_otherwise


@dataclass(frozen=True, kw_only=True)
class SectionOfReader:
    """A section, with how far the learner is with its concepts and labs, and its cards."""

    section: SectionView
    beside: Mapping[str, ConceptBeside]
    """What is said of each of its concepts, by the concept's key."""
    labs: Sequence[LabBeside]
    cards: "CardChoices | None"
    """Its questions that can become cards; None without any."""


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
    is_to_begin: bool
    """Whether it is in the reviews and was never answered."""


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

    @property
    def kinds(self) -> Sequence[tuple[int, str]]:
        """How many questions there are of each kind, by the words of the list of notes."""
        kinds = [choice.question.kind for choice in self.choices]
        flashcards, labs = kinds.count(QuestionKind.FLASHCARD), kinds.count(QuestionKind.LAB)
        counted = (flashcards, "flashcard"), (len(kinds) - flashcards - labs, "question"), (labs, "lab")
        return [(count, word) for count, word in counted if count]

    def count(self, state: str) -> int:
        """How many cards are in a state."""
        return len({choice.question.thing for choice in self.choices if choice.state == state})

    @property
    def may_begin(self) -> bool:
        """Whether there are cards, or what can become cards, that were never answered."""
        return any(choice.is_to_begin or choice.state is InReviews.NONE for choice in self.choices)


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
    may_edit: bool
    """Whether the reader may change its text: editors that of notes for all, learners that of their own."""
    may_edit_items: bool
    """Whether the reader may change its questions, though it has no text."""
    retention: int | None
    """How much of it the learner wants to remember, in percent, if not as much as of other notes."""
    drafts: Mapping[str | None, Sequence[DraftQuestion]]
    """Of the reader's own note, the questions that cannot be asked yet, by the anchor of their section; else empty."""
    other_labs: Sequence[LabBeside]
    """Labs that name a concept of it and stand under no section of it."""


def note_page(db: Session, *, user: User, key: str, now: datetime) -> NotePage:
    """The page of one note for one learner. Raises NotFound."""
    note = note_article(db, user=user, key=key)
    ids = [*note.to_review, *(lab.question_id for lab in note.labs)]
    known_now = known(db, user_id=user.id, question_ids=ids, today=today_of(user, now=now))
    of_labs = [lab.question_id for lab in note.labs]
    otherwise = last_otherwise(foretold(db, user_id=user.id, zone=user.zone, question_ids=of_labs))
    cards = _card_choices(db, note=note, known=known_now)
    by_section = _by_section(note, cards.choices)
    retention = note_retentions.of_note(db, user=user, note_id=note.id)
    may_edit = _may_edit(db, note, user=user)
    placed = {lab.slug for section in note.sections for lab in section.labs}
    return NotePage(
        note=note,
        sections=[
            SectionOfReader(
                section=section,
                beside={
                    concept.key: beside(concept, known=known_now, otherwise=otherwise) for concept in section.concepts
                },
                labs=[lab_beside(lab, known_now) for lab in section.labs],
                cards=next((part for part in by_section if part.anchor == section.anchor), None),
            )
            for section in note.sections
        ],
        cards=cards,
        cards_by_section=by_section,
        is_own=note.owner_id == user.id,
        offered_by=db.get_one(User, note.owner_id).name if note.owner_id not in (None, user.id) else None,
        may_export=may_export(db, user=user, note_id=note.id, owner_id=note.owner_id),
        may_edit=may_edit and not note.is_of_another_tool,
        may_edit_items=may_edit and note.is_of_another_tool and user.is_editor,
        retention=None if retention is None else round(100 * retention),
        drafts=drafts_of(db, note_id=note.id) if note.owner_id == user.id else {},
        other_labs=[lab_beside(lab, known_now) for lab in note.labs if lab.slug not in placed],
    )


def _may_edit(db: Session, note: NoteArticle, *, user: User) -> bool:
    """Whether the text is this person's to change: an editor's of a note for all, a learner's of their own."""
    if user.is_editor:
        return note.owner_id is None and may_edit_note(db, editor=user, note_id=note.id)
    return note.owner_id == user.id


def _card_choices(db: Session, *, note: NoteArticle, known: Mapping[int, KnownQuestion]) -> CardChoices:
    def choice(question: NoteQuestion) -> CardChoice:
        one = known.get(question.id, UNKNOWN)
        if one.state is Knowledge.NONE:
            return CardChoice(question=question, state=InReviews.NONE, is_to_begin=False)
        state = InReviews.SUSPENDED if one.is_suspended else InReviews.IN
        is_to_begin = one.state is Knowledge.NEW and not one.is_suspended
        return CardChoice(question=question, state=state, is_to_begin=is_to_begin)

    choices = [choice(question) for question in questions_of(db, note_id=note.id)]
    return CardChoices(title=note.title, anchor=None, choices=choices)


def _by_section(note: NoteArticle, choices: Sequence[CardChoice]) -> Sequence[CardChoices]:
    """The choices of each section that has any, in the note's order; those of none come last."""
    parts = [*((section.title, section.anchor) for section in note.sections), ("", None)]
    found: dict[str | None, list[CardChoice]] = {}
    for each in choices:
        found.setdefault(each.question.anchor, []).append(each)
    return [
        CardChoices(title=title, anchor=anchor, choices=found[anchor]) for title, anchor in parts if anchor in found
    ]
