"""`flask sandboxes …` on a real engine, by hand beside a running sandboxd."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from quizapp.sandboxes import commands
from quizapp.sandboxes.client import SandboxClient, SandboxState
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.recipe.image_build import sandbox_image
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
    wait_until(lambda: real.get(sandbox.id).state is SandboxState.LOST)


def test_the_doctor_finds_all_well(app: Flask) -> None:
    result = run(app, "doctor")
    found, tried = result.output.split("ok  Template userns\n")
    assert [line[:2] for line in found.splitlines()] == ["ok"] * 6
    for capability in ("overlay", "nat", "macvlan", "vxlan"):
        assert f"    has {capability}\n" in tried
    assert re.search(r"^    has (no )?ipvlan", tried, re.MULTILINE), "which of the two is this kernel's to say"
    assert result.exit_code == 0


def test_the_doctor_names_a_runtime_that_the_engine_does_not_have(
    app: Flask, sandboxd: Sandboxd, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sandboxd.settings.model_copy(update={"sandbox_runtime": "no-such-runtime"})
    monkeypatch.setattr(commands, "current_settings", lambda: other)
    result = run(app, "doctor")
    assert result.exit_code == 1
    why = "The Docker Engine has no runtime no-such-runtime, which QUIZAPP_SANDBOX_RUNTIME names."
    assert f"no  Runtime: {why}" in result.output
    assert f"no  Template userns: {why}" in result.output, "a learner reads the same"


def test_a_shell_in_a_sandbox_by_the_beginning_of_its_id(sandboxd: Sandboxd, real: SandboxClient, app: Flask) -> None:
    sandbox = ready(real, "ada")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "sandboxes", "shell", sandbox.id[:8]]
    env = os.environ | {
        "QUIZAPP_INSTANCE_DIR": str(sandboxd.settings.instance_dir),
        "QUIZAPP_ENGINE": sandboxd.settings.engine,
        "SECRET_KEY": sandboxd.settings.secret_key.get_secret_value(),
    }
    shown = subprocess.run(command, env=env, input=b"hostname; stty size; exit\n", capture_output=True, timeout=60)
    assert shown.returncode == 0, shown.stderr
    assert b"docker-host\r\n24 80\r\n" in shown.stdout


def test_no_shell_without_a_sandbox_of_that_id(app: Flask, real: SandboxClient) -> None:
    result = run(app, "shell", "nobody")
    assert result.exit_code == 1
    assert "0 running sandboxes begin with nobody" in result.output


def test_the_doctor_says_what_to_do(app: Flask, sandboxd: Sandboxd, monkeypatch: pytest.MonkeyPatch) -> None:
    too_many = sandboxd.settings.model_copy(
        update={"max_sandboxes": 100_000, "sandboxd_socket": sandboxd.settings.instance_dir / "nowhere"}
    )
    monkeypatch.setattr(commands, "current_settings", lambda: too_many)
    result = run(app, "doctor")
    assert result.exit_code == 1
    assert "no  Sandbox service: The sandbox service does not answer." in result.output
    assert "no  Memory: Lower QUIZAPP_MAX_SANDBOXES to " in result.output


@pytest.mark.parametrize("command", ["build", "list", "reap", "doctor", "shell x"])
def test_without_an_engine_by_choice(
    app: Flask, sandboxd: Sandboxd, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    off = sandboxd.settings.model_copy(update={"engine": "none"})
    monkeypatch.setattr(commands, "current_settings", lambda: off)
    result = run(app, *command.split())
    assert result.exit_code == 1
    assert "QUIZAPP_ENGINE" in result.output
    assert result.output.count("\n") == 1
