"""`flask sandboxes`: build images, list, remove and enter sandboxes. Calls the engine; only `doctor` asks sandboxd."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.errors import Invalid, NotFound, QuizappError
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.capabilities import capability_report
from quizapp.sandboxes.engine.protocol import Engine
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.recipe.image_build import RECIPES, ensure_image, sandbox_image
from quizapp.sandboxes.recipe.pruning import prune
from quizapp.sandboxes.recipe.template import SHELL, Template
from quizapp.sandboxes.remote.http_client import HttpSandboxClient
from quizapp.sandboxes.terminals import local
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors

if TYPE_CHECKING:
    from quizapp.sandboxes.engine.docker_images import DockerImages
    from quizapp.settings import Settings

ASK_FIRST = "The engine has to answer first."
NAMESPACES = Path("/proc/sys/user/max_user_namespaces")
PRUNED_DAYS = 7  # old images that `prune` removes unless told otherwise
LEFT_DAYS = 30  # old images that every build removes: nobody goes back to a version that long ago without a build
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


sandboxes = AppGroup(
    "sandboxes", help="Build the sandbox image, see the sandboxes, remove leftovers, find out why they do not start."
)


@sandboxes.command()
@click.option(
    "--template",
    "names",
    multiple=True,
    type=click.Choice(tuple(RECIPES)),
    help="Build this one's image, in place of those of QUIZAPP_SANDBOX_TEMPLATES. May be given several times.",
)
@click.option(
    "--bases",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder in which `python -m quizapp.sandboxes.recipe.base FOLDER` has made the base ahead.",
)
@plain_errors
def build(names: tuple[str, ...], bases: Path | None) -> None:
    """Build the sandbox images on the engine, unless this version of them is there already."""
    settings = current_settings()
    engine = _docker_images()
    for name in names or [template.name for template in wiring.templates(settings)]:
        image = ensure_image(engine, on_line=click.echo, recipe=RECIPES[name], bases=bases)
        click.echo(f"The sandbox image is {image.tag}.")
    _prune(engine, timedelta(days=LEFT_DAYS))


@sandboxes.command()
@plain_errors
def publish() -> None:
    """Push the sandbox image and its inner images to QUIZAPP_SANDBOX_REGISTRY, for the nodes of a cluster.

    Runs on the Docker Engine that has built them. Log in there before: docker login.
    """
    settings = current_settings()
    url = wiring.engine_url(settings)
    if not settings.sandbox_registry:
        raise Invalid("Set QUIZAPP_SANDBOX_REGISTRY to where the nodes get images, such as registry.example/quizapp.")
    from quizapp.sandboxes.engine.docker_publishing import DockerPublisher  # loads the SDK

    DockerPublisher(url, settings.sandbox_registry).publish(sandbox_image(), click.echo)


@sandboxes.command("prune")
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=PRUNED_DAYS,
    show_default=True,
    help="Remove those that were made at least so many days ago.",
)
@plain_errors
def prune_images(days: int) -> None:
    """Remove images and volumes of other versions, never those that a sandbox has."""
    gone = _prune(_docker_images(), timedelta(days=days))
    click.echo(f"{gone} removed.")


def _docker_images() -> "DockerImages":
    """The images of the Docker Engine. Raises EngineOff where QUIZAPP_ENGINE names none."""
    url = wiring.engine_url(current_settings())
    from quizapp.sandboxes.engine.docker_images import DockerImages  # loads the SDK, which a cluster does without

    return DockerImages(url)


def _prune(engine: "DockerImages", unused_for: timedelta) -> int:
    """Say which images are removed; returns how many."""
    gone = 0
    for tag in prune(engine, now=clock.now(), unused_for=unused_for):
        click.echo(f"removed {tag}")
        gone += 1
    return gone


@sandboxes.command("list")
@plain_errors
def list_all() -> None:
    """List this installation's sandboxes on the engine, whether or not sandboxd runs."""
    settings = current_settings()
    for one in reaper.own_containers(wiring.engine(settings), wiring.signer(settings)):
        state = "running" if one.found.running else "created" if one.found.fresh else "ended"
        ends = one.ownership.ends_at.isoformat(timespec="seconds")
        click.echo(f"{one.ownership.id}  {state}  owner {one.ownership.owner or 'none yet'}  ends by {ends}")


@sandboxes.command()
@click.option("--all", "everything", is_flag=True, help="Remove every sandbox, also those in use.")
@plain_errors
def reap(everything: bool) -> None:
    """Remove sandboxes that have ended or outlived themselves."""
    settings = current_settings()
    engine, now = wiring.engine(settings), clock.now()
    removed = reaper.sweep(engine, wiring.signer(settings), everything=everything, now=now)
    removed += reaper.sweep_workshops(engine, wiring.key_of(settings), now=now)
    for one in removed:
        click.echo(f"removed {one.found.name}")
    click.echo(f"{len(removed)} removed.")


@sandboxes.command()
@click.argument("sandbox_id", metavar="ID")
@plain_errors
def shell(sandbox_id: str) -> None:
    """Open a shell in a sandbox, beside its learner. ID is the beginning of an id or a name in the list."""
    settings = current_settings()
    engine = wiring.engine(settings)
    running = (one for one in reaper.own_containers(engine, wiring.signer(settings)) if one.found.running)
    found = [one for one in running if one.ownership.id.startswith(sandbox_id) or one.found.name.startswith(sandbox_id)]
    if len(found) != 1:
        raise NotFound(f"{len(found)} running sandboxes begin with {sandbox_id}; see: flask sandboxes list")
    rows, columns = local.window()
    opened = engine.shell(found[0].found.ref, (SHELL,), rows=rows, columns=columns)
    try:
        local.lend(opened)
    finally:
        opened.close()


@sandboxes.command()
@plain_errors
def doctor() -> None:
    """Look at everything that sandboxes need, and say what to do about what is missing. Exits with 1 if anything is.

    Starts one sandbox of each kind and tries in it what labs may need; what only some labs need is no fault.
    """
    settings = current_settings()
    wiring.engine(settings)  # raises where there is none by choice, before anything is said
    service = HttpSandboxClient(settings.sandboxd_socket).health()
    service_runs = _say("Sandbox service", None if service.engine else service.reason)
    works = _docker_works(settings) if settings.kubeconfig is None else _cluster_works(settings, settings.kubeconfig)
    sys.exit(0 if service_runs and works else 1)


def _docker_works(settings: "Settings") -> bool:
    """Print what a Docker Engine has and lacks; True if sandboxes start on it."""
    engine = wiring.docker_engine(settings)
    health = engine.health()
    fitting = wiring.most_sandboxes(wiring.memory_bytes(), wiring.templates(settings))
    findings = (
        _say("Docker Engine", None if health.engine else health.reason),
        _say("Sandbox image", None if health.image else health.reason or ASK_FIRST),
        _say("User namespaces", _namespaces()),
        _say("Memory", None if settings.max_sandboxes <= fitting else f"Lower QUIZAPP_MAX_SANDBOXES to {fitting}."),
        _say("Runtime", engine.runtime_trouble() if health.engine else ASK_FIRST),
    )
    works = [_find_out(engine, template) for template in wiring.templates(settings)] if health.image else []
    return all(findings) and all(works)


def _cluster_works(settings: "Settings", kubeconfig: str) -> bool:
    """Print what a cluster has and lacks; True if sandboxes start on it."""
    engine = wiring.cluster(settings, kubeconfig)
    from quizapp.sandboxes.engine import kubernetes_checks

    health = engine.health()
    if not _say("Cluster", None if health.engine else health.reason):
        return False
    findings = [_say(check.name, check.trouble) for check in kubernetes_checks.cluster_checks(engine)]
    if not all(findings):
        return False
    if not all(_find_out(engine, template) for template in wiring.templates(settings)):
        return False
    network = kubernetes_checks.network_check(engine)
    return _say(network.name, network.trouble)


def _find_out(engine: Engine, template: Template) -> bool:
    """Start a sandbox of this template and print its capabilities; True if it started."""
    try:
        found = capability_report(engine, template)
    except QuizappError as error:
        return _say(f"Template {template.name}", str(error))
    if not _say(f"Template {template.name}", found.failed):
        return False
    for capability in found.can:
        click.echo(f"    has {capability.name}")
    for capability in found.cannot:
        click.echo(f"    has no {capability.name}: {capability.mend}")
    return True


def _say(what: str, trouble: str | None) -> bool:
    """Print one line of the doctor's report; True if `trouble` is None."""
    click.echo(f"{'ok' if trouble is None else 'no':4}{what}{'' if trouble is None else ': ' + trouble}")
    return trouble is None


def _namespaces() -> str | None:
    """Why processes on this machine cannot make user namespaces, and what to do; None if they can."""
    if NAMESPACES.exists() and int(NAMESPACES.read_text()) == 0:
        return "They are switched off. Set user.max_user_namespaces to 10000 with sysctl."
    if APPARMOR.exists() and int(APPARMOR.read_text()) == 1:
        return "AppArmor forbids them. Set kernel.apparmor_restrict_unprivileged_userns to 0 with sysctl."
    return None
