"""The installation as services: the units under a systemd that runs, used over HTTPS, upgraded and taken back.

systemd runs in a container, on a Debian of its own with the checkout in /opt/quizapp; what the operator guide has an
operator type is typed there.
"""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.product import wait_for
from installations import versions
from installations.engine import Engine
from installations.images import RECIPES, SERVICES, build, make_root, make_sandbox_base
from installations.steps import new_name, step
from ops.checkout import Checkout
from ops.console import Failed, say

IMAGE = MACHINE = "quizapp-try-machine"
SOCKET = "/srv/docker.sock"  # of the engine, in the machine
PYTHON = "/opt/quizapp/.venv/bin/python"
# What the guide says, but that the engine's socket lies elsewhere and that the settings are filled in.
INSTALL = f"""set -eu
cd /opt/quizapp
getent group docker > /dev/null || groupadd --gid "$(stat --format %g {SOCKET})" docker
useradd --system --home-dir /var/lib/quizapp quizapp
install -m 600 deploy/systemd/quizapp.env /etc/quizapp.env
sed -i 's#^QUIZAPP_PUBLIC_URL=.*#QUIZAPP_PUBLIC_URL=https://localhost#' /etc/quizapp.env
sed -i 's#^QUIZAPP_ENGINE=.*#QUIZAPP_ENGINE=unix://{SOCKET}#' /etc/quizapp.env
cp deploy/systemd/*.service deploy/systemd/*.socket /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now quizapp-web.socket quizapp-web quizapp-sandboxd
"""
# nginx.conf with the lines for a certificate, which stand there to be taken in.
PROXY = """set -eu
mkdir /etc/quizapp-tls
cd /etc/quizapp-tls
openssl req -x509 -newkey rsa:3072 -nodes -days 9 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout /etc/ssl/quizapp.key -out /etc/ssl/quizapp.pem 2> /dev/null
sed 's/# listen 443/listen 443/; s/# ssl_/ssl_/' /opt/quizapp/deploy/nginx.conf > nginx.conf
cp /opt/quizapp/deploy/nginx-*.conf /opt/quizapp/deploy/*.html .
nginx -p /etc/quizapp-tls -c nginx.conf
"""
AS_QUIZAPP = "set -a; . /etc/quizapp.env; cd /opt/quizapp; runuser -u quizapp -- .venv/bin/flask --app wsgi"
EXPOSED_MOST = 2.0  # of 10, by `systemd-analyze security`


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A container in which systemd is the first process."""

    engine: Engine

    def run(self, script: str) -> str:
        """What a script prints there, run by root."""
        return self.engine.docker("exec", MACHINE, "bash", "-c", script)

    def revision(self) -> str:
        """Where the database is."""
        return versions.revision_in(self.run(f"{AS_QUIZAPP} db current 2> /dev/null"))


def try_services(checkout: Checkout, engine: Engine) -> None:
    """Do all of it; raises Failed and AssertionError."""
    with step("Debian with systemd as an image"):
        make_root(checkout, engine, SERVICES)
    with step("The base of the sandbox image"):
        make_sandbox_base(checkout, engine)
    with tempfile.TemporaryDirectory(prefix="quizapp-services-") as folder:
        context = Path(folder)
        before = versions.make_repository(checkout.root, context / "checkout")
        (context / "Dockerfile").write_bytes((RECIPES / "services" / "Dockerfile").read_bytes())
        with step("The checkout in /opt/quizapp, and make setup there"):
            build(engine, context, IMAGE, base=SERVICES)
    machine = Machine(engine=engine)
    try:
        with step("A machine that systemd has started"):
            _start(machine)
        _use(machine, before)
    finally:
        engine.docker("rm", "--force", "--volumes", MACHINE)


def _start(machine: Machine) -> None:
    machine.engine.docker(
        "run", "--detach", "--name", MACHINE, "--hostname", "machine", "--network", "none",
        # systemd mounts for each unit what the unit may see; it gets no more rights over this machine than that.
        "--cap-add", "SYS_ADMIN", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
        "--cgroupns", "private", "--volume", "/sys/fs/cgroup/systemd", "--env", "container=docker",
        "--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec", "--stop-signal", "SIGRTMIN+3",
        "--volume", f"{machine.engine.socket}:{SOCKET}", IMAGE,
    )  # fmt: skip

    def is_up() -> bool:
        try:
            return machine.run("systemctl is-system-running --wait").strip() == "running"
        except Failed:
            return False

    wait_for(is_up, "systemd runs")


def _use(machine: Machine, before: str) -> None:
    with step("From nothing to ready: account, units, database, content, sandbox image, web and sandboxd"):
        _install(machine)
    _look_at_units(machine)
    machine.run(PROXY)
    visit(machine)
    with step("Upgrade by deploy/systemd/upgrade.sh, with a backup before"):
        machine.run("sh /opt/quizapp/deploy/systemd/upgrade.sh next")
    assert machine.revision() == versions.NEXT
    visit(machine)
    with step("Back by deploy/systemd/go-back.sh, with a backup before"):
        machine.run("sh /opt/quizapp/deploy/systemd/go-back.sh")
    assert machine.revision() == before
    assert len(machine.run("ls /var/lib/quizapp/backups/*.sqlite3").split()) == 2
    visit(machine)
    with step("All units ended"):
        machine.run("systemctl stop quizapp-web.socket quizapp-web quizapp-sandboxd")
    assert machine.run("systemctl --failed --no-legend --plain").strip() == ""


def _install(machine: Machine) -> None:
    """Do what the guide says. Why a unit failed is in the journal, which goes with the machine."""
    try:
        machine.run(INSTALL)
    except Failed as error:
        why = machine.run("journalctl --no-pager --lines=40 --unit='quizapp-*'")
        raise Failed(f"{error}\n{why}") from error


def _look_at_units(machine: Machine) -> None:
    """Hold the units to what systemd says of them."""
    units = "quizapp-up quizapp-web quizapp-sandboxd"
    machine.run(f"systemd-analyze verify {units.replace(' ', '.service ')}.service")
    for unit in units.split():
        exposed = machine.run(f"systemd-analyze security --no-pager {unit}.service | tail -1")
        say(f"  ok   {exposed.strip()}")
        level = re.search(r"\d+\.\d+", exposed)
        assert level is not None, exposed
        assert float(level[0]) <= EXPOSED_MOST, exposed


def visit(machine: Machine) -> None:
    """Use the installation as somebody new, from the machine itself."""
    link = machine.run(f"{AS_QUIZAPP} accounts add {new_name()}").split()[-1]
    script = f"cd /opt/quizapp && {PYTHON} -B -m installations.visit {link} /etc/ssl/quizapp.pem"
    for line in machine.run(script).splitlines():
        print(f"         {line}", flush=True)
