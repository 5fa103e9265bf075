"""The environment is made with the fastest Python of this kind that the machine has."""

import sys
from math import inf
from pathlib import Path

import pytest

from ops import interpreters

NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
# Compiled, since scripts are left out; it is never run in these tests.
COMPILED = b"\x7fELF"


def put(folder: Path, content: bytes = COMPILED) -> str:
    """A program in the folder that is named like this Python's version."""
    folder.mkdir()
    program = folder / NAME
    program.write_bytes(content)
    program.chmod(0o755)
    return str(program)


def chosen(monkeypatch: pytest.MonkeyPatch, taken: dict[str, float], **environ: str) -> str:
    """Which is taken where this one takes a second and these are beside it, each with what it takes."""
    monkeypatch.setattr(interpreters, "others", lambda _: list(taken))
    monkeypatch.setattr(interpreters, "seconds_taken", lambda python: taken.get(python, 1.0))
    return interpreters.fastest(environ)


def test_one_that_is_clearly_faster_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, {"/quick": 0.7, "/quicker": 0.6, "/other": 0.9}) == "/quicker"


@pytest.mark.parametrize("taken", [{}, {"/same": 0.95}, {"/unfit": inf}])
def test_this_one_stays_where_none_is(monkeypatch: pytest.MonkeyPatch, taken: dict[str, float]) -> None:
    assert chosen(monkeypatch, taken) == sys.executable


def test_one_that_a_person_has_named_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, {"/quick": 0.5}, PYTHON="python3.12") == sys.executable


def test_programs_of_this_version_are_found_once_and_scripts_are_none(tmp_path: Path) -> None:
    script, program = put(tmp_path / "shims", b"#!/bin/sh\n"), put(tmp_path / "bin")
    (tmp_path / "link").symlink_to(tmp_path / "bin")
    path = ":".join([str(Path(script).parent), str(tmp_path / "link"), ".", "", str(tmp_path / "none")])
    assert interpreters.others({"PATH": path}, [str(tmp_path / "bin")]) == [program]


def test_this_very_one_is_none_of_the_others() -> None:
    own = str(Path(sys.executable).resolve().parent)
    assert str(Path(sys.executable).resolve()) not in interpreters.others({"PATH": own})


def test_this_one_can_do_the_task_and_another_kind_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < interpreters.seconds_taken(sys.executable) < inf
    monkeypatch.setattr("sys.abiflags", "other")
    assert interpreters.seconds_taken(sys.executable) == inf


def test_what_is_no_python_is_not_taken() -> None:
    assert interpreters.seconds_taken("/bin/true") == inf
    assert interpreters.seconds_taken("/nonexistent") == inf
