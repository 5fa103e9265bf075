"""Makes sandboxd's parts from the settings; `flask sandboxes` uses the same ones. Knows no HTTP."""

import os
from datetime import timedelta
from uuid import uuid4

from quizapp import clock
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.docker_adapter import DockerConnection, DockerEngine
from quizapp.sandboxes.entry import Limits
from quizapp.sandboxes.image_build import RECIPES, sandbox_image
from quizapp.sandboxes.keeper import Keeper
from quizapp.sandboxes.labels import Signer
from quizapp.sandboxes.template import TEMPLATES, Template
from quizapp.settings import Settings

USUAL_ENGINE = "unix:///var/run/docker.sock"
RETRY_S = 60


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


def keeper(settings: Settings) -> Keeper:
    """The keeper of this installation's sandboxes. Raises EngineOff as `engine` does."""
    limits = Limits(
        most=settings.max_sandboxes,
        lease=timedelta(minutes=settings.sandbox_lease_min),
        extension=timedelta(minutes=settings.sandbox_extension_min),
    )
    return Keeper(
        engine(settings), signer(settings), templates(settings), limits, now=clock.now, new_id=lambda: uuid4().hex
    )
