"""PostgreSQL's own programs: found in the right version, and run without a password on the command line."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from quizapp.backups.faults import ToolMissing

BESIDE = Path("/usr/lib/postgresql")  # where Debian and Ubuntu keep those of several versions, in `18/bin` for one
CONNECT_S = 10  # for a server that does not answer
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


def find(program: str, *, major: int | None = None) -> str:
    """The path of a program of the version `major`, or of the newest there is. Raises ToolMissing."""
    found = {_major_of(path): path for path in _paths(program)}
    wanted = f"PostgreSQL's client (postgresql-client{'' if major is None else f'-{major}'} on Debian and Ubuntu)"
    if not found:
        raise ToolMissing(f"{program} is not on this machine: install {wanted}.")
    if major is None:
        return found[max(found)]
    if major not in found:
        there = " and ".join(map(str, sorted(found)))
        raise ToolMissing(
            f"{program} is of PostgreSQL {there} and the server of {major}, which must be the same: install {wanted}."
        )
    return found[major]


def _paths(program: str) -> list[str]:
    folders = sorted(map(str, BESIDE.glob("*/bin")))
    found = [shutil.which(program, path=folder) for folder in folders] + [shutil.which(program)]
    return [path for path in found if path is not None]


def _major_of(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    version = VERSION.search(said)
    return int(version[1]) if version else 0


def address_of(url: URL) -> str:
    """The address as the programs take it, without the password: other users can see a command line."""
    without = url._replace(password=None)  # `set` leaves what it is given as None
    return without.set(drivername="postgresql").difference_update_query(["password"]).render_as_string()


def environment_of(url: URL | None) -> dict[str, str]:
    """The environment for a program that connects to this database. Only this user can see it."""
    env = {**os.environ, "LC_MESSAGES": "C", "PGCONNECT_TIMEOUT": str(CONNECT_S)}
    password = None if url is None else url.password or url.query.get("password")
    return {**env, "PGPASSWORD": str(password)} if password else env


def run(command: Sequence[str], *, env: Mapping[str, str]) -> None:
    """Run a program to its end. Raises OSError with what it said if it failed."""
    with output_of(command, env=env) as lines:
        for _ in lines:
            pass


@contextmanager
def output_of(command: Sequence[str], *, env: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """What a program prints, for a block that reads all of it. Raises OSError with what it said if it failed."""
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said) as process,
    ):
        assert process.stdout is not None
        yield process.stdout
        process.stdout.close()
        refuse_failed(command, process, said)


@contextmanager
def input_of(command: Sequence[str], *, env: Mapping[str, str]) -> Iterator[IO[bytes]]:
    """What a program reads, for a block that writes it. Raises OSError with what it said if it failed.

    If the block raises, the program finds the end of its input there, and what it said goes before.
    """
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        assert process.stdin is not None
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:  # it has ended, and said why
            with suppress(BrokenPipeError):  # of what is still buffered, which the process's end would raise once more
                process.stdin.close()
        refuse_failed(command, process, said)


def refuse_failed(command: Sequence[str], process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """Wait for the end of a program; raises OSError with the first line that it said if it failed."""
    if process.wait() == 0:
        return
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines() or [
        f"{command[0]} ended with {process.returncode}"
    ]
    raise OSError(lines[0].rstrip("."))
