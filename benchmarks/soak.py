"""Many launches one after the other, four at a time, and what is left of them: the figure that should be 0.

Counted are this product's containers, what volumes and networks the engine has more than before, and the open files of
sandboxd beyond what it keeps. QUIZAPP_SOAK_LAUNCHES says how many.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker

from benchmarks.product import claimed, has_engine, prompted, running_product, stores_of, wait_for
from benchmarks.rows import Row, beside
from quizapp.sandboxes.client import SandboxClient
from quizapp.sandboxes.pool.ownership import INSTANCE, Signer

LAUNCHES = "QUIZAPP_SOAK_LAUNCHES"
USUAL_LAUNCHES = 500  # in six minutes
LEARNERS = 4
KEPT_OPEN = 40  # connections that a busy sandboxd keeps for the next question; not one for each launch


def run() -> list[Row]:
    """Launch on a product of its own, which is gone afterwards."""
    if not has_engine():
        return []
    launches = int(os.environ.get(LAUNCHES, USUAL_LAUNCHES))
    engine = docker.DockerClient(os.environ["QUIZAPP_ENGINE"])
    before = stores_of(engine.api)
    with running_product(SANDBOX_WARM="0", QUIZAPP_SANDBOX_STARTS_AN_HOUR="1000000") as (house, client):
        files = len(_files(house.socket))
        with ThreadPoolExecutor(LEARNERS) as pool:
            for done in pool.map(lambda number: _launch(client, f"soak {number}"), range(launches)):
                assert done
        wait_for(lambda: client.list() == (), "all are removed")
        instance = Signer((house.instance / "secret_key").read_bytes().strip()).instance
        left = len(engine.containers.list(all=True, filters={"label": f"{INSTANCE}={instance}"}))
        left += len(stores_of(engine.api) - before)
        left += max(0, len(_files(house.socket)) - files - KEPT_OPEN)
    engine.close()
    return [beside("soak-left-of-launches", value=left, baseline=launches, unit="left")]


def _launch(client: SandboxClient, owner: str) -> bool:
    """A sandbox's whole life: started, used, ended with its terminal open."""
    sandbox = claimed(client, owner)
    client.run(sandbox.id, ["docker run -d -P nginx"], learner=True, each_s=30, output_bytes=4096)
    prompted(client, sandbox).send(b"sleep 1000\r")
    client.end(sandbox.id)
    return True


def _files(socket: Path) -> list[Path]:
    """The open files of the process that serves this socket, and of the one above it."""
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
        return b""  # it has just ended
