"""The trail of what editors did, for the owner."""

from flask import render_template, request

from quizapp.accounts.guards import Audience, audience
from quizapp.admin.trail import trail_before
from quizapp.web.database import get_db, only_reading

ID_DIGITS_MAX = 9  # of a row's number, which is below 2**31


@audience(Audience.OWNER)
def show_trail() -> str:
    """A page of the trail, the newest first; `?before=` goes on below a row."""
    text = request.args.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else None
    with only_reading():
        return render_template("admin/trail.html", page=trail_before(get_db(), before=before))
