"""The step of a sign-in that asks for a code, and the page on which people turn their second factor on and off."""

from collections.abc import Callable, Sequence
from functools import partial

from flask import flash, redirect, render_template, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import guessing, qr, second_factor, service
from quizapp.accounts.entering_views import awaited, enter_as, user_id_of
from quizapp.accounts.forms import CodeForm, TurnOnForm
from quizapp.accounts.guards import Audience, audience, current_user, must_have_second_factor
from quizapp.accounts.models import User
from quizapp.accounts.people import user_by_id
from quizapp.accounts.views import confirmed_user, needs_old_password
from quizapp.db import reading
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

PENDING = "pending_second_factor"  # in the session: the secret that an app has, and the account has not yet

RECOVERY_CODES = "recovery_codes"  # in the session: those that were made just now, until their person has them

Answer = Response | str | tuple[str, int]
Refused = (second_factor.WrongCode, guessing.TooManyCodes)


@audience(Audience.ANYONE)
def ask_code() -> Response | str:
    """The page that asks for the code, once password or link were right."""
    if awaited() is None:
        return redirect(url_for("accounts.show_sign_in"))
    return render_template("accounts/code.html", form=CodeForm(formdata=None))


@audience(Audience.ANYONE)
def enter_by_code() -> Answer:
    """Sign in with the code."""
    form, one = CodeForm(), awaited()
    if one is None:
        flash("That took too long. Sign in again.", "warning")
        return redirect(url_for("accounts.show_sign_in"))
    if not form.validate():
        return render_template("accounts/code.html", form=form), 400
    user_id = user_id_of(one)
    try:
        _counted(user_by_id(get_db(), user_id=user_id), form.code.data or "")
    except Refused as error:
        security_log.note("wrong code", user_id=user_id)
        form.code.errors = [str(error)]
        return render_template("accounts/code.html", form=form), error.status
    user = user_by_id(get_db(), user_id=user_id)
    return enter_as(user, zone=one["zone"], target=one["target"] or None, by=one["by"])


@audience(Audience.LEARNER)
def show_second_factor() -> str:
    """The page: how it stands, or how to turn it on."""
    return _page()


@audience(Audience.LEARNER)
def turn_on_second_factor() -> Answer:
    """Turn it on with a code that the app shows, and go to the recovery codes."""
    form, user, secret = TurnOnForm(), current_user(), session.get(PENDING)
    if secret is None or not form.validate():
        return _page(form), 400
    try:
        user = confirmed_user(user, form.old.data or "")
        made = second_factor.turn_on(get_db(), user=user, secret=secret, code=form.code.data or "", now=clock.now())
    except service.WrongPassword:
        security_log.note("wrong password for a second factor")
        form.old.errors = ["This is not your password. Type it again, or ask for a sign-in link."]
        return _page(form), 403
    except second_factor.WrongCode as error:
        form.code.errors = [str(error)]
        return _page(form), 403
    get_db().commit()
    session.pop(PENDING)
    security_log.note("second factor turned on")
    return _to_codes(made)


@audience(Audience.LEARNER)
def turn_off_second_factor() -> Answer:
    """Turn it off, with a code."""

    def turn_off(user: User) -> Response:
        second_factor.turn_off(get_db(), user_id=user.id)
        get_db().commit()
        session.pop(RECOVERY_CODES, None)
        security_log.note("second factor turned off")
        flash("Your second factor is off. Take this site out of the app, too.")
        return redirect(url_for("accounts.show_second_factor"))

    return _with_code(turn_off)


@audience(Audience.LEARNER)
def renew_recovery_codes() -> Answer:
    """Make new recovery codes in place of the old ones, with a code."""

    def renew(user: User) -> Response:
        made = second_factor.renew_recovery_codes(get_db(), user_id=user.id)
        get_db().commit()
        security_log.note("recovery codes made anew")
        return _to_codes(made)

    return _with_code(renew)


@audience(Audience.LEARNER)
def show_recovery_codes() -> Response | str:
    """The recovery codes that were made just now; reloading the page shows them again."""
    made = session.get(RECOVERY_CODES)
    if not made:
        return redirect(url_for("accounts.show_second_factor"))
    return render_template("accounts/recovery_codes.html", codes=made)


@audience(Audience.LEARNER)
def keep_recovery_codes() -> Response:
    """Show the recovery codes no more: their person has them."""
    session.pop(RECOVERY_CODES, None)
    flash("Each sign-in asks for a code of your app from now on.", "good")
    to = "today.show" if must_have_second_factor(current_user()) else "accounts.show_account"
    return redirect(url_for(to))


def _with_code(do: Callable[[User], Response]) -> Answer:
    """Do it if the code that was sent is right."""
    form = CodeForm()
    if not form.validate():
        return _page(code=form), 400
    try:
        _counted(current_user(), form.code.data or "")
    except Refused as error:
        security_log.note("wrong code")
        form.code.errors = [str(error)]
        return _page(code=form), error.status
    return do(current_user())


def _counted(user: User, code: str) -> None:
    """Use up a code of the account. Raises WrongCode, and TooManyCodes after too many wrong ones."""
    now = clock.now()
    guess = guessing.guess_of_code(user.id, secret=current_settings().secret_key.get_secret_value())
    check = partial(second_factor.check, get_db(), user_id=user.id, code=code, now=now)
    guessing.counted(get_db(), guess, check, now=now)


def _page(form: TurnOnForm | None = None, *, code: CodeForm | None = None) -> str:
    user = current_user()
    with reading():
        is_on = second_factor.is_on(get_db(), user_id=user.id)
        left = second_factor.recovery_codes_left(get_db(), user_id=user.id)
        needs_old = not is_on and needs_old_password(user)
    secret = "" if is_on else session.setdefault(PENDING, second_factor.new_secret())
    return render_template(
        "accounts/second_factor.html",
        is_on=is_on,
        left=left,
        must=must_have_second_factor(user),
        code=code or CodeForm(formdata=None),
        form=form or TurnOnForm(formdata=None),
        needs_old_password=needs_old,
        secret=second_factor.grouped(secret),
        qr=_qr(user, secret) if secret else "",
    )


def _qr(user: User, secret: str) -> Markup:
    """The drawing that an app reads."""
    site = current_settings().public_url.partition("://")[2]
    return qr.drawn(second_factor.address_for_app(secret, name=user.name, site=site))


def _to_codes(made: Sequence[str]) -> Response:
    """To the page of the recovery codes, which shows them until their person says that they have them."""
    session[RECOVERY_CODES] = list(made)
    return redirect(url_for("accounts.show_recovery_codes"))
