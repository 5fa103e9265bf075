"""Who else has a question, a lab or a note open in the editor: asked and answered by its script, in the background."""

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, jsonify, request
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import User
from quizapp.admin.service import note_by_key, question_by_key
from quizapp.catalogue.comments import presence
from quizapp.catalogue.models import Note, Question
from quizapp.web.database import get_db, only_reading

NAMED_MAX = 3  # of the others; a line on a phone


@audience(Audience.EDITOR)
def tell_of_question(key: str) -> Response:
    """Take down that this editor has the question open, or with `gone` has left it; say who else has it open."""
    return _tell(lambda: question_by_key(get_db(), key=key, editor=current_user()))


@audience(Audience.EDITOR)
def tell_of_note(key: str) -> Response:
    """The same of a note for all."""
    return _tell(lambda: note_by_key(get_db(), key=key, editor=current_user()))


def sentence_of(names: Sequence[str]) -> str:
    """Who else is here, such as "Ada and Grace have this open too."; empty for nobody."""
    if not names:
        return ""
    named, more = list(names[:NAMED_MAX]), len(names) - NAMED_MAX
    if more > 0:
        named.append("1 other" if more == 1 else f"{more} others")
    listed = " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]
    return f"{listed} {'has' if len(named) == 1 else 'have'} this open too."


def _tell(find: Callable[[], Question | Note]) -> Response:
    """Writes only where something is to be written: to ask waits for no writer."""
    user_id, now = current_user().id, clock.now()
    has_gone = "gone" in request.form
    with only_reading():
        present = presence.who_is_present(get_db(), find(), user_id=user_id, now=now)
        said = sentence_of(_names(present.others))
    if has_gone:
        presence.note_gone(get_db(), find(), user_id=user_id)
        get_db().commit()
    elif present.is_due:
        presence.note_present(get_db(), find(), user_id=user_id, now=now)
        get_db().commit()
    return jsonify(said=said)


def _names(ids: Sequence[UUID]) -> Sequence[str]:
    """The names of those who still have an account, in the order of their ids here."""
    names = dict(get_db().execute(select(User.id, User.name).where(User.id.in_(ids))).all()) if ids else {}
    return [names[one] for one in ids if one in names]
