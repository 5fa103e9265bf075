"""Brings the sandbox image and its inner images from a Docker Engine to a registry, for the nodes of a cluster.

A cluster has no volume that is filled once: its Pods mount an image with the same files.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from quizapp.sandboxes.client import EngineFault
from quizapp.sandboxes.engine.docker import DockerConnection, volume_mount
from quizapp.sandboxes.engine.protocol import NoContainer
from quizapp.sandboxes.recipe.image_build import ImageNotBuilt, OnLine, SandboxImage
from quizapp.sandboxes.recipe.template import IMAGES_DIR, images_image

PATIENCE_S = 600  # between two pieces of an answer: the engine packs half a gigabyte, and a registry is far away


class DockerPublisher:
    """The images of the engine at `url`, on their way to the registry and folder `registry`."""

    def __init__(self, url: str, registry: str) -> None:
        self._docker = DockerConnection(url, timeout_s=PATIENCE_S)
        self._registry = registry.strip("/")

    def publish(self, image: SandboxImage, on_line: OnLine) -> tuple[str, str]:
        """Push the sandbox image and that of its inner images; their names there. Raises ImageNotBuilt."""
        inner = images_image(image.tag)
        self.import_volume(image, inner)
        return self.push(image.tag, on_line), self.push(inner, on_line)

    def import_volume(self, image: SandboxImage, tag: str) -> None:
        """Make an image of one layer with the files of the image's volume, their owners included."""
        with tempfile.NamedTemporaryFile(prefix="quizapp-images-", suffix=".tar") as packed:
            try:
                with self._docker.faults():
                    self._pack(image, Path(packed.name))
                    repository, _, version = tag.rpartition(":")
                    self._docker.api.import_image_from_file(packed.name, repository=repository, tag=version)
            except NoContainer as error:
                raise ImageNotBuilt(f"{image.tag} is not built here. Run: flask sandboxes build") from error

    def push(self, tag: str, on_line: OnLine) -> str:
        """Push one image; its name in the registry."""
        repository, _, version = f"{self._registry}/{tag}".rpartition(":")
        try:
            with self._docker.faults():
                self._docker.api.tag(tag, repository, version)
                said: Iterable[dict[str, Any]] = self._docker.api.push(repository, version, stream=True, decode=True)
                for part in said:
                    if "error" in part:
                        raise ImageNotBuilt(f"{repository} takes no image: {part['error']}. Log in: docker login")
        except (NoContainer, EngineFault) as error:
            raise ImageNotBuilt(f"{tag} could not be pushed: {error}") from error
        on_line(f"{repository}:{version}")
        return f"{repository}:{version}"

    def _pack(self, image: SandboxImage, file: Path) -> None:
        """Write the volume's files as a tar, as a container sees them that is never started."""
        api = self._docker.api
        api.inspect_volume(image.volume)  # else creating the container would make an empty one
        mounts = [volume_mount(image.volume, IMAGES_DIR, read_only=True)]
        ref = api.create_container(image.tag, command=["never"], host_config=api.create_host_config(mounts=mounts))[
            "Id"
        ]
        try:
            chunks, _ = api.get_archive(ref, f"{IMAGES_DIR}/.")  # with the dot its names begin below the folder
            with file.open("wb") as packed:
                packed.writelines(chunks)
        finally:
            self._docker.remove(ref)
