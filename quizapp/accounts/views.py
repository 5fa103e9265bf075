"""Signing in by link or password, signing out, and the account page. By a provider: see openid_views."""

from functools import partial

from flask import flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import guessing, openid_wiring, people, place_guards, second_factor, service, weak_passwords
from quizapp.accounts import interview as interviews
from quizapp.accounts.entering_views import enter_as, enter_or_ask
from quizapp.accounts.forms import (
    CalendarForm,
    DaysForm,
    DeletionForm,
    InterviewForm,
    LeechForm,
    LimitsForm,
    LinkForm,
    OpenidLinkForm,
    OrderForm,
    PasswordForm,
    RetentionForm,
    SignInForm,
)
from quizapp.accounts.guards import TOKEN, Audience, audience, current_user
from quizapp.accounts.models import UNKNOWN_DEVICE, LeechAction, NewOrder, ReviewOrder, User
from quizapp.accounts.openid import identities
from quizapp.accounts.tab_guards import leave_session
from quizapp.accounts.wiring import passwords
from quizapp.db import reading
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db


@audience(Audience.ANYONE)
def show_sign_in(*, why: str = "") -> str:
    """The sign-in page; with what was sent and `why` it is to be entered again."""
    form = SignInForm()
    form.password.errors = [why] if why else []
    return _sign_in_page(form)


@audience(Audience.ANYONE)
def sign_in_with_password() -> Response | str | tuple[str, int]:
    """Sign in with name and password."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 400
    try:
        user = _user_of_password(form.name.data or "", form.password.data or "")
    except service.WrongPassword as error:
        security_log.note("wrong name or password")
        form.password.errors = [str(error)]
        return _sign_in_page(form), 403
    return enter_or_ask(user, zone=form.zone.data or "", by="password")


@audience(Audience.ANYONE)
def show_link(token: str) -> str:
    """A sign-in link's page, with one button. Opening it uses nothing up: mail scanners and previews open links too."""
    return render_template("accounts/link.html", form=LinkForm(), token=token)


@audience(Audience.ANYONE)
def sign_in_by_link(token: str) -> Response:
    """Use the link up and sign in."""
    form = LinkForm()
    user = service.redeem_link(get_db(), token=token, now=clock.now())
    return enter_or_ask(user, zone=(form.zone.data or "") if form.validate() else "", by="link")


@audience(Audience.LEARNER)
def sign_out() -> Response:
    """End this sign-in on the server and empty the cookie. Who came by the provider is told how to leave it too."""
    came_by_provider = openid_wiring.came_by_provider()
    service.sign_out(get_db(), token=session[TOKEN], now=clock.now())
    get_db().commit()
    security_log.note("signed out")
    leave_session(current_user())
    return redirect(url_for("accounts.show_sign_in", left=1 if came_by_provider else None))


@audience(Audience.LEARNER)
def show_account() -> str:
    """The account page."""
    return account_page()


@audience(Audience.LEARNER)
def set_calendar() -> Response | tuple[str, int]:
    """Set the time zone and the hour at which the day begins."""
    form = CalendarForm()
    if not form.validate():
        return account_page(calendar=form), 400
    service.set_calendar(current_user(), zone=form.zone.data, rollover_hour=form.rollover_hour.data or 0)
    get_db().commit()
    flash("Saved. It counts from the next review on.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_limits() -> Response | tuple[str, int]:
    """Set how many new cards and reviews there are a day."""
    form = LimitsForm()
    if not form.validate():
        return account_page(limits=form), 400
    user = current_user()
    user.new_per_day, user.reviews_per_day = form.new_per_day.data or 0, form.reviews_per_day.data
    get_db().commit()
    flash("Saved. It counts for today too; what you did already counts against it.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_interview() -> Response | tuple[str, int]:
    """Set the day of the interview and the minutes a day until then."""
    form = InterviewForm()
    if not form.sets(current_user(), now=clock.now()):
        return account_page(interview=form), 400
    get_db().commit()
    flash("Planned. Today gives you what the plan says.", "good")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def drop_interview() -> Response:
    """Go back to the usual limits."""
    interviews.drop_interview(current_user())
    get_db().commit()
    flash("The plan is dropped. Your usual limits count again.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_order() -> Response | tuple[str, int]:
    """Set in which order cards come, and with how many ratings."""
    form = OrderForm()
    if not form.validate():
        return account_page(order=form), 400
    user = current_user()
    user.new_order, user.review_order = NewOrder(form.new_order.data), ReviewOrder(form.review_order.data)
    user.bury_siblings, user.two_ratings = form.bury_siblings.data, form.two_ratings.data
    get_db().commit()
    flash("Saved. It counts from the next card on.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_days() -> Response | tuple[str, int]:
    """Set whether days are evened out, and the share of each weekday."""
    form = DaysForm()
    if not form.validate():
        return account_page(days=form), 400
    user = current_user()
    user.is_balanced, user.easy_days = form.is_balanced.data, form.shares()
    get_db().commit()
    flash("Saved. It counts for the intervals of your next reviews.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_leeches() -> Response | tuple[str, int]:
    """Set when a card is a leech, and what becomes of it."""
    form = LeechForm()
    if not form.validate():
        return account_page(leeches=form), 400
    user = current_user()
    user.leech_threshold = form.leech_threshold.data or 0
    user.leech_action = LeechAction(form.leech_action.data)
    get_db().commit()
    flash("Saved. It counts from the next review on.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_retention() -> Response | tuple[str, int]:
    """Set the chance of recall at which cards are due."""
    form = RetentionForm()
    if not form.validate():
        return account_page(retention=form), 400
    current_user().desired_retention = (form.retention.data or 0) / 100
    get_db().commit()
    flash("Saved. It counts for the intervals of your next reviews.")
    return redirect(url_for("accounts.show_account"))


@audience(Audience.LEARNER)
def set_password() -> Response | tuple[str, int]:
    """Set a password. Every sign-in ends; this browser gets a new one."""
    form, owner = PasswordForm(), current_user()
    if not form.validate():
        return account_page(password=form), 400
    try:
        owner = confirmed_user(owner, form.old.data or "")
    except service.WrongPassword:
        security_log.note("wrong password for a new one")
        form.old.errors = ["This is not your password so far. Type it again, or ask for a sign-in link."]
        return account_page(password=form), 403
    get_db().commit()  # a hash takes long, and nobody may wait for it
    leaked = current_settings().leaked_passwords
    if fault := weak_passwords.fault_of(form.password.data or "", words=(owner.name,), leaked=leaked or None):
        form.password.errors = [fault]
        return account_page(password=form), 400
    user = service.set_password(
        get_db(), passwords(), user_id=owner.id, password=form.password.data or "", now=clock.now()
    )
    security_log.note("password set")
    flash("Your password is set. Other browsers have been signed out.")
    return enter_as(user, zone="", target=url_for("accounts.show_account"))


def confirmed_user(user: User, password: str) -> User:
    """Whoever is signed in, once they have said their password, where `service.needs_old_password` asks for it.

    Raises what `guessing.user_of_password` raises.
    """
    return _user_of_password(user.name, password) if needs_old_password(user) else user


@audience(Audience.LEARNER)
def end_sign_in(key: str) -> Response:
    """Sign out another browser, or this one."""
    device = service.end_sign_in(get_db(), user=current_user(), key=key, now=clock.now())
    get_db().commit()
    security_log.note("signed out elsewhere")
    flash(f"Signed out: {device or UNKNOWN_DEVICE}.")
    return redirect(url_for("accounts.show_account", _anchor="sign-ins"))


def _sign_in_page(form: SignInForm) -> str:
    provider = openid_wiring.name_of(current_settings())
    return render_template("accounts/sign_in.html", form=form, provider=provider)


def needs_old_password(user: User) -> bool:
    """Whether this sign-in has to say the password again before it changes what lets people in."""
    return service.needs_old_password(get_db(), user=user, token=session[TOKEN], now=clock.now())


def _user_of_password(name: str, password: str) -> User:
    """Whoever signs in. Raises what `guessing.user_of_password` raises."""
    secret, now = current_settings().secret_key.get_secret_value(), clock.now()
    guess = guessing.guess_of(get_db(), name=name, place=place_guards.here(), secret=secret, now=now)
    return guessing.user_of_password(get_db(), passwords(), guess, name=name, password=password, now=now)


def account_page(
    *,
    calendar: CalendarForm | None = None,
    days: DaysForm | None = None,
    interview: InterviewForm | None = None,
    leeches: LeechForm | None = None,
    limits: LimitsForm | None = None,
    openid: OpenidLinkForm | None = None,
    order: OrderForm | None = None,
    password: PasswordForm | None = None,
    retention: RetentionForm | None = None,
) -> str:
    """The account page with the forms as they are, or with one that was sent and is wrong."""
    user = current_user()
    with reading():  # a form that was wrong waits for no writer, and holds none off
        needs_old, sign_ins = needs_old_password(user), people.sign_ins_of(get_db(), user_id=user.id, now=clock.now())
        linked = identities.identities_of(get_db(), user_id=user.id)
        has_factor = second_factor.is_on(get_db(), user_id=user.id)
        codes_left = second_factor.recovery_codes_left(get_db(), user_id=user.id) if has_factor else None
    return render_template(
        "accounts/account.html",
        calendar=calendar or CalendarForm(obj=user, formdata=None),
        days=days or DaysForm.of(is_balanced=user.is_balanced, shares=user.easy_days),
        interview=interview or InterviewForm.of(user, now=clock.now()),
        is_interview_over=interviews.is_over(user, now=clock.now()),
        leeches=leeches or LeechForm(obj=user, formdata=None),
        limits=limits or LimitsForm(obj=user, formdata=None),
        order=order or OrderForm(obj=user, formdata=None),
        password=password or PasswordForm(formdata=None),
        needs_old_password=needs_old,
        sign_ins=sign_ins,
        is_here=partial(service.is_of, session[TOKEN]),
        retention=retention or RetentionForm(formdata=None, retention=round(100 * user.desired_retention)),
        deletion=DeletionForm(formdata=None),
        openid=openid or OpenidLinkForm(formdata=None),
        provider=openid_wiring.name_of(current_settings()),
        identities=linked,
        codes_left=codes_left,
    )
