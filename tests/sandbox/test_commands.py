"""`flask sandboxes …` on a real engine, by hand beside a running sandboxd."""

from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from quizapp.sandboxes import commands
from quizapp.sandboxes.client import SandboxClient, SandboxState
from quizapp.sandboxes.image_build import sandbox_image
from quizapp.sandboxes.labels import Signer
from tests.conftest import opened_app
from tests.sandbox.conftest import Sandboxd, ready, wait_until

pytestmark = pytest.mark.sandbox


@pytest.fixture
def app(sandboxd: Sandboxd) -> Iterator[Flask]:
    """The application of the same installation as the tests' sandboxd."""
    with opened_app(sandboxd.settings) as app:
        yield app


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["sandboxes", *arguments])


def test_build_finds_what_is_there(app: Flask) -> None:
    result = run(app, "build")
    assert result.exit_code == 0
    assert result.output.splitlines() == [f"The sandbox image is {sandbox_image().tag}."]


def test_list_and_reap(app: Flask, real: SandboxClient, signer: Signer) -> None:
    sandbox = ready(real, "ada")
    (line,) = run(app, "list").output.splitlines()
    assert line.startswith(f"{sandbox.id}  running  owner ada  ends by 20")
    assert run(app, "reap").output == "0 removed.\n"
    assert run(app, "reap", "--all").output == f"removed {signer.name('ada')}\n1 removed.\n"
    wait_until(lambda: real.get(sandbox.id).state is SandboxState.LOST, 15)


def test_the_doctor_finds_all_well(app: Flask) -> None:
    result = run(app, "doctor")
    assert [line[:2] for line in result.output.splitlines()] == ["ok"] * 5
    assert result.exit_code == 0


def test_the_doctor_says_what_to_do(app: Flask, sandboxd: Sandboxd, monkeypatch: pytest.MonkeyPatch) -> None:
    too_many = sandboxd.settings.model_copy(
        update={"max_sandboxes": 100_000, "sandboxd_socket": sandboxd.settings.instance_dir / "nowhere"}
    )
    monkeypatch.setattr(commands, "current_settings", lambda: too_many)
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert "no  Sandbox service: The sandbox service does not answer." in result.output
    assert "no  Memory: Lower QUIZAPP_MAX_SANDBOXES to " in result.output


@pytest.mark.parametrize("command", ["build", "list", "reap", "doctor"])
def test_without_an_engine_by_choice(
    app: Flask, sandboxd: Sandboxd, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    off = sandboxd.settings.model_copy(update={"engine": "none"})
    monkeypatch.setattr(commands, "current_settings", lambda: off)
    result = run(app, command)
    assert result.exit_code == 1
    assert "QUIZAPP_ENGINE" in result.output
    assert result.output.count("\n") == 1
