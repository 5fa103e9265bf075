"""What a preview foresees of notes is what their import then does, though nothing is written for it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.admin.bringing.import_preview import Fate, PreviewedNote, preview
from quizapp.admin.bringing.matching_notes import understood
from quizapp.catalogue import own_notes
from quizapp.catalogue.importing.import_forecast import foresee
from quizapp.catalogue.importing.planned_size import added_by
from quizapp.catalogue.importing.reading import ReadFiles
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.service import import_sent
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.store.import_run import FileReport
from tests.builders import NOW

PORTS = "# Ports\n\n## Which\n\nQ: Which port has PostgreSQL?\nA: 5432\n\nQ: Which port has SSH?\nA: 22\n"
NAMES = "# Names\n\n## Who\n\nQ: Who answers at 127.0.0.11?\nA: Docker's name server.\n"
SSH = "Q: Which port has SSH?\nA: 22\n"
BEFORE = {"ports.md": PORTS, "names.md": NAMES}
STATES: Mapping[str, dict[str, str]] = {
    "the same": BEFORE,
    "new": {"new.md": "# New\n\nQ: What is new?\nA: This.\n\nQ: And without an answer?\n"},
    "reworded": {"ports.md": PORTS.replace("Which port has SSH?", "Which port has the SSH daemon?")},
    "another fact": {"ports.md": PORTS.replace("PostgreSQL", "MySQL").replace("5432", "3306")},
    "shorter": {"ports.md": PORTS.replace(SSH, "")},
    "moved to a later one": {"ports.md": PORTS.replace(SSH, ""), "z.md": f"# Z\n\n{SSH}"},
    "moved to an earlier one": {"ports.md": PORTS.replace(SSH, ""), "a.md": f"# A\n\n{SSH}"},
    "a copy": {"copy.md": f"# Copy\n\n{SSH}"},
    "of no use": {"bad.md": "\0"},
}


def sent(files: Mapping[str, str], db: Session, user: User) -> ReadFiles:
    return understood(
        db, [SentNote(path=f"{BROWSER}{name[:-3]}", data=text.encode()) for name, text in files.items()], user=user
    )


def stored(db: Session, files: Mapping[str, str], user: User) -> list[FileReport]:
    reports = import_sent(db, sent(files, db, user), now=NOW)
    db.flush()
    return reports


def told(report: FileReport) -> FileReport:
    """A report without what a note before it in the same import has retired, and this one restores."""
    counted = replace(report.changes, restored=0, retired=0)
    return replace(report, changes=counted, items_before=0)


def live(db: Session) -> dict[int, str]:
    asked = select(Question.id, Question.fingerprint).where(Question.retired_at.is_(None))
    return dict(db.execute(asked).all())


def fates(shown: list[PreviewedNote]) -> Counter[Fate]:
    return Counter(question.fate for note in shown for question in note.questions)


@pytest.mark.parametrize("after", STATES.values(), ids=STATES)
def test_a_preview_says_what_the_import_does(db: Session, learner: User, after: dict[str, str]) -> None:
    stored(db, BEFORE, learner)
    before = live(db)
    shown = preview(db, sent(after, db, learner))
    assert live(db) == before, "a preview writes nothing"
    reports = stored(db, after, learner)
    assert [told(note.report) for note in shown] == [told(report) for report in reports]
    now, said = live(db), fates(shown)
    assert said[Fate.NEW] == len(now.keys() - before.keys())
    assert said[Fate.RETIRED] == len(before.keys() - now.keys())
    assert said[Fate.CHANGED] == sum(before[row_id] != now[row_id] for row_id in before.keys() & now.keys())


def test_what_was_retired_is_foreseen_to_be_asked_again(db: Session, learner: User) -> None:
    stored(db, BEFORE, learner)
    stored(db, {"ports.md": PORTS.replace(SSH, "")}, learner)
    assert fates(preview(db, sent({"ports.md": PORTS}, db, learner))) == {Fate.KEPT: 1, Fate.RESTORED: 1}


def test_a_preview_counts_what_a_learner_would_have_as_the_import_does(db: Session, learner: User) -> None:
    stored(db, BEFORE, learner)
    for after in STATES.values():
        had = own_notes.own_notes(db, owner=learner.id)
        foreseen = [
            added_by(db, one.planned, one.file)
            for one in foresee(db, sent(after, db, learner))
            if one.planned is not None and one.file is not None
        ]
        stored(db, after, learner)
        assert sum(foreseen, start=had) == own_notes.own_notes(db, owner=learner.id)


def test_more_than_fits_is_refused_in_the_preview(db: Session, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(db, BEFORE, learner)
    monkeypatch.setattr(own_notes, "OWN_NOTES_MAX", 3)
    shown = preview(db, sent({"a.md": "# A\n\nQ: One?\nA: 1\n", "b.md": "# B\n\nQ: Two?\nA: 2\n"}, db, learner))
    assert [note.report.error is None for note in shown] == [True, False]
    assert "at most 3 fit" in (shown[1].report.error or "")
    assert db.scalar(select(func.count()).select_from(Note)) == len(BEFORE)
