"""`make trust`: what its rows come to, that a control which does not fail fails its row, and where results go."""

import json
from pathlib import Path

import pytest

import trust
from trust import __main__ as command
from trust.promises import Control, Judged, Promise, Scale, not_run, table

FAILED = Control(weakness="no lock", seen="3 lost", failed=True)


def promise(*, held: bool = True, control: Control = FAILED) -> Promise:
    return Promise(name="saves", done="many saves", seen="0 lost", aim="0 lost", held=held, control=control)


def test_a_promise_is_held_only_beside_a_control_that_failed() -> None:
    blind = Control(weakness="no lock", seen="0 lost", failed=False)
    assert promise().judged is Judged.HELD
    assert promise(held=False).judged is Judged.MISSED
    assert promise(control=blind).judged is Judged.CONTROL_HELD
    assert not_run("engine", aim="0 lost", missing="no engine").judged is Judged.NOT_RUN


def test_the_table_wraps_its_cells_and_names_the_control() -> None:
    long = Promise(name="x", done="one two " * 20, seen="s", aim="a", held=True, control=FAILED)
    lines = table([promise(), long]).splitlines()
    assert all(len(line) <= 180 for line in lines)
    assert lines[2].split() == [
        *["saves", "held", "many", "saves", "0", "lost", "0", "lost", "no", "lock:", "3", "lost"]
    ]
    assert len(lines) > 6


@pytest.mark.parametrize(("rows", "status"), [([promise()], 0), ([promise(held=False)], 1), ([], 1)])
def test_one_that_is_missed_or_breaks_off_is_told_by_the_status(
    rows: list[Promise], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "RESULTS", tmp_path / "trust.json")
    monkeypatch.setattr(command, "LOG", tmp_path / "trust.log")
    asked = list[Scale]()

    def row(scale: Scale) -> Promise:
        asked.append(scale)
        return rows[0]  # raises where there is none, and the row breaks off

    monkeypatch.setattr(command, "function_of", lambda _: row)
    assert command.main(["--short", "saves"]) == status
    assert asked == [Scale.SHORT]
    written = json.loads((tmp_path / "trust.json").read_text())
    assert [one["judged"] for one in written["rows"]] == [one.judged.value for one in rows]


def test_a_row_that_there_is_not_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["save"]) == 1
    assert "No row is called save: choose from" in capsys.readouterr().out


def test_every_row_of_the_folder_has_its_name() -> None:
    folder = Path(trust.__file__).parent
    trying = {path.stem for path in folder.glob("*.py") if "scale: Scale) -> Promise:" in path.read_text("utf-8")}
    named = {module.partition(":")[0].removeprefix("trust.") for module in command.ROWS.values()}
    assert named == trying
    assert all(callable(command.function_of(name)) for name in command.ROWS)
