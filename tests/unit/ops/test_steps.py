"""Steps are done once, and again when their sources change or what they made is gone."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Event

import pytest

from ops.console import Failed, Progress, check_wanted, run_logged, want_commands
from ops.steps import EachTime, Stamp, Step, bring_up_to_date, digest


class Kitchen:
    """One step over one source file; counts how often its work was done."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "recipe"
        self.source.write_text("flour")
        self.cake = folder / "cake"
        self.stamp = Stamp(file=folder / "stamps" / "cake", makes=self.cake, sources=(self.source,))
        self.done = 0
        self.oven_works = True

    def bake(self, progress: Progress) -> None:
        self.done += 1
        self.cake.write_text("half")
        if not self.oven_works:
            raise Failed("The oven is cold: light it.")

    def run(self) -> None:
        bring_up_to_date([Step(title="Cake", record=self.stamp, work=self.bake)])


@pytest.fixture(autouse=True)
def _wanted_again() -> Iterator[None]:
    """Other tests' commands may run, also after a step of this test has failed."""
    yield
    want_commands()


@pytest.fixture
def kitchen(tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path)


def test_work_is_done_once(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.run()
    assert kitchen.done == 1


def test_a_changed_source_means_work(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.source.write_text("flour and eggs")
    kitchen.run()
    assert kitchen.done == 2


def test_what_is_gone_is_made_again(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.cake.unlink()
    kitchen.run()
    assert kitchen.done == 2


def test_failed_work_does_not_count_even_if_it_counted_before(kitchen: Kitchen) -> None:
    kitchen.run()
    kitchen.source.write_text("sand")
    kitchen.oven_works = False
    with pytest.raises(Failed):
        kitchen.run()
    kitchen.source.write_text("flour")
    assert not kitchen.stamp.is_fresh()


def test_a_later_step_is_not_begun_after_a_failure(kitchen: Kitchen) -> None:
    def must_not_run(progress: Progress) -> None:
        raise AssertionError("begun after a failure")

    kitchen.oven_works = False
    table = Stamp(file=kitchen.cake.with_name("table"), makes=kitchen.cake, sources=())
    steps = [
        Step(title="Cake", record=kitchen.stamp, work=kitchen.bake),
        Step(title="Table", record=table, work=must_not_run, after=("Cake",)),
    ]
    with pytest.raises(Failed):
        bring_up_to_date(steps)


def step(title: str, work: Callable[[Progress], None] = lambda progress: None, *, after: tuple[str, ...] = ()) -> Step:
    return Step(title=title, record=EachTime(), work=work, after=after)


def test_steps_that_do_not_wait_for_each_other_run_side_by_side() -> None:
    both = Barrier(2, timeout=60)
    bring_up_to_date([step("Cake", lambda _: void(both.wait())), step("Table", lambda _: void(both.wait()))])


def void(_: object) -> None:
    """What is left of an answer that nobody needs."""


def test_a_step_begins_once_those_before_it_are_done() -> None:
    order: list[str] = []

    def noted(title: str, *after: str) -> Step:
        return step(title, lambda _: order.append(title), after=after)

    bring_up_to_date([noted("Guests", "Table", "Cake"), noted("Table", "Cake"), noted("Cake")])
    assert order == ["Cake", "Table", "Guests"]


def test_whether_a_step_is_done_is_asked_after_those_before_it(kitchen: Kitchen) -> None:
    kitchen.run()
    shop = step("Shop", lambda _: void(kitchen.source.write_text("flour and eggs")))
    bring_up_to_date([Step(title="Cake", record=kitchen.stamp, work=kitchen.bake, after=("Shop",)), shop])
    assert kitchen.done == 2


def test_what_is_none_of_the_steps_counts_as_done(kitchen: Kitchen) -> None:
    bring_up_to_date([Step(title="Cake", record=kitchen.stamp, work=kitchen.bake, after=("Shop",))])
    assert kitchen.done == 1


def test_a_failure_ends_the_commands_of_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = Event()

    def wait_for_long(progress: Progress) -> None:
        command = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
        run_logged(command, log=tmp_path / "log", mend="Ended.", show=lambda _: running.set(), cwd=tmp_path)

    def fail(progress: Progress) -> None:
        assert running.wait(60)
        raise Failed("The oven is cold: light it.")

    began = time.monotonic()
    with pytest.raises(Failed, match="The oven is cold"):
        bring_up_to_date([step("Table", wait_for_long), step("Cake", fail), step("Guests", after=("Cake",))])
    assert time.monotonic() - began < 30
    shown = [line.split(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert shown == ["  ...  Table", "  ...  Cake", "  !!   Cake", "  --   Table"]


def test_no_command_begins_after_a_failure(tmp_path: Path) -> None:
    failed = Event()

    def begin_late(progress: Progress) -> None:
        assert failed.wait(60)
        time.sleep(0.2)
        command = [sys.executable, "-c", "open('begun', 'w')"]
        run_logged(command, log=tmp_path / "log", mend="Ended.", show=progress.show, cwd=tmp_path)

    def fail(progress: Progress) -> None:
        failed.set()
        raise Failed("The oven is cold: light it.")

    with pytest.raises(Failed):
        bring_up_to_date([step("Table", begin_late), step("Cake", fail)])
    assert not (tmp_path / "begun").exists()
    bring_up_to_date([step("Table", begin_late)])
    assert (tmp_path / "begun").exists()


def test_half_done_work_does_not_count_when_it_was_ended(kitchen: Kitchen, tmp_path: Path) -> None:
    def fail(progress: Progress) -> None:
        raise Failed("The shop is closed.")

    def bake(progress: Progress) -> None:
        kitchen.cake.write_text("half")
        while True:
            check_wanted()
            time.sleep(0.01)

    with pytest.raises(Failed):
        bring_up_to_date([Step(title="Cake", record=kitchen.stamp, work=bake), step("Shop", fail)])
    assert not kitchen.stamp.is_fresh()


def test_titles_are_shown_as_done(kitchen: Kitchen, capsys: pytest.CaptureFixture[str]) -> None:
    kitchen.run()
    kitchen.run()
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "  ...  Cake"
    assert shown[1].startswith("  ok   Cake, ")
    assert shown[2] == "  ok   Cake"


def test_digest_sees_contents_and_names_in_folders(tmp_path: Path) -> None:
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "a.css").write_text("one")
    first = digest([folder])
    (folder / "a.css").rename(folder / "b.css")
    renamed = digest([folder])
    (folder / "b.css").write_text("two")
    assert len({first, renamed, digest([folder])}) == 3


def test_digest_tells_a_text_from_a_missing_file(tmp_path: Path) -> None:
    assert digest([tmp_path / "absent"]) == digest([])
    assert digest(["absent"]) != digest([])


def test_digest_does_not_see_compiled_python(tmp_path: Path) -> None:
    before = digest([tmp_path])
    (tmp_path / "x.pyc").write_bytes(b"made by running")
    assert digest([tmp_path]) == before
