"""Anki packages of each schema, and hostile ones. The databases are made here, as Anki lays them out."""

import json
import time
import zipfile
from contextlib import closing
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from quizapp import sqlite
from quizapp.catalogue.formats.learnt import LearntElsewhere, fsrs_state, sm2_state
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.packages import archive
from quizapp.catalogue.packages.anki_package import read, read_package

TABLES = """
CREATE TABLE col (id integer PRIMARY KEY, crt integer, models text, decks text);
CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, tags text, flds text);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer, ord integer, type integer, queue integer,
    due integer, ivl integer, factor integer, reps integer, lapses integer, odid integer, odue integer, data text,
    flags integer DEFAULT 0);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer, ease integer, ivl integer, time integer, type integer,
    factor integer DEFAULT 2500);
"""
NEWER = """
CREATE TABLE notetypes (id integer PRIMARY KEY, name text COLLATE unicase);
CREATE TABLE decks (id integer PRIMARY KEY, name text COLLATE unicase);
INSERT INTO col VALUES (1, 1700020800, '{}', '{}');
INSERT INTO notetypes VALUES (1, 'Basic (and reversed card)');
INSERT INTO decks VALUES (1, 'Prep' || char(31) || 'Docker'), (2, 'Cram');
"""
ROWS = """
INSERT INTO notes VALUES (1, 'g<1', 1, ' net aws ', 'RPO' || char(31) || 'loss <b>of data</b>');
INSERT INTO cards VALUES (1, 1, 1, 0, 2, 2, 5, 10, 2500, 3, 1, 0, 0, '{"s":9.5,"d":4.5}', 0);
INSERT INTO cards VALUES (2, 1, 2, 1, 0, -1, 0, 0, 0, 0, 0, 1, 0, '', 0);
INSERT INTO revlog VALUES (1700000000000, 1, 3, 10, 4200, 1, 2500);
"""
OLDER = "INSERT INTO col VALUES (1, 1700020800, '{models}', '{decks}');".format(
    models=json.dumps({"1": {"name": "Basic (and reversed card)"}}),
    decks=json.dumps({"1": {"name": "Prep::Docker"}, "2": {"name": "Cram"}}),
)


def database(folder: Path, script: str) -> bytes:
    path = folder / "made.db"
    path.unlink(missing_ok=True)
    with closing(sqlite.DRIVER.connect(path)) as db:
        db.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        db.executescript(script)
    return path.read_bytes()


def package(**entries: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name.replace("__", "."), data)
    return target.getvalue()


def old(folder: Path, script: str = TABLES + OLDER + ROWS) -> bytes:
    return package(collection__anki2=database(folder, script))


def new(folder: Path) -> bytes:
    data = zstandard.ZstdCompressor().compress(database(folder, TABLES + NEWER + ROWS))
    notice = database(folder, TABLES + OLDER + "INSERT INTO notes VALUES (9, 'x', 1, '', 'Please update');")
    return package(collection__anki21b=data, collection__anki2=notice)


def test_all_schemas_give_the_same_cards(tmp_path: Path) -> None:
    assert read(old(tmp_path), "deck") == read(new(tmp_path), "deck")


def test_a_reversed_note_is_two_cards_in_the_deck_that_they_belong_to(tmp_path: Path) -> None:
    (section,) = read(new(tmp_path), "deck").sections  # the second card lies in a filtered deck
    assert section.title == "Prep / Docker"
    assert [(card.prompt, card.answer) for card in section.questions] == [
        ("RPO", "loss **of data**"),
        ("loss **of data**", "RPO"),
    ]


def test_a_card_that_was_never_made_is_none(tmp_path: Path) -> None:
    script = TABLES + OLDER + ROWS + "DELETE FROM cards WHERE ord = 1;"
    assert len(list(read(old(tmp_path, script), "deck").questions)) == 1


def test_schedule_and_log_are_read_and_told(tmp_path: Path) -> None:
    collection = read_package(new(tmp_path))
    assert (collection.cards[0].stability, collection.cards[0].difficulty) == (9.5, 4.5)
    assert collection.reviews[0].rating == 3
    messages = [warning.message for warning in read(new(tmp_path), "deck").warnings]
    assert messages == [
        "The package has the schedule of 1 cards and 1 reviews. Who brings it in the browser can keep them, and on the "
        "command line --memory-for NAME; for everybody else its cards are new.",
        "1 cards were suspended in Anki; here they are asked, unless what was learnt is kept.",
    ]


def test_a_package_without_a_collection_is_refused() -> None:
    with pytest.raises(Unreadable, match="no collection"):
        read(package(media=b"{}"), "deck")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no zip"])
def test_what_is_no_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        read(data, "deck")


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../../b", "..\\evil"])
def test_a_name_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="leads out"):
        read(package(**{name: b""}), "deck")


def test_a_link_is_refused() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        entry = zipfile.ZipInfo("collection.anki2")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    with pytest.raises(Unreadable, match="leads out"):
        read(target.getvalue(), "deck")


@pytest.mark.parametrize("zstd", [False, True])
def test_a_bomb_is_refused_early(zstd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRY_MAX_BYTES", 1024 * 1024)
    bomb = bytes(8 * 1024 * 1024)
    made = package(collection__anki21b=zstandard.ZstdCompressor().compress(bomb)) if zstd else package(
        collection__anki2=bomb
    )  # fmt: skip
    with pytest.raises(Unreadable, match="more than 1 MiB"):
        read(made, "deck")


def test_a_view_in_the_place_of_a_table_is_refused(tmp_path: Path) -> None:
    script = TABLES + OLDER + "DROP TABLE notes; CREATE VIEW notes AS SELECT 1 AS id;"
    with pytest.raises(Unreadable, match="no table notes"):
        read(old(tmp_path, script), "deck")


def test_a_computed_column_runs_nothing(tmp_path: Path) -> None:
    """SQLite 3.53.4 asks no authorizer about its functions."""
    computed = TABLES.replace("guid text,", "guid text AS (hex(zeroblob(100000000))),", 1)
    with pytest.raises(Unreadable, match="computed columns"):
        read(old(tmp_path, computed + OLDER + "INSERT INTO notes (id, flds) VALUES (1, 'a');"), "deck")


def test_a_broken_database_is_refused(tmp_path: Path) -> None:
    data = database(tmp_path, TABLES + OLDER + ROWS)
    with pytest.raises(Unreadable, match="cannot be read"):
        read(package(collection__anki2=data[:5000]), "deck")


def test_two_thousand_notes_take_little_time(tmp_path: Path) -> None:
    many = "INSERT INTO notes SELECT value, value, 1, '', 'a' || char(31) || 'b' FROM generate;".replace(
        "generate",
        "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 2000) SELECT value FROM n)",
    )
    cards = "INSERT INTO cards SELECT id, id, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0 FROM notes;"
    data, began = old(tmp_path, TABLES + OLDER + many + cards), time.process_time()
    assert len(list(read(data, "deck").questions)) == 2000
    assert time.process_time() - began < 2


def test_a_card_without_a_log_has_its_schedule_and_one_with_reviews_has_these(tmp_path: Path) -> None:
    first = read(old(tmp_path), "deck").learnt[0]
    assert (len(first.reviews), first.state) == (1, None)
    script = TABLES + OLDER + ROWS + "DELETE FROM revlog; UPDATE cards SET odid = 9, odue = 5, due = -100000;"
    states = [one.state for one in read(old(tmp_path, script), "deck").learnt]
    # 15 November 2023, 4 o'clock, and five days more
    assert states == [fsrs_state(due=date(2023, 11, 20), interval=10, stability=9.5, difficulty=4.5), None]


def test_without_fsrs_the_ease_is_the_schedule_and_a_card_in_steps_has_none(tmp_path: Path) -> None:
    script = TABLES + OLDER + ROWS + "DELETE FROM revlog; UPDATE cards SET data = '';"
    assert read(old(tmp_path, script), "deck").learnt[0].state == sm2_state(
        due=date(2023, 11, 20), interval=10, ease=2.5
    )
    for in_steps in ("type = 1", "due = 1700020900", "ivl = -600"):
        assert (
            read(old(tmp_path, f"{script} UPDATE cards SET {in_steps} WHERE id = 1;"), "deck").learnt[0].state is None
        )


# Rows of a log as Anki 26.9.3 writes them: id, card, rating, interval, milliseconds, kind, factor.
LEARNT, EARLY, CRAMMED = (1, 1, 4, 6, 5000, 0, 100), (2, 1, 3, 23, 5000, 3, 100), (3, 1, 3, 0, 5000, 3, 0)
FORGOTTEN, SET_DUE, MOVED = (4, 1, 0, 0, 0, 4, 0), (5, 1, 0, 34, 0, 4, 100), (6, 1, 0, 9, 0, 5, 100)
AFTER = (7, 1, 3, 8, 5000, 1, 100)


def kept(folder: Path, *rows: tuple[int, ...], more: str = "") -> LearntElsewhere:
    """What is kept of the first card with this log."""
    log = "".join(f"INSERT INTO revlog VALUES {row};" for row in rows)
    script = f"{TABLES}{OLDER}{ROWS}DELETE FROM revlog; {log}{more}"
    return read(old(folder, script), "deck").learnt[0]


@pytest.mark.parametrize(
    ("rows", "reviewed", "is_set"),
    [
        ([LEARNT, EARLY], [1, 2], False),
        ([LEARNT, EARLY, CRAMMED], [1, 2], False),
        ([LEARNT, EARLY, FORGOTTEN], [], False),
        ([LEARNT, FORGOTTEN, AFTER], [7], False),
        ([LEARNT, SET_DUE], [1], True),
        ([LEARNT, SET_DUE, MOVED], [1], False),
        ([LEARNT, SET_DUE, AFTER], [1, 7], False),
        ([SET_DUE], [], False),
        ([LEARNT, FORGOTTEN, SET_DUE], [], False),
        ([LEARNT, FORGOTTEN, (5, 1, 0, 3, 0, 4, 100), AFTER], [7], False),
    ],
)
def test_which_rows_of_a_log_are_reviews(
    tmp_path: Path, rows: list[tuple[int, ...]], reviewed: list[int], is_set: bool
) -> None:
    """Early reviews are: they moved the schedule. What was before a card began anew is none, as for Anki's FSRS."""
    found = kept(tmp_path, *rows)
    assert [review.at_ms for review in found.reviews] == reviewed
    assert found.due == (date(2023, 11, 20) if is_set else None)
    assert (found.state is None) is bool(reviewed)


def test_a_flag_comes_along_without_what_else_its_number_holds(tmp_path: Path) -> None:
    assert kept(tmp_path, LEARNT, more="UPDATE cards SET flags = 8 | 3;").flag == 3


def test_cards_that_began_anew_are_told(tmp_path: Path) -> None:
    rows = "".join(f"INSERT INTO revlog VALUES {row};" for row in (LEARNT, FORGOTTEN))
    note = read(old(tmp_path, f"{TABLES}{OLDER}{ROWS}DELETE FROM revlog; {rows}"), "deck")
    assert "1 cards began anew in Anki" in " ".join(warning.message for warning in note.warnings)


def test_tags_that_anki_gives_a_learners_cards_are_none_of_the_questions(tmp_path: Path) -> None:
    """Anki 26.9.3 leaves them out of a package without schedules itself."""
    note = read(old(tmp_path, f"{TABLES}{OLDER}{ROWS}UPDATE notes SET tags = ' Marked leech net ';"), "deck")
    assert {question.tags for question in note.everything_asked} == {("net",)}
    assert "1 notes were marked in Anki" in " ".join(warning.message for warning in note.warnings)
