"""Who finds what. The one place that says so."""

from sqlalchemy import ColumnElement, and_, false

from quizapp.accounts.models import User
from quizapp.search.models import SearchDocument


def visible_to(_user: User) -> ColumnElement[bool]:
    """The condition for the documents that a user may find: none that is retired or a draft."""
    return and_(SearchDocument.hidden == false())
