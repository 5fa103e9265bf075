"""A database with one learner of very many cards, made once under build/ and copied for each benchmark.

Every card has a review in the log, and the due days lie as after a year of reviews: most in the next weeks, some
overdue. The catalogue has the same notes, concepts and labs at each size; only its questions grow with the cards.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from flask import Flask
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session

from quizapp import clock, create_app, sqlite
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Concept, Lab, Note, Question, QuestionKind, Section
from quizapp.db import create_engine_for, forget_writes
from quizapp.review.log import study_day_figures
from quizapp.settings import Settings
from quizapp.study_day import study_day
from quizapp.web.database import alembic

BUILD = Path(__file__).resolve().parent.parent / "build" / "big"
FILE = "quizapp.sqlite3"
LEARNER = "Ada"
SIZES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
NOTES = 30
SECTIONS = 10  # of a note
CONCEPTS = NOTES * SECTIONS
LABS = 54
LEARNED = (
    "day_load",
    "day_tally",
    "card_deed",
    "review_log",
    "card",
)  # the tables of what learners did; the others hold what can be learnt
# Rows made by SQLite itself, which takes a minute for a million where the product's models take an hour.
RANDOM = "(abs(random()) / 9223372036854775808.0)"
# Microseconds since 1970; `unixepoch` is not in the SQLite of every Python that the product runs on.
AT = "CAST(round((julianday('now', {}) - 2440587.5) * 86400000) AS INTEGER) * 1000"
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :cards)"
QUESTIONS = f"""
    INSERT INTO question (id, key, kind, note_id, section_id, concept_id, position, prompt, answer, must, bonus,
                          red_flags, hints, fingerprint, edited, made_here, placed_here, draft, retired_here, hidden,
                          rev, updated_at)
    {NUMBERS}
    SELECT n, 'q-' || n, iif(n % 2, 'flashcard', 'open'), 1 + n % {CONCEPTS} / {SECTIONS}, 1 + n % {CONCEPTS},
           1 + n % {CONCEPTS}, n, 'What does `docker run` do with port ' || n || '?',
           'It publishes **' || n || '** on the host.', '[]', '[]', '[]', '[]', printf('%064x', n), 0, 0, 0, 0, 0, 0, 1,
           {AT.format("'-1 day'")}
    FROM numbers
"""
# 5 of 100 cards are new, 5 of 10,000 in learning; 2 of 100 are overdue. Intervals are up to a year, most are short.
CARDS = f"""
    INSERT INTO card (id, user_id, question_id, hidden, phase, stability, difficulty, last_day, last_review_at, due_day,
                      due_at, suspended, flag, leech, reps, lapses, version, logged, created_at)
    {NUMBERS}, drawn AS MATERIALIZED (
        SELECT n, {RANDOM} AS kind, {RANDOM} AS place, {RANDOM} AS late, {RANDOM} AS difficulty,
               1 + abs(random()) % 20 * (abs(random()) % 20) AS days
        FROM numbers
    ), spaced AS MATERIALIZED (
        SELECT *, CAST(iif(late < 0.02, days + place * 10, days * place) AS INTEGER) AS since FROM drawn
    )
    SELECT randomblob(16), :user_id, n, 0,
           CASE WHEN kind < 0.05 THEN 'n' WHEN kind < 0.0505 THEN 'l' ELSE 'r' END,
           iif(kind < 0.05, NULL, days + place), iif(kind < 0.05, NULL, 1 + 9 * difficulty),
           iif(kind < 0.05, NULL, :today - since),
           iif(kind < 0.05, NULL, {AT.format("(-since - place / 24) || ' days'")}),
           CASE WHEN kind < 0.05 THEN NULL WHEN kind < 0.0505 THEN :today ELSE :today - since + days END,
           iif(kind BETWEEN 0.05 AND 0.0505, {AT.format("(600 * place) || ' seconds'")}, NULL), 0, 0, 0,
           kind >= 0.05, 0, kind >= 0.05, kind >= 0.05,
           {AT.format("'-500 days', n || ' seconds'")}
    FROM spaced
"""
REVIEWS = f"""
    INSERT INTO review_log (id, user_id, card_id, sequence, rating, source, outcome, reviewed_at, day, zone, taken_ms,
                            phase_before, stability_before, difficulty_before, retrievability_before, stability_after,
                            difficulty_after, due_day_after, due_at_after)
    SELECT randomblob(16), user_id, id, 1, iif({RANDOM} < 0.1, 1, 3), 'r', 'a', last_review_at,
           last_day, 'Europe/Berlin', 2000 + abs(random()) % 28000, 'r', stability / 2.5, difficulty,
           0.7 + 0.29 * {RANDOM}, stability, difficulty, due_day, due_at
    FROM card WHERE reps = 1
"""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An application on a copy of such a database."""

    app: Flask
    settings: Settings
    learner_id: UUID


@contextmanager
def opened(cards: int) -> Iterator[Opened]:
    """An application whose learner has so many cards, on a copy that is removed afterwards."""
    made = made_once(cards)
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        shutil.copy(made, Path(folder) / FILE)
        settings = settings_in(Path(folder))
        app = create_app(settings)
        with app.app_context(), Session(app.extensions["engine"]) as db:
            learner_id = accounts.user_by_name(db, name=LEARNER).id
        yield Opened(app=app, settings=settings, learner_id=learner_id)
        app.extensions["engine"].dispose()


def settings_in(folder: Path) -> Settings:
    """Settings of an installation in `folder`, with its database in FILE."""
    url = f"sqlite:///{folder / FILE}"
    return Settings(instance_dir=folder, database_url=url, secret_key=SecretStr("bench" * 8), engine="none").completed()


def made_once(cards: int) -> Path:
    """The database file with so many cards, at the present revision and of this week; made if it is not there."""
    now = clock.now()
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        settings = settings_in(Path(folder))
        app = create_app(settings)
        with app.app_context():
            (head,) = alembic.heads()
            kept = BUILD / f"{head.revision}-{now:%G-%V}-{cards}.sqlite3"
            if not kept.exists():
                alembic.upgrade()
                _fill(settings, cards=cards, now=now)
                app.extensions["engine"].dispose()
                _write_back(Path(folder) / FILE)
                BUILD.mkdir(parents=True, exist_ok=True)
                shutil.move(Path(folder) / FILE, kept.with_suffix(".part"))
                kept.with_suffix(".part").rename(kept)
        app.extensions["engine"].dispose()
    return kept


def learned_mb(made: Path) -> float:
    """The megabytes of such a database that are cards, reviews and tallies, and the indexes of these.

    It counts the pages in use that go when the tables are dropped from a copy, as pysqlite3 has no `dbstat`.
    """
    with TemporaryDirectory(prefix="quizapp-bench-") as folder:
        copy = Path(shutil.copy(made, Path(folder) / FILE))
        with closing(sqlite.open_new(copy)) as connection:
            before = _used_bytes(connection)
            for table in LEARNED:
                connection.execute(f"DROP TABLE {table}")
            return (before - _used_bytes(connection)) / 1e6


def _used_bytes(connection: Any) -> int:
    size, pages, free = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
    )
    return int(size * (pages - free))


def _write_back(path: Path) -> None:
    """Bring all rows from the write-ahead log into the file itself, which is copied without the log."""
    with closing(sqlite.open_file(path)) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not busy, "another connection keeps rows in the write-ahead log"


def _fill(settings: Settings, *, cards: int, now: datetime) -> None:
    engine = create_engine_for(settings.database_url)
    with Session(engine) as db:
        learner = accounts.add_user(db, name=LEARNER, role=Role.EDITOR, now=now)
        _add_notes(db, now=now)
        values = {"user_id": learner.id.bytes, "cards": cards, "today": study_day(now, "UTC", 4)}
        for statement in (QUESTIONS, CARDS, REVIEWS):
            db.execute(text(statement), {name: value for name, value in values.items() if f":{name}" in statement})
        study_day_figures.recount(db, user_id=learner.id)
        _add_labs(db, now=now)
        forget_writes(db)  # a million questions would take an hour to be made findable; nothing here searches
        db.commit()
    engine.dispose()


def _add_notes(db: Session, *, now: datetime) -> None:
    for number in range(NOTES):
        title = f"Day {number + 1}: networking"
        note = Note(key=f"n-{number}", path=f"{number}.md", title=title, convention="note", source="x " * 10_000)
        note.number, note.imported_at = number + 1, now
        for place in range(SECTIONS):
            section = Section(position=place + 1, title="Bridges", anchor=f"s-{place}", html="<p>x</p>", teaches=True)
            section.concepts = [_concept(number * SECTIONS + place)]
            note.sections.append(section)
        db.add(note)
        db.flush()


def _concept(number: int) -> Concept:
    return Concept(key=f"c-{number}", position=1, term=f"Concept {number}", text="", fingerprint=f"{number:064x}")


def _add_labs(db: Session, *, now: datetime) -> None:
    """Labs that nobody has tried; a definition has the size of a real one."""
    for number in range(LABS):
        question = Question(key=f"lab-{number}", kind=QuestionKind.LAB, position=1, prompt="Do it.", answer="Done.")
        question.level, question.fingerprint, question.updated_at = 1 + number % 3, f"{number:064}", now
        lab = Lab(slug=f"lab-{number}", question=question, title=f"Lab {number}", summary="A lab.", minutes=5)
        lab.definition, lab.fingerprint = {"concepts": [], "task": "x " * 2_000}, f"{number:064}"
        db.add(lab)
    db.flush()
