"""What somebody has learnt stays with its fact: through edits, moves and new titles, and never with another one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.importing.service import import_paths
from quizapp.catalogue.models import Question
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport
from quizapp.review import service as review
from quizapp.review.models import Card

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
POSTGRES = "Which port does PostgreSQL use? → 5432"
MYSQL = "Which port does MySQL use? → 3306"
VETH = "How many ends has a veth pair? → Two."
FIRST = "Which daemon listens first? → dockerd"


def note(*cards: str, title: str = "Day 5: Databases") -> str:
    lines = "".join(f"    *   *Card:* {card}\n" for card in cards)
    return f"# {title}\n\n## 1. Ports\n\n*   **Default ports:** Where they listen.\n{lines}"


class Notes:
    """A content folder whose questions one learner has all in their cards."""

    def __init__(self, db: Session, folder: Path, learner: User) -> None:
        self.db, self.folder, self.learner, self.hours = db, folder, learner, 0

    def write(self, files: dict[str, str], *, keep: Keep | None = None) -> list[FileReport]:
        """Make the folder hold these files and import it."""
        for old in self.folder.glob("*.md"):
            old.unlink()
        for name, text in files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        self.hours += 1
        now = NOON + timedelta(hours=self.hours)
        reports = import_paths(self.db, [self.folder], root=self.folder, now=now, keep=keep or Keep())
        self.db.expire_all()
        return reports

    def learn(self) -> dict[str, int]:
        """Give the learner a card of each question; returns the questions' ids by prompt."""
        ids = self.asked()
        review.add_cards(self.db, user=self.learner, question_ids=list(ids.values()), now=NOON)
        return ids

    def asked(self) -> dict[str, int]:
        rows = self.db.scalars(select(Question).where(Question.retired_at.is_(None)))
        return {row.prompt: row.id for row in rows}

    def learnt(self) -> set[str]:
        """The prompts that are asked of which the learner has a card."""
        cards = set(self.db.scalars(select(Card.question_id)))
        return {prompt for prompt, id_ in self.asked().items() if id_ in cards}


@pytest.fixture
def notes(db: Session, tmp_path: Path, learner: User) -> Notes:
    return Notes(db, tmp_path, learner)


def test_a_replaced_fact_begins_anew_and_the_report_says_so(notes: Notes) -> None:
    notes.write({"a.md": note(POSTGRES, VETH)})
    notes.learn()
    (report,) = notes.write({"a.md": note(MYSQL, VETH)})
    assert notes.learnt() == {"How many ends has a veth pair?"}
    (doubt,) = report.doubts
    assert (doubt.before, doubt.after, doubt.is_kept) == (POSTGRES, MYSQL, False)
    assert f"<!-- id: {doubt.key} -->" in report.warnings[0].message


def test_the_author_may_say_that_it_is_an_edit(notes: Notes) -> None:
    notes.write({"a.md": note(POSTGRES)})
    ids = notes.learn()
    (report,) = notes.write({"a.md": note(MYSQL)}, keep=Keep(all=True))
    assert list(notes.asked().values()) == list(ids.values())
    assert [doubt.is_kept for doubt in report.doubts] == [True]


def test_a_fact_that_comes_back_has_its_schedule_again(notes: Notes) -> None:
    notes.write({"a.md": note(POSTGRES, VETH)})
    ids = notes.learn()
    notes.write({"a.md": note(MYSQL, VETH)})
    notes.write({"a.md": note(POSTGRES, VETH)})
    assert notes.asked() == ids


def test_a_note_moved_retitled_and_reworded_at_once_loses_nothing(notes: Notes) -> None:
    notes.write({"a.md": note(POSTGRES, VETH, FIRST)})
    ids = notes.learn()
    reworded = VETH.replace("has a veth pair", "does a veth pair have")
    (report,) = notes.write({"moved.md": note(POSTGRES, reworded, FIRST, title="Day 6: Ports")})
    assert sorted(notes.asked().values()) == sorted(ids.values())
    assert report.warnings == ()


def test_what_a_moved_note_cannot_keep_is_said(notes: Notes) -> None:
    notes.write({"a.md": note(POSTGRES, VETH, FIRST)})
    notes.learn()
    (report,) = notes.write({"moved.md": note(POSTGRES, FIRST, "Who drops it? → The chain", title="Day 6: Ports")})
    assert [warning.message for warning in report.warnings] == [
        f"“{VETH}” is no longer in the file and is asked no more. What was learnt stays."
    ]
    assert (
        notes.write({"moved.md": note(POSTGRES, FIRST, "Who drops it? → The chain", title="Day 6: Ports")})[0].warnings
        == ()
    )


def test_an_id_wins_over_likeness(notes: Notes) -> None:
    asked = "## Q\n1.  **Q: Who gives a container its address?**{}\n    *   *A:* The engine.\n"
    notes.write({"a.md": asked.format(" <!-- id: q-who -->")})
    ids = notes.learn()
    other = "2.  **Q: Why is the sky blue?** <!-- id: q-who -->\n    *   *A:* Light is scattered.\n"
    notes.write({"a.md": asked.format("") + other})
    assert notes.asked()["Why is the sky blue?"] in ids.values()
    assert notes.learnt() == {"Why is the sky blue?"}
