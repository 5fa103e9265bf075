"""A copy of the catalogue in memory, on which an import can be tried without holding up those who write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import CATALOGUE
from quizapp.db import Base, create_engine_in_memory, reading


@contextmanager
def rehearsal(db: Session) -> Iterator[Session]:
    """A session on the copy, which is forgotten at the end. Ends the transaction of `db`, which has written nothing."""
    engine = create_engine_in_memory()
    with Session(engine) as copy:
        Base.metadata.create_all(copy.connection(), tables=CATALOGUE)
        db.rollback()
        with reading():
            for table in CATALOGUE:
                if rows := [dict(row) for row in db.execute(select(table)).mappings()]:
                    copy.execute(insert(table), rows)
            db.rollback()
        yield copy
    engine.dispose()
