"""The statements that write reviews and cards, made once: making one takes longer than running it.

Those of a rating are prepared, as it is what people wait for most often. Both databases have INSERT with ON CONFLICT,
but SQLAlchemy only in a class for each: so these are made with the first use of a dialect.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    Subquery,
    Table,
    Update,
    and_,
    bindparam,
    false,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import DeclarativeBase

from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import is_shared
from quizapp.dialects import insert_of
from quizapp.prepared_statements import AnyConnection, Prepared
from quizapp.review.deed_order import last_number
from quizapp.review.models import FIGURES, Card, CardDeed, DayTally, DeedKind, NoteRetention, ReviewLog

SIBLINGS_MAX = 10  # looked at for a rating; a concept that has more cards is a chapter, and each costs the rating time
# What an applied review changes of its card; one that is stale changes `logged` alone.
CHANGED = (
    "phase", "stability", "difficulty", "last_day", "last_review_at", "due_day", "due_at", "buried_until_day", "reps",
    "lapses", "version", "logged",
)  # fmt: skip
# What is read of a card before it is rated.
READ = (
    "id", "hidden", "phase", "stability", "difficulty", "last_day", "reps", "lapses", "last_review_at", "due_day",
    "due_at", "buried_until_day", "version", "logged",
)  # fmt: skip
# What is written of a new card; all else of it is unknown yet.
NEW = (
    "id", "user_id", "question_id", "hidden", "phase", "suspended", "flag", "leech", "reps", "lapses", "version",
    "logged", "created_at",
)  # fmt: skip
# What is written of a deed that a review brings with it.
MARKED = ("step", "user_id", "card_id", "kind", "after_sequence", "after_review", "done_at", "undone")


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # no model here is mapped to a join
    return table


def _bound(table: Table) -> dict[str, Any]:
    return {column.name: bindparam(column.name) for column in table.columns}


CARDS, LOG, TALLIES, DEEDS = _table(Card), _table(ReviewLog), _table(DayTally), _table(CardDeed)
QUESTIONS, RETENTIONS = _table(Question), _table(NoteRetention)
_DAY = bindparam("day", type_=Integer())


def _some_of(concept: ColumnElement[int | None]) -> Subquery:
    """At most SIBLINGS_MAX questions of a concept."""
    some = select(QUESTIONS.c.id, QUESTIONS.c.concept_id).where(QUESTIONS.c.concept_id == concept)
    # As literals: for SQLite SQLAlchemy adds an offset anyway, as a value of its own.
    return some.limit(literal_column(str(SIBLINGS_MAX))).offset(literal_column("0")).subquery("some")


def _would_come(card: FromClause) -> ColumnElement[bool]:
    """Whether a card would come on the study day `day`. One that is learnt in minutes is left alone."""
    return and_(
        card.c.suspended == false(),
        card.c.due_at.is_(None),
        or_(card.c.due_day.is_(None), card.c.due_day <= _DAY),
        or_(card.c.buried_until_day.is_(None), card.c.buried_until_day <= _DAY),
    )


def _concept_with_siblings() -> ScalarSelect[int | None]:
    """The concept of the card that is read, if a sibling of it would come on the study day `day`; else None.

    Few have one, and to look takes a tenth of what it takes to write where there is nothing to be written.
    """
    sibling = CARDS.alias("sibling")
    own = select(QUESTIONS.c.concept_id).where(QUESTIONS.c.id == CARDS.c.question_id).correlate(CARDS)
    some = _some_of(own.scalar_subquery())
    is_sibling = and_(sibling.c.question_id == some.c.id, sibling.c.user_id == CARDS.c.user_id)
    found = select(some.c.concept_id).join_from(some, sibling, is_sibling)
    return (
        found.where(sibling.c.id != CARDS.c.id, _would_come(sibling))
        .limit(literal_column("1"))
        .offset(literal_column("0"))
        .scalar_subquery()
    )


def _retention_of_note() -> ScalarSelect[float | None]:
    """The desired retention of the note of the card that is read, if it has one of its own; else None."""
    of_question = and_(RETENTIONS.c.note_id == QUESTIONS.c.note_id, RETENTIONS.c.user_id == CARDS.c.user_id)
    own = select(RETENTIONS.c.desired_retention).join_from(QUESTIONS, RETENTIONS, of_question)
    return own.where(QUESTIONS.c.id == CARDS.c.question_id).correlate(CARDS).scalar_subquery()


_TO_RATE = select(*(CARDS.c[name] for name in READ), _retention_of_note()).with_for_update()
_OF_USER = CARDS.c.user_id == bindparam("user_id")
_LAST_NUMBERS = tuple(last_number(of, bindparam("user_id", type_=CARDS.c.user_id.type)) for of in (ReviewLog, CardDeed))
# A user's card as it is now, locked until the transaction ends; its note's own retention; the concept of its siblings;
# and the numbers of the user's last rating and of their last other deed.
LOCK_CARD = Prepared(
    _TO_RATE.add_columns(_concept_with_siblings(), *_LAST_NUMBERS).where(CARDS.c.id == bindparam("the_id"), _OF_USER)
)
LOCK_CARD_OF_QUESTION = Prepared(_TO_RATE.where(CARDS.c.question_id == bindparam("question_id"), _OF_USER))
# Set what a review changes of the card `the_id`.
_CARD = update(CARDS).where(CARDS.c.id == bindparam("the_id"))
CHANGE_CARD = Prepared(_CARD.values({name: bindparam(name) for name in CHANGED}))
COUNT_LOGGED = Prepared(_CARD.values(logged=bindparam("logged")))
# Set what a deed sets of the card `the_id`, if it is not set yet.
_MARK = {
    kind: Prepared(_CARD.where(column != true()).values({column: true()}))
    for kind, column in {DeedKind.LEECH: CARDS.c.leech, DeedKind.SUSPEND: CARDS.c.suspended}.items()
}
_ADD_DEED = Prepared(insert(DEEDS).values({name: bindparam(name) for name in MARKED}))
# Whether another question may test the same thing as the question `question_id`; few do.
IS_SHARED = Prepared(select(is_shared(Question)).where(Question.id == bindparam("question_id")))
# What is answered of a review that is in the log.
FIND_REVIEW = Prepared(
    select(LOG.c.card_id, LOG.c.rating, LOG.c.outcome, LOG.c.due_day_after, LOG.c.due_at_after).where(
        LOG.c.id == bindparam("the_id")
    )
)


def _bury_siblings() -> Update:
    """Bury the cards of the concept `concept_id` that would come on the study day `day`, until the day `until`.

    `by` is the review of the card; at most SIBLINGS_MAX questions of the concept are looked at, so that a rating takes
    no longer with more of them. A card that somebody else has locked is being rated itself: to wait for it could be to
    wait for each other.
    """
    some = _some_of(bindparam("concept_id", type_=Integer()))
    siblings = (
        select(CARDS.c.id)
        .join_from(some, CARDS, and_(CARDS.c.question_id == some.c.id, _OF_USER))
        .where(CARDS.c.id != bindparam("the_id"), _would_come(CARDS))
        .with_for_update(of=CARDS, skip_locked=True)
        .cte("siblings")
    )
    return (
        update(CARDS)
        .where(CARDS.c.id.in_(select(siblings.c.id)))
        .values(buried_until_day=bindparam("until"), buried_by=bindparam("by"))
    )


BURY_SIBLINGS = Prepared(_bury_siblings())


def mark_leech(connection: AnyConnection, review: Mapping[str, Any], *, suspends: bool) -> None:
    """Mark the card of a review, given by the columns of its log, as a leech; with `suspends`, suspend it too.

    Each is a deed in the review's step, so that undoing the review takes it back; a card that was so before has none.
    """
    for kind in (DeedKind.LEECH, DeedKind.SUSPEND) if suspends else (DeedKind.LEECH,):
        if not _MARK[kind].change(connection, {"the_id": review["card_id"]}):
            continue
        deed = {
            "step": review["id"],
            "user_id": review["user_id"],
            "card_id": review["card_id"],
            "kind": kind,
            "after_sequence": review["sequence"],
            "after_review": review["id"],
            "done_at": review["reviewed_at"],
            "undone": False,
        }
        _ADD_DEED.change(connection, deed)


@cache
def add_card(dialect: str) -> Prepared:
    """Add a new card, but to nobody a second one of a question."""
    new: dict[str, Any] = {name: bindparam(name) for name in NEW}
    return Prepared(
        insert_of(dialect)(CARDS).values(new).on_conflict_do_nothing(index_elements=["user_id", "question_id"])
    )


@cache
def add_review(dialect: str) -> Prepared:
    """Add a review to the log unless its id is there already."""
    return Prepared(insert_of(dialect)(LOG).values(_bound(LOG)).on_conflict_do_nothing(index_elements=["id"]))


@cache
def add_to_day(dialect: str) -> Prepared:
    """Add figures to those of a study day, whose row is made with its first review."""
    sums = {figure: TALLIES.c[figure] + bindparam(figure, type_=TALLIES.c[figure].type) for figure in FIGURES}
    added = insert_of(dialect)(TALLIES).values(_bound(TALLIES))
    return Prepared(added.on_conflict_do_update(index_elements=["user_id", "day"], set_=sums))
