"""The statements that write reviews and cards, made once: making one takes longer than running it.

The session's unit of work would do the same in a savepoint, and takes four times as long. Both databases have INSERT
with ON CONFLICT, but SQLAlchemy only in a class for each: so there are two of each, by the dialect's name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from quizapp.db import CompactUuid
from quizapp.review.models import FIGURES, Card, DayTally, ReviewLog

# What a review changes of its card.
CHANGED = (
    "phase", "stability", "difficulty", "last_day", "last_review_at", "due_day", "due_at", "buried_until_day", "reps",
    "lapses", "version", "logged",
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
# Add a review to the log unless its id is there already; returns the id if it was added.
ADD_REVIEW = {
    name: insert(LOG).values(_bound(LOG)).on_conflict_do_nothing(index_elements=["id"]).returning(LOG.c.id)
    for name, insert in INSERTS.items()
}
# Add figures to those of a study day, whose row is made with its first review.
ADD_TO_DAY = {
    name: insert(TALLIES)
    .values(_bound(TALLIES))
    .on_conflict_do_update(
        index_elements=["user_id", "day"], set_={figure: TALLIES.c[figure] + bindparam(figure) for figure in FIGURES}
    )
    for name, insert in INSERTS.items()
}
# A user's card, read anew and locked until the transaction ends.
LOCK_CARD = (
    select(Card)
    .where(
        Card.id == bindparam("the_id", type_=CompactUuid()), Card.user_id == bindparam("user_id", type_=CompactUuid())
    )
    .with_for_update()
    .execution_options(populate_existing=True)
)
# Set what a review changes of the card `the_id`.
CHANGE_CARD = update(CARDS).where(CARDS.c.id == bindparam("the_id")).values({name: bindparam(name) for name in CHANGED})
