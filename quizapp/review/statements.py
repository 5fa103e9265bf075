"""The statements that write reviews and cards, made once: making one takes longer than running it.

Those of a rating are prepared, as it is what people wait for most often. Both databases have INSERT with ON CONFLICT,
but SQLAlchemy only in a class for each: so there are two of each, by the dialect's name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Integer, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from quizapp.prepared import Prepared
from quizapp.review.models import FIGURES, Card, DayTally, ReviewLog

# What an applied review changes of its card; one that is stale changes `logged` alone.
CHANGED = (
    "phase", "stability", "difficulty", "last_day", "last_review_at", "due_day", "due_at", "buried_until_day", "reps",
    "lapses", "version", "logged",
)  # fmt: skip
# What is read of a card before it is rated.
READ = (
    "id", "hidden", "phase", "stability", "difficulty", "last_day", "reps", "lapses", "last_review_at", "due_day",
    "due_at", "version", "logged",
)  # fmt: skip
INSERTS: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def _table(model: type[DeclarativeBase]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # no model here is mapped to a join
    return table


def _bound(table: Table) -> dict[str, Any]:
    return {column.name: bindparam(column.name) for column in table.columns}


CARDS, LOG, TALLIES = _table(Card), _table(ReviewLog), _table(DayTally)
# Add new cards, but to nobody a second one of a question; returns the ids of those that were added.
ADD_CARDS = {
    name: insert(CARDS).on_conflict_do_nothing(index_elements=["user_id", "question_id"]).returning(CARDS.c.id)
    for name, insert in INSERTS.items()
}
# Add a review to the log unless its id is there already. Its rating is given as a number.
ADD_REVIEW = {
    name: Prepared(
        insert(LOG)
        .values(_bound(LOG) | {"rating": bindparam("rating", type_=Integer())})
        .on_conflict_do_nothing(index_elements=["id"])
    )
    for name, insert in INSERTS.items()
}
# Add figures to those of a study day, whose row is made with its first review.
ADD_TO_DAY = {
    name: Prepared(
        insert(TALLIES)
        .values(_bound(TALLIES))
        .on_conflict_do_update(
            index_elements=["user_id", "day"],
            set_={figure: TALLIES.c[figure] + bindparam(figure, type_=TALLIES.c[figure].type) for figure in FIGURES},
        )
    )
    for name, insert in INSERTS.items()
}
_TO_RATE = select(*(CARDS.c[name] for name in READ)).with_for_update()
_OF_USER = CARDS.c.user_id == bindparam("user_id")
# A user's card as it is now, locked until the transaction ends.
LOCK_CARD = Prepared(_TO_RATE.where(CARDS.c.id == bindparam("the_id"), _OF_USER))
LOCK_CARD_OF_QUESTION = Prepared(_TO_RATE.where(CARDS.c.question_id == bindparam("question_id"), _OF_USER))
# Set what a review changes of the card `the_id`.
_CARD = update(CARDS).where(CARDS.c.id == bindparam("the_id"))
CHANGE_CARD = Prepared(_CARD.values({name: bindparam(name) for name in CHANGED}))
COUNT_LOGGED = Prepared(_CARD.values(logged=bindparam("logged")))
