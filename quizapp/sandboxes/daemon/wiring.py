"""Makes sandboxd's parts from the settings; `flask sandboxes` uses the same ones. Knows no HTTP."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from pydantic import SecretStr

from quizapp import clock
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.engine import capabilities
from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.reaper import Reaper, sweep
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.image_build import RECIPES, sandbox_image
from quizapp.sandboxes.recipe.template import MIB, TEMPLATES, Template
from quizapp.settings import Settings

USUAL_ENGINE = "unix:///var/run/docker.sock"
RETRY_S = 60
REAP_EVERY_S = 5.0  # how late a lease's end, or a sandbox's death, is noticed
WORKSHOP_STARTS = 10_000  # an hour: more than a machine can start
RESERVED_BYTES = 1024 * MIB  # for the web server, the database and the engine itself
# An idle one takes 50 MiB and one with a few containers about 150, so that all would have to be filled on purpose at
# once, and then each is stopped at its own limit first.
SHARE_OF_LIMIT = 2


def memory_bytes() -> int:
    """The memory of this machine, which is the engine's as long as that is not set to be elsewhere."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def most_sandboxes(memory: int, offered: Sequence[Template]) -> int:
    """How many sandboxes a machine with so many bytes of memory has room for, at least one, whatever their kind."""
    each = max(template.memory_bytes for template in offered) // SHARE_OF_LIMIT
    return max(1, (memory - RESERVED_BYTES) // each)


def engine_url(settings: Settings) -> str:
    """Where the engine listens: as set, else where the docker command would look. Raises EngineOff if it is `none`."""
    if not settings.hands_on:
        raise EngineOff(
            "Hands-on questions are off here: QUIZAPP_ENGINE is none. Set it to the address of a Docker Engine.",
            retry_after_s=RETRY_S,
        )
    return settings.engine or os.environ.get("DOCKER_HOST") or USUAL_ENGINE


def engine(settings: Settings) -> DockerEngine:
    """The engine that sandboxes run on. Raises EngineOff if there is none by choice; it need not answer yet."""
    images = {template.name: sandbox_image(RECIPES[template.name]).tag for template in templates(settings)}
    return DockerEngine(
        DockerConnection(engine_url(settings)),
        next(iter(images.values())),
        images=images,
        runtime=settings.sandbox_runtime,
    )


def templates(settings: Settings) -> tuple[Template, ...]:
    """The kinds of sandbox that are offered, the usual one first."""
    return tuple(TEMPLATES[name] for name in settings.sandbox_templates.split(","))


def signer(settings: Settings) -> Signer:
    """What marks the containers of this installation."""
    return Signer(settings.secret_key.get_secret_value().encode())


def pool(settings: Settings) -> Pool:
    """The pool of this installation's sandboxes. Raises EngineOff as `engine` does."""
    limits = Limits(
        most=settings.max_sandboxes or most_sandboxes(memory_bytes(), templates(settings)),
        lease=timedelta(minutes=settings.sandbox_lease_min),
        extension=timedelta(minutes=settings.sandbox_extension_min),
        warm=settings.sandbox_warm,
        queue=settings.sandbox_queue,
        starts_an_hour=settings.sandbox_starts_an_hour,
    )
    return Pool(
        engine(settings),
        signer(settings),
        templates(settings),
        limits,
        now=clock.now,
        new_id=lambda: uuid4().hex,
        lacking=capabilities.lacking,
    )


@contextmanager
def workshop(settings: Settings) -> Iterator[Pool]:
    """Sandboxes of every kind for one command and nobody else, removed at its end. Raises EngineOff and ImageMissing.

    They carry a signature of their own, so no sandboxd takes them for its own; if the command is killed, each ends
    itself when its lease is over.
    """
    own = settings.model_copy(
        update={
            "secret_key": SecretStr(uuid4().hex),
            "sandbox_templates": ",".join(TEMPLATES),
            "sandbox_warm": 0,
            "sandbox_starts_an_hour": WORKSHOP_STARTS,
        }
    )
    made = pool(own)
    reaper = Reaper(made.tick, every_s=REAP_EVERY_S)
    reaper.start()
    try:
        yield made
    finally:
        reaper.stop()
        made.stop()
        sweep(engine(own), signer(own), everything=True, now=clock.now())
