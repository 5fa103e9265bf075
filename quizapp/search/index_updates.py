"""Lets every session keep what can be found in line with what it writes; `index`, which does so, is loaded then."""

from sqlalchemy.orm import Session

from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, Section
from quizapp.db import Foretold, follow_writes, has_written

IDS = {**dict.fromkeys((Note, Section, Concept, Question, Lab), "id"), Choice: "question_id"}


def _settle(db: Session) -> None:
    """See `index.settle`. Most commits are of what nobody can find, such as a review."""
    db.flush()
    if has_written(db):
        from quizapp.search import index

        index.settle(db)


def _prepare(db: Session, rows: Foretold) -> None:
    """See `index.prepare`."""
    from quizapp.search import index

    index.prepare(db, rows)


follow_writes(IDS, before_commit=_settle, foretold=_prepare)
