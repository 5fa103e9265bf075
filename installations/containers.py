"""The installation with containers: compose.yaml from nothing, used over HTTPS, upgraded, taken back, down again."""

import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from installations import versions
from installations.engine import Engine, said
from installations.images import CONTAINERS, DATABASE, PROXY, get_compose, make_root, make_sandbox_base, make_stand_ins
from installations.steps import new_name, step
from ops.checkout import Checkout
from ops.console import Failed
from ops.running_product import free_port

# The image is built on the Debian that was made here, and its steps use this machine's network, as the engine has none.
OVERRIDE = f"""services:
  up:
    build:
      network: host
      args: {{BASE: {CONTAINERS}}}
"""


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The installation in its folder, a checkout with an .env."""

    engine: Engine
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def set(self, name: str, value: object) -> None:
        """Write a setting into .env. It holds from the next start on."""
        self.settings[name] = str(value)
        text = "".join(f"{each}={said}\n" for each, said in self.settings.items())
        (self.folder / ".env").write_text(text, encoding="utf-8")

    def compose(self, *arguments: str) -> str:
        """What `docker compose` prints with these arguments."""
        return self.engine.docker("compose", *arguments, cwd=self.folder, more_env=BUILDS)

    def up(self) -> None:
        """Start all of it, and wait until it is healthy. Raises Failed with what the services said."""
        try:
            self.compose("up", "--detach", "--wait")
        except Failed as error:
            raise Failed(f"{error}\n{self.compose('logs', '--no-color', '--tail', '20')}") from error

    def script(self, name: str) -> None:
        """Run a script of deploy/."""
        said(("sh", f"deploy/{name}"), cwd=self.folder, env={**self.engine.env, **BUILDS})

    def revision(self) -> str:
        """Where the database is."""
        return versions.revision_in(self.compose("exec", "-T", "web", "flask", "db", "current"))


PATH = "/quiz"  # that the site shares its host by, at the end
BUILDS = {"DOCKER_BUILDKIT": "1"}  # compose brings its own way of it along


def try_containers(checkout: Checkout, engine: Engine) -> None:
    """Do all of it; raises Failed and AssertionError."""
    with step("Debian, PostgreSQL and nginx as images, in place of a registry's, and compose"):
        make_root(checkout, engine, CONTAINERS)
        make_stand_ins(engine)
        make_sandbox_base(checkout, engine)
        get_compose(engine)
    with tempfile.TemporaryDirectory(prefix="quizapp-composed-") as folder:
        before = versions.make_repository(checkout.root, Path(folder))
        composed = Composed(engine=engine, folder=Path(folder))
        _fill_in(composed)
        try:
            _use(composed, before)
        finally:
            with step("All down, with its volumes"):
                composed.compose("down", "--volumes", "--timeout", "15")
        assert engine.docker("ps", "--all", "--quiet", "--filter", "name=quizapp-") == "", "something was left"


def _fill_in(composed: Composed) -> None:
    """Fill in .env from deploy/env.example's settings."""
    (composed.folder / "override.yaml").write_text(OVERRIDE, encoding="utf-8")
    https, http = free_port(), free_port()
    settings = {
        "QUIZAPP_PUBLIC_URL": f"https://localhost:{https}",
        "POSTGRES_PASSWORD": "ofThisTryAlone1",
        "QUIZAPP_ENGINE_GROUP": composed.engine.socket.stat().st_gid,
        "QUIZAPP_ENGINE_SOCKET": composed.engine.socket,
        "QUIZAPP_POSTGRES_IMAGE": DATABASE,
        "QUIZAPP_NGINX_IMAGE": PROXY,
        "QUIZAPP_HTTP_PORT": http,
        "QUIZAPP_HTTPS_PORT": https,
        "COMPOSE_FILE": "compose.yaml:override.yaml",
    }
    for name, value in settings.items():
        composed.set(name, value)


def _use(composed: Composed, before: str) -> None:
    with step("The product's image, from its Dockerfile"):
        composed.compose("build", "up")
    with step("From nothing to ready: database, content, sandbox image, web, sandboxd and proxy"):
        composed.up()
    visit(composed)
    with step("Upgrade by deploy/upgrade.sh, with a backup before"):
        versions.take(composed.folder, "next")
        composed.script("upgrade.sh")
    assert composed.revision() == versions.NEXT
    visit(composed)
    with step("Back by deploy/go-back.sh, with a backup before"):
        composed.script("go-back.sh")
        versions.take(composed.folder, "installed")
    assert composed.revision() == before
    backups = composed.compose("exec", "-T", "web", "ls", "/var/lib/quizapp/instance/backups").split()
    assert len([name for name in backups if name.endswith(".dump")]) == 2, backups
    visit(composed)
    with step(f"The same site below {PATH}"):
        composed.set("QUIZAPP_PUBLIC_URL", composed.settings["QUIZAPP_PUBLIC_URL"] + PATH)
        composed.up()
    visit(composed)
    # A host that its learner has just ended may be there still, and no sandboxd comes back for it.
    composed.compose("exec", "-T", "sandboxd", "flask", "sandboxes", "reap", "--all")


def visit(composed: Composed) -> None:
    """Use the installation as somebody new."""
    link = composed.compose("exec", "-T", "web", "flask", "accounts", "add", new_name()).split()[-1]
    certificate = composed.folder / "certificate.pem"
    composed.compose("cp", "proxy:/certificates/fullchain.pem", str(certificate))
    command = (sys.executable, "-m", "installations.visit", link, str(certificate))
    for line in said(command, env=os.environ, cwd=Checkout.here().root).splitlines():
        print(f"         {line}", flush=True)
