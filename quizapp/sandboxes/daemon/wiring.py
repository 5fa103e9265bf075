"""Makes sandboxd's parts from the settings; `flask sandboxes` uses the same ones. Knows no HTTP."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from quizapp import clock
from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.engine import capabilities
from quizapp.sandboxes.engine.protocol import Engine
from quizapp.sandboxes.pool.ownership import Signer, workshop_signer
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.reaper import Reaper, sweep, sweep_workshops
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.image_build import RECIPES, sandbox_image
from quizapp.sandboxes.recipe.template import MIB, TEMPLATES, USERNS, Template, images_image
from quizapp.settings import Settings

if TYPE_CHECKING:  # each of them loads a library of megabytes, and an installation has one kind of engine
    from quizapp.sandboxes.engine.docker import DockerEngine
    from quizapp.sandboxes.engine.kubernetes import KubernetesEngine

USUAL_ENGINE = "unix:///var/run/docker.sock"
NO_CLIENT = (
    "QUIZAPP_ENGINE names a Kubernetes cluster, and the client for it is not installed here. Install"
    " requirements-kubernetes.txt, as make setup does with that setting."
)
RETRY_S = 60  # an operator has to change a setting first
REAP_EVERY_S = 5.0  # the longest time until the end of a lease or of a container is noticed
WORKSHOP_STARTS = 10_000  # an hour: more than a machine can start
# Nobody waits at a page, and a virtual machine whose processor is emulated needs minutes where the machine is busy.
WORKSHOP_READY_BY = timedelta(minutes=5)
RESERVED_BYTES = 1024 * MIB  # for the web server, the database and the engine itself
# A sandbox counts with its memory limit divided by this. An idle one takes 50 MiB, one with a few containers about 150:
# memory can run out only if all are filled on purpose at once, and each is stopped at its own limit first.
SHARE_OF_LIMIT = 2


def memory_bytes() -> int:
    """The memory of this machine in bytes. It is the engine's too, unless the engine runs on another machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def most_sandboxes(memory: int, offered: Sequence[Template]) -> int:
    """How many sandboxes of the largest offered template fit into `memory` bytes; at least 1."""
    each = max(template.memory_bytes for template in offered) // SHARE_OF_LIMIT
    return max(1, (memory - RESERVED_BYTES) // each)


def most(settings: Settings) -> int:
    """How many sandboxes there may be at once. Raises EngineOff where they run on a cluster and nobody has said so."""
    if settings.kubeconfig is not None and not settings.max_sandboxes:
        raise EngineOff(
            "Set QUIZAPP_MAX_SANDBOXES: how many sandboxes the cluster has room for is not known here.",
            retry_after_s=RETRY_S,
        )
    return settings.max_sandboxes or most_sandboxes(memory_bytes(), templates(settings))


def engine_url(settings: Settings) -> str:
    """The Docker Engine's address: QUIZAPP_ENGINE, else DOCKER_HOST, else USUAL_ENGINE.

    Raises EngineOff if QUIZAPP_ENGINE is `none` or names a cluster.
    """
    if not settings.hands_on:
        raise EngineOff(
            "Hands-on questions are off here: QUIZAPP_ENGINE is none. Set it to the address of a Docker Engine.",
            retry_after_s=RETRY_S,
        )
    if settings.kubeconfig is not None:
        raise EngineOff(
            "Images are built on a Docker Engine, and QUIZAPP_ENGINE names a cluster. Set it to one for this command.",
            retry_after_s=RETRY_S,
        )
    return settings.engine or os.environ.get("DOCKER_HOST") or USUAL_ENGINE


def engine(settings: Settings) -> Engine:
    """The engine that sandboxes run on, not connected yet. Raises EngineOff if QUIZAPP_ENGINE is `none`."""
    return docker_engine(settings) if settings.kubeconfig is None else cluster(settings, settings.kubeconfig)


def docker_engine(settings: Settings) -> "DockerEngine":
    """The Docker Engine that sandboxes run on. Raises EngineOff if QUIZAPP_ENGINE is `none` or names a cluster."""
    from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine

    images = {template.name: sandbox_image(RECIPES[template.name]).tag for template in templates(settings)}
    return DockerEngine(
        DockerConnection(engine_url(settings)),
        next(iter(images.values())),
        images=images,
        runtime=settings.sandbox_runtime,
    )


def cluster(settings: Settings, kubeconfig: str) -> "KubernetesEngine":
    """The cluster that sandboxes run on. Raises EngineOff if the client for it is not installed."""
    try:
        from quizapp.sandboxes.engine.kubernetes import KubernetesEngine
        from quizapp.sandboxes.engine.kubernetes_api import KubernetesApi
    except ModuleNotFoundError as error:
        raise EngineOff(NO_CLIENT, retry_after_s=RETRY_S) from error
    from quizapp.sandboxes.engine.kubernetes_pod import PodImages

    tag = sandbox_image(RECIPES[USERNS.name]).tag
    images = PodImages(sandbox=published(settings, tag), inner=published(settings, images_image(tag)))
    return KubernetesEngine(
        KubernetesApi(kubeconfig),
        settings.sandbox_namespace,
        {USERNS.name: images},
        runtime=settings.sandbox_runtime,
    )


def published(settings: Settings, tag: str) -> str:
    """The name by which the nodes of a cluster know an image."""
    registry = settings.sandbox_registry.strip("/")
    return f"{registry}/{tag}" if registry else tag


def templates(settings: Settings) -> tuple[Template, ...]:
    """The templates that this installation offers, the default one first; a cluster has USERNS alone."""
    offered = tuple(TEMPLATES[name] for name in settings.sandbox_templates.split(","))
    return offered if settings.kubeconfig is None else (USERNS,)


def signer(settings: Settings) -> Signer:
    """The signer of this installation's containers, with its secret key."""
    return Signer(key_of(settings))


def key_of(settings: Settings) -> bytes:
    """This installation's secret key."""
    return settings.secret_key.get_secret_value().encode()


def pool(settings: Settings, *, signed_by: Signer | None = None, ready_by: timedelta = Limits.ready_by) -> Pool:
    """The pool of this installation's sandboxes, or of others with a signer of their own; a start may last `ready_by`.

    Raises EngineOff if QUIZAPP_ENGINE is `none`.
    """
    limits = Limits(
        ready_by=ready_by,
        most=most(settings),
        lease=timedelta(minutes=settings.sandbox_lease_min),
        extension=timedelta(minutes=settings.sandbox_extension_min),
        warm=settings.sandbox_warm,
        queue=settings.sandbox_queue,
        starts_an_hour=settings.sandbox_starts_an_hour,
    )
    steady = clock.SteadyClock()  # a lease is so many minutes, whatever is done to the machine's clock
    return Pool(
        engine(settings),
        signed_by or signer(settings),
        templates(settings),
        limits,
        now=steady,
        told=steady.told,
        new_id=lambda: uuid4().hex,
        lacking=capabilities.lacking,
    )


@contextmanager
def workshop(settings: Settings) -> Iterator[Pool]:
    """A pool for one command, which offers every template; its sandboxes are removed at the end of the block.

    Their labels are signed with a key of its own, so no sandboxd adopts them. If the command is killed, each ends by
    itself at the end of its lease, and one that was never started is removed when the next workshop begins. Raises
    EngineOff; in the block, `ask` raises ImageMissing.
    """
    own = settings.model_copy(
        update={
            "sandbox_templates": ",".join(TEMPLATES),
            "sandbox_warm": 0,
            "sandbox_starts_an_hour": WORKSHOP_STARTS,
        }
    )
    signed_by = workshop_signer(key_of(settings), uuid4().hex)
    made = pool(own, signed_by=signed_by, ready_by=WORKSHOP_READY_BY)
    with suppress(QuizappError):  # `ask` says it too
        sweep_workshops(engine(own), key_of(settings), now=clock.now())
    reaper = Reaper(made.tick, every_s=REAP_EVERY_S)
    reaper.start()
    try:
        yield made
    finally:
        reaper.stop()
        made.stop()
        sweep(engine(own), signed_by, everything=True, now=clock.now())
