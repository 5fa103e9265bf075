"""Runs the tests in parts, by what may run at the same time, and counts what came of all of them. Knows no test."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

from ops.checkout import Checkout
from ops.console import say
from ops.memory_files import files_in_memory

AGAIN_MOST = 8  # tests of a part that may fail and be run once more; more have failed for a reason of their own
FAILED = 1  # pytest's exit status if tests have failed, and nothing else was wrong
AGAIN = "-again"  # after a part's name, for what was run once more
WORKERS_MOST = 8  # each may have three sandboxes, which take some 200 MiB each
ROOM_BYTES = 6 * 1024**3  # free memory that hosts beside the quick tests need: workers, browsers, PostgreSQL, sandboxes
LOOK_EVERY_S = 0.5  # how often more of what a part says is shown


@dataclass(frozen=True, kw_only=True)
class Part:
    """Tests that are run together. `marks` says which, in the words of pytest's -m."""

    name: str
    marks: str
    extra_workers: int | None = None
    """How many of its tests run at once beyond the number of cores, since some wait; None is one after the other."""
    folders: tuple[str, ...] = ()
    """Where its tests are; () is everywhere. Each process reads every file that it is given, which takes seconds."""
    without: tuple[str, ...] = ()
    """Folders in which it has no test, and which its processes need not read."""
    in_memory: bool = False
    """Whether its temporary files may be in memory: its commits to SQLite are many, and each waits for the disk."""
    beside: str | None = None
    """The part that is run meanwhile: this one waits for much of its time. Its output is shown afterwards."""
    needs_room: bool = False
    """Whether it is run beside another only where there is ROOM_BYTES of memory."""


# Every test is in exactly one part. The quick ones come first, so that what is broken shows early. They need no engine,
# so it is stopped beside them, which takes a minute and a quarter of waiting. Then hosts and browsers go on there:
# these wait for much of their time, which the quick ones can use, and begin to show what is broken meanwhile.
BROWSER = "tests/browser"  # tests/conftest.py refuses a test without the mark in there
HOSTS = ("tests/sandbox", BROWSER)  # and these parts' marks elsewhere
PARTS = (
    Part(
        name="quick",
        marks="not (sandbox or browser or alone or stops_engine)",
        extra_workers=1,
        without=(BROWSER,),  # where all read Playwright
        in_memory=True,
    ),
    Part(name="stops", marks="stops_engine", folders=HOSTS, beside="quick"),
    Part(
        name="hosts",
        marks="(sandbox or browser) and not (alone or stops_engine)",
        extra_workers=1,  # with one more, limits of time strike while the quick ones run, and it ends no sooner
        folders=HOSTS,
        beside="quick",
        needs_room=True,
    ),
    Part(
        name="alone",
        marks="alone and not stops_engine",
        folders=HOSTS,
    ),
)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tests came to what. One that failed while it was set up or cleared away has failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            passed=self.passed + other.passed, failed=self.failed + other.failed, skipped=self.skipped + other.skipped
        )

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run_tests(checkout: Checkout, env: Mapping[str, str]) -> int:
    """Run every part, also after one has failed; returns the worst of pytest's exit statuses.

    pytest's 5, for a part without a test, counts as a failure: then the marks are wrong. A few tests that failed are
    run once more, with nothing beside them: what waits for hosts and browsers may fail for want of the processor
    alone. Those that pass then are named, and are no failure.
    """
    parts = in_turn(PARTS, free_bytes=_free_memory_bytes())
    first = [
        pair
        for part in parts
        if part.beside is None
        for pair in _run_with_its_others(checkout, part, [other for other in parts if other.beside == part.name], env)
    ]
    statuses = [_once_more(checkout, part, env) if status == FAILED else status for part, status in first]
    say(str(sum((_counted_in_the_end(checkout, part) for part in PARTS), Counts())))
    return max(statuses)


def _once_more(checkout: Checkout, part: Part, env: Mapping[str, str]) -> int:
    """Run the files with what failed of a part alone, if it is not too much; returns pytest's last status."""
    names, report = failed_in(_report(checkout, part)), _report(checkout, part, AGAIN)
    if not 0 < len(names) <= AGAIN_MOST:
        return FAILED
    say(f"  ...  Once more, with nothing beside: the files of {len(names)} tests of {part.name}")
    command = [checkout.tool("python"), "-m", "pytest", *once_more(part, report, names)]
    status = abs(subprocess.run(command, cwd=checkout.root, env=env, check=False).returncode)
    for name in sorted(set(names) - set(failed_in(report))) if status in (0, FAILED) else ():
        say(f"  !!   failed beside others and passed alone: {name}")
    return status


def _counted_in_the_end(checkout: Checkout, part: Part) -> Counts:
    """What came of a part, with those that were run once more as they ended."""
    first, report = counted(_report(checkout, part)), _report(checkout, part, AGAIN)
    failed = counted(report).failed if report.exists() else first.failed
    return replace(first, passed=first.passed + first.failed - failed, failed=failed)


def in_turn(parts: Sequence[Part], *, free_bytes: int) -> list[Part]:
    """The parts, of which those that need room beside others come after them where there is none."""
    return [replace(part, beside=None) if part.needs_room and free_bytes < ROOM_BYTES else part for part in parts]


def _free_memory_bytes() -> int:
    """What the machine can give, by its kernel; what files are read from again counts as free there."""
    lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def _run_with_its_others(
    checkout: Checkout, part: Part, others: Sequence[Part], env: Mapping[str, str]
) -> list[tuple[Part, int]]:
    """Run a part, and beside it the others, one after the other; returns each with pytest's exit status."""
    beside = f", beside it {', then '.join(other.name for other in others)}" if others else ""
    say(f"  ...  Tests: {part.name}{beside}")
    for other in others:
        checkout.log(other.name).write_bytes(b"")
    with ThreadPoolExecutor(1) as lane:
        aside = [lane.submit(_status, checkout, other, env) for other in others]
        try:
            statuses = [_status(checkout, part, env)]
            for other, status in zip(others, aside, strict=True):
                _show(checkout.log(other.name), until=status)
        except BaseException:
            lane.shutdown(wait=False, cancel_futures=True)  # or the next one would begin after Ctrl-C
            raise
    return list(zip((part, *others), (*statuses, *(status.result() for status in aside)), strict=True))


def _show(log: Path, *, until: Future[int]) -> None:
    """Print what is in the log, and what is added to it until that is done."""
    with log.open(errors="replace") as said:
        while not until.done():
            _print(said.read())
            wait([until], timeout=LOOK_EVERY_S)
        _print(said.read() + "\n")


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _status(checkout: Checkout, part: Part, env: Mapping[str, str]) -> int:
    """Run pytest on a part; returns its exit status."""
    with _started(checkout, part, env) as process:
        return abs(process.wait())


@contextmanager
def _started(checkout: Checkout, part: Part, env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """pytest on a part, waited for at the end. A part that is beside another adds its output to a log."""
    report = _report(checkout, part)
    report.unlink(missing_ok=True)
    _report(checkout, part, AGAIN).unlink(missing_ok=True)
    command = [checkout.tool("python"), "-m", "pytest", *arguments(part, report, cores=os.cpu_count() or 1)]
    with ExitStack() as stack:
        given, env = env, stack.enter_context(files_in_memory(env)) if part.in_memory else env
        if env is not given:  # pytest's own folders in there would make paths too long for sockets
            command.append(f"--basetemp={env['TMPDIR']}/t")
        log = stack.enter_context(checkout.log(part.name).open("ab")) if part.beside else None
        yield stack.enter_context(
            subprocess.Popen(command, cwd=checkout.root, env=env, stdout=log, stderr=log and subprocess.STDOUT)
        )


def _report(checkout: Checkout, part: Part, again: str = "") -> Path:
    return checkout.build / "tests" / f"{part.name}{again}.xml"


def arguments(part: Part, report: Path, *, cores: int) -> list[str]:
    """What pytest is called with to run this part."""
    workers = ["-n", str(min(cores + part.extra_workers, WORKERS_MOST))] if part.extra_workers is not None else []
    left_out = [f"--ignore={folder}" for folder in part.without]
    return ["-m", part.marks, *workers, f"--junit-xml={report}", *left_out, *part.folders]


def once_more(part: Part, report: Path, names: Sequence[str]) -> list[str]:
    """What pytest is called with to run the files of these tests, one after the other.

    The whole of each: some files are one story, whose later tests need what the ones before have done.
    """
    files = sorted({name.partition("::")[0].replace(".", "/") + ".py" for name in names})
    return ["-m", part.marks, f"--junit-xml={report}", *files]


def failed_in(report: Path) -> list[str]:
    """The tests that failed by pytest's JUnit report, each as its module and its name."""
    if not report.exists():
        return []
    cases = ElementTree.parse(report).iter("testcase")
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]


def counted(report: Path) -> Counts:
    """What pytest's JUnit report counts; nothing where there is none, since pytest could not even begin."""
    if not report.exists():
        return Counts()
    suites = list(ElementTree.parse(report).iter("testsuite"))
    total, failures, errors, skipped = (
        sum(int(suite.attrib[name]) for suite in suites) for name in ("tests", "failures", "errors", "skipped")
    )
    return Counts(passed=total - failures - errors - skipped, failed=failures + errors, skipped=skipped)


@contextmanager
def vm_image_in_the_making(checkout: Checkout, env: Mapping[str, str]) -> Iterator[None]:
    """Make the image of virtual machines while the block runs: it takes minutes the first time, then a second.

    Where it cannot be made, the tests that need it say why.
    """
    instance = checkout.build / "tests" / "instance"
    instance.mkdir(parents=True, exist_ok=True)
    command = [checkout.tool("flask"), "--app", "wsgi", "sandboxes", "build", "--template", "vm"]
    with (
        checkout.log("vm-image").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=checkout.root,
            env={**env, "QUIZAPP_INSTANCE_DIR": str(instance)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        ),
    ):
        yield


@contextmanager
def compiled_meanwhile(checkout: Checkout, env: Mapping[str, str]) -> Iterator[None]:
    """Let pytest compile the tests while the block runs, where they are not: else each of its workers compiles all.

    What it finds wrong with them is said when they are run.
    """
    if _are_compiled(checkout.root / "tests"):
        yield
        return
    command = [checkout.tool("python"), "-m", "pytest", "--collect-only", "--quiet"]
    with (
        checkout.log("compiled-tests").open("wb") as log,
        subprocess.Popen(
            command, cwd=checkout.root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        ),
    ):
        yield


def _are_compiled(tests: Path) -> bool:
    """Whether pytest keeps each file of tests as it was or is: a few that have changed meanwhile take no time."""
    return all(any(test.parent.glob(f"__pycache__/{test.stem}.*-pytest-*.pyc")) for test in tests.rglob("test_*.py"))
