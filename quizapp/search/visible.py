"""What a user finds: what they may read, by the rule of `catalogue.visibility`, and nothing retired and no draft."""

from sqlalchemy import ColumnElement, and_, false, not_, or_, select

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note
from quizapp.catalogue.visibility import read_by
from quizapp.search.models import SearchDocument


def visible_to(user: User) -> ColumnElement[bool]:
    """The condition for the documents that a user may find."""
    closed = select(Note.id).where(not_(read_by(user)))  # few, and read once
    of_open = or_(SearchDocument.note_id.is_(None), SearchDocument.note_id.not_in(closed))
    return and_(SearchDocument.hidden == false(), of_open)
