"""The owner's page: who is let in and what they may do, and below it what runs, see `running_views`."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import NAME_MAX_CHARS, Role
from quizapp.accounts.openid import identities
from quizapp.admin.owner import people
from quizapp.admin.owner.figures import web_figures
from quizapp.admin.owner.listed_accounts import LINK_LIFE
from quizapp.admin.owner.owner_forms import InviteForm, RoleForm
from quizapp.admin.owner.running import running
from quizapp.admin.question_places import notes_for_all
from quizapp.admin.questions.views import page_number
from quizapp.admin.wiring import deletes_accounts
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.errors import Conflict, Invalid
from quizapp.process_figures import MEASURES
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db, only_reading
from quizapp.web.templating import plural

_LINK = "sign_in_link"  # in the session: the account and the token of a link that has just been made


@audience(Audience.OWNER)
def show() -> str:
    """The page. What asks sandboxd comes by itself, so that the rest is here though that takes long."""
    return _page(InviteForm(formdata=None))


@audience(Audience.OWNER)
def invite() -> Response | tuple[str, int]:
    """Open an account, and show its first sign-in link."""
    form = InviteForm()
    if not form.validate():
        return _page(form), 400
    db, now, owner = get_db(), clock.now(), current_user()
    try:
        user = people.invite(db, name=form.name.data or "", role=Role(form.role.data), owner=owner, now=now)
    except (Invalid, Conflict) as error:
        db.rollback()
        form.name.errors = [str(error)]
        return _page(form), error.status
    token = people.make_link(db, user_id=user.id, owner=owner, now=now)
    db.commit()
    return _shown_once(user.id, token)


@audience(Audience.OWNER)
def show_person(user_id: UUID) -> str:
    """One account: role, where its person is signed in, and what can be done. Shows a link that was made just now."""
    made_for, token = session.get(_LINK, ("", None))
    if made_for != user_id.hex:
        return _person(user_id)
    session.pop(_LINK)
    return _person(user_id, token=token)


@audience(Audience.OWNER)
def set_role(user_id: UUID) -> Response | tuple[str, int]:
    """Give somebody a role. Asks once before an owner takes away their own, after which this page is not theirs."""
    form = RoleForm()
    form.offer(())
    if not form.validate():
        return _person(user_id, form=form), 400
    db, now, owner = get_db(), clock.now(), current_user()
    try:
        role, remit = Role(form.role.data), form.remit()
        user = people.set_role(db, user_id=user_id, role=role, remit=remit, owner=owner, now=now)
    except (Invalid, Conflict) as error:
        db.rollback()
        form.role.errors = [str(error)]
        return _person(user_id, form=form), error.status
    is_leaving = user_id == owner.id and role is not Role.OWNER
    if is_leaving and not form.sure.data:
        db.rollback()
        form.role.errors = ["You would be no owner any more, and only another owner could make you one again."]
        return _person(user_id, form=form, asks=True), HTTPStatus.CONFLICT
    db.commit()
    flash(f"{user.name} is {people.role_in_words(user)} now.", "good")
    return redirect(url_for("today.show")) if is_leaving else _back(user_id)


@audience(Audience.OWNER)
def make_link(user_id: UUID) -> Response:
    """Make a sign-in link and show it once."""
    token = people.make_link(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    return _shown_once(user_id, token)


@audience(Audience.OWNER)
def sign_out(user_id: UUID) -> Response:
    """Sign somebody out everywhere."""
    places = people.sign_out(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    flash(f"Signed out in {plural(places, 'place')}.", "good")
    return _back(user_id)


@audience(Audience.OWNER)
def deactivate(user_id: UUID) -> Response:
    """Let nobody sign in to an account."""
    user = people.deactivate(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    flash(f"Nobody can sign in as {user.name} any more. All that is in the account stays.", "good")
    return _back(user_id)


@audience(Audience.OWNER)
def turn_off_second_factor(user_id: UUID) -> Response:
    """Turn off the second factor of somebody who has lost it."""
    was_on = people.turn_off_second_factor(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    if was_on:
        security_log.note("second factor turned off by an owner", user_id=user_id)
    flash("It is off: a password or a link is enough to sign in." if was_on else "It was off already.", "good")
    return _back(user_id)


@audience(Audience.OWNER)
def activate(user_id: UUID) -> Response:
    """Let somebody sign in again."""
    user = people.activate(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
    get_db().commit()
    flash(f"{user.name} can sign in again, by their password or by a new link.", "good")
    return _back(user_id)


@audience(Audience.OWNER)
def delete(user_id: UUID) -> Response:
    """Delete an account whose name was typed, with all that is in it."""
    db, owner, now, name = get_db(), current_user(), clock.now(), request.form.get("name", "")[:NAME_MAX_CHARS]
    try:
        name = people.delete(db, user_id=user_id, name=name, delete_account=deletes_accounts(), owner=owner, now=now)
    except (Invalid, Conflict) as error:
        db.rollback()
        flash(str(error), "warning")
        return redirect(url_for("owner.show_person", user_id=user_id, _anchor="delete"))
    db.commit()
    remove_unused(db, current_settings().pictures_dir, now=now)
    flash(f"The account of {name} is deleted, with all that was in it.", "good")
    return redirect(url_for("owner.show"))


def _shown_once(user_id: UUID, token: str) -> Response:
    """To the page of an account, which shows this link once: reloading it makes no other account and no other link."""
    session[_LINK] = (user_id.hex, token)
    return _back(user_id)


def _back(user_id: UUID) -> Response:
    return redirect(url_for("owner.show_person", user_id=user_id))


def _page(form: InviteForm) -> str:
    with only_reading():
        page = people.people_page(get_db(), page=page_number(), now=clock.now())
        facts = running(get_db(), current_settings(), now=clock.now())
        site: Any = current_app  # a `Site`
        figures = web_figures(MEASURES, site.request_times.found())
        return render_template(
            "admin/owner.html",
            page=page,
            form=form,
            running=facts,
            figures=figures,
            list_link_days=LINK_LIFE.days,
        )


def _person(user_id: UUID, *, form: RoleForm | None = None, token: str | None = None, asks: bool = False) -> str:
    with only_reading():
        page = people.person_page(get_db(), user_id=user_id, owner=current_user(), now=clock.now())
        if form is None:
            form = RoleForm(formdata=None, role=page.user.role.value, limited=page.user.is_limited)
            form.notes.data, form.tags.data = list(page.remit.notes), ", ".join(page.remit.tags)
        form.offer(notes_for_all(get_db(), editor=current_user(), also=page.remit.notes))
        link = f"{current_settings().public_url}/sign-in/{token}" if token is not None else None
        linked = identities.identities_of(get_db(), user_id=user_id)
        return render_template("admin/person.html", page=page, form=form, link=link, identities=linked, asks=asks)
