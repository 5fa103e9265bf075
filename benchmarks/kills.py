"""Kills web, sandboxd and the engine at random moments while learners work. Both figures of the damage should be 0.

The benchmark has an engine of its own with a sandbox image, and starts the product's processes again after each kill,
as a service manager does. Three learners call sandboxd as web does, a fourth uses the pages and a terminal. After each
round of kills the learners rest, and everything that exists then must be known to sandboxd.

QUIZAPP_KILLS is the number of kills, QUIZAPP_KILLS_SEED the seed of the random choices: with the same seed a run kills
the same processes, but not at exactly the same moments of their work.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import docker

from benchmarks.kills_learners import Fate, Learner, PageLearner, SandboxLearner
from benchmarks.kills_processes import EngineProcess, Guard, Kept
from benchmarks.product import LOOK_S, has_engine, stores_of
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from ops.engine import Place
from ops.run import Installation, migrate_and_import, start_sandboxd, start_web, wait_until_healthy
from ops.running_product import free_port
from ops.system import find_program
from quizapp.sandboxes.client import Sandbox, SandboxClient
from quizapp.sandboxes.engine.terminal_mark import TERMINAL_MARK
from quizapp.sandboxes.pool.ownership import INSTANCE, Ownership, Signer
from quizapp.sandboxes.recipe.template import IMAGE_REPOSITORY
from quizapp.sandboxes.remote.http_client import HttpSandboxClient

KILLS, SEED = "QUIZAPP_KILLS", "QUIZAPP_KILLS_SEED"
USUAL_KILLS = 200
USUAL_SEED = 1
ROUND = 20  # kills after which the learners rest
LEARNERS = 3
PAUSE_S = (0.02, 4.0)  # between two kills, shortest and longest: some starts are hit, and some finish
SETTLED_S = 30.0  # after the last kill of a round, until nothing may be left
SHELLS = f'grep -lsz "^{TERMINAL_MARK}=" /proc/[0-9]*/environ | wc -l'
SETTINGS = {"SANDBOX_WARM": "1", "QUIZAPP_SANDBOX_STARTS_AN_HOUR": "1000000"}


def run() -> list[Row]:
    """Measure on an engine and a product of its own, which are removed afterwards. No rows without root and dockerd."""
    if not has_engine():
        return []
    if os.geteuid() != 0 or find_program("dockerd") is None:
        print("no kills: they need an engine of their own, which root starts from dockerd", file=sys.stderr)
        return []
    kills = int(os.environ.get(KILLS, USUAL_KILLS))
    chance = random.Random(int(os.environ.get(SEED, USUAL_SEED)))
    with _own_product() as (guard, installation, link):
        fate = Fate(guard.engine)
        client = HttpSandboxClient(installation.socket)
        signer = Signer((installation.instance / "secret_key").read_bytes().strip())
        engine = docker.APIClient(installation.engine, timeout=60)
        theirs = _foreign(engine, signer)
        stores = stores_of(engine)
        learners: list[Learner] = [
            SandboxLearner(client, f"kills {number}", fate, random.Random(chance.random()))
            for number in range(LEARNERS)
        ]
        learners.append(PageLearner(installation.address, link, client, fate))
        struck: Counter[str] = Counter()
        orphans = 0
        with ExitStack() as stack:
            for learner in learners:
                stack.enter_context(learner.at_work())
            while (done := struck.total()) < kills:
                for _ in range(min(ROUND, kills - done)):
                    time.sleep(chance.uniform(*PAUSE_S))
                    struck[guard.strike(chance)] += 1
                with ExitStack() as rest:
                    for learner in learners:
                        rest.enter_context(learner.resting())
                    orphans += _orphans(client, engine, signer, guard.engine)
                said = f"{struck.total()} kills, {fate.claims} hosts, {fate.uses} uses, {orphans} orphans, "
                print(f"  {said}{fate.wrongly_ended} wrongly ended", file=sys.stderr, flush=True)
        orphans += len(stores_of(engine) - stores)
        wrongly_removed = len(theirs - {row["Id"] for row in engine.containers(all=True)})
        engine.close()
        assert fate.claims > kills // ROUND, "hardly anybody got a host"
        print(f"  killed: {dict(struck)}", file=sys.stderr)
    return [
        beside("kills-orphans-after-30-s", value=orphans, baseline=kills, unit="left"),
        beside("kills-wrongly-ended", value=fate.wrongly_ended + wrongly_removed, baseline=kills, unit="ended"),
    ]


@contextmanager
def _own_product() -> Iterator[tuple[Guard, Installation, str]]:
    """A guard of an engine with the image, sandboxd and web; the installation; and the link that signs its owner in."""
    # A short path, since the name of a unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="qk-") as home, mock.patch.dict(os.environ, SETTINGS):
        place = Place.from_env({"QUIZAPP_ENGINE_HOME": home})
        checkout, instance = Checkout.here(), Path(home, "instance")
        instance.mkdir(mode=0o700)
        installation = Installation(checkout=checkout, port=free_port(), instance=instance, engine=place.url)
        with EngineProcess(place) as engine:
            engine.build_image(checkout)
            link = migrate_and_import(installation, print)
            guard = Guard(
                engine,
                Kept("sandboxd", lambda: start_sandboxd(installation)),
                Kept("web", lambda: start_web(installation)),
            )
            with guard.on_duty():
                wait_until_healthy(installation, [])
                yield guard, installation, link


def _orphans(client: SandboxClient, engine: docker.APIClient, signer: Signer, process: EngineProcess) -> int:
    """How many things sandboxd does not know: 0 as soon as there are none, else how many are left after SETTLED_S."""
    until = time.monotonic() + SETTLED_S
    left = ["not looked yet"]
    while left and time.monotonic() < until:
        time.sleep(LOOK_S)
        try:
            left = _unknown(client, engine, signer)
            left += process.forgotten({row["Id"] for row in engine.containers(all=True)})
        except Exception as error:  # a process that was killed does not answer yet
            left = [str(error)]
    for one in left:
        print(f"  left: {one}", file=sys.stderr)
    return len(left)


def _unknown(client: SandboxClient, engine: docker.APIClient, signer: Signer) -> list[str]:
    """Containers without a sandbox, sandboxes without a container, and shells without a client, each in a few words."""
    found = engine.containers(all=True, filters={"label": f"{INSTANCE}={signer.instance}"})
    held = {
        ownership.id for row in found if (ownership := signer.read(row["Names"][0].removeprefix("/"), row["Labels"]))
    }
    known = {sandbox.id: sandbox for sandbox in client.list()}
    owners = Counter(sandbox.owner for sandbox in known.values())
    unlike = [f"container of {one}, which sandboxd does not know" for one in held - known.keys()]
    unlike += [f"sandbox {one} without a container" for one in known.keys() - held]
    unlike += [f"{owner} has {number} hosts" for owner, number in owners.items() if number > 1]
    return unlike + [f"shell in {sandbox.id}" for sandbox in known.values() for _ in range(_shells(client, sandbox))]


def _shells(client: SandboxClient, sandbox: Sandbox) -> int:
    """How many shells run in the sandbox of a resting learner, who has closed all terminals; 0 for other owners."""
    if not (sandbox.owner or "").startswith("kills"):
        return 0
    (said,) = client.run(sandbox.id, [SHELLS], each_s=10, output_bytes=100)
    return int(said.output)


def _foreign(engine: docker.APIClient, signer: Signer) -> set[str]:
    """The ids of three containers that must stay: of another installation, with changed labels, and without labels."""
    image = engine.images(IMAGE_REPOSITORY)[0]
    other = Signer(b"another installation")
    ownership = Ownership(
        id="foreign", owner="kills 0", template="userns", ends_at=datetime.now(UTC) + timedelta(hours=2)
    )
    forged = signer.sign(ownership) | {"quizapp.sandbox.id": "forged"}
    made = (
        engine.create_container(image["Id"], ["true"], name=other.name_of(ownership), labels=other.sign(ownership)),
        engine.create_container(image["Id"], ["true"], name="forged", labels=forged),
        engine.create_container(image["Id"], ["true"], name="unmarked"),
    )
    return {one["Id"] for one in made}
