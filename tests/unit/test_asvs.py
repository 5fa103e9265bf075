"""The table of ASVS 5.0: each requirement of the levels 1 and 2 once, and all that it names is there."""

import csv
import re
from functools import cache
from pathlib import Path

from quizapp.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "security" / "asvs.csv"
STATES = {"test", "setting", "page", "not applicable", "open"}
OF_LEVEL = {"1": 70, "2": 183}  # requirements of OWASP ASVS 5.0.0


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made from their words."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_there(state: str, named: str) -> bool:
    """Whether what a row names is in this checkout."""
    if state == "setting":
        return named.removeprefix("QUIZAPP_").lower() in Settings.model_fields
    path, _, part = named.partition("::" if state == "test" else "#")
    file = ROOT / path
    if not part:
        return state == "page" and file.exists()  # of a file of tests some would always do
    is_named = re.search(rf"^def {part}\(", text_of(file), re.MULTILINE) if state == "test" else part in anchors(file)
    return bool(is_named)


def test_each_requirement_stands_there_once() -> None:
    ids = [row["id"] for row in rows()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"V(1[0-7]|[1-9])\.\d+\.\d+", each) for each in ids)
    levels = [row["level"] for row in rows()]
    assert {level: levels.count(level) for level in OF_LEVEL} == OF_LEVEL
    assert set(levels) == OF_LEVEL.keys()


def test_each_has_a_state_and_a_reason() -> None:
    assert {row["state"] for row in rows()} <= STATES
    assert [row["id"] for row in rows() if not row["reason"].endswith(".")] == []
    without = {"not applicable", "open"}
    assert [row["id"] for row in rows() if (row["state"] in without) == bool(row["evidence"])] == []


def test_what_they_name_is_there() -> None:
    missing = [
        f"{row['id']}: {named}"
        for row in rows()
        for named in row["evidence"].split()
        if not is_there(row["state"], named)
    ]
    assert missing == []


def test_what_is_not_there_is_noticed() -> None:
    """The control."""
    assert not is_there("test", "tests/web/test_routes.py::test_that_nobody_wrote")
    assert not is_there("test", "tests/web/test_routes.py")
    assert not is_there("page", "docs/operator-guide.md#what-nobody-wrote")
    assert not is_there("setting", "QUIZAPP_NOTHING")
