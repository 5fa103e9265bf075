"""The web application with a fault: an editor's save counts as one of the newest revision, whichever was opened."""

from typing import Any

from quizapp.catalogue.editing import authoring
from quizapp.catalogue.models import Question
from wsgi import app

__all__ = ["app"]
_save = authoring.save


def _over_all(db: Any, *, question: Question, rev: int | None, **named: Any) -> authoring.Saved:
    db.refresh(question)
    return _save(db, question=question, rev=question.rev, **named)


authoring.save = _over_all
