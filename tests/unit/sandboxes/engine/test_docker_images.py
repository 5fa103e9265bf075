"""Building the image on an engine that falls silent: whatever it is asked, it is given up after a while."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.engine import docker_images
from quizapp.sandboxes.engine.docker_images import DockerImages
from quizapp.sandboxes.recipe.image_build import ImageNotBuilt
from quizapp.sandboxes.recipe.template import USERNS
from tests.unit.sandboxes.engine.silent_engine import SilentEngine, silent_engine

LIMIT_S = 0.2
SURELY_S = 1.0  # after which a call with that limit has ended, on a busy machine

UNLIMITED: dict[str, Callable[[docker.APIClient, Path], object]] = {
    "logs": lambda api, tar: list(api.logs("c", stream=True, follow=True)),
    "wait": lambda api, tar: api.wait("c"),
    "pull": lambda api, tar: api.pull("debian:trixie-slim"),
    "import": lambda api, tar: api.import_image_from_file(str(tar), repository="base", tag="1"),
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-"))
    (folder / "base.tar").write_bytes(b"a root file system")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def engine(folder: Path) -> Iterator[SilentEngine]:
    with silent_engine(folder) as engine:
        yield engine


@pytest.fixture
def images(engine: SilentEngine, monkeypatch: pytest.MonkeyPatch) -> DockerImages:
    for limit in ("BUILD_S", "REGISTRY_S", "LIFE_S", "END_S"):
        monkeypatch.setattr(docker_images, limit, LIMIT_S)
    return DockerImages(engine.url)


def run_once(images: DockerImages) -> list[str]:
    said: list[str] = []
    images.run_once("image", ("prepare",), (), USERNS, said.append)
    return said


def test_docker_sdk_7_2_0_gives_four_calls_no_limit_though_its_client_has_one(
    engine: SilentEngine, folder: Path
) -> None:
    engine.silent_at = {"logs", "wait", "create"}
    api = docker.APIClient(base_url=engine.url, timeout=LIMIT_S)
    calls = [
        threading.Thread(target=call, args=(api, folder / "base.tar"), name=name) for name, call in UNLIMITED.items()
    ]
    for call in calls:
        call.start()
    time.sleep(SURELY_S)
    still_wait = [call.name for call in calls if call.is_alive()]
    engine.is_over.set()
    for call in calls:
        call.join()
    api.close()
    assert still_wait == list(UNLIMITED), "what is missing here has got a limit, and needs none of ours any more"


def test_a_container_that_prepares_is_heard_to_its_end(engine: SilentEngine, images: DockerImages) -> None:
    assert run_once(images) == ["begun"]
    assert engine.asked[-1] == "the-container", "it is removed"


def test_a_container_that_is_never_done_is_named_and_removed(engine: SilentEngine, images: DockerImages) -> None:
    engine.silent_at = {"logs"}
    with pytest.raises(ImageNotBuilt, match=r"not done after 0.2 s; look into the Docker Engine's log"):
        run_once(images)
    assert engine.asked[-1] == "the-container"


def test_an_engine_that_does_not_say_how_a_container_ended_is_named(engine: SilentEngine, images: DockerImages) -> None:
    engine.silent_at = {"wait"}
    with pytest.raises(EngineOff, match="does not answer"):
        run_once(images)


def test_a_registry_that_falls_silent_while_it_is_pulled_from_has_no_image(
    engine: SilentEngine, images: DockerImages
) -> None:
    engine.silent_at = {"create"}
    assert not images.pull("debian:trixie-slim")
    assert engine.asked[-1] == "create"


def test_an_engine_that_does_not_finish_an_import_is_named(
    engine: SilentEngine, images: DockerImages, folder: Path
) -> None:
    engine.silent_at = {"create"}
    with pytest.raises(EngineOff, match="does not answer"):
        images.import_base(folder / "base.tar", "base:1")
