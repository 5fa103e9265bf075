"""Imports a folder of notes in a process of its own, and prints what that took of the processor and of memory, as JSON.

Run by `benchmarks.imports`: `python -m benchmarks.import_child DATABASE FOLDER…`. Each folder is the next state of the
content folder, so that a second one can be the first with changes. Nothing that is loaded or made once counts. All of
it is done some rounds, the imports in turn with the bare parser, and the least of each figure is told: other work on
the machine makes a round slower, and never faster.
"""

import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from markdown_it import MarkdownIt
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import quizapp.accounts.models
import quizapp.quiz.models
import quizapp.review.models  # noqa: F401 - the tables that refer to questions
from quizapp import clock
from quizapp.catalogue.importing.last_import import import_if_changed, program_fingerprint
from quizapp.catalogue.importing.service import import_content
from quizapp.db import Base, create_engine_for

WARM = "# T\n\n## One\n\n```bash\nls\n```\n\n1. **Q: Why?**\n    * *A:* So.\n"
ROUNDS = 3


def main(database: Path, folders: list[Path]) -> None:
    """Import each folder twice: as a command does, and as a start does that finds nothing changed."""
    with TemporaryDirectory(prefix="quizapp-bench-") as warm:
        (Path(warm) / "a.md").write_text(WARM, encoding="utf-8")
        _imported(Path(warm) / "warm.sqlite3", [Path(warm)])
    rounds = [_imported(database.with_suffix(f".{number}.sqlite3"), folders) for number in range(ROUNDS)]
    print(json.dumps([_least(of_folder) for of_folder in zip(*rounds, strict=True)]), flush=True)


def _least(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """The least of each figure; of memory what the first round took, after which the process has it."""
    return {name: min(one[name] for one in rounds) for name in rounds[0]} | {"mib": rounds[0]["mib"]}


def _imported(database: Path, folders: list[Path]) -> list[dict[str, float]]:
    engine = create_engine_for(f"sqlite:///{database}")
    Base.metadata.create_all(engine)
    found = []
    for folder in folders:
        before = _peak_mib()
        taken = [_import_s(engine, folder) for _ in range(2)]
        peak = _peak_mib()
        _, start = [_start_s(engine, folder) for _ in range(2)]
        found.append(
            {"first": taken[0], "again": taken[1], "start": start, "mib": peak - before, "bare": _bare_s(folder)}
        )
    engine.dispose()
    return found


def _import_s(engine: Engine, folder: Path) -> float:
    """The seconds of the processor that `flask content import` takes beyond its start."""
    began = time.process_time()
    with Session(engine) as db:
        reports = import_content(db, folder, now=clock.now(), settle=db.commit, program=program_fingerprint())
    taken = time.process_time() - began
    assert not any(report.error for report in reports), [report.error for report in reports if report.error]
    return taken


def _start_s(engine: Engine, folder: Path) -> float:
    """The seconds that a start of the product takes to find nothing changed."""
    began = time.process_time()
    with Session(engine) as db:
        import_if_changed(db, folder, now=clock.now(), settle=db.commit)
        db.commit()
    return time.process_time() - began


def _bare_s(folder: Path) -> float:
    """The seconds in which the Markdown parser alone parses the same texts."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    began = time.process_time()
    for text in texts:
        MarkdownIt().parse(text)
    return time.process_time() - began


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
