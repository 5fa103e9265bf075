"""The web application with a page that believes its form: it is no number, it is long, and all of it is kept."""

from flask import request

from quizapp.accounts.guards import Audience, audience
from trust.fake_hosts import app

__all__ = ["app"]
PAGE = '<!doctype html><html><form method="post" action="/careless">{}</form></html>'
FIELDS = "".join(f'<input name="{name}" value="7">' for name in ("number", "text", "kept", "more", "last"))
COPIES = 10_000
BESIDE = "x" * 10_000  # so that a few inputs suffice
KEPT_MAX = 512 * 1024**2  # characters, more than the row allows and less than a machine has
COMPARED_MAX = 400  # characters, so that an input takes seconds and not hours
_kept: list[str] = []


@app.get("/careless")
@audience(Audience.ANYONE)
def careless() -> str:
    """A form that the row finds."""
    return PAGE.format(FIELDS)


@app.post("/careless")
@audience(Audience.ANYONE)
def careless_sent() -> str:
    """Compare each three characters with each other, keep many copies, and take a field for a number."""
    text = request.form.get("text", "")[:COMPARED_MAX]
    alike = sum(one == other == third for one in text for other in text for third in text)
    if sum(map(len, _kept)) < KEPT_MAX:
        _kept.append((request.form.get("kept", "") + BESIDE) * COPIES)
    return str(int(request.form["number"]) + alike)
