"""What an import changes is in the trail as one line with its parts, and each changed question has a version before."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing import authoring, bulk
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.importing import service
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.sent_notes import SentNote
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.models import OPERATOR, ContentDeed, DeedOf, NoteEdit, Question, QuestionEdit
from quizapp.catalogue.question_shape import Stage, from_json, shape_of, stage_of
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.revisions import unpacked
from tests.builders import EDITOR, NOW

FIRST = """\
# Ports
## Publishing
1.  **Q: What does `-P` publish?** <!-- id: q-all -->
    *   *A:* Every exposed port.
2.  **Q: Which port does `-p 80:8080` open?** <!-- id: q-one -->
    - [x] 80
    - [ ] 8080
3.  **Q: What goes?** <!-- id: q-gone -->
    *   *A:* This.
"""
SECOND = """\
# Ports
## Publishing
1.  **Q: What does `-P` publish?** <!-- id: q-all -->
    *   *A:* Every exposed port, each on a free one.
2.  **Q: Which port does `-p 80:8080` open?** <!-- id: q-one -->
    - [ ] 8080
    - [x] 80, on the host
    - [ ] both
3.  **Q: What is new?** <!-- id: q-new -->
    *   *A:* That.
"""


def imported(db: Session, folder: Path, text: str) -> None:
    (folder / "ports.md").write_text(text, encoding="utf-8")
    reports = service.import_content(db, folder, now=NOW, consent=Consent.GIVEN)
    assert [report.error for report in reports] == [None]


def steps(db: Session) -> list[ContentDeed]:
    return list(db.scalars(select(ContentDeed).where(ContentDeed.step_id.is_(None)).order_by(ContentDeed.id)))


def parts(db: Session, step: ContentDeed) -> list[tuple[DeedOf, str | None, bool]]:
    rows = db.scalars(select(ContentDeed).where(ContentDeed.step_id == step.id).order_by(ContentDeed.id))
    return [(row.what, row.key, row.edit_id is not None) for row in rows]


def asked(db: Session, key: str) -> Question:
    return db.scalars(select(Question).where(Question.key == key)).one()


def test_an_import_is_one_line_with_what_became_of_each_question(db: Session, tmp_path: Path) -> None:
    for text in (FIRST, FIRST, SECOND, SECOND):
        imported(db, tmp_path, text)
    first, second = steps(db)
    assert (first.what, first.editor_id, first.words) == (DeedOf.IMPORT, OPERATOR, "“Ports”: 3 new")
    assert second.words == "“Ports”: 1 new, 2 changed, 1 retired"
    assert parts(db, first) == [(DeedOf.NOTE, None, False)]
    new = db.scalars(select(ContentDeed.kept).where(ContentDeed.step_id.is_not(None)).order_by(ContentDeed.id)).all()
    assert new[0] == {"new": ["q-all", "q-one", "q-gone"]}
    assert parts(db, second) == [
        (DeedOf.NOTE, None, False),
        (DeedOf.EDIT, "q-all", True),
        (DeedOf.EDIT, "q-one", True),
        (DeedOf.RETIRE, "q-gone", True),
    ]
    (text,) = db.scalars(select(NoteEdit)).all()
    assert (unpacked(text.before), text.step_id) == (FIRST, second.id)


def test_what_an_import_kept_is_what_is_stored(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, FIRST)
    before = {key: shape_of(asked(db, key)) for key in ("q-all", "q-one", "q-gone")}
    imported(db, tmp_path, SECOND)
    for key, was in before.items():
        question = asked(db, key)
        (edit,) = db.scalars(select(QuestionEdit).where(QuestionEdit.question_id == question.id)).all()
        assert from_json(edit.before, like=was) == was
        assert from_json(edit.after, like=shape_of(question)) == shape_of(question)


def test_the_version_before_an_import_can_be_restored_and_stays(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, FIRST)
    imported(db, tmp_path, SECOND)
    question = asked(db, "q-one")
    edit = db.scalars(select(QuestionEdit.id).where(QuestionEdit.question_id == question.id)).one()
    authoring.restore_version(db, question=question, edit_id=edit, first=True, rev=question.rev, editor=EDITOR, now=NOW)
    db.commit()
    imported(db, tmp_path, SECOND)
    assert [choice.text for choice in asked(db, "q-one").choices] == ["80", "8080"]
    restored = db.scalars(select(QuestionEdit.id).order_by(QuestionEdit.id.desc())).first()
    assert restored is not None
    assert take_back(db, edit_id=restored, editor=EDITOR, now=NOW)
    assert not asked(db, "q-one").edited


def test_a_note_that_goes_and_comes_back_is_told(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, FIRST)
    (tmp_path / "ports.md").unlink()
    (tmp_path / "other.md").write_text("# Other\n## Else\nText.\n", encoding="utf-8")
    service.import_content(db, tmp_path, now=NOW, consent=Consent.GIVEN)
    imported_again = "“Ports”: 3 restored"
    assert steps(db)[-1].words == "2 notes and labs: 3 retired"
    (tmp_path / "ports.md").write_text(FIRST, encoding="utf-8")
    service.import_content(db, tmp_path, now=NOW, consent=Consent.GIVEN)
    assert steps(db)[-1].words == imported_again
    assert stage_of(asked(db, "q-gone")) is Stage.PUBLISHED


@pytest.mark.parametrize("is_own", [True, False])
def test_own_notes_and_what_is_only_tried_leave_nothing(db: Session, is_own: bool) -> None:
    sent = read_sent([SentNote(path=None, data=FIRST.encode())], owner=uuid4() if is_own else None, sent_by=EDITOR)
    if is_own:
        service.import_sent(db, sent, now=NOW)
    else:
        with rehearsal(db) as copy:
            service.import_sent(copy, sent, now=NOW)
    assert steps(db) == []


def test_an_import_is_not_undone_as_a_deed_on_many(db: Session) -> None:
    service.import_sent(db, read_sent([SentNote(path=None, data=FIRST.encode())], sent_by=EDITOR), now=NOW)
    (step,) = steps(db)
    assert step.editor_id == EDITOR.id
    assert bulk.last_step(db, editor=EDITOR, now=NOW) is None


def test_a_question_that_loses_its_options_has_a_version_with_them(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, FIRST)
    imported(db, tmp_path, FIRST.replace("    - [x] 80\n    - [ ] 8080\n", ""))
    (edit,) = db.scalars(select(QuestionEdit))
    assert [one["text"] for one in edit.before["choices"]] == ["80", "8080"]
    assert edit.after["choices"] == []
