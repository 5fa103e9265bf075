"""What bandit finds in the product, beside the findings that are accepted, each with its reason.

A finding that the list has not, one more than it has, and a line of the list that nothing is found for any more are all
faults: the list says what was looked at, and no more. The control is a file with faults that bandit knows.
"""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trust.promises import Control, Promise, Scale

ROOT = Path(__file__).resolve().parent.parent
LOOKED_AT = ("quizapp", "ops", "wsgi.py")
ACCEPTED = ROOT / "docs" / "security" / "accepted-findings.csv"
EVERYWHERE = "*"
WEAK = "import subprocess\n\n\ndef run(sent):\n    eval(sent)\n    subprocess.run(sent, shell=True)\n"

Finding = tuple[str, str]
"""A file and the id of one of bandit's tests."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """Findings of one test in one file, or everywhere, that were looked at."""

    file: str
    test: str
    count: int | None
    """How many; None everywhere."""
    reason: str


def run(_scale: Scale) -> Promise:
    """Look at the product as it is. Nothing is random, so that both scales are the same."""
    found = findings(LOOKED_AT, ROOT)
    faults = differences(found, accepted())
    with TemporaryDirectory() as folder:
        (Path(folder) / "weak.py").write_text(WEAK)
        weak = differences(findings(("weak.py",), Path(folder)), accepted())
    noticed = [fault for fault in weak if fault.startswith("weak.py")]
    return Promise(
        name="dependencies",
        done=f"bandit looked at {', '.join(LOOKED_AT)}: {found.total()} findings",
        seen="; ".join(faults) or "each is accepted, with its reason",
        aim="no finding without a reason",
        held=not faults,
        control=Control(weakness="a file with eval and a shell", seen="; ".join(noticed), failed=len(noticed) > 1),
    )


def findings(looked_at: Sequence[str], folder: Path) -> Counter[Finding]:
    """How often each of bandit's tests found something in each file below the folder."""
    command = [sys.executable, "-m", "bandit", "--quiet", "--format", "json", "--recursive", *looked_at]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    results = json.loads(said.stdout)["results"]
    return Counter((result["filename"].removeprefix("./"), result["test_id"]) for result in results)


def accepted() -> Sequence[Accepted]:
    """The list."""
    with ACCEPTED.open(encoding="utf-8", newline="") as file:
        return [
            Accepted(
                file=row["file"],
                test=row["test"],
                count=int(row["count"]) if row["count"] else None,
                reason=row["reason"],
            )
            for row in csv.DictReader(file)
        ]


def differences(found: Counter[Finding], listed: Sequence[Accepted]) -> Sequence[str]:
    """A sentence for each finding that the list does not explain, and for each of its lines that explains none."""
    everywhere = {one.test for one in listed if one.file == EVERYWHERE}
    left = {finding: count for finding, count in found.items() if finding[1] not in everywhere}
    known = {(one.file, one.test): one.count for one in listed if one.file != EVERYWHERE}
    said = [
        f"{file} {test}: {left.get((file, test), 0)} found, {known.get((file, test), 0)} accepted"
        for file, test in sorted(left.keys() | known.keys())
        if left.get((file, test), 0) != known.get((file, test), 0)
    ]
    unused = everywhere - {test for _, test in found}
    return [*said, *(f"{test} is accepted everywhere and found nowhere" for test in sorted(unused))]
