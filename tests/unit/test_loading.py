"""What a process loads when it starts: a library costs memory in every process, also in one that never uses it."""

import subprocess
import sys
from pathlib import Path

from quizapp.settings import ROOT


def loaded_by(statement: str, instance: Path) -> set[str]:
    """The top-level names of all modules that are there after `statement` in a fresh Python."""
    script = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    env = {"QUIZAPP_INSTANCE_DIR": str(instance)}
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_web_loads_nothing_that_only_commands_need(tmp_path: Path) -> None:
    loaded = loaded_by("import wsgi", tmp_path)
    assert "sqlalchemy" in loaded
    assert loaded & {"alembic", "docker", "requests", "ruamel", "rapidfuzz", "prometheus_client", "websockets"} == set()


def test_sandboxd_loads_no_database_and_no_content(tmp_path: Path) -> None:
    loaded = loaded_by("import quizapp.sandboxes.daemon.app", tmp_path)
    assert "docker" in loaded
    assert loaded & {"sqlalchemy", "alembic", "fsrs", "markdown_it", "flask_wtf"} == set()


def test_a_start_with_unchanged_content_loads_no_parser_and_no_page(tmp_path: Path) -> None:
    bring_up = (
        f"import os; os.environ['QUIZAPP_CONTENT_DIR'] = {str(tmp_path)!r}; "
        "from quizapp.up import create_app, up; create_app().app_context().push(); up.callback()"
    )
    parsers, pages = {"markdown_it", "ruamel", "rapidfuzz"}, {"docker", "flask_wtf"}
    assert loaded_by(bring_up, tmp_path) > parsers
    assert loaded_by(bring_up, tmp_path) & (parsers | pages) == set()
