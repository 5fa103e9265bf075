"""Builds sandbox images on a Docker Engine, and fills their volumes. Knows nothing of what they are made of."""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineFault
from quizapp.sandboxes.engine.docker import DockerConnection, EngineConflict, followed, host_config, volume_mount
from quizapp.sandboxes.engine.protocol import NoContainer
from quizapp.sandboxes.recipe.image_build import ImageNotBuilt, OnLine, VolumeMount
from quizapp.sandboxes.recipe.pruning import StoredImage
from quizapp.sandboxes.recipe.template import Template

BUILD_S = 600  # between two lines of a build: it prints none while it unpacks packages, on a slow disk for minutes
REGISTRY_S = 5  # for a registry to say whether it has an image
LIFE_S = 600  # of a container that fills a volume, which takes half a minute
END_S = 30  # for a container's exit code, once its output is over; the engine takes 0.03 s
LINES_KEPT = 5  # of a failed container's output, for its error
LOOK = "look into the Docker Engine's log, then build again."
PREPARES = "quizapp.sandbox.prepares"  # with a volume's name, the label of containers that a killed build leaves


class DockerImages:
    """The ImageEngine and ImageStore of `flask sandboxes build` and `prune`, on the engine at `url`."""

    def __init__(self, url: str) -> None:
        self._docker = DockerConnection(url, timeout_s=BUILD_S)
        self._hasty = DockerConnection(url, timeout_s=REGISTRY_S)
        self._usual = DockerConnection(url)

    def image_exists(self, tag: str) -> bool:
        """See ImageEngine.image_exists."""
        return self._has(lambda api: api.inspect_image(tag))

    def pull(self, ref: str) -> bool:
        """See ImageEngine.pull."""
        try:
            with self._hasty.faults():
                self._hasty.api.inspect_distribution(ref)  # type: ignore[no-untyped-call]
            with self._docker.faults():
                self._docker.api.pull(ref)
        except QuizappError:
            return False
        return self.image_exists(ref)

    def import_base(self, tar: Path, tag: str) -> None:
        """See ImageEngine.import_base. Raises ImageNotBuilt."""
        repository, _, version = tag.rpartition(":")
        with self._refusals(f"The base {tag}"):
            self._docker.api.import_image_from_file(str(tar), repository=repository, tag=version)
        if not self.image_exists(tag):
            raise ImageNotBuilt(f"The Docker Engine did not take the base from {tar}; look into its log.")

    def build(
        self, context: Path, tag: str, build_args: Mapping[str, str], on_line: OnLine, *, host_network: bool
    ) -> None:
        """See ImageEngine.build. Raises ImageNotBuilt with the engine's error message."""
        with self._refusals(f"The image {tag}"):
            said: Iterable[dict[str, Any]] = self._docker.api.build(
                path=str(context),
                tag=tag,
                buildargs=dict(build_args),
                network_mode="host" if host_network else "none",
                rm=True,
                forcerm=True,
                timeout=BUILD_S,
                decode=True,
            )
            for part in said:
                if "error" in part:
                    raise ImageNotBuilt(f"The image {tag} could not be built: {part['error']}")
                for line in str(part.get("stream", "")).splitlines():
                    on_line(line)

    def rename_image(self, tag: str, new_tag: str) -> None:
        """See ImageEngine.rename_image."""
        repository, _, version = new_tag.rpartition(":")
        with self._refusals(f"The image {tag}"):
            self._docker.api.tag(tag, repository, version)
            self._docker.api.remove_image(tag)

    def volume_exists(self, name: str) -> bool:
        """See ImageEngine.volume_exists."""
        return self._has(lambda api: api.inspect_volume(name))

    def remove_volume(self, name: str) -> None:
        """See ImageEngine.remove_volume. Containers of killed builds that use the volume are removed first."""
        with self._refusals(f"The volume {name}"):
            for row in self._docker.api.containers(all=True, filters={"label": f"{PREPARES}.{name}"}):
                self._usual.remove(row["Id"])
            if self.volume_exists(name):
                self._docker.api.remove_volume(name)

    def stored(self, repository: str) -> tuple[StoredImage, ...]:
        """See ImageStore.stored."""
        with self._usual.faults():
            rows = self._usual.api.images(name=repository)
            tags = sorted({tag for row in rows for tag in row["RepoTags"] or () if tag.startswith(f"{repository}:")})
            told = [(tag, self._usual.api.inspect_image(tag)) for tag in tags]  # type: ignore[no-untyped-call]
        return tuple(StoredImage(tag=tag, tagged_at=_tagged_at(image)) for tag, image in told)

    def discard_image(self, tag: str) -> bool:
        """See ImageStore.discard_image."""
        return self._discard(lambda api: api.remove_image(tag))

    def discard_volume(self, name: str) -> bool:
        """See ImageStore.discard_volume."""
        return self._discard(lambda api: api.remove_volume(name))

    def run_once(
        self, image: str, command: tuple[str, ...], mounts: tuple[VolumeMount, ...], template: Template, on_line: OnLine
    ) -> None:
        """See ImageEngine.run_once. Raises ImageNotBuilt, also if the container still runs after LIFE_S."""
        last: deque[str] = deque(maxlen=LINES_KEPT)
        with self._refusals(f"A container of {image}"):
            api = self._docker.api
            ref = api.create_container(
                image,
                command=list(command),
                user=template.user,
                labels={f"{PREPARES}.{mount.volume}": "yes" for mount in mounts},
                host_config=host_config(
                    api,
                    template,
                    [volume_mount(mount.volume, mount.path, read_only=mount.read_only) for mount in mounts],
                    auto_remove=False,
                ),
            )["Id"]
            try:
                api.start(ref)
                for line in self._lines(ref):
                    last.append(line)
                    on_line(line)
                code = api.wait(ref, timeout=END_S)["StatusCode"]
            finally:
                self._usual.remove(ref)
        if code != 0:
            raise ImageNotBuilt(f"{command[0]} failed in a container of {image}: {' / '.join(last)}")

    def _lines(self, ref: str) -> Iterator[str]:
        """The lines that the container prints. Raises ImageNotBuilt if it prints on after LIFE_S."""
        until = time.monotonic() + LIFE_S
        output = self._docker.api.logs(ref, stdout=True, stderr=True, stream=True, follow=True)
        with followed(output, give_up_s=LIFE_S) as said:
            yield from said
        if time.monotonic() >= until:
            raise ImageNotBuilt(f"A container that prepares the image was not done after {LIFE_S} s; {LOOK}")

    def _has(self, inspect: Any) -> bool:
        """Whether `inspect` finds its object: False if it raises NoContainer."""
        try:
            with self._docker.faults():
                inspect(self._docker.api)
        except NoContainer:
            return False
        return True

    def _discard(self, remove: Any) -> bool:
        """Whether `remove` has removed its object, or there was none; False if a container has it."""
        try:
            with self._usual.faults():
                remove(self._usual.api)
        except EngineConflict:
            return False
        except NoContainer:
            return True
        return True

    @contextmanager
    def _refusals(self, what: str) -> Iterator[None]:
        """Turn NoContainer and EngineFault into an ImageNotBuilt whose text begins with `what`."""
        try:
            with self._docker.faults():
                yield
        except (NoContainer, EngineFault) as error:
            raise ImageNotBuilt(f"{what}: {error}") from error


def _tagged_at(image: Mapping[str, Any]) -> datetime:
    """When the engine gave the image its newest name, which is later than when its layers were made."""
    return datetime.fromisoformat(image["Metadata"]["LastTagTime"])
