"""The page of tags: each with how many have it, renamed, merged or taken away over all that has it, and taken back."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.trail import last_done
from quizapp.admin.trail_views import ID_DIGITS_MAX
from quizapp.catalogue.editing import tag_authoring as authoring
from quizapp.errors import Invalid
from quizapp.web.database import get_db
from quizapp.web.templating import plural

SENT_MAX_CHARS = 1000  # of a field; a name that is longer than one may be is told of, and not cut


@audience(Audience.EDITOR)
def show_tags() -> str:
    """The tags in use."""
    return _page()


@audience(Audience.EDITOR)
def rename_tag() -> Response | tuple[str, int]:
    """Call a tag otherwise; into a name that is in use, the two are one. A name that cannot be is told beside it."""
    db, name, to = get_db(), _name("name"), _name("to")
    try:
        done = authoring.rename_tag(db, name=name, to=to, editor=current_user(), now=clock.now(), commit=db.commit)
    except Invalid as fault:
        db.rollback()
        return _page(wrong={"name": name, "to": to, "why": str(fault)}), fault.status
    db.commit()
    flash(_sentence(done, f"“{name}” is “{done.name}” now"), "good")
    return redirect(url_for("admin.show_tags"))


@audience(Audience.EDITOR)
def remove_tag() -> Response:
    """Take a tag away from all that has it."""
    name = _name("name")
    done = authoring.remove_tag(get_db(), name=name, editor=current_user(), now=clock.now(), commit=get_db().commit)
    get_db().commit()
    flash(_sentence(done, f"“{name}” is taken away"), "good")
    return redirect(url_for("admin.show_tags"))


@audience(Audience.EDITOR)
def undo_tag() -> Response:
    """Take back what this editor did to a tag."""
    step = request.form.get("step", "")
    if not (step.isascii() and step.isdigit() and len(step) <= ID_DIGITS_MAX):
        raise Invalid("There is nothing to take back.")
    undone = authoring.undo_tag(get_db(), step_id=int(step), editor=current_user(), now=clock.now())
    get_db().commit()
    stays = f" {plural(undone.stays, 'item')} changed since then stayed." if undone.stays else ""
    flash(f"Taken back.{stays}" if undone.back else "It was taken back already.", "good")
    return redirect(url_for("admin.show_tags"))


def _page(wrong: Mapping[str, str] | None = None) -> str:
    """The tags; `wrong` has the one to be called otherwise, the name that was sent, and what is wrong with it."""
    return render_template(
        "admin/tags.html",
        tags=authoring.tags_in_use(get_db()),
        step=last_done(get_db(), of=None, deeds=authoring.STEPS, editor=current_user()),
        is_limited=current_user().is_limited,
        wrong=wrong,
    )


def _name(field: str) -> str:
    return request.form.get(field, "").replace("\x00", "")[:SENT_MAX_CHARS]


def _sentence(done: authoring.TagChanged, said: str) -> str:
    more = " More have it than are changed at once: press again." if done.questions == authoring.AT_ONCE_MAX else ""
    parts = [plural(done.notes, "note")] if done.notes else []
    parts += [plural(done.questions, "question")] if done.questions else []
    return f"{said}: {' and '.join(parts)}.{more}"
