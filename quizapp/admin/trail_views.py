"""The trail of what editors did, for the owner."""

from flask import render_template, request

from quizapp.accounts.guards import Audience, audience
from quizapp.admin.trail import step_page, trail_before
from quizapp.web.database import get_db, only_reading

ID_DIGITS_MAX = 9  # of a row's number, which is below 2**31


@audience(Audience.OWNER)
def show_trail() -> str:
    """A page of the trail, the newest first; `?before=` goes on below a row."""
    with only_reading():
        return render_template("admin/trail.html", page=trail_before(get_db(), before=_id_in("before")))


@audience(Audience.OWNER)
def show_step(deed: int) -> str:
    """What was done to each of several at once; `?after=` goes on below a row."""
    with only_reading():
        return render_template("admin/step.html", page=step_page(get_db(), deed_id=deed, after=_id_in("after") or 0))


def _id_in(name: str) -> int | None:
    """The number of a row in the address; None without one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else None
