"""Counts what is left of many sandboxes, of which four are in use at a time: the figure should be 0.

It is the sum of this product's containers, the engine's additional volumes and networks, and the files that sandboxd
has open beyond KEPT_OPEN. QUIZAPP_SOAK_LAUNCHES is the number of sandboxes.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker

from benchmarks.product import claimed, has_engine, product_and_client, prompted, stores_of, wait_for
from benchmarks.rows import Row, beside
from quizapp.sandboxes.client import SandboxClient
from quizapp.sandboxes.pool.ownership import INSTANCE, Signer

LAUNCHES = "QUIZAPP_SOAK_LAUNCHES"
USUAL_LAUNCHES = 500  # which take six minutes
LEARNERS = 4
KEPT_OPEN = 40  # more files than before: connections that sandboxd keeps open for reuse, far less than launches


def run() -> list[Row]:
    """Measure on a product of its own, which is removed afterwards. No rows without an engine."""
    if not has_engine():
        return []
    launches = int(os.environ.get(LAUNCHES, USUAL_LAUNCHES))
    engine = docker.DockerClient(os.environ["QUIZAPP_ENGINE"])
    before = stores_of(engine.api)
    with product_and_client(SANDBOX_WARM="0", QUIZAPP_SANDBOX_STARTS_AN_HOUR="1000000") as (product, client):
        files = len(_files(product.socket))
        with ThreadPoolExecutor(LEARNERS) as pool:
            for done in pool.map(lambda number: _launch(client, f"soak {number}"), range(launches)):
                assert done
        wait_for(lambda: client.list() == (), "all are removed")
        instance = Signer((product.instance / "secret_key").read_bytes().strip()).instance
        left = len(engine.containers.list(all=True, filters={"label": f"{INSTANCE}={instance}"}))
        left += len(stores_of(engine.api) - before)
        left += max(0, len(_files(product.socket)) - files - KEPT_OPEN)
    engine.close()
    return [beside("soak-left-of-launches", value=left, baseline=launches, unit="left")]


def _launch(client: SandboxClient, owner: str) -> bool:
    """Start a sandbox, run a container in it, open a terminal, and end the sandbox while the terminal is open."""
    sandbox = claimed(client, owner)
    client.run(sandbox.id, ["docker run -d -P nginx"], learner=True, each_s=30, output_bytes=4096)
    prompted(client, sandbox).send(b"sleep 1000\r")
    client.end(sandbox.id)
    return True


def _files(socket: Path) -> list[Path]:
    """The open files of gunicorn's worker that serves this socket, and of its main process."""
    return [
        file
        for process in Path("/proc").glob("[0-9]*")
        if str(socket).encode() in _command(process)
        for file in (process / "fd").iterdir()
    ]


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""  # the process has just ended
