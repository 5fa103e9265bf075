"""The script that runs a command on a twin, in a bash of this machine with a folder of the test's in place of /run."""

import subprocess
from pathlib import Path

import pytest

from quizapp.labs.trials import twins


@pytest.mark.parametrize(
    ("command", "exit_code", "printed"),
    [
        ("echo hi", 0, "0\nhi\n"),
        ("rm -f /run/trial.*", twins.REMOVED, ""),  # as `rm -rf /` does
    ],
)
def test_a_command_that_removes_the_scripts_files_is_told_from_another_command(
    tmp_path: Path, command: str, exit_code: int, printed: str
) -> None:
    script = twins.script_of("true", command).replace("/run/", f"{tmp_path}/")
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (exit_code, printed)
