"""No service starts while packages are installed, and the machine's own rule comes back."""

from pathlib import Path

import pytest

from ops.packages import FORBID, services_held_back


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return tmp_path / "policy-rc.d"


def test_a_machine_without_rule_has_none_afterwards(policy: Path) -> None:
    with services_held_back(policy):
        assert policy.read_text().endswith("exit 101\n")
        assert policy.stat().st_mode & 0o777 == 0o755
    assert list(policy.parent.iterdir()) == []


def test_the_own_rule_comes_back_as_it_was(policy: Path) -> None:
    policy.write_text("#!/bin/sh\nexit 0\n")
    policy.chmod(0o700)
    with services_held_back(policy):
        assert "exit 101" in policy.read_text()
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"
    assert policy.stat().st_mode & 0o777 == 0o700
    assert list(policy.parent.iterdir()) == [policy]


def test_it_comes_back_after_a_failure(policy: Path) -> None:
    policy.write_text("own")
    with pytest.raises(KeyboardInterrupt), services_held_back(policy):
        raise KeyboardInterrupt
    assert policy.read_text() == "own"


def test_a_run_that_was_killed_does_not_lose_the_own_rule(policy: Path) -> None:
    policy.with_name("policy-rc.d.before-quizapp").write_text("own")
    policy.write_text(FORBID)
    with services_held_back(policy):
        assert policy.read_text() == FORBID
    assert policy.read_text() == "own"


def test_a_killed_run_on_a_machine_without_rule_leaves_none_either(policy: Path) -> None:
    policy.write_text(FORBID)
    with services_held_back(policy):
        assert policy.read_text() == FORBID
    assert not policy.exists()
