"""What Anki 26.9.3 itself makes of files that were exported; it is in an environment of its own, or not there."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answer import HOME
from quizapp.catalogue.formats import anki_out
from quizapp.catalogue.formats.parsed import ParsedQuestion
from quizapp.catalogue.packages import anki_writer

PYTHON = HOME / "bin" / "python"
NEEDS_ANKI = pytest.mark.skipif(
    not PYTHON.exists(), reason='Anki is not there; `make bench ROWS="answer-10k"` brings it.'
)
DAY = datetime(2026, 11, 29, tzinfo=UTC)
LATER = datetime(2026, 11, 30, tzinfo=UTC)


def questions(**prompts: str) -> list[ParsedQuestion]:
    return [ParsedQuestion(key=key, line=1, prompt=prompt, answer="`<port>`, x: y") for key, prompt in prompts.items()]


def imported(*paths: Path) -> dict[str, Any]:
    program = Path(__file__).with_name("anki_imports.py")
    done = subprocess.run([PYTHON, program, *paths], capture_output=True, check=True, timeout=60)
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


@NEEDS_ANKI
def test_a_table_imported_twice_keeps_both_notes_that_ask_the_same(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text(anki_out.HEADERS + anki_out.write("Net", questions(a="Same: a?", b="Same: a?")), encoding="utf-8")
    made = imported(path, path)
    back = "<p><code>&lt;port&gt;</code>, x: y</p>"
    assert made["notes"] == [["a", "<p>Same: a?</p>", back], ["b", "<p>Same: a?</p>", back]]


@NEEDS_ANKI
def test_a_package_imported_again_changes_its_notes_and_keeps_their_places(tmp_path: Path) -> None:
    first, second = tmp_path / "a.apkg", tmp_path / "b.apkg"
    first.write_bytes(anki_writer.write([("Net", questions(a="One?", b="Two?"))], now=DAY))
    second.write_bytes(anki_writer.write([("Net", questions(a="One?", b="Second?"))], now=LATER))
    made = imported(first, first, second)
    assert [(note[0], note[1]) for note in made["notes"]] == [("a", "<p>One?</p>"), ("b", "<p>Second?</p>")]
    assert made["places"] == [1, 2]
