"""How root's rights and Debian's packages are asked for, and what is said where they are not to be had."""

from pathlib import Path

import pytest

from ops import system
from ops.checkout import Checkout
from ops.console import Failed
from ops.system import as_root, find_program, install_packages, own_caches


def programs(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the machine have these programs and no others."""
    monkeypatch.setattr(system, "find_program", lambda name: f"/usr/bin/{name}" if name in names else None)


def test_root_needs_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert as_root(["apt-get"]) == ["apt-get"]


def test_sudo_never_asks_where_nobody_can_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    programs(monkeypatch, "sudo")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    assert as_root(["apt-get"]) == ["sudo", "-n", "apt-get"]
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert as_root(["apt-get"]) == ["sudo", "apt-get"]


def test_no_way_to_root_is_said_with_the_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    programs(monkeypatch)
    with pytest.raises(Failed, match="run it as root, or as a user who may use sudo"):
        as_root(["apt-get"])


def test_another_system_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    programs(monkeypatch)
    with pytest.raises(Failed, match=r"^No browser here, and only Debian and Ubuntu .* install what gives chromium\.$"):
        install_packages(("chromium",), reason="No browser here", checkout=Checkout(tmp_path))


def test_daemons_are_found_though_a_users_path_leaves_them_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    daemon = tmp_path / "sbin" / "dockerd"
    daemon.parent.mkdir()
    daemon.touch(mode=0o755)
    monkeypatch.setattr(system, "SYSTEM_PATH", str(daemon.parent))
    monkeypatch.setenv("PATH", "/nowhere")
    assert find_program("dockerd") == str(daemon)


def test_who_has_no_home_keeps_packages_in_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("UV_CACHE_DIR", "/var/cache/uv")
    monkeypatch.delenv("npm_config_cache", raising=False)
    npm = str(tmp_path / "build" / "caches" / "npm")
    assert own_caches(Checkout(tmp_path)) == {"UV_CACHE_DIR": "/var/cache/uv", "npm_config_cache": npm}


def test_who_has_one_keeps_them_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert own_caches(Checkout(tmp_path)) == {}
