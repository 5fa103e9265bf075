"""Steps are done once, and again when their sources change or what they made is gone."""

from pathlib import Path

import pytest

from ops.console import Failed, Progress
from ops.steps import Stamp, Step, bring_up_to_date, digest


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
        Step(title="Table", record=table, work=must_not_run),
    ]
    with pytest.raises(Failed):
        bring_up_to_date(steps)


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
