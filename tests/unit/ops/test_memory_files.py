"""Where the quick tests put their temporary files: in memory, where there is room for them and for programs."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from ops import memory_files
from ops.memory_files import LEAST_BYTES, files_in_memory

ROOMY = SimpleNamespace(f_bavail=LEAST_BYTES, f_frsize=1, f_flag=0)


def test_a_folder_of_its_own_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_files.os, "statvfs", lambda _: ROOMY)
    with files_in_memory({"PATH": "/bin"}, place=tmp_path) as env:
        folder = Path(env["TMPDIR"])
        (folder / "file").touch()
        assert (folder.parent, env["PATH"]) == (tmp_path, "/bin")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "env", "disk"),
    [
        (".", {"TMPDIR": "/elsewhere"}, {}),
        ("nowhere", {}, {}),
        (".", {}, {"f_bavail": LEAST_BYTES - 1}),
        (".", {}, {"f_flag": os.ST_NOEXEC}),
    ],
)
def test_else_all_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, env: dict[str, str], disk: dict[str, int]
) -> None:
    monkeypatch.setattr(memory_files.os, "statvfs", lambda _: SimpleNamespace(**{**vars(ROOMY), **disk}))
    with files_in_memory(env, place=tmp_path / place) as given:
        assert given == env
    assert list(tmp_path.iterdir()) == []
