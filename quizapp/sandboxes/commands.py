"""`flask sandboxes`: build the image, and look after sandboxes by hand. Talks to the engine itself, not to sandboxd."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.sandboxes import parts, reaper
from quizapp.sandboxes.docker_images import DockerImages
from quizapp.sandboxes.http_client import HttpSandboxClient
from quizapp.sandboxes.image_build import ensure_image
from quizapp.web import current_settings
from quizapp.web.cli import plain_errors

NAMESPACES = Path("/proc/sys/user/max_user_namespaces")
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


sandboxes = AppGroup(
    "sandboxes", help="Build the sandbox image, see the sandboxes, remove leftovers, find out why they do not start."
)


@sandboxes.command()
@plain_errors
def build() -> None:
    """Build the sandbox image on the engine, unless this version of it is there already."""
    image = ensure_image(DockerImages(parts.engine_url(current_settings())), on_line=click.echo)
    click.echo(f"The sandbox image is {image.tag}.")


@sandboxes.command("list")
@plain_errors
def list_all() -> None:
    """List this installation's sandboxes on the engine, whether or not sandboxd runs."""
    settings = current_settings()
    for one in reaper.signed_in(parts.engine(settings), parts.signer(settings)):
        state = "running" if one.found.running else "created" if one.found.fresh else "ended"
        ends = one.claim.ends_at.isoformat(timespec="seconds")
        click.echo(f"{one.claim.id}  {state}  owner {one.claim.owner or 'none yet'}  ends by {ends}")


@sandboxes.command()
@click.option("--all", "everything", is_flag=True, help="Remove every sandbox, also those in use.")
@plain_errors
def reap(everything: bool) -> None:
    """Remove sandboxes that have ended or outlived themselves."""
    settings = current_settings()
    removed = reaper.sweep(parts.engine(settings), parts.signer(settings), everything=everything, now=clock.now())
    for one in removed:
        click.echo(f"removed {one.found.name}")
    click.echo(f"{len(removed)} removed.")


@sandboxes.command()
@plain_errors
def doctor() -> None:
    """Look at everything that sandboxes need, and say what to do about what is missing. Exits with 1 if anything is."""
    settings = current_settings()
    health = parts.engine(settings).health()
    service = HttpSandboxClient(settings.sandboxd_socket).health()
    fitting = parts.most_sandboxes(parts.memory_bytes())
    findings = (
        _say("Docker Engine", None if health.engine else health.reason),
        _say("Sandbox image", None if health.image else health.reason or "The engine has to answer first."),
        _say("Sandbox service", None if service.engine else service.reason),
        _say("User namespaces", _namespaces()),
        _say("Memory", None if settings.max_sandboxes <= fitting else f"Lower QUIZAPP_MAX_SANDBOXES to {fitting}."),
    )
    sys.exit(0 if all(findings) else 1)


def _say(what: str, trouble: str | None) -> bool:
    """One line of the doctor's report; whether all is well with it."""
    click.echo(f"{'ok' if trouble is None else 'no':4}{what}{'' if trouble is None else ': ' + trouble}")
    return trouble is None


def _namespaces() -> str | None:
    """What keeps this machine's processes from making user namespaces, None if nothing does."""
    if NAMESPACES.exists() and int(NAMESPACES.read_text()) == 0:
        return "They are switched off. Set user.max_user_namespaces to 10000 with sysctl."
    if APPARMOR.exists() and int(APPARMOR.read_text()) == 1:
        return "AppArmor forbids them. Set kernel.apparmor_restrict_unprivileged_userns to 0 with sysctl."
    return None
