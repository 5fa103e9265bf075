"""The sandboxes that these tests use: one for all that clean up behind themselves, and others that may be broken."""

import os
from collections.abc import Iterator

import pytest

from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine
from quizapp.sandboxes.engine.docker_images import DockerImages
from quizapp.sandboxes.recipe.image_build import ensure_image
from tests.sandbox.sandboxes.world import ALL_S, World


@pytest.fixture(scope="session")
def engine() -> DockerEngine:
    """The engine that the tests were told of, with the image built."""
    url = os.environ.get("QUIZAPP_ENGINE", "none")
    if url == "none":
        pytest.skip("QUIZAPP_ENGINE names no Docker Engine")
    image = ensure_image(DockerImages(url), on_line=lambda line: None)
    return DockerEngine(DockerConnection(url), image.tag)


@pytest.fixture(scope="session")
def shared(engine: DockerEngine) -> Iterator[World]:
    """One sandbox for all tests that clean up behind themselves."""
    world = World(engine, lease_s=ALL_S, life_s=ALL_S)
    yield world
    world.close()


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    """The shared sandbox; its containers and networks are gone after each test."""
    yield shared
    shared.do("docker ps -aq | xargs -r docker rm -f; docker network prune -f")


@pytest.fixture
def own_world(engine: DockerEngine) -> Iterator[World]:
    """A sandbox for a test that may break it."""
    world = World(engine)
    yield world
    world.close()
