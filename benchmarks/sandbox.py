"""A sandbox's cold start and memory beside a bare inner engine's, and a check beside a bare exec of `true`.

The product's figures include web's client, sandboxd on its unix socket and the engine. The baselines use the same
engine by the same SDK. Both are measured in turn; each figure is a median. No rows without an engine.
"""

import logging
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, cast

import docker
from docker.models.containers import Container
from pydantic import SecretStr
from werkzeug.serving import make_server

from benchmarks.rows import Row, beside
from quizapp import clock
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.labs.hosts import run_host
from quizapp.labs.proof.attempt import ticket_on, with_values
from quizapp.labs.runs.ticket import RunTicket
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.daemon.app import create_sandboxd
from quizapp.sandboxes.engine.docker import host_config
from quizapp.sandboxes.engine.output import lines
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.recipe.image_build import sandbox_image
from quizapp.sandboxes.recipe.template import USERNS
from quizapp.sandboxes.remote.http_client import HttpSandboxClient
from quizapp.settings import Settings
from quizapp.verdicts import Verdict

STARTS = 10
SETTLED_S = 3.0  # after its start, until the memory of an inner engine no longer changes
MIB = 1024 * 1024
# The inner engine alone, in a user namespace with only what it needs to start: without a network and without images.
BARE_ENGINE = """
. /usr/local/libexec/sandbox/common.sh
. /usr/local/libexec/sandbox/engine.sh
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /var/lib/docker
mount -t tmpfs tmpfs /var/log
start_engine once && echo @ready
wait
"""
CHECKS = 40
REST_S = 0.5  # after each measurement, so that the probe that sandboxd starts ahead does not slow the next one
LOOK_S = 0.01  # between two looks at a start: a hundredth of the time measured
READY_S = 60  # for a sandbox to start
ATTEMPT_S = 30.0  # for one command
OUTPUT_BYTES = 16 * 1024
LAB = Path(__file__).resolve().parent.parent / "content" / "labs" / "publish-or-publish-all" / "lab.yaml"

Measured = Callable[[], float]


def run() -> list[Row]:
    """Measure on the engine that the settings name, and remove everything there afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-"))  # a short path: a socket's name has at most 107 bytes
    settings = Settings(
        instance_dir=folder,
        secret_key=SecretStr("bench" * 8),
        engine=os.environ.get("QUIZAPP_ENGINE", ""),
        sandbox_warm=0,
        sandbox_starts_an_hour=1000,
    ).completed()
    try:
        if not settings.hands_on:
            print("no sandbox benchmarks: QUIZAPP_ENGINE is none", file=sys.stderr)
            return []
        engine = docker.DockerClient(wiring.engine_url(settings))
        with _sandboxd(settings) as client:
            return [*_engines(client, engine, settings), *_checks(client, engine, settings)]
    finally:
        shutil.rmtree(folder)


def _engines(client: SandboxClient, engine: docker.DockerClient, settings: Settings) -> list[Row]:
    """The seconds from asking for a sandbox until it is ready, and its memory, beside the inner engine alone."""

    def ours() -> float:
        began = time.perf_counter()
        sandbox = _ready(client)
        took = time.perf_counter() - began
        _end(client, sandbox)
        return took

    def bare() -> float:
        began = time.perf_counter()
        with _bare_engine(engine):
            return time.perf_counter() - began

    value, baseline = _medians((ours, bare), STARTS)
    start = beside("sandbox-cold-start-s", value=value / 1000, baseline=baseline / 1000, unit="s")
    sandbox = _ready(client)
    with _bare_engine(engine) as container:
        time.sleep(SETTLED_S)
        taken, least = memory_mib(_container(engine, settings)), memory_mib(container)
    _end(client, sandbox)
    return [start, beside("sandbox-idle-memory-mib", value=taken, baseline=least, unit="MiB")]


@contextmanager
def _bare_engine(engine: docker.DockerClient) -> Iterator[Container]:
    """A container with a sandbox's flags, in which only the inner engine has started; removed after the block."""
    inside = ["unshare", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child", "--mount-proc", "--"]
    made = engine.api.create_container(
        sandbox_image().tag,
        command=["/usr/local/libexec/sandbox/enter", *inside, "bash", "-ec", BARE_ENGINE],
        user=USERNS.user,
        host_config=host_config(engine.api, USERNS, [], auto_remove=False),
    )
    container = engine.containers.get(made["Id"])
    try:
        container.start()
        said = container.logs(stream=True, follow=True)
        assert any("@ready" in line for line in lines(said)), container.logs()
        yield container
    finally:
        container.remove(v=True, force=True)


def memory_mib(container: Container) -> float:
    """The container's memory in MiB, without the kernel's cache of inactive files."""
    memory = cast(dict[str, Any], container.stats(stream=False))["memory_stats"]
    kept = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
    return float((memory["usage"] - kept) / MIB)


def _checks(client: SandboxClient, engine: docker.DockerClient, settings: Settings) -> list[Row]:
    """A check of one command, and of a whole lab that passes, each beside an exec of `true` in the same container."""
    ticket, typed = _done_right(client)
    container = _container(engine, settings)

    def lab() -> float:
        began = time.perf_counter()
        grade = run_host.examine(client, ticket, typed=typed)
        took = time.perf_counter() - began
        assert grade.verdict is Verdict.PASS, grade.said
        return took

    def one() -> float:
        began = time.perf_counter()
        client.run(ticket.sandbox_id or "", ["true"], each_s=ATTEMPT_S, output_bytes=OUTPUT_BYTES)
        return time.perf_counter() - began

    def bare() -> float:
        began = time.perf_counter()
        container.exec_run(["true"])
        return time.perf_counter() - began

    whole, single, baseline = _medians((lab, one, bare), CHECKS, rest_s=REST_S)
    return [
        beside("sandbox-check-of-one-command", value=single, baseline=baseline, unit="ms"),
        beside("sandbox-check", value=whole, baseline=baseline, unit="ms"),
    ]


def _done_right(client: SandboxClient) -> tuple[RunTicket, str]:
    """The ticket of a lab on a new sandbox, on which its first solution has run, and the answer to type."""
    lab, _ = with_values(read_lab(LAB.read_text(encoding="utf-8"), folder=LAB.parent.name), rng=Random(1))
    sandbox = _ready(client)
    ticket = ticket_on(sandbox, lab)
    trouble = run_host.set_up(client, ticket)
    assert trouble is None, trouble
    solution = [lab.solutions[0].run, lab.solutions[0].answer or "true"]
    done = client.run(sandbox.id, solution, learner=True, each_s=ATTEMPT_S, output_bytes=OUTPUT_BYTES)
    return ticket, done[-1].output.strip()


def _ready(client: SandboxClient) -> Sandbox:
    """A sandbox for the owner `bench`, once it is CLAIMED."""
    sandbox = client.ask(owner="bench")
    until = time.monotonic() + READY_S
    while sandbox.state is not SandboxState.CLAIMED:
        assert sandbox.state.is_live, sandbox.reason
        assert time.monotonic() < until, "the sandbox did not start"
        time.sleep(LOOK_S)
        sandbox = client.get(sandbox.id)
    return sandbox


def _end(client: SandboxClient, sandbox: Sandbox) -> None:
    """End the sandbox and wait until it is removed, so that its removal does not slow the next start."""
    client.end(sandbox.id)
    while client.list():
        time.sleep(LOOK_S)


def _container(engine: docker.DockerClient, settings: Settings) -> Container:
    """The container of the installation's only sandbox."""
    (one,) = reaper.own_containers(wiring.engine(settings), wiring.signer(settings))
    return engine.containers.get(one.found.ref)


@contextmanager
def _sandboxd(settings: Settings) -> Iterator[SandboxClient]:
    """A sandboxd in a thread of this process. Its sandboxes are removed after the block."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # at its default level it prints a line for each request
    pool = wiring.pool(settings)
    settings.sandboxd_socket.parent.mkdir(mode=0o700)
    server = make_server(f"unix://{settings.sandboxd_socket}", 0, create_sandboxd(pool), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield HttpSandboxClient(settings.sandboxd_socket)
    finally:
        server.shutdown()
        serving.join()
        pool.stop()
        reaper.sweep(wiring.engine(settings), wiring.signer(settings), everything=True, now=clock.now())


def _medians(measured: Sequence[Measured], rounds: int, *, rest_s: float = 0.0) -> list[float]:
    """The median of each in milliseconds. All run in turn, with a rest after each; the first round is not counted."""

    def rested(measure: Measured) -> float:
        took = measure()
        time.sleep(rest_s)
        return took

    taken = [[rested(measure) for measure in measured] for _ in range(rounds + 1)][1:]
    return [1000 * statistics.median(column) for column in zip(*taken, strict=True)]
