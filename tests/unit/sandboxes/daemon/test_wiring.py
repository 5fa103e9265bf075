import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from quizapp.labs.proof import attempt
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.template import MIB, USERNS, VM
from quizapp.settings import Settings

GIB = 1024 * MIB


@pytest.mark.parametrize(("gib", "userns", "with_vm"), [(1, 1, 1), (4, 6, 4), (24, 46, 30)])
def test_as_many_sandboxes_as_memory_has_room_for(gib: int, userns: int, with_vm: int) -> None:
    assert wiring.most_sandboxes(gib * GIB, (USERNS,)) == userns
    assert wiring.most_sandboxes(gib * GIB, (USERNS, VM)) == with_vm


def test_a_cluster_has_no_machine_whose_memory_would_tell_how_many(tmp_path: Path) -> None:
    named = Settings(engine="kubernetes:/etc/quizapp/kubeconfig", instance_dir=tmp_path)
    with pytest.raises(EngineOff, match="Set QUIZAPP_MAX_SANDBOXES"):
        wiring.most(named)
    assert wiring.most(named.model_copy(update={"max_sandboxes": 7})) == 7


def test_a_cluster_offers_what_runs_as_a_pod(tmp_path: Path) -> None:
    both = Settings(sandbox_templates="vm,userns", instance_dir=tmp_path)
    assert wiring.templates(both) == (VM, USERNS)
    assert wiring.templates(both.model_copy(update={"engine": "kubernetes:"})) == (USERNS,)


@pytest.mark.parametrize(
    ("registry", "name"),
    [("", "a:1"), ("registry.example", "registry.example/a:1"), ("r.example/b/", "r.example/b/a:1")],
)
def test_nodes_know_an_image_by_its_registry(tmp_path: Path, registry: str, name: str) -> None:
    assert wiring.published(Settings(sandbox_registry=registry, instance_dir=tmp_path), "a:1") == name


def test_without_its_client_a_cluster_is_off_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("kubernetes", "kubernetes_api"):
        monkeypatch.delitem(sys.modules, f"quizapp.sandboxes.engine.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "kubernetes", None)
    with pytest.raises(EngineOff, match="requirements-kubernetes"):
        wiring.engine(Settings(engine="kubernetes:", instance_dir=tmp_path))


def test_a_start_in_a_workshop_may_last_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual machine whose processor is emulated takes minutes on a busy machine, and no learner waits for it."""
    made = Mock()
    monkeypatch.setattr(wiring, "Pool", made)
    for name in ("engine", "sweep", "sweep_workshops"):
        monkeypatch.setattr(wiring, name, Mock())
    settings = Settings(instance_dir=tmp_path)
    wiring.pool(settings)
    with wiring.workshop(settings):
        pass
    usual, longer = (call.args[3].ready_by for call in made.call_args_list)
    assert (usual, longer) == (Limits.ready_by, wiring.WORKSHOP_READY_BY)
    assert longer.total_seconds() < attempt.START_S
