"""Removes the images and volumes of versions that are not used any more. Knows no Docker SDK.

A new version of what an image is made from gets a new tag, so old images stay beside it, half a gigabyte each, until
they are removed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quizapp.sandboxes.recipe.image_build import RECIPES, base_name, sandbox_image
from quizapp.sandboxes.recipe.template import images_volume

BASES = "-base"  # behind a repository's name, for the bases that are made here


@dataclass(frozen=True, kw_only=True)
class StoredImage:
    """An image that the engine holds. `tagged_at` is when it got its name, in UTC."""

    tag: str
    tagged_at: datetime


class ImageStore(Protocol):
    """What pruning needs of a Docker Engine. Every method may raise a QuizappError."""

    def stored(self, repository: str) -> tuple[StoredImage, ...]:
        """All images with this name, whatever their tags."""
        ...

    def discard_image(self, tag: str) -> bool:
        """Remove the image, unless a container has it, running or not; whether it is gone."""
        ...

    def discard_volume(self, name: str) -> bool:
        """Remove the volume, unless a container has it, running or not; whether it is gone."""
        ...


def prune(store: ImageStore, *, now: datetime, unused_for: timedelta) -> Iterator[str]:
    """Remove images, and their volumes, that this version does not use and that got their names so long ago.

    Yields the name of each image that is gone. What a container has stays, and so do the images of all templates of
    this version, offered or not. An installation of another version on the same engine whose sandboxes have all ended
    builds its image anew.
    """
    kept = {sandbox_image(recipe).tag for recipe in RECIPES.values()} | {base_name(each) for each in RECIPES.values()}
    for repository in sorted({recipe.repository for recipe in RECIPES.values()}):
        for name in (repository, repository + BASES):
            for image in store.stored(name):
                if image.tag in kept or now - image.tagged_at < unused_for or not store.discard_image(image.tag):
                    continue
                if name == repository:
                    store.discard_volume(images_volume(image.tag.removesuffix("-unfinished")))
                yield image.tag
