"""Which questions a quiz session draws from, by what a learner wishes; and what they can choose from. Reads only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, union_all
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import ConceptName, concepts_of, is_about
from quizapp.catalogue.articles.lab_links import asking_command
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import PAGE_KINDS, Concept, Lab, Note, Question, QuestionKind, Section, Tag, question_tag
from quizapp.catalogue.same_thing import pairs_of
from quizapp.catalogue.visibility import is_learnt_by, learnt_by
from quizapp.quiz.draw.wish import EVERYTHING, Narrowed, Only
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review.models import Card
from quizapp.review.queries import today_of
from quizapp.review.queue import in_turn
from quizapp.verdicts import Verdict

ALL_NOTES = "All notes"
NAMED_MAX = 2  # notes, concepts or tags that are named; of more it is said how many
CONCEPTS_MAX = 100  # that are offered: a note has about forty, and nobody looks through more


KIND_WORDS = {
    QuestionKind.SINGLE: "One right option",
    QuestionKind.MULTIPLE: "Several right options",
    QuestionKind.TRUTH: "True or false",
    QuestionKind.SHORT: "A few words or a command",
    QuestionKind.NUMBER: "A number",
    QuestionKind.ORDER: "Order",
    QuestionKind.MATCH: "Pairs",
    QuestionKind.CLOZE: "Gaps",
    QuestionKind.OPEN: "Open",
    QuestionKind.LAB: "One command, run on a host",
}
_ON_PAGE = Question.kind.in_(PAGE_KINDS)
ONLY_WORDS = {Only.MISSED: "Only mistakes", Only.DUE: "Only due", Only.UNSEEN: "Only unseen"}


def _as_command() -> ColumnElement[bool]:
    """The condition that it is a lab of one command. By its kind too: an index then finds it among all questions."""
    return (Question.kind == QuestionKind.LAB) & Question.id.in_(asking_command().with_only_columns(Lab.question_id))


def drawn_from(db: Session, *, user: User, narrowed: Narrowed, now: datetime) -> Select[Question]:
    """The questions that a quiz session can ask, of the notes that the user learns from."""
    holds = _holds(db, user=user, narrowed=narrowed, now=now)
    return select(Question).where(or_(_ON_PAGE, _as_command()), *holds, is_learnt_by(user.id))


def _holds(db: Session, *, user: User, narrowed: Narrowed, now: datetime) -> Sequence[ColumnElement[bool]]:
    """What holds of the questions, beside that a quiz session can ask them and that the user learns from their notes.

    A statement that says it twice takes both from one call: some of it is a query with a name, which may be there once.
    """
    found = [Question.hidden == false()]
    if narrowed.notes:
        found.append(Question.note_id.in_(select(Note.id).where(Note.key.in_(narrowed.notes))))
    if narrowed.concepts:
        found.append(is_about(db, concepts=narrowed.concepts))
    if narrowed.tags:
        tagged = select(question_tag.c.question_id).join(Tag, Tag.id == question_tag.c.tag_id)
        found.append(Question.id.in_(tagged.where(Tag.name.in_(narrowed.tags))))
    if narrowed.level is not None:
        found.append(Question.level == narrowed.level)
    if narrowed.kind is not None:
        found.append(Question.kind == narrowed.kind)
    if narrowed.only is not None:
        found.append(_only(narrowed.only, user=user, now=now))
    return found


def kinds(db: Session, *, user: User, narrowed: Narrowed, now: datetime) -> Mapping[QuestionKind, int]:
    """How many questions of each kind these are.

    Those on pages and those that are commands are counted apart: each count then reads an index and no question. They
    are counted note by note, and it is asked of the note whether the user learns from it: of each question that takes
    twice as long.
    """
    holds = _holds(db, user=user, narrowed=narrowed, now=now)
    of_notes = [
        select(Question.kind, Question.note_id, func.count().label("number"))
        .where(each, *holds)
        .group_by(Question.kind, Question.note_id)
        for each in (_ON_PAGE, _as_command())
    ]
    each = union_all(*of_notes).subquery()
    counted = select(each.c.kind, func.sum(each.c.number)).where(is_learnt_by(user.id, note_id=each.c.note_id))
    return {kind: int(number) for kind, number in db.execute(counted.group_by(each.c.kind))}


def tags(db: Session, *, user: User, now: datetime) -> Sequence[str]:
    """The tags of all questions that a quiz session can ask, by name. Of each tag one question is looked for.

    Among those that have the tag: a join would let SQLite look through all questions for each tag.
    """
    asked = drawn_from(db, user=user, narrowed=EVERYTHING, now=now).with_only_columns(Question.id)
    is_asked = asked.where(Question.id == question_tag.c.question_id).correlate(question_tag).exists()
    of_tag = select(question_tag.c.question_id).where(question_tag.c.tag_id == Tag.id, is_asked).correlate(Tag)
    return db.scalars(select(Tag.name).where(of_tag.exists()).order_by(Tag.name)).all()


def concepts(
    db: Session, *, user: User, notes: Sequence[str], chosen: Sequence[str], now: datetime
) -> Sequence[ConceptName]:
    """The concepts to choose from: those that questions of these notes are about, and those that are chosen already.

    None of a whole catalogue, without notes: there are too many to look through.
    """
    of_notes = list[int]()
    if notes:
        asked = drawn_from(db, user=user, narrowed=Narrowed(notes=tuple(notes)), now=now)
        of_notes = list(db.scalars(asked.with_only_columns(Question.id).order_by(Question.position, Question.id)))
    found = {one.key: one for one in concepts_of(db, user=user, question_ids=of_notes).values()} if of_notes else {}
    named = (
        select(Concept.key, Concept.term)
        .join(Section, Section.id == Concept.section_id)
        .join(Note, Note.id == Section.note_id)
        .where(Concept.key.in_(chosen), Concept.retired_at.is_(None), learnt_by(user.id))
    )
    also = {key: ConceptName(key=key, term=term) for key, term in db.execute(named)} if chosen else {}
    listed = sorted(found.values(), key=lambda one: one.term.casefold())[:CONCEPTS_MAX]
    return [*(one for key, one in also.items() if key not in {each.key for each in listed}), *listed]


def words(db: Session, *, narrowed: Narrowed) -> str:
    """What this is in words, such as "Docker networking, Level 4, Only unseen"."""
    in_order = Note.number.nulls_last(), Note.title, Note.id
    notes = db.scalars(select(Note.title).where(Note.key.in_(narrowed.notes)).order_by(*in_order)).all()
    named = select(Concept.term).where(Concept.key.in_(narrowed.concepts)).order_by(Concept.term, Concept.id)
    found = [
        _some(notes, "notes") if narrowed.notes else ALL_NOTES,
        _some([in_plain_text(term) for term in db.scalars(named)] if narrowed.concepts else (), "concepts"),
        _some(narrowed.tags, "tags"),
        f"Level {narrowed.level}" if narrowed.level is not None else "",
        KIND_WORDS[narrowed.kind] if narrowed.kind is not None else "",
        ONLY_WORDS[narrowed.only] if narrowed.only is not None else "",
    ]
    return ", ".join(filter(None, found))


def _some(names: Sequence[str], what: str) -> str:
    """One or two names, or how many there are."""
    return " and ".join(names) if len(names) <= NAMED_MAX else f"{len(names)} {what}"


def _only(only: Only, *, user: User, now: datetime) -> ColumnElement[bool]:
    match only:
        case Only.MISSED:
            newest = func.row_number().over(
                partition_by=Attempt.question_id, order_by=(Attempt.answered_at.desc(), Attempt.id)
            )
            each = _answered(user.id).add_columns(Attempt.verdict, newest.label("place")).subquery()
            missed = select(each.c.question_id).where(each.c.place == 1, each.c.verdict == Verdict.FAIL)
            return Question.id.in_(missed)
        case Only.DUE:
            return _is_due(user, now=now)
        case Only.UNSEEN:
            reviewed = exists().where(
                Card.question_id == Question.id, Card.user_id == user.id, Card.last_review_at.is_not(None)
            )
            return Question.id.not_in(_answered(user.id)) & ~reviewed
        case _:
            assert_never(only)


def _answered(user_id: UUID) -> Select[int]:
    by_user = select(Attempt.question_id).join(Attempt.quiz_session)
    return by_user.where(QuizSession.user_id == user_id, Attempt.verdict.is_not(None))


def _is_due(user: User, *, now: datetime) -> ColumnElement[bool]:
    """The condition that a card of the question, or of another form of it, waits for a review."""
    can_be_answered = in_turn(Card, now=now, today=today_of(user, now=now))
    due = select(Card.question_id).where(Card.user_id == user.id, Card.hidden == false(), can_be_answered)
    forms = pairs_of(Question.id.in_(due)).subquery()
    return Question.id.in_(select(forms.c.other))
