"""What is in the environment and pinned by no lock file goes, and nothing else."""

from pathlib import Path

import pytest

from ops import setup
from ops.checkout import Checkout
from ops.console import Progress
from ops.pins import unpinned
from ops.uv import Uv


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout with three lock files, and an environment with a package of each and an old one."""
    (tmp_path / "requirements.txt").write_text("psycopg[binary]==3.3.9 \\\n    --hash=sha256:0\nmarkupsafe==3.0.4\n")
    (tmp_path / "requirements-dev.txt").write_text("flask-sock==0.7.0 ; python_version < '4' \\\n    # via old==1\n")
    (tmp_path / "requirements-uv.txt").write_text("uv==0.13.9\n")
    for name in ("psycopg", "MarkupSafe", "Flask_Sock", "Old.One"):
        folder = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / f"{name}-1.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    return Checkout(tmp_path)


def test_what_no_lock_file_names_is_left_over(checkout: Checkout) -> None:
    assert unpinned(checkout) == ["old-one"]


def test_a_lock_file_that_names_it_keeps_it_whichever_is_installed(checkout: Checkout) -> None:
    (checkout.root / "requirements-fitting.txt").write_text("old_one==1\n")
    assert unpinned(checkout) == []


def test_what_is_left_over_goes_before_the_pins_are_installed(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(setup, "run_logged", lambda command, **_: commands.append(command))
    monkeypatch.setattr(setup, "find_or_install_uv", lambda *_: Uv(program="uv", env={}, options=()))
    with Progress("Packages") as progress:
        setup.install_pins(checkout, "requirements", progress)
    environment = ["--python", str(checkout.python)]
    assert commands[0] == ["uv", "pip", "uninstall", *environment, "old-one"]
    assert [command[2] for command in commands] == ["uninstall", "install"]
