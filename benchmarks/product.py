"""The whole product, running for a benchmark, and what several of them ask of it. Measures nothing by itself."""

import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import docker
from requests import Session

from ops.engine import NO_ENGINE
from ops.house import House, running_house
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState, Terminal
from quizapp.sandboxes.remote.http_client import HttpSandboxClient

PROMPT = b"# "
WAIT_S = 300  # the longest queue that a benchmark makes
LOOK_S = 0.05


@contextmanager
def running_product(**settings: str) -> Iterator[tuple[House, SandboxClient]]:
    """Everything with these settings, and the way a web process has to its sandboxes."""
    with running_house(**settings) as house:
        yield house, HttpSandboxClient(house.socket)


def has_engine() -> bool:
    """Whether there are sandboxes to measure; says so if not."""
    if os.environ.get("QUIZAPP_ENGINE") != NO_ENGINE:
        return True
    print("no sandbox benchmarks: QUIZAPP_ENGINE is none", file=sys.stderr)
    return False


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Look again and again until it is so."""
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until, f"not within {WAIT_S} s: {what}"
        time.sleep(LOOK_S)


def claimed(client: SandboxClient, owner: str) -> Sandbox:
    """The owner's sandbox, at the owner's hand."""
    sandbox = client.ask(owner=owner)

    def is_claimed() -> bool:
        now = client.get(sandbox.id)
        assert now.state.is_live, now.reason
        return now.state is SandboxState.CLAIMED

    wait_for(is_claimed, "a sandbox is claimed")
    return sandbox


def prompted(client: SandboxClient, sandbox: Sandbox) -> Terminal:
    """A terminal that shows its prompt."""
    terminal = client.terminal(sandbox.id, rows=24, columns=80)
    read_until(terminal, PROMPT)
    return terminal


def read_until(terminal: Terminal, what: bytes) -> None:
    """Read what the terminal shows up to and including `what`."""
    shown = b""
    while what not in shown:
        piece = terminal.receive()
        assert piece is not None, terminal.ended
        shown += piece


def own_containers(link: str) -> Session:
    """A browser that has used the owner's link."""
    browser = Session()
    browser.post(link, data={"csrf_token": form_token(browser.get(link, timeout=WAIT_S).text), "zone": "UTC"})
    return browser


def form_token(page: str) -> str:
    """What a form on this page sends so that it is taken for ours."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page shows no form"
    return found[1]


def stores_of(engine: docker.APIClient) -> set[str]:
    """The engine's volumes by name and its networks by id."""
    volumes = engine.volumes()["Volumes"] or []
    return {one["Name"] for one in volumes} | {one["Id"] for one in engine.networks()}


def p95_ms(taken_s: Sequence[float]) -> float:
    """The 95th percentile of seconds, in milliseconds."""
    return 1000 * statistics.quantiles(taken_s, n=20)[-1]
