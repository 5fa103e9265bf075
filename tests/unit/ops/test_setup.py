"""What each step of set-up depends on, and what a test run adds."""

import os
import shutil
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from ops import setup, tasks
from ops.checkout import Checkout
from ops.console import Failed, Progress
from ops.engine import Engine, Place, choose
from ops.run import Installation, Processes
from ops.scripts import script_tools_step
from ops.setup import engine_steps, packages_step, product_steps, tool_steps, venv_step
from ops.steps import Step
from ops.uv import Uv

PACKAGES = [
    "Python packages",
    "Package that fits schedules to learners",
    "Test packages",
    "Packages for a Kubernetes cluster",
]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout in which everything was made."""
    checkout = Checkout(tmp_path)
    for file in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-fitting.txt",
        "requirements-kubernetes.txt",
        "package.json",
        "package-lock.json",
        "assets/main.css",
    ):
        write(tmp_path / file)
    for made in (checkout.python, checkout.dist / "manifest.json", checkout.node_modules / ".package-lock.json"):
        write(made)
    write(checkout.venv / "looked-for-fitting", "")
    for script in ("gunicorn", "pytest", "wsdump"):
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
        ("requirements-fitting.txt", ["Package that fits schedules to learners"]),
        ("requirements-kubernetes.txt", ["Packages for a Kubernetes cluster"]),
        ("package-lock.json", ["Front-end packages", "Scripts and styles", "Script tools"]),
        ("assets/main.css", ["Scripts and styles"]),
        ("README.md", []),
    ],
)
def test_a_change_redoes_what_depends_on_it(checkout: Checkout, file: str, titles: list[str]) -> None:
    write(checkout.root / file, "changed")
    assert stale(checkout) == titles


def test_a_new_environment_is_an_empty_one(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.abiflags", "another build")
    assert stale(checkout) == ["Virtual environment"]
    venv_step(checkout).record.write()
    assert stale(checkout) == PACKAGES


def test_a_deleted_environment_takes_its_packages_along(checkout: Checkout) -> None:
    shutil.rmtree(checkout.venv)
    assert stale(checkout) == ["Virtual environment", *PACKAGES]
    write(checkout.python)
    venv_step(checkout).record.write()
    assert stale(checkout) == PACKAGES, "a new one is as empty, though it is made from the same"


def test_an_environment_serves_whichever_python_of_its_kind_asks(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(checkout.python))
    monkeypatch.setattr("sys.base_prefix", "/opt/another")
    assert stale(checkout) == []
    monkeypatch.setenv("PYTHON", "python3.12")
    assert stale(checkout) == ["Virtual environment"]


def test_no_wheel_of_the_optional_package_stops_nothing(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_checkout: Checkout, name: str, _progress: Progress, *wanted: str) -> None:
        assert (name, wanted) == ("requirements-fitting", ("--only-binary", ":all:"))
        raise Failed("no wheel")

    monkeypatch.setattr(setup, "install_pins", refuse)
    with Progress("Package") as progress:
        setup.fitting_step(checkout).work(progress)


@pytest.mark.parametrize("is_cached", [True, False])
def test_where_no_registry_is_in_reach_what_uv_has_kept_serves(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, is_cached: bool
) -> None:
    def run(command: list[str], **_: object) -> None:
        if not (is_cached and "--offline" in command):
            raise Failed("online" if "--offline" not in command else "offline")

    monkeypatch.setattr(setup, "run_logged", run)
    monkeypatch.setattr(setup, "find_or_install_uv", lambda *_: Uv(program="uv", env={}, options=()))
    with nullcontext() if is_cached else pytest.raises(Failed, match="online"), Progress("Packages") as progress:
        setup.install_pins(checkout, "requirements", progress)


def needed(checkout: Checkout, engine: Engine) -> dict[str, tuple[str, ...]]:
    """What hands-on questions need, each with what comes before it."""
    return {step.title: step.after for step in engine_steps(checkout, engine, ExitStack())}


def test_without_engine_there_is_no_image_to_make(checkout: Checkout) -> None:
    assert needed(checkout, None) == {}


def test_an_engine_that_is_there_gets_the_image_alone(checkout: Checkout) -> None:
    assert needed(checkout, "unix:///e.sock") == {"Sandbox image": ("Python packages",)}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where no engine of ours runs."""
    return Place(run=tmp_path / "run", data=tmp_path / "data")


def test_on_a_bare_machine_the_base_is_begun_before_there_is_an_engine(
    checkout: Checkout, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "find_program", lambda name: None)
    tools, engine, base, image = needed(checkout, place)
    assert needed(checkout, place) == {
        tools: (),
        engine: (tools,),
        base: (tools,),
        image: ("Python packages", engine, base),
    }


def test_an_engine_that_may_have_the_image_is_asked_before_a_base_is_made(
    checkout: Checkout, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "find_program", lambda name: f"/usr/bin/{name}")
    assert needed(checkout, place)["Base of the sandbox image"] == ("Docker engine of our own",)


def test_no_tool_is_installed_for_what_a_registry_may_have(
    checkout: Checkout, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "find_program", {"dockerd": "/usr/sbin/dockerd"}.get)
    assert list(needed(checkout, place)) == ["Docker engine of our own", "Sandbox image"]


def test_what_comes_first_is_among_the_steps(
    checkout: Checkout, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "find_program", lambda name: None)
    processes = Processes(Installation(checkout=checkout, port=8000, instance=tmp_path, engine=place.url))
    every = [*steps(checkout), script_tools_step(checkout), *engine_steps(checkout, place, ExitStack())]
    every += processes.steps()
    assert {title for step in every for title in step.after} <= {step.title for step in every}


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
    assert tasks.find_or_install_chromium(checkout) == "/usr/bin/chromium-headless-shell"
    assert asked == [("chromium-headless-shell",)]


def test_a_test_is_not_kept_from_running_by_what_cannot_be_installed(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing_installs(packages: list[str], **_: object) -> None:
        raise Failed(f"apt-get could not install {' '.join(packages)}.")

    monkeypatch.setattr(tasks, "find_program", {"nginx": "/usr/sbin/nginx"}.get)
    monkeypatch.setattr(tasks, "install_packages", nothing_installs)
    tasks.install_tested_with(checkout)
    assert "could not install prometheus. The tests that need them are skipped." in capsys.readouterr().out


def test_the_packages_for_a_cluster_belong_to_the_product_where_it_has_one(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Packages for a Kubernetes cluster" not in [step.title for step in product_steps(checkout)]
    monkeypatch.setenv("QUIZAPP_ENGINE", "kubernetes:/etc/quizapp/kubeconfig")
    assert "Packages for a Kubernetes cluster" in [step.title for step in product_steps(checkout)]
    titles = [step.title for step in steps(checkout)]
    assert len(titles) == len(set(titles))
    with ExitStack() as using:
        assert engine_steps(checkout, choose(os.environ), using) == []
