"""What a process loads when it starts: a library costs memory in every process, also in one that never uses it."""

import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.settings import ROOT

MARKDOWN = {"markdown_it", "nh3", "pygments"}  # loaded with the first text that is shown
WEBSOCKETS = {"flask_sock", "simple_websocket", "wsproto", "h11", "websockets"}  # with the first terminal
# With the first password, the first answer that is long, and the first package that is packed so.
NOT_AT_ONCE = {"argon2", "flask_compress", "brotli", "zstandard"}
OF_A_PROVIDER = {"authlib", "joserfc", "cryptography", "requests"}  # with the first sign-in by it
OTHER_SETTINGS = {"pydantic_settings", "dotenv"}
# What a page is made of. A room has more, such as what reads notes, which only these and commands load.
OF_PAGES = ("views", "forms", "queries", "service", "page")
# With the first card: what computes intervals, reads labs and notes, and looks for texts.
WITH_PAGES = {
    "fsrs", "concurrent.futures.thread", "quizapp.review.statements", "quizapp.catalogue.labs.lab_format",
    "quizapp.catalogue.editing.authoring", "quizapp.catalogue.formats", "quizapp.search.index", "quizapp.labs.hosts",
    "quizapp.study.personal_files",
}  # fmt: skip


def loaded_by(statement: str, instance: Path) -> set[str]:
    """The names of all modules that are there after `statement` in a fresh Python."""
    script = f"{statement}; import sys; print(*sys.modules)"
    env = {"QUIZAPP_INSTANCE_DIR": str(instance)}
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.fixture(scope="module")
def loaded_by_web(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a start of web loads."""
    return loaded_by("import wsgi", tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def loaded_by_sandboxd(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a start of sandboxd loads."""
    return loaded_by("import quizapp.sandboxes.daemon.app", tmp_path_factory.mktemp("sandboxd"))


def test_web_loads_nothing_that_only_commands_need(loaded_by_web: set[str]) -> None:
    assert "sqlalchemy" in loaded_by_web
    assert (
        loaded_by_web
        & {"alembic", "docker", "kubernetes", "requests", "ruamel", "rapidfuzz", "defusedxml", "prometheus_client"}
        == set()
    )


def test_web_loads_nothing_before_it_is_used(loaded_by_web: set[str]) -> None:
    assert loaded_by_web & {*MARKDOWN, *WEBSOCKETS, *NOT_AT_ONCE, *OF_A_PROVIDER, *OTHER_SETTINGS} == set()
    # The dialect of a database that is not in use: an index's `postgresql_where` is enough for SQLAlchemy to load it.
    assert {name for name in loaded_by_web if name.startswith("sqlalchemy.dialects.")} & {
        "sqlalchemy.dialects.postgresql",
        "sqlalchemy.dialects.mysql",
    } == set()


def test_web_loads_no_page_before_it_is_asked_for(loaded_by_web: set[str]) -> None:
    """But who is signed in, which every request asks; each room has its addresses, its tables and no more."""
    parts = {name for name in loaded_by_web if name.startswith("quizapp.") and name.endswith(OF_PAGES)}
    assert parts == {"quizapp.accounts.service"}
    assert loaded_by_web & WITH_PAGES == set()


def test_the_page_that_everybody_asks_for_first_brings_no_other(tmp_path: Path) -> None:
    loaded = loaded_by("import wsgi; wsgi.app.extensions['load_first_page']()", tmp_path)
    assert {name for name in loaded if name.startswith("quizapp.") and name.endswith("views")} == {
        "quizapp.study.today_views"
    }
    assert loaded & {*MARKDOWN, "rapidfuzz", "quizapp.catalogue.labs.lab_format", "quizapp.catalogue.formats"} == set()


def test_the_page_to_sign_in_and_the_account_load_nothing_of_a_provider(tmp_path: Path) -> None:
    assert loaded_by("import wsgi; import quizapp.accounts.views", tmp_path) & OF_A_PROVIDER == set()


def test_sandboxd_loads_no_database_and_no_content_and_no_terminal(loaded_by_sandboxd: set[str]) -> None:
    unused = {"sqlalchemy", "alembic", "fsrs", "flask_wtf", *MARKDOWN, *WEBSOCKETS, *OTHER_SETTINGS}
    assert loaded_by_sandboxd & unused == set()


def test_sandboxd_loads_the_library_of_its_own_engine_alone(tmp_path: Path, loaded_by_sandboxd: set[str]) -> None:
    libraries = {"docker", "kubernetes"}
    engine = "from quizapp.settings import Settings; from quizapp.sandboxes.daemon import wiring; "
    engine += "wiring.engine(Settings({}))"
    assert loaded_by_sandboxd & libraries == set()
    assert loaded_by(engine.format(""), tmp_path) & libraries == {"docker"}
    pytest.importorskip("kubernetes")
    loaded = loaded_by(engine.format("engine='kubernetes:'"), tmp_path)
    assert loaded & libraries == {"kubernetes"}
    # A method for each request that a cluster takes, which is half a second's work: with the first request.
    assert "kubernetes.client.api.core_v1_api" not in loaded


def test_the_main_process_of_sandboxd_loads_nothing_before_its_end(tmp_path: Path) -> None:
    loaded = loaded_by("import quizapp.gunicorn_sandboxd", tmp_path)
    assert loaded & {"docker", "flask", "pydantic"} == set()


def test_a_start_with_unchanged_content_loads_no_parser_and_no_page(tmp_path: Path) -> None:
    bring_up = (
        f"import os; os.environ['QUIZAPP_CONTENT_DIR'] = {str(tmp_path)!r}; "
        "from quizapp.up import create_app, up; create_app().app_context().push(); up.callback()"
    )
    parsers, pages = {"markdown_it", "ruamel"}, {"docker", "flask_wtf"}
    assert loaded_by(bring_up, tmp_path) > parsers
    assert loaded_by(bring_up, tmp_path) & (parsers | pages | {"rapidfuzz", "defusedxml"}) == set()
