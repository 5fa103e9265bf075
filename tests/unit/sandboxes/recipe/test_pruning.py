"""Images of other versions go once they are old, and those that somebody uses stay."""

from datetime import UTC, datetime, timedelta

from quizapp.sandboxes.recipe.image_build import USERNS_RECIPE, VM_RECIPE, base_name, sandbox_image
from quizapp.sandboxes.recipe.pruning import StoredImage, prune

NOW = datetime(2026, 11, 29, tzinfo=UTC)
CURRENT = (sandbox_image(USERNS_RECIPE).tag, sandbox_image(VM_RECIPE).tag, base_name())
OLD = ("quizapp-sandbox:aaa", "quizapp-sandbox:bbb-unfinished", "quizapp-sandbox-vm:ccc", "quizapp-sandbox-base:ddd")


class Store:
    """An engine's images, and who has one."""

    def __init__(self, *tags: str, days: int, used: frozenset[str] = frozenset()) -> None:
        self.images = {tag: NOW - timedelta(days=days) for tag in tags}
        self.used = used
        self.volumes_gone: list[str] = []

    def stored(self, repository: str) -> tuple[StoredImage, ...]:
        found = {tag: at for tag, at in self.images.items() if tag.rpartition(":")[0] == repository}
        return tuple(StoredImage(tag=tag, tagged_at=at) for tag, at in found.items())

    def discard_image(self, tag: str) -> bool:
        return tag not in self.used and bool(self.images.pop(tag))

    def discard_volume(self, name: str) -> bool:
        self.volumes_gone.append(name)
        return True


def test_old_images_of_other_versions_go_with_their_volumes() -> None:
    store = Store(*CURRENT, *OLD, "somebody/else:1", days=8)
    assert sorted(prune(store, now=NOW, unused_for=timedelta(days=7))) == sorted(OLD)
    assert set(store.images) == {*CURRENT, "somebody/else:1"}
    volumes = ["quizapp-sandbox-images-aaa", "quizapp-sandbox-images-bbb", "quizapp-sandbox-images-ccc"]
    assert sorted(store.volumes_gone) == volumes


def test_new_ones_and_those_that_a_container_has_stay() -> None:
    new, used = Store(*OLD, days=6), Store(*OLD, days=8, used=frozenset(OLD))
    assert not [*prune(new, now=NOW, unused_for=timedelta(days=7)), *prune(used, now=NOW, unused_for=timedelta(days=7))]
    assert (len(new.images), len(used.images), used.volumes_gone) == (len(OLD), len(OLD), [])
