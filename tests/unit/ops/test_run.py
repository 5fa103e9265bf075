"""What `make run` refuses before it starts anything, and how it speaks to its processes."""

import socket
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from gunicorn.config import Config

from ops import run
from ops.checkout import Checkout
from ops.console import Failed
from ops.run import (
    Installation,
    Processes,
    claim_nothing_taken,
    health_of,
    is_healthy,
    only_one,
    port_from,
    sandboxd_command,
    web_command,
)
from ops.setup import ASSETS
from quizapp import settings
from tests.serving import served


def installation(root: Path, *, engine: str | None = "unix:///e.sock") -> Installation:
    return Installation(checkout=Checkout(root), port=8000, instance=root / "instance", engine=engine)


def test_a_server_that_waits_for_its_database_answers_and_is_not_healthy() -> None:
    waiting = Flask("waiting")
    waiting.add_url_rule("/health", view_func=lambda: ("There is no database", 503))
    with served(waiting) as port:
        assert (health_of(port), is_healthy(port)) == (503, False)
    assert (health_of(port), is_healthy(port)) == (None, False)


@pytest.mark.parametrize(("env", "port"), [({}, 8000), ({"QUIZAPP_PORT": ""}, 8000), ({"QUIZAPP_PORT": "81"}, 81)])
def test_port(env: dict[str, str], port: int) -> None:
    assert port_from(env) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "8000 ", "٨٠"])
def test_no_port(text: str) -> None:
    with pytest.raises(Failed, match="set it to a number from 1 to 65535"):
        port_from({"QUIZAPP_PORT": text})


def test_a_taken_port_is_named_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Failed, match=rf"Port {port} is taken: .* QUIZAPP_PORT=\d+ make run"):
            claim_nothing_taken(port)


def test_a_free_port_stays_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    claim_nothing_taken(port)
    claim_nothing_taken(port)


def test_one_product_per_instance_folder(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(Failed, match="already runs"), only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_the_instance_folder_is_open_to_its_owner_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    instance = tmp_path_factory.mktemp("short") / "instance"  # a test's own folder has the test's long name
    with only_one(instance):
        assert instance.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="too long a path"), only_one(tmp_path / ("long" * 25)):
        pass


def test_processes_share_one_set_of_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUIZAPP_PUBLIC_URL", raising=False)
    env = installation(tmp_path).env()
    assert env["QUIZAPP_PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert env["QUIZAPP_ENGINE"] == "unix:///e.sock"
    assert env["QUIZAPP_SANDBOXD_SOCKET"] == str(tmp_path / "instance" / "sandboxd" / "sandboxd.sock")
    assert env["QUIZAPP_SANDBOXD_ENDS_ALL"] == "1"


def test_commands_look_for_the_address_where_a_run_keeps_it() -> None:
    assert run.ADDRESS == settings.ADDRESS


def test_the_address_that_people_use_may_be_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_PUBLIC_URL", "https://learn.example")
    assert installation(tmp_path).env()["QUIZAPP_PUBLIC_URL"] == "https://learn.example"


def test_without_engine_the_application_is_told_so(tmp_path: Path) -> None:
    assert installation(tmp_path, engine=None).env()["QUIZAPP_ENGINE"] == "none"


@pytest.mark.parametrize("kind", [web_command, sandboxd_command])
def test_gunicorn_has_one_worker_so_that_limits_count_everyone(
    tmp_path: Path, kind: Callable[[Installation], list[str]]
) -> None:
    program, *options = kind(installation(tmp_path))
    read = Config()
    parsed = read.parser().parse_args(options)
    for name, value in vars(import_module(str(parsed.config).removeprefix("python:"))).items():
        if name in read.settings:
            read.set(name, value)
    assert program.endswith("/gunicorn")
    assert (read.workers, read.umask, read.settings["control_socket_disable"].get()) == (1, 0o077, True)
    assert read.settings["graceful_timeout"].get() == run.GRACEFUL_S
    assert (parsed.args or [read.settings["wsgi_app"].get()])[0].count(":") == 1


def test_scripts_and_styles_are_built_before_they_are_kept_and_served(tmp_path: Path) -> None:
    after = {step.title: step.after for step in Processes(installation(tmp_path)).steps()}
    assert ASSETS in after["Database and content"], "which copies them, and a build meanwhile takes some away"
    assert ASSETS in after["Web server"]
