"""Questions and files that leave the content folder, return, move, or are there twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Lab, Note, Question, QuestionKind, Unsettled
from tests.builders import a_question
from tests.integration.catalogue.test_import import CONTENT, NOON, NOTE, Import, by_prompt, folder, run, total

__all__ = ["folder", "run"]


class TestGoneAndBack:
    def test_a_question_leaves_and_returns(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        was = by_prompt(db, "Which of these").id
        (report,) = run({"a.md": NOTE.partition("2.  **Q")[0]})
        assert report.changes.retired == 1
        assert by_prompt(db, "Which of these").retired_at == NOON + timedelta(hours=2)
        (report,) = run({"a.md": NOTE})
        assert report.changes.restored == 1
        question = by_prompt(db, "Which of these")
        assert (question.id, question.retired_at) == (was, None)

    def test_a_file_leaves_and_returns(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE, "b.md": "# Other\n\ntext\n"})
        reports = {Path(report.path).name: report for report in run({"a.md": None})}
        assert reports["a.md"].changes.retired == 4
        assert "gone" in reports["a.md"].warnings[0].message
        assert db.scalars(select(Note).where(Note.path == "a.md")).one().retired_at is not None
        assert [Path(report.path).name for report in run()] == ["b.md"]
        reports = {Path(report.path).name: report for report in run({"a.md": NOTE})}
        assert reports["a.md"].changes.restored == 4 + 2  # and the two concepts
        assert all(question.retired_at is None for question in db.scalars(select(Question)))

    def test_a_new_file_leaves_what_is_disputed_about_a_question_of_no_note(self, db: Session, run: Import) -> None:
        question = a_question(db)
        db.add(Unsettled(question_id=question.id, settled=True))
        db.commit()
        run({"a.md": NOTE})
        assert db.get_one(Unsettled, question.id).settled

    def test_a_file_that_cannot_be_read_has_not_gone(self, db: Session, run: Import, folder: Path) -> None:
        run({"a.md": NOTE})
        (folder / "a.md").write_bytes(b"\xff\xfe")
        (report,) = run()
        assert report.error is not None
        assert db.scalars(select(Note)).one().retired_at is None

    def test_a_folder_that_is_not_there_takes_nothing_away(self, db: Session, run: Import, folder: Path) -> None:
        lab = (CONTENT / "labs" / "publish-or-publish-all" / "lab.yaml").read_text(encoding="utf-8")
        run({"a.md": NOTE, "labs/publish-or-publish-all/lab.yaml": lab})
        folder.rename(folder.with_name("elsewhere"))
        (report,) = run()
        assert report.error is not None
        assert db.scalars(select(Note)).one().retired_at is None
        assert db.scalars(select(Lab)).one().retired_at is None

    def test_a_renamed_file_is_the_same_note(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        was = db.scalars(select(Note)).one().id
        (report,) = run({"a.md": None, "b.md": NOTE.replace("It switches.", "It forwards.")})
        assert (report.changes.added, report.changes.retired) == (0, 0)
        assert [(note.id, note.path) for note in db.scalars(select(Note))] == [(was, "b.md")]

    @pytest.mark.parametrize(("source", "target"), [("a.md", "b.md"), ("b.md", "a.md")])
    def test_a_question_moves_to_another_file(self, db: Session, run: Import, source: str, target: str) -> None:
        other = "# Other\n\n## Questions\n1.  **Q: Something else?**\n    * *A:* Yes.\n"
        run({source: NOTE, target: other})
        was = by_prompt(db, "Who gives").id
        moved = "2" + NOTE[NOTE.index(".  **Q: Who") : NOTE.index("2.  **Q: Which")]
        run({source: NOTE.replace("1" + moved[1:], ""), target: other + moved})
        question = by_prompt(db, "Who gives")
        assert (question.id, question.retired_at) == (was, None)
        assert question.note is not None
        assert question.note.path == target

    def test_two_files_with_ids_change_names(self, db: Session, run: Import) -> None:
        one = NOTE.replace("tags:", "id: n-one\ntags:")
        two = "---\nid: n-two\n---\n# Other\n\n## Questions\n1.  **Q: Else?**\n    * *A:* Yes.\n"
        run({"a.md": one, "b.md": two})
        ids = {note.key: note.id for note in db.scalars(select(Note))}
        run({"a.md": two, "b.md": one})
        assert {note.key: (note.id, note.path, note.retired_at) for note in db.scalars(select(Note))} == {
            "n-one": (ids["n-one"], "b.md", None),
            "n-two": (ids["n-two"], "a.md", None),
        }
        assert all(question.retired_at is None for question in db.scalars(select(Question)))
        assert total(run()) == 0


class TestTwice:
    def test_a_copied_page_is_reported(self, db: Session, run: Import) -> None:
        reports = run({"a.md": NOTE, "b.md": NOTE})
        assert [len(report.warnings) for report in reports] == [0, 4]
        assert all("a.md has the same question" in warning.message for warning in reports[1].warnings)

    def test_an_id_stays_with_the_file_that_has_it(self, db: Session, run: Import) -> None:
        with_id = NOTE.replace("on a bridge?**", "on a bridge?** <!-- id: q-mine -->")
        run({"b.md": with_id})
        reports = run({"a.md": with_id})
        ((line, message),) = [(one.line, one.message) for one in reports[0].warnings if "q-mine" in one.message]
        assert line == 15
        assert "b.md" in message
        owner = db.scalars(select(Question).where(Question.key == "q-mine")).one()
        assert owner.note is not None
        assert owner.note.path == "b.md"
        assert total(run()) == 0

    def test_a_lab_does_not_lend_its_name(self, db: Session, run: Import) -> None:
        lab = (CONTENT / "labs" / "publish-or-publish-all" / "lab.yaml").read_text(encoding="utf-8")
        run({"labs/publish-or-publish-all/lab.yaml": lab})
        text = NOTE.replace("on a bridge?**", "on a bridge?** <!-- id: publish-or-publish-all -->")
        reports = run({"a.md": text})
        assert "name of a lab" in reports[0].warnings[0].message
        assert by_prompt(db, "Who gives").kind is QuestionKind.OPEN
