"""What pruning asks of an engine, on a real one: what there is, since when, and what a container still has."""

import tarfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from quizapp import clock
from quizapp.sandboxes.engine.docker import DockerConnection
from quizapp.sandboxes.engine.docker_images import DockerImages

pytestmark = pytest.mark.sandbox


def test_an_image_goes_once_no_container_has_it(engine_url: str, tmp_path: Path) -> None:
    images, api = DockerImages(engine_url), DockerConnection(engine_url).api
    repository, volume = f"quizapp-test-{uuid4().hex[:12]}", f"quizapp-test-{uuid4().hex[:12]}"
    empty = tmp_path / "empty.tar"
    tarfile.open(empty, "w").close()
    images.import_base(empty, f"{repository}:1")
    ref = api.create_container(
        f"{repository}:1", command=["none"], host_config=api.create_host_config(binds=[f"{volume}:/kept"])
    )["Id"]
    (stored,) = images.stored(repository)
    assert stored.tag == f"{repository}:1"
    assert abs(clock.now() - stored.tagged_at) < timedelta(minutes=5)
    assert (images.discard_image(stored.tag), images.discard_volume(volume)) == (False, False)
    api.remove_container(ref)
    assert (images.discard_image(stored.tag), images.discard_volume(volume)) == (True, True)
    assert (images.stored(repository), images.discard_volume(volume)) == ((), True)
