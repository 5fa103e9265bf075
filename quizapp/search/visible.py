"""What a user finds: what they may read, by the rule of `catalogue.visibility`, and nothing retired and no draft."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note
from quizapp.catalogue.visibility import read_by
from quizapp.search.models import SearchDocument


def visible_to(user: User) -> ColumnElement[bool]:
    """The condition for the documents that a user may find."""
    open_notes = select(Note.id).where(read_by(user))  # read once; what is left of a note that is gone is in none
    of_open = or_(SearchDocument.note_id.is_(None), SearchDocument.note_id.in_(open_notes))
    return and_(SearchDocument.hidden == false(), of_open)
