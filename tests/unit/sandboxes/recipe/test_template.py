"""The flags a sandbox gets, held against what they must never become."""

import json
import re

from quizapp.sandboxes.recipe.image_build import IMAGE_FOLDER, VM_FOLDER
from quizapp.sandboxes.recipe.template import LAB_UID, MIB, TEMPLATES, USERNS, VM, image_tag, images_volume
from quizapp.settings import TEMPLATE_NAMES


def test_no_more_than_two_capabilities_and_no_network() -> None:
    assert set(USERNS.capabilities) == {"SETUID", "SETGID"}
    assert not USERNS.has_network
    assert USERNS.user != "root"
    assert not USERNS.writes_to_image


def test_a_machine_may_take_what_it_is_given_and_the_emulator_some_on_top() -> None:
    enter = (VM_FOLDER / "container" / "enter").read_text(encoding="utf-8")
    given = re.findall(r"^(?:MEMORY|TRANSLATIONS)_MIB=(\d+)", enter, re.MULTILINE)
    assert len(given) == 2
    assert sum(map(int, given)) + 256 <= VM.memory_bytes // MIB


def test_system_calls_that_reach_beyond_a_sandbox_are_forbidden() -> None:
    assert USERNS.system_calls is not None
    rule, *sockets = json.loads(USERNS.system_calls)["syscalls"]
    assert rule["action"] == "SCMP_ACT_ERRNO"
    assert {"keyctl", "bpf", "io_uring_setup", "init_module", "open_by_handle_at"} <= set(rule["names"])
    assert not {"mount", "unshare", "clone", "setns", "pivot_root", "socket"} & set(rule["names"])
    assert {argument["value"] for rule in sockets for argument in rule["args"]} == {38, 40}, "AF_ALG and AF_VSOCK"


def test_a_machine_has_no_capability_and_the_engines_own_profiles() -> None:
    assert VM.capabilities == ()
    assert (VM.system_calls, VM.mounts, VM.gains_privileges) == (None, False, False)
    assert (VM.has_network, VM.writes_to_image, VM.memory_folders) == (False, False, USERNS.memory_folders)
    assert VM.user != "root"


def test_the_settings_know_the_templates() -> None:
    assert tuple(TEMPLATES) == TEMPLATE_NAMES


def test_what_a_learner_writes_to_disk_ends_with_the_sandbox() -> None:
    assert all(0 < folder.size_bytes < USERNS.memory_bytes for folder in USERNS.memory_folders)
    assert USERNS.processes > 0
    assert USERNS.output_bytes > 0


def test_the_image_has_the_user_that_the_flags_speak_of() -> None:
    for folder in (IMAGE_FOLDER, VM_FOLDER):
        dockerfile = (folder / "Dockerfile").read_text(encoding="utf-8")
        assert f"useradd --uid {LAB_UID} --gid {USERNS.user}" in dockerfile
        assert f"groupadd --gid {LAB_UID} {USERNS.user}" in dockerfile


def test_an_image_and_its_volume_have_the_digest_in_their_names() -> None:
    tag = image_tag("0123456789abcdef" * 4)
    assert tag == "quizapp-sandbox:0123456789ab"
    assert images_volume(tag) == "quizapp-sandbox-images-0123456789ab"
