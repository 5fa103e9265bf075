"""A disk that runs full: said before, a clear sentence for each write, nothing acknowledged lost, and on with room."""

import errno
import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from quizapp import sqlite
from quizapp.accounts.guards import Audience, audience
from quizapp.catalogue.importing.service import ImportStopped
from quizapp.process_figures import MEASURES, Counted
from quizapp.settings import ROOT
from quizapp.web.disk import LITTLE_LEFT_BYTES, Room, is_full_disk

SENTENCE = "The disk of this site is full, so this could not be saved."
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")
SMALL = "mount -t tmpfs -o size=64m none"


def _may_mount(folder: Path) -> bool:
    """Whether this user may mount a small disk, in a namespace of its own that nobody else sees."""
    try:
        tried = subprocess.run([*OWN_MOUNTS, "sh", "-c", f'{SMALL} "$0"', folder], capture_output=True, check=False)
    except OSError:
        return False
    return tried.returncode == 0


def test_on_a_full_disk_nothing_is_lost_and_all_goes_on_with_room(tmp_path: Path, migrated_sqlite: Path) -> None:
    """For real, on a disk of 64 MiB; the log goes to it too."""
    if not _may_mount(tmp_path):
        pytest.skip("this user may not mount a small disk in a namespace of its own")
    script = f'{SMALL} "$1" && exec "$0" -m tests.full_disk "$1" "$2" 2>"$1/web.log"'
    command = [*OWN_MOUNTS, "sh", "-c", script, sys.executable, tmp_path, migrated_sqlite]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    done = {"rating": 303, "calendar": 302, "note": 302, "picture": 200, "backup": 302}
    assert said["before"] == said["after"] == done
    assert said["warned"].startswith("ok\nThe disk of the instance folder has ")
    assert said["last few"] == [303] * 3, "a warning refuses nothing"
    refused = {name: status for name, status in said["full"].items() if status == 503}
    assert refused.keys() >= {"rating", "note", "picture"}
    assert all(SENTENCE in said["texts"][name] for name in refused)
    assert "No backup was made: quizapp.sqlite3: database or disk is full; make room" in said["backup said"]
    assert set(said["read"].values()) == {200}
    assert "The disk of quizapp.sqlite3 is full" in said["health"]
    assert said["metrics"] == 200
    assert (said["same"], said["kept"], said["note"], said["whole"]) == (True, True, True, "ok")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_does_not_fit_is_told_like_it(own_app: Flask, number: int) -> None:
    """Also one that something else was raised from, and with a reference of the log."""

    def fails() -> str:
        try:
            raise OSError(number, "no room")
        except OSError as error:
            raise RuntimeError("the file was not written") from error

    own_app.add_url_rule("/fails", view_func=audience(Audience.ANYONE)(fails))
    before = MEASURES.counts()[Counted.FULL_DISK]
    answer = own_app.test_client().get("/fails")
    assert (answer.status_code, answer.headers["Retry-After"], SENTENCE in answer.text) == (503, "30", True)
    assert MEASURES.counts()[Counted.FULL_DISK] == before + 1
    assert MEASURES.faults()[0].reference in answer.text


def _of_database(fault: Exception) -> OperationalError:
    return OperationalError("INSERT", {}, fault)


def test_what_databases_say_of_a_full_disk_is_understood() -> None:
    full, busy = sqlite.DRIVER.OperationalError("full"), sqlite.DRIVER.OperationalError("busy")
    full.sqlite_errorname, busy.sqlite_errorname = "SQLITE_FULL", "SQLITE_BUSY"
    assert is_full_disk(_of_database(full))
    assert is_full_disk(_of_database(psycopg.errors.DiskFull("could not extend file")))
    assert not is_full_disk(_of_database(busy))
    assert not is_full_disk(_of_database(psycopg.errors.AdminShutdown("terminating connection")))
    assert not is_full_disk(OSError(errno.EIO, "broken"))


@pytest.mark.parametrize(
    ("gibibytes", "warned_below"), [(1000, LITTLE_LEFT_BYTES), (20, LITTLE_LEFT_BYTES), (10, 1024**3)]
)
def test_a_small_disk_is_warned_of_later(gibibytes: int, warned_below: int) -> None:
    size = gibibytes * 1024**3
    assert Room(free=warned_below, size=size).warned_below == warned_below
    assert not Room(free=warned_below, size=size).is_little
    assert Room(free=warned_below - 1, size=size).is_little


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_import_that_a_full_disk_stopped_says_so(own_app: Flask) -> None:
    """Its own sentence would be that of PostgreSQL, with a file of its own."""

    def fails() -> str:
        full = _of_database(psycopg.errors.DiskFull('could not extend file "base/5/1"'))
        raise ImportStopped("ports.md", full, []) from full

    own_app.add_url_rule("/fails", view_func=audience(Audience.ANYONE)(fails))
    answer = own_app.test_client().get("/fails")
    assert (answer.status_code, SENTENCE in answer.text, "base/5" in answer.text) == (503, True, False)
