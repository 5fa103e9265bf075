"""The script that runs a command on a twin, in a bash of this machine with a folder of the test's in place of /run."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

from quizapp.labs.trials import twins


@pytest.mark.parametrize(
    ("command", "exit_code", "printed"),
    [
        ("echo hi", 0, "0\nhi\n"),
        ("rm -f /run/trial.*", twins.REMOVED, ""),
        ("rm -f /run/bin/*", twins.REMOVED, "0\n"),  # as `rm -rf /` does, which reaches the programs before the key
    ],
)
def test_a_command_that_removes_the_scripts_files_is_told_from_another_command(
    tmp_path: Path, command: str, exit_code: int, printed: str
) -> None:
    script = twins.script_of("true", command).replace("/run/", f"{tmp_path}/")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "flock", "sleep", "rm", "cat", "head"):
        (programs / name).symlink_to(which(name) or pytest.fail(f"no {name} here"))
    ran = subprocess.run(
        ["bash", "-c", script], env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (exit_code, printed)
