"""Power cuts, replayed: what was acknowledged must be on the disk by then. SQLite only, and only where strace is.

A process rates cards and acknowledges each review once it is committed, while strace notes what it writes and syncs.
From these notes the disk is made as a power cut would leave it at some acknowledgement: what was synced is there, and
of the rest as much as chance takes. Every review acknowledged until then must be in it. The control does the same
without syncing, and must lose reviews.
"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from benchmarks.review_post import a_question
from benchmarks.rows import Row, beside
from quizapp import clock, create_app, sqlite
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for
from quizapp.review import rating
from quizapp.review import service as reviewing
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.review.rating import Review
from quizapp.settings import ROOT, Settings
from quizapp.web.database import alembic

REVIEWS = 1_000
CUTS = 500
CARDS = 20
SEED = 1
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink"
CALL = re.compile(r"(?:\[pid +\d+\] )?(\w+)\((.*)\) += \d+")
HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
FILE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a run has shown. Both should be 0."""

    unsynced: int
    """Acknowledgements before all that was written had been synced."""
    lost: int
    """Power cuts after which an acknowledged review is missing, or the file is not in order."""


def run() -> list[Row]:
    """Measure in a temporary folder. No rows without strace."""
    if shutil.which("strace") is None:
        print("no power cuts: they need strace", file=sys.stderr)
        return []
    found, control = _found(synced=True), _found(synced=False)
    assert control.unsynced > 0, "the control synced"
    assert control.lost > 0, "the control lost nothing, so this benchmark would not notice a loss"
    said = f"the control, which does not sync: {control.unsynced} and {control.lost}"
    return [
        beside("power-cut-unsynced", value=found.unsynced, baseline=REVIEWS, unit="reviews", note=said),
        beside("power-cut-lost", value=found.lost, baseline=CUTS, unit="cuts"),
    ]


@dataclass
class Disk:
    """Files as they are on the disk, and what was written to them since without being synced."""

    synced: dict[str, bytearray]
    waiting: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)
    """Path to offset and bytes, or to a new length and None."""

    def write(self, path: str, offset: int, data: bytes | None) -> None:
        """Note a write, or with None a new length."""
        self.waiting.setdefault(path, []).append((offset, data))

    def sync(self, path: str) -> None:
        """What was written to this file is on the disk from now on."""
        _write_all(self.synced.setdefault(path, bytearray()), self.waiting.pop(path, []))

    def after_cut(self, chance: random.Random) -> dict[str, bytearray]:
        """The files after a power cut now. What was not synced may be there or not, each write by itself."""
        files = {path: bytearray(content) for path, content in self.synced.items()}
        for path, writes in self.waiting.items():
            _write_all(files.setdefault(path, bytearray()), [one for one in writes if chance.random() < 0.5])
        return files


def _write_all(file: bytearray, writes: list[tuple[int, bytes | None]]) -> None:
    for offset, data in writes:
        if len(file) < offset:
            file.extend(bytes(offset - len(file)))
        if data is None:
            del file[offset:]
        else:
            file[offset : offset + len(data)] = data


def _found(*, synced: bool) -> Found:
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        database = _database(Path(folder))
        disk = Disk(synced={str(database): bytearray(database.read_bytes())})
        chance = random.Random(SEED)
        cuts = set(chance.sample(range(REVIEWS), CUTS))
        acknowledged: set[UUID] = set()
        unsynced = lost = 0
        for review_id in _acknowledgements(disk, database, synced=synced):
            unsynced += any(disk.waiting.values())
            acknowledged.add(review_id)
            if len(acknowledged) - 1 in cuts:
                lost += not _holds(disk.after_cut(chance), database.name, acknowledged)
        assert len(acknowledged) == REVIEWS
    return Found(unsynced=unsynced, lost=lost)


def _database(folder: Path) -> Path:
    """A database with a learner's cards, which nobody uses."""
    settings = Settings(instance_dir=folder, engine="none").completed()
    app = create_app(settings)
    with app.app_context():
        alembic.upgrade()
    app.extensions["engine"].dispose()
    engine, now = create_engine_for(settings.database_url), clock.now()
    with Session(engine) as db:
        learner = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=now)
        db.add_all(questions := [a_question(number) for number in range(CARDS)])
        db.flush()
        reviewing.add_cards(db, user=learner, question_ids=[question.id for question in questions], now=now)
        db.commit()
    engine.dispose()
    return folder / "quizapp.sqlite3"


def _acknowledgements(disk: Disk, database: Path, *, synced: bool) -> Iterator[UUID]:
    """The id of each review at the moment of its acknowledgement, with `disk` as it is then."""
    notes = database.with_name("notes")
    strace = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "100000",
        "-e",
        f"trace={CALLS}",
        "-e",
        "signal=none",
        "-o",
        str(notes),
    ]
    child = [sys.executable, "-m", "benchmarks.power_cut", str(database), "synced" if synced else "unsynced"]
    subprocess.run([*strace, *child], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    with notes.open(encoding="ascii") as lines:
        for line in lines:
            if review_id := _note(disk, re.sub(r"^\d+ +", "", line), str(database)):
                yield review_id


def _note(disk: Disk, line: str, database: str) -> UUID | None:
    """Do to the disk what a line of strace says; the id of a review if the line is its acknowledgement."""
    call, path = CALL.match(line), FILE.search(line.partition("(")[2])
    if call is None or path is None:
        return None
    name, said, file = call[1], call[2], _bytes(path[1]).decode()
    texts, numbers = HEX.findall(said), said.rsplit(", ", 1)
    if name == "write" and said.startswith("1<"):
        return UUID(hex=_bytes(texts[0]).decode().strip())
    if not file.startswith(database) or file.endswith(("-shm", sqlite.LOCK)):
        return None
    if name == "pwrite64":
        disk.write(file, int(numbers[1]), _bytes(texts[0]))
    elif name == "ftruncate":
        disk.write(file, int(numbers[1]), None)
    elif name in {"fsync", "fdatasync"}:
        disk.sync(file)
    return None


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _holds(files: dict[str, bytearray], name: str, acknowledged: set[UUID]) -> bool:
    """Whether a database with these files is in order and has these reviews."""
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        for path, content in files.items():
            Path(folder, Path(path).name).write_bytes(content)
        try:
            with closing(sqlite.open_new(Path(folder, name))) as connection:
                ((order,),) = connection.execute("PRAGMA integrity_check(1)")
                found = {UUID(bytes=said) for (said,) in connection.execute("SELECT id FROM review_log")}
        except sqlite.DRIVER.Error:
            return False
    return order == "ok" and found >= acknowledged


def _rate(database: Path, *, synced: bool) -> None:
    """Rate the cards in turn, and write the id of each review to standard output once it is committed."""
    engine = create_engine_for(f"sqlite:///{database}", must_exist=True)
    if not synced:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    now = clock.now()
    for number in range(REVIEWS):
        with Session(engine) as db:
            card = db.scalars(select(Card).order_by(Card.question_id).offset(number % CARDS).limit(1)).one()
            review = Review(id=uuid4(), rating=Rating.GOOD, source=ReviewSource.REVIEW, taken_ms=None)
            rated = rating.rate(
                db.connection(),
                user=card.user,
                card_id=card.id,
                review=review,
                seen_version=card.version,
                now=now + timedelta(minutes=number),
            )
            db.commit()
        os.write(1, f"{rated.review_id.hex}\n".encode())


if __name__ == "__main__":
    _rate(Path(sys.argv[1]), synced=sys.argv[2] == "synced")
