"""The parts of the owner's page about what runs: hosts are listed and ended, backups are made, checked and put back."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.entering_views import enter_as
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import Role, User
from quizapp.admin.owner.running import hosts_page, revision_of
from quizapp.backups.making import backup_folder, listed_backups, make_backup, restore_backup, verify_backup
from quizapp.backups.seal import read_seal
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.trail import note_down
from quizapp.errors import NotFound, QuizappError
from quizapp.labs.wiring import sandboxes
from quizapp.web.application import current_settings
from quizapp.web.database import get_db, only_reading
from quizapp.web.error_pages import is_swapped_in

SANDBOX_ID_CHARS_MAX = 80
NO_BACKUP = "No backup was made"  # as some of the reasons begin


@audience(Audience.OWNER)
def show_hosts() -> str:
    """Hosts and queue: a part of the owner's page, or without a script a page of its own."""
    with only_reading():
        page = hosts_page(get_db(), sandboxes())
        return render_template("admin/_hosts.html" if is_swapped_in() else "admin/hosts.html", page=page)


@audience(Audience.OWNER)
def end_host(sandbox: str) -> Response:
    """End a host, or take somebody out of the queue."""
    if len(sandbox) > SANDBOX_ID_CHARS_MAX:
        raise NotFound("There is no such host.")
    sandboxes().end(sandbox)
    flash("The host ends. A learner who has it is told so on their page, and keeps their answers.", "good")
    return redirect(url_for("owner.show_hosts"))


@audience(Audience.OWNER)
def make() -> Response:
    """Make a backup now."""
    get_db().rollback()  # it reads on its own, and nobody may wait for this request meanwhile
    try:
        made = make_backup(current_settings(), None, now=clock.now())
    except QuizappError as error:
        said = str(error)
        flash(said if said.startswith(NO_BACKUP) else f"{NO_BACKUP}. {said}", "bad")
    else:
        flash(f"Made: {made.file.name}, with {made.seal.total:,} rows. Keep a copy on another machine.", "good")
    return _to_backups()


@audience(Audience.OWNER)
def verify() -> Response:
    """Check a backup of the list."""
    get_db().rollback()
    name, settings = request.form.get("name", ""), current_settings()
    if name not in {one.name for one in listed_backups(settings)}:
        raise NotFound("There is no such backup in the list.")
    try:
        seal = verify_backup(settings, backup_folder(settings) / name, now=clock.now())
    except QuizappError as error:
        flash(f"{name}: {error}", "bad")
    else:
        flash(f"{name} is whole: {len(seal.rows)} tables with {seal.total:,} rows.", "good")
    return _to_backups()


@audience(Audience.OWNER)
def restore() -> Response:
    """Put a backup of the list back, once that is ticked. Who does it stays signed in if they are an owner there."""
    name, settings, owner_id, now = request.form.get("name", ""), current_settings(), current_user().id, clock.now()
    revision = revision_of(get_db())
    get_db().rollback()
    if name not in {one.name for one in listed_backups(settings)}:
        raise NotFound("There is no such backup in the list.")
    if not request.form.get("sure"):
        flash("Nothing was put back. Tick that you are sure: what was done since then would be set aside.", "warning")
        return _to_backups()
    file = backup_folder(settings) / name
    seal = read_seal(file)
    if seal is None or seal.revision != revision:
        flash(f"{name} was made by another version of the product. `flask backup restore` puts it back.", "bad")
        return _to_backups()
    try:
        made = restore_backup(settings, file, now=now, keep_in=backup_folder(settings))
    except QuizappError as error:
        flash(f"{name}: {error}", "bad")
        return _to_backups()
    kept = f" What was there before is the backup {made.kept.name}." if made.kept is not None else ""
    flash(f"Everything is as it was when {name} was made, with {made.seal.total:,} rows.{kept}", "good")
    return _signed_in_anew(owner_id, name, now=now)


def _signed_in_anew(owner_id: UUID, name: str, *, now: datetime) -> Response:
    """To the list, signed in in the database that is there now; to the sign-in if this is no owner's account there."""
    db = get_db()
    db.expunge_all()
    user = db.get(User, owner_id)
    if user is None or user.role is not Role.OWNER or user.deactivated_at is not None:
        return redirect(url_for("accounts.show_sign_in"))
    note_down(db, what=DeedOf.RESTORE_BACKUP, words=name, editor=user, now=now)
    return enter_as(user, zone="", target=url_for("owner.show", _anchor="backups"), by="restored backup")


def _to_backups() -> Response:
    return redirect(url_for("owner.show", _anchor="backups"))
