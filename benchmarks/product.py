"""The whole product, running for a benchmark, and steps that several benchmarks share. Measures nothing by itself."""

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
from ops.running_product import RunningProduct, running_product
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState, Terminal
from quizapp.sandboxes.remote.http_client import HttpSandboxClient

PROMPT = b"# "
WAIT_S = 300  # the longest queue that a benchmark makes
LOOK_S = 0.05  # between two looks at a state that is waited for


@contextmanager
def product_and_client(**settings: str) -> Iterator[tuple[RunningProduct, SandboxClient]]:
    """The whole product with these settings, and the client by which web reaches its sandboxes."""
    with running_product(**settings) as product:
        yield product, HttpSandboxClient(product.socket)


def has_engine() -> bool:
    """Whether there is an engine to measure sandboxes on; prints a line if not."""
    if os.environ.get("QUIZAPP_ENGINE") != NO_ENGINE:
        return True
    print("no sandbox benchmarks: QUIZAPP_ENGINE is none", file=sys.stderr)
    return False


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Wait until `is_so` returns True, at most WAIT_S; an AssertionError then names `what` was waited for."""
    until = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < until, f"not within {WAIT_S} s: {what}"
        time.sleep(LOOK_S)


def claimed(client: SandboxClient, owner: str) -> Sandbox:
    """The owner's sandbox, once it is CLAIMED."""
    sandbox = client.ask(owner=owner)

    def is_claimed() -> bool:
        now = client.get(sandbox.id)
        assert now.state.is_live, now.reason
        return now.state is SandboxState.CLAIMED

    wait_for(is_claimed, "a sandbox is claimed")
    return sandbox


def prompted(client: SandboxClient, sandbox: Sandbox) -> Terminal:
    """A new terminal on the sandbox, once it has shown its prompt."""
    terminal = client.terminal(sandbox.id, rows=24, columns=80)
    read_until(terminal, PROMPT)
    return terminal


def read_until(terminal: Terminal, what: bytes) -> None:
    """Read the terminal's output up to the piece with the end of `what`."""
    shown = b""
    while what not in shown:
        piece = terminal.receive()
        assert piece is not None, terminal.ended
        shown += piece


def own_containers(link: str) -> Session:
    """An HTTP session that is signed in by the link of the installation's owner."""
    browser = Session()
    browser.post(link, data={"csrf_token": form_token(browser.get(link, timeout=WAIT_S).text), "zone": "UTC"})
    return browser


def form_token(page: str) -> str:
    """The CSRF token of a form on this page."""
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
