"""The parts in which the tests are run: each test in one of them, and all of them counted."""

from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from ops.checkout import Checkout
from ops.suite import (
    PARTS,
    ROOM_BYTES,
    Counts,
    arguments,
    compiled_meanwhile,
    counted,
    in_turn,
    once_more,
    run_tests,
)
from tests.conftest import pytest_collection_modifyitems

MARKS = ("sandbox", "browser", "alone", "stops_engine")


@pytest.mark.parametrize("values", list(product([False, True], repeat=len(MARKS))))
def test_whatever_its_marks_a_test_is_in_one_part(values: tuple[bool, ...]) -> None:
    marks = dict(zip(MARKS, values, strict=True))
    assert [bool(eval(part.marks, {}, marks)) for part in PARTS].count(True) == 1


def test_more_workers_than_cores_work_where_tests_wait() -> None:
    quick, stops, hosts, alone = (arguments(part, Path("report.xml"), cores=2) for part in PARTS)
    assert quick[2:4] == ["-n", "3"]
    assert hosts[2:4] == ["-n", "3"]
    assert "-n" not in stops
    assert "-n" not in alone


def test_what_needs_no_browser_reads_no_test_of_one() -> None:
    reads_none = ["--ignore=tests/browser" in arguments(part, Path("report.xml"), cores=2) for part in PARTS]
    assert reads_none == [part.name == "quick" for part in PARTS]


def test_a_test_that_no_part_would_run_is_refused(pytestconfig: pytest.Config) -> None:
    path = pytestconfig.rootpath / "tests" / "browser" / "test_a.py"
    unmarked = SimpleNamespace(nodeid="tests/browser/test_a.py::test_a", path=path, get_closest_marker=lambda _: None)
    with pytest.raises(pytest.UsageError, match=r"marked browser, or they are never run: .*test_a"):
        pytest_collection_modifyitems([cast(pytest.Item, unmarked)])


def test_what_a_report_counts(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text('<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/></testsuites>')
    assert str(counted(report) + counted(tmp_path / "none.xml")) == "5 passed, 3 failed, 1 skipped"


def checkout_whose_pytest(root: Path, does: str) -> Checkout:
    """A checkout whose Python does this, whatever it is asked."""
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\n{does}\n")
    python.chmod(0o755)
    return Checkout(root)


@pytest.mark.parametrize(
    ("does", "status"), [("exit 0", 0), ("exit 5", 5), ('case "$4" in alone*) exit 1; esac', 1), ("kill -9 $$", 9)]
)
def test_the_worst_status_of_a_part_is_that_of_all(
    tmp_path: Path, does: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_tests(checkout_whose_pytest(tmp_path, does), {"PATH": "/bin:/usr/bin"}) == status
    assert capfd.readouterr().out.splitlines()[-1] == str(Counts())


def test_what_ran_beside_a_part_is_shown_after_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    slow_quick = 'case "$4" in not*) sleep 0.3; esac; echo "$4"'
    run_tests(checkout_whose_pytest(tmp_path, slow_quick), {"PATH": "/bin:/usr/bin"})
    said = [line for line in capfd.readouterr().out.splitlines() if line]
    assert said[:4] == ["  ...  Tests: quick, beside it stops, then hosts", *(part.marks for part in PARTS[:3])]


def test_hosts_wait_for_the_end_of_what_stops_their_engine_and_not_for_the_quick_tests(tmp_path: Path) -> None:
    """Each part notes its begin and its end; the quick one ends once that of the hosts has begun."""
    does = """
case "$4" in not*) name=quick;; stops*) name=stops;; '(sandbox'*) name=hosts;; *) name=alone;; esac
echo "$name begins" >>order
case $name in
    quick) until grep -q 'hosts begins' order; do sleep 0.05; done;;
    stops) sleep 0.2;;
    hosts) until grep -q 'quick ends' order; do sleep 0.05; done;;
esac
echo "$name ends" >>order
"""
    assert run_tests(checkout_whose_pytest(tmp_path, does), {"PATH": "/bin:/usr/bin"}) == 0
    order = (tmp_path / "order").read_text().splitlines()
    assert [line for line in order if not line.startswith("quick")] == [
        f"{name} {what}" for name in ("stops", "hosts", "alone") for what in ("begins", "ends")
    ]


def test_without_room_in_memory_hosts_come_after_the_quick_tests() -> None:
    assert [part.beside for part in in_turn(PARTS, free_bytes=ROOM_BYTES)] == [None, "quick", "quick", None]
    assert [part.beside for part in in_turn(PARTS, free_bytes=ROOM_BYTES - 1)] == [None, "quick", None, None]


@pytest.mark.parametrize(("is_kept", "asked"), [(False, "--collect-only"), (True, "")])
def test_tests_are_compiled_once_before_several_workers_need_them(tmp_path: Path, is_kept: bool, asked: str) -> None:
    checkout = checkout_whose_pytest(tmp_path, 'echo "$3"')
    kept = tmp_path / "tests" / "__pycache__" / "test_a.cpython-311-pytest-9.2.0.pyc"
    kept.parent.mkdir(parents=True)
    (tmp_path / "tests" / "test_a.py").touch()
    if is_kept:
        kept.touch()
    with compiled_meanwhile(checkout, {"PATH": "/bin:/usr/bin"}):
        pass
    log = checkout.log("compiled-tests")
    assert (log.read_text().strip() if log.exists() else "") == asked


# A part's test fails at first, and passes or fails when it is run alone; $4 is the marks, and the report's path stands
# behind --junit-xml=.
FAILS_AT_FIRST = """
case "$4" in '(sandbox'*) ;; *) exit 0; esac
for argument; do case "$argument" in --junit-xml=*) report="${{argument#*=}}"; esac; done
mkdir -p "$(dirname "$report")"
case "$*" in
    *a.py*) {then} ;;
    *) {at_first} ;;
esac
"""
PASSED = """echo '<testsuite tests="1" failures="0" errors="0" skipped="0">\\
<testcase classname="a" name="b"/></testsuite>' >"$report"; exit 0"""
NINE = "".join(f'<testcase classname="a" name="b{number}"><failure/></testcase>' for number in range(9))
NINE_FAILED = (
    f"""echo '<testsuite tests="12" failures="9" errors="0" skipped="0">{NINE}</testsuite>' >"$report"; exit 1"""
)
ONE_FAILED = """echo '<testsuite tests="1" failures="1" errors="0" skipped="0">\\
<testcase classname="a" name="b"><failure/></testcase></testsuite>' >"$report"; exit 1"""


@pytest.mark.parametrize(
    ("at_first", "then", "status", "counts", "says"),
    [
        (ONE_FAILED, PASSED, 0, Counts(passed=1), True),
        (ONE_FAILED, ONE_FAILED, 1, Counts(failed=1), False),
        (ONE_FAILED, "exit 2", 2, Counts(failed=1), False),
        (NINE_FAILED, PASSED, 1, Counts(passed=3, failed=9), False),
    ],
    ids=["passes alone", "fails again", "pytest fails", "too many for chance"],
)
def test_what_failed_beside_others_is_run_once_more_alone_and_named(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    at_first: str,
    then: str,
    status: int,
    counts: Counts,
    says: bool,
) -> None:
    checkout = checkout_whose_pytest(tmp_path, FAILS_AT_FIRST.format(at_first=at_first, then=then))
    assert run_tests(checkout, {"PATH": "/bin:/usr/bin"}) == status
    said = capfd.readouterr().out
    assert said.splitlines()[-1] == str(counts)
    assert ("failed beside others and passed alone: a::b" in said) is says


def test_the_whole_files_of_what_failed_are_run_once_more() -> None:
    names = ["tests.browser.test_week::test_b", "tests.browser.test_week::test_a[1]", "tests.sandbox.test_x::test_c"]
    asked = once_more(PARTS[2], Path("again.xml"), names)
    assert asked[2:] == ["--junit-xml=again.xml", "tests/browser/test_week.py", "tests/sandbox/test_x.py"]
