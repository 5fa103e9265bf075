"""Built front-end files of several versions: kept by each start, served to pages of either, removed after a while."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from quizapp.web.assets import BuiltFiles
from quizapp.web.kept_assets import KEPT_FOR, keep

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
PACKED = "shorter"
OLD, NEW = "main-0LDHASH1.js", "main-NEWHASH2.js"
Build = Callable[[str], Path]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Makes the build of a version, in the place of the one before."""

    def make(name: str) -> Path:
        dist = tmp_path / "dist"
        dist.mkdir(exist_ok=True)
        for file in dist.iterdir():
            file.unlink()
        for made in (name, "manifest.json"):
            (dist / made).write_text(f"{made} of its version")
        (dist / f"{name}.br").write_text(PACKED)
        return dist

    return make


def client(dist: Path, kept: Path) -> Client:
    return Client(BuiltFiles(Response("not here", status=404), dist=dist, kept=kept))


def ask(browser: Client, name: str) -> TestResponse:
    """What comes for a file's name; all of it is read, so that the file is closed."""
    return browser.get(f"/static/dist/{name}", headers={"Accept-Encoding": "br"}, buffered=True)


def test_a_page_of_the_old_version_gets_its_files_from_a_process_of_the_new_one(build: Build, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    keep(build(OLD), kept, now=NOW)
    dist = build(NEW)
    keep(dist, kept, now=NOW)
    browser = client(dist, kept)
    for name in (OLD, NEW):
        answer = ask(browser, name)
        assert (answer.status_code, answer.text) == (200, PACKED)
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_process_of_the_old_version_gives_files_of_the_new_one_that_was_brought_up_meanwhile(
    build: Build, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    dist = build(OLD)
    keep(dist, kept, now=NOW)
    browser = client(dist, kept)
    assert ask(browser, NEW).status_code == 404
    keep(build(NEW), kept, now=NOW)  # in the same folder: its own files are no longer where it found them
    assert ask(browser, NEW).text == PACKED
    assert ask(browser, OLD).text == PACKED


def test_a_file_that_a_build_has_removed_and_nobody_kept_is_not_there(build: Build, tmp_path: Path) -> None:
    browser = client(build(OLD), tmp_path / "never made")
    build(NEW)
    assert ask(browser, OLD).status_code == 404


@pytest.mark.parametrize(
    "name", ["manifest.json", "../secret-AAAAAAAA.js", f"{OLD}.br", f"sub/{OLD}", f"../kept/{OLD}"]
)
def test_nothing_but_the_built_files_is_given_out_of_that_folder(build: Build, tmp_path: Path, name: str) -> None:
    kept = tmp_path / "kept"
    keep(build(OLD), kept, now=NOW)
    (tmp_path / "secret-AAAAAAAA.js").write_text("secret")
    (kept / "manifest.json").write_text("kept")
    dist = build(NEW)
    (dist / "manifest.json").unlink()
    assert ask(client(dist, kept), name).status_code == 404


def test_what_no_start_has_had_for_long_is_removed(build: Build, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    keep(build(OLD), kept, now=NOW)
    os.utime(kept / OLD, (0, 0))
    keep(build(OLD), kept, now=NOW)  # it had it again
    keep(build(NEW), kept, now=NOW + KEPT_FOR)
    assert (kept / OLD).exists()
    keep(build(NEW), kept, now=NOW + KEPT_FOR + timedelta(seconds=1))
    assert sorted(file.name for file in kept.iterdir()) == [NEW, f"{NEW}.br"]


def test_before_the_first_build_there_is_nothing_to_keep(tmp_path: Path) -> None:
    keep(tmp_path / "no build", tmp_path / "kept", now=NOW)
    assert list((tmp_path / "kept").iterdir()) == []
