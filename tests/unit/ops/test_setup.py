"""What each step of set-up depends on, and what a test run adds."""

from pathlib import Path

import pytest

from ops import tasks
from ops.checkout import Checkout
from ops.scripts import script_tools_step
from ops.setup import engine_steps, packages_step, product_steps, tool_steps, venv_step
from ops.steps import Step


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which everything was made."""
    checkout = Checkout(tmp_path)
    for file in ("requirements.txt", "requirements-dev.txt", "package.json", "package-lock.json", "assets/main.css"):
        write(tmp_path / file)
    for made in (checkout.python, checkout.dist / "manifest.json", checkout.node_modules / ".package-lock.json"):
        write(made)
    for script in ("gunicorn", "pytest"):
        write(checkout.venv / "bin" / script)
    write(checkout.node_modules / ".bin" / "biome")
    for step in steps(checkout):
        step.record.write()
    return checkout


def write(file: Path, text: str = "as made") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def steps(checkout: Checkout) -> list[Step]:
    return [*product_steps(checkout), *tool_steps(checkout), script_tools_step(checkout)]


def stale(checkout: Checkout) -> list[str]:
    return [step.title for step in steps(checkout) if not step.record.is_fresh()]


def test_nothing_is_done_twice(checkout: Checkout) -> None:
    assert stale(checkout) == []


@pytest.mark.parametrize(
    ("file", "titles"),
    [
        ("requirements.txt", ["Python packages"]),
        ("requirements-dev.txt", ["Test packages"]),
        ("package-lock.json", ["Front-end packages", "Scripts and styles", "Script tools"]),
        ("assets/main.css", ["Scripts and styles"]),
        ("README.md", []),
    ],
)
def test_a_change_redoes_what_depends_on_it(checkout: Checkout, file: str, titles: list[str]) -> None:
    write(checkout.root / file, "changed")
    assert stale(checkout) == titles


def test_a_new_environment_is_an_empty_one(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version", "3.99")
    assert stale(checkout) == ["Virtual environment"]
    venv_step(checkout).record.write()
    assert stale(checkout) == ["Python packages", "Test packages"]


def test_a_deleted_environment_takes_its_packages_along(checkout: Checkout) -> None:
    for script in ("python", "gunicorn", "pytest"):
        (checkout.venv / "bin" / script).unlink()
    assert stale(checkout) == ["Virtual environment", "Python packages", "Test packages"]


def test_without_engine_there_is_no_image_to_make(checkout: Checkout) -> None:
    assert engine_steps(checkout, None) == []
    assert [step.title for step in engine_steps(checkout, "unix:///e.sock")] == ["Sandbox image"]


def test_packages_installed_anew_lack_the_tools(checkout: Checkout) -> None:
    (checkout.node_modules / ".bin" / "biome").unlink()
    assert stale(checkout) == ["Script tools"]


def test_packages_are_proved_by_a_script(checkout: Checkout) -> None:
    step = packages_step(checkout, title="More", name="requirements", proof="not-there")
    step.record.write()
    assert not step.record.is_fresh()


def test_a_browser_that_is_there_is_used(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "find_program", {"google-chrome": "/opt/google/chrome"}.get)
    assert tasks.find_or_install_chromium(checkout) == "/opt/google/chrome"


def test_a_browser_is_installed_where_there_is_none(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(tasks, "find_program", lambda name: None)
    monkeypatch.setattr(tasks, "install_packages", lambda packages, **_: asked.append(packages))
    assert tasks.find_or_install_chromium(checkout) == "/usr/bin/chromium"
    assert asked == [("chromium",)]
