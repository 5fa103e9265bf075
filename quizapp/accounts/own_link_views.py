"""The page on which a person makes a sign-in link for another device of theirs, without anybody's help."""

from flask import redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import qr, service
from quizapp.accounts.commands import address_of_link
from quizapp.accounts.forms import OwnLinkForm
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.service import OWN_LINK_LIFE
from quizapp.accounts.views import confirmed_user, needs_old_password
from quizapp.db import reading
from quizapp.web import security_log
from quizapp.web.database import get_db

_LINK = "own_link"  # in the session: the address of the link that was made just now, until its page has shown it


@audience(Audience.LEARNER)
def show_own_link() -> str:
    """The page: how to make a link; or the one that was made just now, once."""
    return _page(OwnLinkForm(formdata=None), link=session.pop(_LINK, ""))


@audience(Audience.LEARNER)
def make_own_link() -> Response | tuple[str, int]:
    """Make a link, and go to the page that shows it."""
    form = OwnLinkForm()
    if not form.validate():
        return _page(form), 400
    try:
        user = confirmed_user(current_user(), form.old.data or "")
    except service.WrongPassword:
        security_log.note("wrong password for a sign-in link")
        form.old.errors = ["This is not your password. Type it again, or ask for a sign-in link."]
        return _page(form), 403
    token = service.make_link(get_db(), user=user, now=clock.now(), life=OWN_LINK_LIFE)
    session[_LINK] = address_of_link(token)
    security_log.note("sign-in link made for another device")
    return redirect(url_for("accounts.show_own_link"))


def _page(form: OwnLinkForm, *, link: str = "") -> str:
    with reading():
        needs_old = not link and needs_old_password(current_user())
    return render_template(
        "accounts/own_link.html",
        form=form,
        link=link,
        minutes=int(OWN_LINK_LIFE.total_seconds() // 60),
        needs_old_password=needs_old,
        qr=qr.drawn(link) if link else "",
    )
