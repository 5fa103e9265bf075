"""Several web processes on one database behind nginx, as `deploy/` has it, with hosts in memory. Kills one by one.

Each is a gunicorn of its own, as another machine would have; the folder of the instance stands for a shared one.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

from benchmarks.product import wait_for
from ops.checkout import Checkout
from ops.children import Child
from ops.run import GRACEFUL_S, Installation, gunicorn, is_healthy, is_listening, web_command
from ops.running_product import free_port
from quizapp.settings import ROOT

PROCESSES = 3
LAB = "app-cannot-reach-db"  # the content of the installation; to import all of it takes half a minute
NGINX = "nginx"
NO_NGINX = "there is no nginx here: apt-get install nginx"
SBIN = "/usr/local/sbin:/usr/sbin"  # where Debian puts it, which is not on everybody's PATH
UP_S = 120.0
# Debian's nginx keeps what it cannot hold in memory in folders of its own, which another user may not write.
_TEMPORARY = "".join(f"{name}_temp_path {name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))


def nginx() -> str | None:
    """The program; None if it is not installed."""
    return shutil.which(NGINX, path=f"{os.environ.get('PATH', '')}:{SBIN}")


class Cluster:
    """The processes of one installation. People ask its proxy, at `installation.address`."""

    def __init__(self, folder: Path, *, database_url: str, app: str) -> None:
        self.database_url = database_url
        self.installation = Installation(
            checkout=Checkout.here(), port=free_port(), instance=folder, engine="unix:///no-engine.sock"
        )
        self.ports = [free_port() for _ in range(PROCESSES)]
        self._app = app
        self._env = {**self.installation.env(), "QUIZAPP_SANDBOXD_ENDS_ALL": "0"}
        self.web: list[Child] = []
        self.others: list[Child] = []

    def start(self) -> None:
        """Bring the database up from each process's place at once, start all of them, and wait until they serve."""
        ups = [self._up() for _ in self.ports]
        self.web = [self._start(place) for place in range(PROCESSES)]
        self.installation.socket.parent.mkdir(mode=0o700)
        bind = f"unix:{self.installation.socket}"
        fake = gunicorn(
            self.installation, bind=bind, config="quizapp.gunicorn_sandboxd", app=("trust.fake_sandboxd:app",)
        )
        self.others = [self._child("many-sandboxd", fake), self._child("many-nginx", self._proxy())]
        said = [up.communicate(timeout=UP_S)[1] for up in ups]
        assert [up.returncode for up in ups] == [0] * PROCESSES, "\n".join(said)
        for place in range(PROCESSES):
            self.wait(place)
        wait_for(lambda: is_listening(self.installation.socket), "sandboxd listens")
        wait_for(lambda: is_healthy(self.installation.port), "the proxy answers")

    def kill(self, place: int) -> None:
        """Kill a web process by SIGKILL, its parent and its worker."""
        os.killpg(self.web[place].process.pid, signal.SIGKILL)
        self.web[place].process.wait()

    def restart(self, place: int) -> None:
        """End a web process as an upgrade does."""
        self.web[place].end()

    def revive(self, place: int) -> None:
        """Start one anew that has ended, and wait until it serves."""
        self.web[place] = self._start(place)
        self.wait(place)

    def wait(self, place: int) -> None:
        """Wait until a web process serves."""
        wait_for(lambda: is_healthy(self.ports[place]), f"web process {place} serves")

    def end(self) -> None:
        """End all of them."""
        for child in [*self.others[1:], *self.web, *self.others[:1]]:
            child.end()

    def _up(self) -> subprocess.Popen[str]:
        command = [self.installation.checkout.tool("flask"), "--app", "quizapp.up", "up"]
        root = self.installation.checkout.root
        return subprocess.Popen(
            command, cwd=root, env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    def _start(self, place: int) -> Child:
        *command, _ = web_command(self.installation)
        command[command.index("--bind") + 1] = f"127.0.0.1:{self.ports[place]}"
        return self._child(f"many-web-{place}", [*command, self._app])

    def _child(self, name: str, command: Sequence[str]) -> Child:
        checkout = self.installation.checkout
        log = checkout.log(name)
        return Child.start(name, command, cwd=checkout.root, env=self._env, log=log, patience_s=GRACEFUL_S + 5)

    def _proxy(self) -> list[str]:
        """nginx by a copy of the product's own configuration, with these addresses."""
        program = nginx()
        assert program is not None, NO_NGINX
        folder = self.installation.instance / NGINX
        shutil.copytree(ROOT / "deploy", folder)
        conf = folder / "nginx.conf"
        conf.write_text(configured(conf.read_text(encoding="utf-8"), self.installation.port, self.ports))
        return [program, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"]


def configured(conf: str, port: int, ports: Sequence[int]) -> str:
    """The text of `deploy/nginx.conf` for a proxy at `port` of web processes at `ports`, as nobody but its user."""
    server = re.search(r"^ *server 127\.0\.0\.1:8000( .*;)$", conf, re.MULTILINE)
    assert server is not None, "nginx.conf names no web process"
    conf = conf.replace(server[0], "\n".join(f"server 127.0.0.1:{one}{server[1]}" for one in ports))
    conf = conf.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/run/quizapp-nginx.pid", "nginx.pid")
    conf = conf.replace("http {", f"http {{\n{_TEMPORARY}", 1)
    return f"user root;\n{conf}" if os.geteuid() == 0 else conf


@contextmanager
def cluster(*, database_url: str, app: str = "wsgi:app") -> Iterator[Cluster]:
    """The processes, which serve while the block runs and are removed afterwards. The database is empty or older."""
    with ExitStack() as using:
        folder = Path(using.enter_context(tempfile.TemporaryDirectory(prefix="qm-")))
        shutil.copytree(ROOT / "content" / "labs" / LAB, folder / "content" / "labs" / LAB)
        env = {
            "DATABASE_URL": database_url,
            "QUIZAPP_CONTENT_DIR": str(folder / "content"),
            "QUIZAPP_PROXIES": "1",
            "QUIZAPP_PUBLIC_URL": "",
        }
        with mock.patch.dict(os.environ, env):
            running = Cluster(folder, database_url=database_url, app=app)
        using.callback(running.end)
        running.start()
        yield running
