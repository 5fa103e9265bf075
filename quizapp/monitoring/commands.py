"""`flask doctor`: what an alert would say, for who has no Prometheus."""

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from quizapp import clock
from quizapp.accounts.openid_wiring import provider_trouble
from quizapp.backups.making import OLD_BACKUP
from quizapp.monitoring.installation import Installed, installed
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.health import trouble

UNCHECKED = timedelta(days=14)  # as the alert QuizappBackupUnchecked


@click.command()
@with_appcontext
@plain_errors
def doctor() -> None:
    """Look at database, disk, backups and the OpenID provider, and say what to do; exit with 1 if anything is wrong."""
    fault = trouble()
    found = installed(get_db(), current_settings(), is_up=fault is None)
    findings = {"Database": fault, **troubles(found, now=clock.now())}
    if current_settings().oidc_issuer:
        findings["OpenID provider"] = provider_trouble()
    for what, wrong in findings.items():
        click.echo(f"{'ok' if wrong is None else 'no':4}{what}{'' if wrong is None else ': ' + wrong}")
    sys.exit(0 if set(findings.values()) == {None} else 1)


def troubles(found: Installed, *, now: datetime) -> Mapping[str, str | None]:
    """What is wrong with disk and backups, a sentence that says what to do; None for what is not."""
    return {
        "Disk": _of_disk(found),
        "Backup": _of_backup(found, now=now),
        "Verified backup": _of_checks(found, now=now),
    }


def _of_disk(found: Installed) -> str | None:
    room = found.room
    if room is None:
        return "Its room cannot be found out; see that this user may enter the instance folder."
    if not room.is_little:
        return None
    return f"{room.free // 1024**2:,} MiB are left where the instance folder is. Move old backups away, or make room."


def _of_backup(found: Installed, *, now: datetime) -> str | None:
    if found.backup_made_at is None:
        return "There is none in the instance folder. Make one: flask backup create."
    age = now - found.backup_made_at
    if age <= OLD_BACKUP:
        return None
    return f"The newest is {age.days} days old. Make one every night: flask backup create."


def _of_checks(found: Installed, *, now: datetime) -> str | None:
    if found.is_backup_broken:
        return "One was found damaged. Make a new one now, and look at the disk that it lay on."
    if found.backup_checked_at is not None and now - found.backup_checked_at <= UNCHECKED:
        return None
    if found.backup_made_at is None:
        return "There is none to verify yet. Make one, then: flask backup verify FILE."
    return "None was verified within two weeks: flask backup verify FILE."
