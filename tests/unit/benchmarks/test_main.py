"""Which benchmarks there are, what a person sees of them, and where the rest goes."""

import os
import sys
from pathlib import Path

import pytest

import benchmarks
from benchmarks import __main__ as bench
from benchmarks import kills_learners
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from quizapp.catalogue.labs.lab_file import read_lab


def row() -> list[Row]:
    """A benchmark that has much to say."""
    print("said by a benchmark", file=sys.stderr)
    os.system("echo said by a service; echo complained >&2")
    return [beside("a", value=1, baseline=2, unit="s")]


def fails() -> list[Row]:
    raise AssertionError("it was too slow")


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results and log go; `good` and `bad` are the benchmarks."""
    monkeypatch.setattr(
        bench, "BENCHMARKS", {"good": f"{__name__}:row", "bad": f"{__name__}:fails", "long": "no.where:run"}
    )
    monkeypatch.setattr(bench, "WHEN_NAMED", {"long"})
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "bench.json")
    monkeypatch.setattr(bench, "LOG", tmp_path / "logs" / "bench.log")
    monkeypatch.setattr(bench, "function_of", {"good": row, "bad": fails}.__getitem__)
    return tmp_path


def test_what_services_say_goes_to_a_file(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["good"]) == 0
    shown = capfd.readouterr()
    assert "said by" not in shown.out + shown.err
    assert "  ...  good\n" in shown.out
    assert "a         1  s            2    0.5\n" in shown.out
    log = (out / "logs" / "bench.log").read_text()
    assert all(text in log for text in ("said by a benchmark", "said by a service", "complained"))


def test_one_that_fails_keeps_no_other_out(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["bad", "good"]) == 1
    assert "  !!   failed: bad\n" in capfd.readouterr().out
    assert "it was too slow" in (out / "logs" / "bench.log").read_text()
    assert "0.5" in (out / "bench.json").read_text()


def test_without_names_all_run_but_the_longest(out: Path) -> None:
    assert bench.main([]) == 1  # for `bad`; `long` could not be found


def test_a_name_that_there_is_not_is_told(out: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["god"]) == 1
    assert "No benchmark is called god: choose from good, bad, long." in capfd.readouterr().out


def test_every_benchmark_of_the_folder_has_its_name() -> None:
    folder = Path(benchmarks.__file__).parent
    measuring = {path.stem for path in folder.glob("*.py") if "-> list[Row]:" in path.read_text(encoding="utf-8")}
    named = {module.partition(":")[0].removeprefix("benchmarks.") for module in bench.BENCHMARKS.values()}
    assert named == measuring - {"__main__"}
    assert all(callable(bench.function_of(name)) for name in bench.BENCHMARKS)


def test_the_lab_that_is_done_meanwhile_asks_for_what_is_predicted() -> None:
    """It asked for nothing once; then the learners of `kills` could not begin it."""
    file = Checkout.here().root / "content" / "labs" / kills_learners.LAB / "lab.yaml"
    lab = read_lab(file.read_text(encoding="utf-8"), folder=kills_learners.LAB)
    assert {each.name for each in lab.predict} == set(kills_learners.PREDICTED)
    assert all(kills_learners.PREDICTED[each.name] in each.options for each in lab.predict)
