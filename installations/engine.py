"""A Docker engine of its own, whose containers reach each other and whose ports are open on this machine.

The engine of `ops` publishes no ports. This one changes no rule of this machine's firewall either: a program of
Docker's passes on what comes to a port.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.product import wait_for
from ops.checkout import Checkout
from ops.children import Child
from ops.console import Failed
from ops.docker_api import answers
from ops.engine import PACKAGES
from ops.system import find_program, install_packages

STOP_S = 20.0


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A running engine."""

    folder: Path
    """Its own, with its socket. What lies in it goes with the engine."""

    @property
    def socket(self) -> Path:
        return self.folder / "docker.sock"

    @property
    def env(self) -> Mapping[str, str]:
        """The environment in which `docker` asks this engine, with the plugins that lie in `folder`."""
        return {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.socket}",
            "DOCKER_CONFIG": str(self.folder / "config"),
            "DOCKER_BUILDKIT": "0",  # the CLI's own way of it is a plugin, which Debian 12 has not
        }

    def docker(self, *arguments: str, cwd: Path | None = None, more_env: Mapping[str, str] | None = None) -> str:
        """What `docker` prints with these arguments. Raises Failed with all that it printed if it fails."""
        return said(("docker", *arguments), cwd=cwd, env={**self.env, **(more_env or {})})


def said(command: tuple[str, ...], *, env: Mapping[str, str], cwd: Path | None = None) -> str:
    """What a command prints. Raises Failed with all of it if it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def missing(checkout: Checkout) -> str | None:
    """Why no such engine can be had here, in a sentence; None if it can. Installs Debian's package if need be."""
    if os.geteuid() != 0:
        return "only root starts an engine that publishes ports: run this as root"
    if find_program("dockerd") is None or find_program("mmdebstrap") is None:
        install_packages(PACKAGES, reason="Installations are tried on an engine of their own", checkout=checkout)
    return None if find_program("docker") else "there is no docker command here: apt-get install docker-cli"


@contextmanager
def own_engine(checkout: Checkout) -> Iterator[Engine]:
    """Run the engine while the block runs; everything in it is removed then."""
    folder = checkout.build / "installations" / "engine"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "config" / "cli-plugins").mkdir(parents=True)
    engine = Engine(folder=folder)
    (folder / "engine.json").write_text("{}", encoding="ascii")
    path = f"{os.environ['PATH']}:/usr/local/sbin:/usr/sbin:/sbin"
    daemon = Child.start(
        "dockerd",
        _command(engine),
        cwd=folder,
        env={**os.environ, "PATH": path},
        log=checkout.log("installations-engine"),
        patience_s=STOP_S,
    )
    try:
        wait_for(lambda: answers(f"unix://{engine.socket}") or daemon.has_died(), "the engine answers")
        if daemon.has_died():
            raise Failed(f"dockerd ended at once: see {daemon.log}.")
        yield engine
    finally:
        daemon.end()
        shutil.rmtree(folder, ignore_errors=True)


def _command(engine: Engine) -> list[str]:
    return [
        "dockerd",
        "--config-file", str(engine.folder / "engine.json"),
        "--host", f"unix://{engine.socket}",
        "--data-root", str(engine.folder / "data"),
        "--exec-root", str(engine.folder / "exec"),
        "--pidfile", str(engine.folder / "engine.pid"),
        "--bridge", "none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--userland-proxy=true",
        "--containerd-namespace", "quizapp-installations",
        "--containerd-plugins-namespace", "quizapp-installations-plugins",
        "--log-level", "warn",
    ]  # fmt: skip
