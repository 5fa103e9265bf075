"""Every route, by every method, as each kind of person, with things that are another's: the suite's own tests of it.

They make their cases from the routes that the application has, so that a new route is tried without being named. The
control is the same tests on the product with its doors open: whoever asks is let in, and gets whatever card they name.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from defusedxml import ElementTree

from trust.promises import Control, Promise, Scale

ROOT = Path(__file__).resolve().parent.parent
TESTS = ("tests/web/test_routes.py", "tests/web/study/hands_on/test_other_peoples_things.py")
WEAK = "trust.weak.open_doors"


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What the tests came to."""

    passed: int
    failed: int


def run(scale: Scale) -> Promise:
    """Run the tests in a process of their own. Both scales run all."""
    del scale
    routes, found, weak = _routes(), _tested(()), _tested(("-p", WEAK))
    return Promise(
        name="routes",
        done=f"{found.passed + found.failed} tests over {routes} routes, as stranger, learner, editor and owner",
        seen=f"{found.failed} failed",
        aim="nobody gets at what is another's, or in where they may not",
        held=not found.failed and found.passed > 0,
        control=Control(weakness="open doors", seen=f"{weak.failed} tests failed", failed=weak.failed > 1),
    )


def _routes() -> int:
    """How many the application has."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "routes"]
    with TemporaryDirectory(prefix="qo-") as folder:
        env = {**os.environ, "QUIZAPP_INSTANCE_DIR": folder, "QUIZAPP_ENGINE": "none"}
        said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return len(said.stdout.splitlines()) - 2  # below the line of titles and the line under it


def _tested(options: Sequence[str]) -> Tested:
    with TemporaryDirectory(prefix="qo-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
        subprocess.run([*command, *options, *TESTS], cwd=ROOT, check=False)
        [suite] = ElementTree.parse(report).iter("testsuite")
    bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return Tested(passed=int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0)), failed=bad)
