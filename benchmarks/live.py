"""Thirty sandboxes alive at once, each with a container that runs and a terminal that echoes, beside one alone.

The echo time is from sending a letter until it is received, by the client that web uses; figures are 95th percentiles.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from benchmarks.product import claimed, has_engine, p95_ms, product_and_client, prompted, read_until
from benchmarks.rows import Row, beside
from quizapp.sandboxes.client import SandboxClient, Terminal

LIVE = 30
ECHOES = 300
WORK = "docker run -d -P nginx && docker ps --format '{{.Ports}}'"
WORK_S = 30.0
LETTER, ERASE = b"x", b"\x7f"
ERASED = b"\x08"  # the shell answers ERASE with a backspace


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    with product_and_client(SANDBOX_WARM="0", QUIZAPP_MAX_SANDBOXES=str(LIVE)) as (_, client):
        alone = _echoes([_working(client, "live 0")])
        with ThreadPoolExecutor(4) as pool:
            terminals = list(pool.map(lambda number: _working(client, f"live {number}"), range(LIVE)))
        together = _echoes(terminals)
        live = len(client.list())
        for terminal in terminals:
            terminal.close()
    return [
        beside("live-sandboxes", value=live, baseline=LIVE, unit="sandboxes"),
        beside("live-sandboxes-echo-p95-ms", value=p95_ms(together), baseline=p95_ms(alone), unit="ms"),
    ]


def _working(client: SandboxClient, owner: str) -> Terminal:
    """A terminal on a sandbox in which a published container runs."""
    sandbox = claimed(client, owner)
    (done,) = client.run(sandbox.id, [WORK], learner=True, each_s=WORK_S, output_bytes=4096)
    assert done.exit_code == 0, done.output
    assert "->80/tcp" in done.output, done.output
    return prompted(client, sandbox)


def _echoes(terminals: Sequence[Terminal]) -> list[float]:
    """The seconds from a letter to its echo, ECHOES times, on the terminals in turn."""
    taken = []
    for number in range(ECHOES):
        terminal = terminals[number % len(terminals)]
        began = time.perf_counter()
        terminal.send(LETTER)
        read_until(terminal, LETTER)
        taken.append(time.perf_counter() - began)
        terminal.send(ERASE)
        read_until(terminal, ERASED)
    return taken
