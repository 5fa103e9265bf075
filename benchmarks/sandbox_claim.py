"""From asking for a sandbox until its terminal shows a prompt, when one is warm, beside a bare exec of `true` in it.

The product's figure includes web's client, sandboxd on its unix socket and the engine. Both are 95th percentiles.
"""

import os
import time

import docker

from benchmarks.product import claimed, has_engine, p95_ms, product_and_client, prompted, wait_for
from benchmarks.rows import Row, beside
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState

CLAIMS = 40
WARM = 10  # sandboxes started ahead, so that few rounds wait for one


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    with product_and_client(SANDBOX_WARM=str(WARM)) as (_, client):
        ours, bare = [], []
        for number in range(CLAIMS):
            wait_for(lambda: _is_warm(client), "a sandbox is warm")
            sandbox, took = _claim(client, f"claim {number}")
            ours.append(took)
            bare.append(_bare_exec(sandbox))
            client.end(sandbox.id)
    return [beside("sandbox-warm-claim-p95-ms", value=p95_ms(ours), baseline=p95_ms(bare), unit="ms")]


def _claim(client: SandboxClient, owner: str) -> tuple[Sandbox, float]:
    began = time.perf_counter()
    sandbox = claimed(client, owner)
    terminal = prompted(client, sandbox)
    took = time.perf_counter() - began
    assert sandbox.state is SandboxState.CLAIMED, "it was not a warm one"
    terminal.close()
    return sandbox, took


def _bare_exec(sandbox: Sandbox) -> float:
    engine = docker.DockerClient(os.environ["QUIZAPP_ENGINE"])
    try:
        (container,) = engine.containers.list(filters={"label": f"quizapp.sandbox.id={sandbox.id}"})
        began = time.perf_counter()
        container.exec_run(["true"])
        return time.perf_counter() - began
    finally:
        engine.close()


def _is_warm(client: SandboxClient) -> bool:
    return any(sandbox.state is SandboxState.READY for sandbox in client.list())
