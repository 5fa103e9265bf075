"""`flask sandboxes …` where sandboxes run on a cluster, which is a stand-in here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from quizapp.sandboxes import commands
from quizapp.settings import Settings
from tests.unit.sandboxes.engine.api_server import ApiServer, api_server

pytest.importorskip("kubernetes")


@pytest.fixture
def server() -> Iterator[ApiServer]:
    with api_server() as server:
        yield server


@pytest.fixture
def app() -> Flask:
    """An application with these commands and nothing else."""
    app = Flask(__name__)
    app.cli.add_command(commands.sandboxes)
    return app


@pytest.fixture
def on_cluster(app: Flask, server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a cluster for its engine, and no sandboxd."""
    settings = Settings(
        instance_dir=tmp_path,
        engine=f"kubernetes:{server.kubeconfig(tmp_path)}",
        sandboxd_socket=tmp_path / "nowhere",
        max_sandboxes=3,
    )
    monkeypatch.setattr(commands, "current_settings", lambda: settings)
    return app


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["sandboxes", *arguments])


def test_the_doctor_looks_at_a_cluster_and_tries_a_sandbox(on_cluster: Flask, server: ApiServer) -> None:
    result = run(on_cluster, "doctor")
    service, *found, tried = result.output.splitlines()
    assert service.startswith("no  Sandbox service")
    assert found == ["ok  Cluster", "ok  Version", "ok  Rights", "ok  Admission"]
    assert tried.startswith("no  Template userns: The cluster refused: OCI runtime exec failed"), "no sandbox's program"
    assert result.exit_code == 1
    assert server.kept == {"pods": {}, "leases": {}}


def test_the_doctor_stops_at_what_comes_first(on_cluster: Flask, server: ApiServer) -> None:
    server.denied = {("list", "pods")}
    output = run(on_cluster, "doctor").output
    assert "no  Cluster: The cluster does not let sandboxd do this" in output
    assert "Template" not in output
    server.denied = {("patch", "pods")}
    output = run(on_cluster, "doctor").output
    assert "no  Rights: Lacking in quizapp-sandboxes: patch pods. Apply deploy/kubernetes." in output
    assert "Template" not in output


def test_sandboxes_of_a_cluster_are_listed_and_reaped(on_cluster: Flask) -> None:
    assert run(on_cluster, "list").output == ""
    assert run(on_cluster, "reap").output == "0 removed.\n"


@pytest.mark.parametrize("command", ["build", "prune", "publish"])
def test_images_are_docker_engines_matter(on_cluster: Flask, command: str) -> None:
    result = run(on_cluster, command)
    assert result.exit_code == 1
    assert "Images are built on a Docker Engine" in result.output


def test_without_a_registry_nothing_is_published(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "current_settings", lambda: Settings(engine="unix:///nowhere"))
    result = run(app, "publish")
    assert result.exit_code == 1
    assert "Set QUIZAPP_SANDBOX_REGISTRY" in result.output
