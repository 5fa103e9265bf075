"""Files into the catalogue: what is stored, what an edit on either side does, what a second import does not do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, QuestionKind, Section, Tag
from quizapp.catalogue.same_thing import things_of
from quizapp.catalogue.store.import_run import Changes, FileReport
from quizapp.review import service as review
from quizapp.review.models import Card, ReviewLog

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTENT = Path(__file__).parents[3] / "content"
NOTE = """\
---
tags: [docker]
---
# Day 3: Bridges
**Date:** 5th May

## 1. The Bridge
It switches.
*   **Veth Pair:** A cable with two ends.
    *   *Card:* How many ends has a veth pair? → Two.
    *   *Card:* Where does the host's end sit? → In the bridge.
*   **NAT:** The host rewrites addresses.

## 2. Questions
1.  **Q: Who gives a container its address on a bridge?**
    *   *A:* The engine.
    *   *Must:* the engine; from the subnet      *Level:* 2
2.  **Q: Which of these is a port mapping?**
    *   *Options:*
        - [x] `-p 80:80`  *Why:* host, then container
        - [ ] `-v a:b`  *Why:* that is a volume
        - [ ] `-e A=B`
"""

BAD_FILES = {
    "empty.md": (b"", 1, "empty"),
    "latin.md": (b"# T\n\ncaf\xe9\n", 3, "UTF-8"),
    "large.md": (b"word " * 1_000_000, 1, "4,883 KiB"),
    "nul.md": (b"# T\n\0\n", 2, "NUL"),
    "wide.md": (b"# T\n\n" + b"[" * 20_000, 3, "characters"),
}

Import = Callable[..., list[FileReport]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The content folder."""
    (tmp_path / "content").mkdir()
    return tmp_path / "content"


@pytest.fixture
def run(db: Session, folder: Path) -> Import:
    """`run({"a.md": text})` writes files (None removes one) and imports the folder, an hour later at each call."""
    hours = iter(range(1, 100))

    def run(files: dict[str, str | None] | None = None) -> list[FileReport]:
        for name, text in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        reports = import_content(db, folder, now=NOON + timedelta(hours=next(hours)))
        db.expire_all()
        return reports

    return run


def by_prompt(db: Session, start: str) -> Question:
    return db.scalars(select(Question).where(Question.prompt.startswith(start))).one()


def total(reports: list[FileReport]) -> int:
    return sum(report.changes.total for report in reports)


def edit(db: Session, question: Question, **fields: object) -> None:
    """What the browser's editor does to a row."""
    for name, value in fields.items():
        setattr(question, name, value)
    question.edited = True
    question.rev += 1
    db.flush()


class TestOnce:
    def test_a_card_between_questions_is_counted_as_a_flashcard(self, db: Session, run: Import) -> None:
        (report,) = run({"a.md": "Q: a?\nA: b\n\nk :: v\n"})
        assert (report.questions, report.answered, report.cards) == (1, 1, 1)
        assert [one.kind for one in db.scalars(select(Question))].count(QuestionKind.FLASHCARD) == 1

    def test_a_note_with_everything_in_it(self, db: Session, run: Import) -> None:
        (report,) = run({"a.md": NOTE})
        assert report.error is None
        assert (report.title, report.convention) == ("Day 3: Bridges", "bold questions")
        assert (report.questions, report.answered, report.concepts, report.cards) == (2, 2, 1, 2)
        note = db.scalars(select(Note)).one()
        assert (note.path, note.title, note.number) == ("a.md", "Bridges", 3)
        assert (note.year, note.month, note.day) == (None, 5, 5)
        assert [(section.number, section.teaches) for section in note.sections] == [("1", True), ("2", False)]

    def test_kinds_follow_from_what_is_there(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE + "3.  **Q: Both?**\n    * *Options:*\n        - [x] a\n        - [x] b\n        - [ ] c\n"})
        kinds = [question.kind for question in db.scalars(select(Question).order_by(Question.position))]
        assert kinds == [
            QuestionKind.FLASHCARD,
            QuestionKind.FLASHCARD,
            QuestionKind.OPEN,
            QuestionKind.SINGLE,
            QuestionKind.MULTIPLE,
        ]

    def test_cards_hang_on_their_concept(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        card = by_prompt(db, "How many ends")
        assert card.concept is not None
        assert card.concept.term == "Veth Pair"
        assert card.section is not None
        assert card.section.title == "The Bridge"

    def test_options_keep_their_order_and_reasons(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        choices = by_prompt(db, "Which of these").choices
        assert [(choice.position, choice.right, choice.why) for choice in choices] == [
            (1, True, "host, then container"),
            (2, False, "that is a volume"),
            (3, False, ""),
        ]

    def test_tags_of_the_note_are_its_questions(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        assert all([tag.name for tag in question.tags] == ["docker"] for question in db.scalars(select(Question)))

    def test_tags_that_do_not_fit_are_left_out(self, db: Session, run: Import) -> None:
        tags = ", ".join([f"tag{number:02}" for number in range(30)] + ["x" * 65])
        run({"a.md": NOTE.replace("[docker]", f"[{tags}]")})
        assert len(db.scalars(select(Tag)).all()) == 20

    @pytest.mark.parametrize(
        "question",
        [
            "3.  **Q: Nothing yet?**\n",
            "3.  **Q: Nothing right?**\n    * *Options:*\n        - [ ] a\n        - [ ] b\n",
            "3.  **Q: Nothing to choose?**\n    * *Options:*\n        - [x] a\n",
        ],
    )
    def test_what_cannot_be_asked_is_a_draft(self, db: Session, run: Import, question: str) -> None:
        run({"a.md": NOTE + question})
        assert by_prompt(db, "Nothing").draft
        assert not by_prompt(db, "Who gives").draft

    def test_our_own_content_has_nothing_to_complain_about(self, db: Session) -> None:
        reports = import_content(db, CONTENT, now=NOON)
        assert [(report.path, report.error, report.warnings) for report in reports if report.warnings] == []
        assert all(report.questions == report.answered > 0 for report in reports)
        assert total(import_content(db, CONTENT, now=NOON + timedelta(days=1))) == 0
        tried_in = set(db.scalars(select(Question.lab_slug).where(Question.lab_slug.is_not(None))))
        assert tried_in
        assert tried_in <= set(db.scalars(select(Lab.slug)))


class TestAgain:
    def test_nothing_changes(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        tables = (Note, Section, Concept, Question, Choice)
        before = [
            [{column.name: getattr(row, column.name) for column in table.__table__.columns} for row in rows]
            for table in tables
            if (rows := db.scalars(select(table).order_by(table.id)).all())  # type: ignore[attr-defined]
        ]
        assert total(run()) == 0
        after = [
            [{column.name: getattr(row, column.name) for column in table.__table__.columns} for row in rows]
            for table in tables
            if (rows := db.scalars(select(table).order_by(table.id)).all())  # type: ignore[attr-defined]
        ]
        assert after == before

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("\n", "\r\n"),
            ("*   ", "-   "),
            ("1.  **Q", "7.  **Q"),
        ],
    )
    def test_another_spelling_of_the_same_is_the_same(self, db: Session, run: Import, old: str, new: str) -> None:
        run({"a.md": NOTE})
        ids = {question.prompt: question.id for question in db.scalars(select(Question))}
        (report,) = run({"a.md": NOTE.replace(old, new)})
        assert report.changes.added == report.changes.retired == 0
        assert {question.prompt: question.id for question in db.scalars(select(Question))} == ids

    def test_a_word_mended_in_the_file_is_one_change(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        question = by_prompt(db, "Who gives")
        was = question.id
        (report,) = run({"a.md": NOTE.replace("Who gives", "Who assigns")})
        assert (report.changes.added, report.changes.retired) == (0, 0)
        question = by_prompt(db, "Who assigns")
        assert (question.id, question.rev, question.edited) == (was, 2, False)
        assert question.updated_at == NOON + timedelta(hours=2)

    def test_a_lab_to_try_it_in_is_the_files_to_say(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        question = by_prompt(db, "Who gives")
        assert question.lab_slug is None
        edit(db, question, prompt="Who gives it?")
        answer = "    *   *A:* The engine.\n"
        (report,) = run({"a.md": NOTE.replace(answer, f"{answer}    *   *Lab:* who-gives\n")})
        assert (question.lab_slug, question.prompt, report.changes.changed) == ("who-gives", "Who gives it?", 1)
        assert total(run()) == 0

    def test_what_it_tests_the_same_as_is_the_files_to_say(self, db: Session, run: Import) -> None:
        answer = "    *   *A:* The engine.\n"
        run({"a.md": NOTE.replace(answer, f"{answer}    *   *Same as:* find-it\n")})
        assert by_prompt(db, "Who gives").same_as == "find-it"
        assert total(run()) == 0
        (report,) = run({"a.md": NOTE})
        assert (by_prompt(db, "Who gives").same_as, report.warnings) == (None, ())

    def test_an_id_that_nobody_has_is_told(self, db: Session, run: Import) -> None:
        answer = "    *   *A:* The engine.\n"
        (report,) = run({"a.md": NOTE.replace(answer, f"{answer}    *   *Same as:* q-nowhere\n")})
        assert "no question has" in report.warnings[0].message

    def test_a_question_that_names_itself_is_told_with_its_line(self, run: Import) -> None:
        first = "1.  **Q: Who gives a container its address on a bridge?**"
        answer = "    *   *A:* The engine.\n"
        named = NOTE.replace(answer, f"{answer}    *   *Same as:* q-who\n")
        (report,) = run({"a.md": named.replace(first, f"{first} <!-- id: q-who -->")})
        assert [(one.line, "itself. Name" in one.message) for one in report.warnings] == [(15, True)]

    @pytest.mark.parametrize("are_apart", [False, True])
    def test_a_question_that_names_one_that_names_another_tests_the_same_as_both(
        self, db: Session, run: Import, are_apart: bool
    ) -> None:
        asked = "1.  **Q: {}?** <!-- id: q-{} -->\n    *   *A:* Yes.\n{}\n"
        chain = [("a", "    *   *Same as:* q-b\n"), ("b", "    *   *Same as:* q-c\n"), ("c", "")]
        notes = ["## Q\n" + asked.format(name, name, same) for name, same in chain]
        files = {f"{n}.md": f"# T{n}\n{note}" for n, note in enumerate(notes)} if are_apart else {}
        reports = run(files or {"a.md": "# T\n" + "".join(notes)})
        assert [report.warnings for report in reports] == [()] * len(reports)
        ids = [by_prompt(db, name).id for name in "abc"]
        assert {*things_of(db, question_ids=ids).values()} == {ids[0]}

    def test_moving_a_section_moves_its_questions_along(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        ids = {question.prompt: question.id for question in db.scalars(select(Question))}
        head, first, second = NOTE.partition("## 1.")[0], *NOTE.partition("## 1.")[2].split("## 2.")
        (report,) = run({"a.md": f"{head}## 1.{second}\n## 2.{first}"})
        assert (report.changes.added, report.changes.retired) == (0, 0)
        assert {question.prompt: question.id for question in db.scalars(select(Question))} == ids
        note = db.scalars(select(Note)).one()
        assert [section.title for section in note.sections] == ["Questions", "The Bridge"]

    def test_options_keep_their_rows(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        before = {choice.text: choice.id for choice in by_prompt(db, "Which of these").choices}
        swapped = NOTE.replace(
            "        - [ ] `-v a:b`  *Why:* that is a volume\n        - [ ] `-e A=B`\n",
            "        - [ ] `-e A=B`\n        - [ ] `-v a:b`  *Why:* a volume\n        - [ ] `--rm`\n",
        )
        run({"a.md": swapped})
        after = {choice.text: choice.id for choice in by_prompt(db, "Which of these").choices}
        assert list(after) == ["`-p 80:80`", "`-e A=B`", "`-v a:b`", "`--rm`"]
        assert {text: after[text] for text in before} == before

    def test_an_option_taken_out_is_gone(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        run({"a.md": NOTE.replace("        - [ ] `-v a:b`  *Why:* that is a volume\n", "")})
        assert [choice.text for choice in by_prompt(db, "Which of these").choices] == ["`-p 80:80`", "`-e A=B`"]

    def test_a_section_taken_out_leaves_nothing_behind(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        run({"a.md": NOTE.partition("## 2.")[0]})
        assert [section.title for section in db.scalars(select(Section))] == ["The Bridge"]
        assert by_prompt(db, "Who gives").retired_at is not None

    def test_an_id_added_later_is_the_same_item(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        was = by_prompt(db, "Who gives").id
        run({"a.md": NOTE.replace("on a bridge?**", "on a bridge?** <!-- id: q-mine -->")})
        question = by_prompt(db, "Who gives")
        assert (question.id, question.key) == (was, "q-mine")


class TestTwoSides:
    def test_only_the_browser_changed(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        edit(db, by_prompt(db, "Who gives"), answer="The engine's address manager.")
        (report,) = run({"a.md": NOTE.replace("It switches.", "It forwards.")})
        assert report.warnings == ()
        question = by_prompt(db, "Who gives")
        assert (question.answer, question.edited) == ("The engine's address manager.", True)

    def test_both_changed(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        edit(db, by_prompt(db, "Who gives"), answer="The engine's address manager.")
        (report,) = run({"a.md": NOTE.replace("*A:* The engine.", "*A:* The daemon.")})
        ((line, message),) = [(warning.line, warning.message) for warning in report.warnings]
        assert line == 15
        assert "browser's version is kept" in message
        assert by_prompt(db, "Who gives").answer == "The engine's address manager."
        assert report.changes.total == 1  # the note's own text

    def test_a_conflict_stays_one_until_it_is_settled(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        edit(db, by_prompt(db, "Who gives"), answer="The address manager.")
        changed = NOTE.replace("*A:* The engine.", "*A:* The daemon.")
        run({"a.md": changed})
        (report,) = run()
        assert report.changes.total == 0
        assert len(report.warnings) == 1
        (report,) = run({"a.md": NOTE.replace("*A:* The engine.", "*A:* The address manager.")})
        assert report.warnings == ()
        assert not by_prompt(db, "Who gives").edited

    def test_an_editors_tags_stay(self, db: Session, run: Import) -> None:
        run({"a.md": NOTE})
        edit(db, by_prompt(db, "Who gives"), tags=[])
        run()
        assert by_prompt(db, "Who gives").tags == []


class TestTrouble:
    def test_no_faulty_file_keeps_another_out(self, db: Session, run: Import, folder: Path) -> None:
        for name, (data, _, _) in BAD_FILES.items():
            (folder / name).write_bytes(data)
        reports = {Path(report.path).name: report for report in run({"good.md": NOTE})}
        for name, (_, line, word) in BAD_FILES.items():
            (warning,) = reports[name].warnings
            assert (warning.line, reports[name].error) == (line, warning.message)
            assert word in warning.message
        assert reports["good.md"].error is None
        assert len(db.scalars(select(Note)).all()) == 1

    def test_a_script_is_text_everywhere(self, db: Session, run: Import) -> None:
        (report,) = run({"a.md": "# T\n\n## <script>a\n\n<script>b</script>\n\n* **<script>c:** d\n"})
        assert {warning.line for warning in report.warnings} == {3, 5, 7}
        assert "<script" not in db.scalars(select(Section)).one().html

    def test_a_readme_that_asks_nothing_is_left_out(self, db: Session, run: Import) -> None:
        (report,) = run({"README.md": "# About\n\ntext\n"})
        assert (report.error, report.changes) == (None, Changes())
        assert "left out" in report.warnings[0].message
        run({"README.md": NOTE})
        assert db.scalars(select(Note)).one().title == "Bridges"

    def test_long_titles_fit(self, db: Session, run: Import) -> None:
        run({"a.md": f"# {'Long ' * 100}\n\n## {'Part ' * 100}\n\n* **{'Term ' * 100}:** x\n"})
        assert len(db.scalars(select(Note)).one().title) == 300

    def test_too_many_items_are_refused(self, db: Session, run: Import) -> None:
        (report,) = run({"a.md": "# T\n\n## A\n" + "* **a:** b\n" * 5_001})
        assert report.error is not None
        assert "more than 5,000" in report.error


class TestLearners:
    def test_cards_and_reviews_are_never_touched(self, db: Session, run: Import, learner: User) -> None:
        run({"a.md": NOTE})
        ids = [question.id for question in db.scalars(select(Question).order_by(Question.id))]
        review.add_cards(db, user=learner, question_ids=ids, now=NOON)
        before = [(card.id, card.question_id, card.version) for card in db.scalars(select(Card).order_by(Card.id))]
        run({"a.md": NOTE.replace("Who gives", "Who assigns").partition("2.  **Q")[0]})
        run({"a.md": None})
        run({"a.md": NOTE})
        after = [(card.id, card.question_id, card.version) for card in db.scalars(select(Card).order_by(Card.id))]
        assert after == before
        assert db.scalars(select(ReviewLog)).all() == []
