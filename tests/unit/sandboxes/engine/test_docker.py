"""What the Docker adapter makes of a template, flag by flag, and what it says of an engine that it cannot ask."""

from pathlib import Path

import docker
import pytest
from docker.errors import DockerException

from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.engine.docker import DockerConnection, host_config
from quizapp.sandboxes.recipe.template import LAB_UID, MIB, USERNS, VM, Template

API = docker.APIClient(version="1.43")  # makes flags without asking an engine


def flags(template: Template) -> dict[str, object]:
    return dict(host_config(API, template, [], auto_remove=True))


@pytest.mark.parametrize("template", [USERNS, VM], ids=lambda template: template.name)
def test_every_sandbox_is_closed_up_in_the_same_way(template: Template) -> None:
    made = flags(template)
    assert (made["CapDrop"], made["NetworkMode"], made["ReadonlyRootfs"]) == (["ALL"], "none", True)
    assert made["Memory"] == made["MemorySwap"] == template.memory_bytes, "no swap"
    assert made["Tmpfs"] == {"/run": f"rw,nosuid,nodev,noexec,size={MIB},uid={LAB_UID},gid={LAB_UID}"}
    assert (made["PidsLimit"], made["CpuShares"]) == (template.processes, 512)


def test_a_host_in_a_user_namespace_may_mount_and_gets_two_capabilities() -> None:
    made = flags(USERNS)
    assert made["CapAdd"] == ["SETUID", "SETGID"]
    assert made["SecurityOpt"] == [f"seccomp={USERNS.system_calls}", "apparmor=unconfined"]
    assert (made["MaskedPaths"], made["ReadonlyPaths"]) == ([], [])
    assert not made.get("DeviceCgroupRules")


def test_a_machine_keeps_the_engines_profiles_and_may_open_kvm_alone() -> None:
    made = flags(VM)
    assert not made.get("CapAdd")
    assert made["SecurityOpt"] == ["no-new-privileges"]
    assert made["DeviceCgroupRules"] == ["c 10:232 rw"]
    assert "MaskedPaths" not in made


@pytest.mark.parametrize(("may", "says"), [(False, "may not use the Docker Engine"), (True, "does not answer")])
def test_a_socket_that_this_user_may_not_use_is_told_from_an_engine_that_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may: bool, says: str
) -> None:
    (tmp_path / "docker.sock").touch()
    monkeypatch.setattr("os.access", lambda *_: may)  # root, who may run these tests, may use every file
    with pytest.raises(EngineOff, match=says), DockerConnection(f"unix://{tmp_path}/docker.sock").faults():
        raise DockerException("refused")
