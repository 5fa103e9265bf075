"""One thing done with many questions of the list, and taken back."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, local_path
from quizapp.admin.question_places import place_from
from quizapp.admin.questions import queries
from quizapp.admin.questions.kept_forms import filters
from quizapp.admin.questions.many_forms import EXPORT, TAG_MAX_CHARS, ManyChosen
from quizapp.admin.questions.views import list_page
from quizapp.catalogue.editing import bulk
from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.errors import Conflict, Invalid
from quizapp.web.database import get_db, only_reading
from quizapp.web.templating import plural

TOLD_MAX = 5  # sentences on questions that a rule forbade to change; more would push the list off the screen


@audience(Audience.EDITOR)
def act() -> Response | tuple[str, int]:
    """Tag, publish, retire, restore, move or export the questions that were ticked, or all that the filters find.

    Where it cannot be done the list says why, with what was chosen still chosen.
    """
    try:
        return _act()
    except (Invalid, Conflict) as error:
        flash(str(error), "bad")
        with only_reading():
            return list_page(ManyChosen.of(request.form)), error.status


def _act() -> Response:
    """Raises Invalid and Conflict with the reason why nothing was done."""
    keys = _keys()
    wanted = request.form.get("do", "")
    if wanted == EXPORT:
        return _exported(keys)
    action = next((one for one in bulk.BulkAction if one == wanted), None)
    if action is None:
        raise Invalid("Choose what to do with them.")
    note = request.form.get("to", "")
    done = bulk.act(
        get_db(),
        action=action,
        keys=keys,
        tag=request.form.get("tag", "")[:TAG_MAX_CHARS],
        place=place_from(note, "") if note else None,
        editor=current_user(),
        now=clock.now(),
        commit=get_db().commit,
    )
    get_db().commit()
    flash(_sentence(action, done, chosen=len(keys)), "good" if done.changed else "message")
    for sentence in done.refused[:TOLD_MAX]:
        flash(f"Left as it is: {sentence}", "warning")
    if len(done.refused) > TOLD_MAX:
        flash(f"{len(done.refused) - TOLD_MAX} more were left as they are.", "warning")
    return _back()


@audience(Audience.EDITOR)
def undo() -> Response:
    """Take the editor's last deed on several questions back."""
    step = request.form.get("step", "")
    if not (step.isascii() and step.isdigit() and len(step) < 10):
        raise Invalid("There is nothing to take back.")
    done = bulk.undo(get_db(), step_id=int(step), editor=current_user(), now=clock.now(), commit=get_db().commit)
    get_db().commit()
    stays = f" {plural(done.stays, 'question')} changed since then in the same part stayed." if done.stays else ""
    flash(f"{plural(done.back, 'question')} taken back.{stays}" if done.back or stays else "Nothing was left.", "good")
    return _back()


def _keys() -> list[str]:
    """The keys that were ticked, or of all that match.

    Raises Conflict if other numbers of questions match than the page said: nobody has looked at those.
    """
    seen = request.form.get("all")
    if not seen:
        return list(dict.fromkeys(request.form.getlist("key")))[: bulk.AT_ONCE_MAX + 1]
    keys = queries.keys_of(
        get_db(), filters=filters(), editor=current_user(), today=clock.now().date(), most=bulk.AT_ONCE_MAX + 1
    )
    if str(len(keys)) != seen:
        raise Conflict("Other questions match than when the list was shown. Look at it again, then choose them.")
    return keys


def _exported(keys: list[str]) -> Response:
    if not keys:
        raise Invalid("Choose questions first: tick them, or press x on a row.")
    with only_reading():
        made = export(get_db(), form=ExportFormat.JSON, question_keys=keys, editor=current_user(), now=clock.now())
    answer = Response(made.data, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="questions.json"'
    return answer


def _back() -> Response:
    back = request.form.get("back")
    return redirect(local_path(back) if back else url_for("admin.index"))


def _sentence(action: bulk.BulkAction, done: bulk.BulkDone, *, chosen: int) -> str:
    words = {
        bulk.BulkAction.TAG: "tagged",
        bulk.BulkAction.UNTAG: "untagged",
        bulk.BulkAction.PUBLISH: "published",
        bulk.BulkAction.RETIRE: "retired",
        bulk.BulkAction.RESTORE: "restored",
        bulk.BulkAction.MOVE: "moved",
        bulk.BulkAction.STILL_RIGHT: "found to be still right",
    }
    if not done.changed:
        return f"Nothing was changed: none of {plural(chosen, 'question')} is {words[action]} by this."
    return f"{plural(done.changed, 'question')} {words[action]}."
