"""What editors make, move and retire in the browser: it outlives imports, and comes into the note's own lines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind, Section
from quizapp.catalogue.question_shape import QuestionPlace, Stage, stage_of
from quizapp.catalogue.question_wording import EMPTY, ChoiceWording, Wording
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.syncing.sync import sync
from tests.integration.catalogue.test_import import NOTE, by_prompt

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RIGHT, WRONG = (
    ChoiceWording(id=None, text="A route", right=True, why="It leads out."),
    ChoiceWording(id=None, text="A name", right=False, why=""),
)
WORDINGS = {
    QuestionKind.FLASHCARD: replace(EMPTY, prompt="What joins two ends?", answer="A veth pair."),
    QuestionKind.OPEN: replace(
        EMPTY, prompt="Why does NAT exist?", answer="Few addresses.\n\nMany hosts.", must=("few", "many"), level=3
    ),
    QuestionKind.SINGLE: replace(EMPTY, prompt="What leads out?", choices=(RIGHT, WRONG), answer="Look at `ip route`."),
    QuestionKind.MULTIPLE: replace(
        EMPTY, prompt="What is needed?", choices=(RIGHT, replace(RIGHT, text="An address"), WRONG)
    ),
    QuestionKind.SHORT: replace(EMPTY, prompt="Which command lists routes?", expected="`ip route` | `ip r`"),
    QuestionKind.NUMBER: replace(EMPTY, prompt="How long is it?", expected="1500 ± 10 bytes", hints=("It is even.",)),
    QuestionKind.TRUTH: replace(EMPTY, prompt="A bridge routes.", expected="false"),
    QuestionKind.ORDER: replace(EMPTY, prompt="In which order?", expected="containerd\ndockerd\nthe container"),
    QuestionKind.MATCH: replace(EMPTY, prompt="What belongs together?", expected="bridge → layer 2\nrouter → layer 3"),
    QuestionKind.CLOZE: replace(
        EMPTY,
        prompt="Fill the gap.",
        expected="A **veth** pair has two ends.",
        source_url="https://example.org/",
        as_of="2026-11",
    ),
}


@pytest.fixture
def editor(db: Session) -> User:
    return accounts.add_user(db, name="Grace", role=Role.EDITOR, now=NOON)


@pytest.fixture
def bring(db: Session, tmp_path: Path) -> Callable[..., None]:
    """`bring(text, name=…)`: put a note into the content folder and import the folder."""

    def put(text: str = NOTE, name: str = "a.md") -> None:
        (tmp_path / "content").mkdir(exist_ok=True)
        (tmp_path / "content" / name).write_text(text)
        import_content(db, tmp_path / "content", now=NOON)
        db.expire_all()

    return put


def place(db: Session, *, note: str = "Bridges", section: int = 2, concept: str | None = None) -> QuestionPlace:
    row = db.scalars(select(Note).where(Note.title.contains(note))).one()
    found = db.scalars(select(Section).where(Section.note_id == row.id, Section.position == section)).one()
    key = db.scalar(select(Concept.key).where(Concept.term == concept)) if concept else None
    return QuestionPlace(note=row.key, section=found.anchor, concept=key)


def made(
    db: Session,
    editor: User,
    kind: QuestionKind = QuestionKind.OPEN,
    *,
    wording: Wording | None = None,
    stage: Stage = Stage.PUBLISHED,
    at: QuestionPlace | None = None,
) -> Question:
    wanted = wording or WORDINGS[kind]
    return authoring.make(db, kind=kind, wording=wanted, place=at or place(db), stage=stage, editor=editor, now=NOON)


def given_back(db: Session) -> str:
    out = export(db, form=ExportFormat.MARKDOWN, now=NOON)
    assert out.left_out == ()
    return out.data.decode()


@pytest.mark.parametrize("kind", WORDINGS)
def test_a_question_of_each_kind_is_written_into_its_note_and_known_again(
    db: Session, bring: Callable[..., None], editor: User, kind: QuestionKind
) -> None:
    bring()
    concept = "Veth Pair" if kind is QuestionKind.FLASHCARD else None
    question = made(db, editor, kind, at=place(db, section=1 if concept else 2, concept=concept))
    text = given_back(db)
    assert [line for line in NOTE.split("\n") if line not in text.split("\n")] == []
    bring(text)
    again = db.scalars(select(Question).where(Question.prompt == WORDINGS[kind].prompt)).one()
    assert again.id == question.id
    assert (again.made_here, again.edited, again.hidden) == (False, False, False)
    assert replace(authoring.wording_of(again), choices=(), tags=()) == replace(WORDINGS[kind], choices=(), tags=())
    assert given_back(db) == text


@pytest.mark.parametrize(
    ("note", "line"),
    [
        ("# T\n\n## Questions\n\n### Q1: What is NAT?\n\n**A:** It.\n\n### Q2: What is a bridge?\n\n**A:** A switch.\n",
         "### Q3: Why does NAT exist? <!-- id: {key} -->"),
        ("# T\n\n## Questions\n\nQ: What is NAT?\nA: A trick.\n\nQ: What is a bridge?\nA: A switch.\n",
         "Q: Why does NAT exist? <!-- id: {key} -->"),
    ],
    ids=["heading questions", "Q: and A:"],
)  # fmt: skip
def test_a_new_question_is_written_in_the_way_of_its_note(
    db: Session, bring: Callable[..., None], editor: User, note: str, line: str
) -> None:
    bring(note)
    wording = replace(WORDINGS[QuestionKind.OPEN], answer="Few addresses.", must=(), level=None)
    question = made(db, editor, wording=wording, at=place(db, note="T", section=1))
    text = given_back(db)
    assert text.startswith(note.rstrip())
    assert line.format(key=question.key) in text.split("\n")
    bring(text)
    assert (question.made_here, question.answer) == (False, "Few addresses.")


def test_what_was_made_here_stays_when_its_notes_file_is_imported_again(
    db: Session, bring: Callable[..., None], editor: User
) -> None:
    bring()
    question = made(db, editor)
    bring(NOTE.replace("It switches.", "It forwards."))
    assert (question.made_here, question.hidden, question.section.title) == (True, False, "Questions")


def test_a_draft_made_here_is_not_in_what_is_exported(db: Session, bring: Callable[..., None], editor: User) -> None:
    bring()
    made(db, editor, stage=Stage.DRAFT)
    made(db, editor, QuestionKind.TRUTH, stage=Stage.REVIEW)
    assert given_back(db) == NOTE


def test_what_was_made_here_goes_and_comes_back_with_its_note(
    db: Session, bring: Callable[..., None], editor: User, tmp_path: Path
) -> None:
    bring()
    question = made(db, editor)
    (tmp_path / "content" / "a.md").unlink()
    bring("# Other\n\nText.\n", name="b.md")
    assert question.hidden
    bring()
    assert not question.hidden
    assert question.made_here


def test_sync_writes_what_was_made_here_into_the_file(
    db: Session, bring: Callable[..., None], editor: User, tmp_path: Path
) -> None:
    bring()
    question = made(db, editor, QuestionKind.SINGLE)
    db.commit()
    folder = tmp_path / "content"
    done = sync(db, [folder], root=folder, now=NOON, consent=Consent.NONE, take=None)
    assert (done.left, list(done.written.values())) == ([], [1])
    assert f"**Q: What leads out?** <!-- id: {question.key} -->" in (folder / "a.md").read_text()
    assert not question.made_here


def test_what_was_changed_in_the_file_and_here_before_it_was_known_waits_for_an_editor(
    db: Session, bring: Callable[..., None], editor: User
) -> None:
    bring()
    question = made(db, editor)
    text = given_back(db)
    wording = replace(authoring.wording_of(question), level=5)
    authoring.save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=NOON)
    bring(text.replace("*Level:* 3", "*Level:* 4"))
    assert question.level == 5
    assert not question.made_here
    assert question.edited


def test_a_question_moved_to_another_note_stays_there(db: Session, bring: Callable[..., None], editor: User) -> None:
    bring()
    bring("# Routes\n\n## One\n\nText.\n\n## Two\n\nMore.\n", name="b.md")
    question = by_prompt(db, "Who gives")
    authoring.move(db, question=question, place=place(db, note="Routes", section=2), editor=editor, now=NOON)
    for text in (NOTE, NOTE.replace("It switches.", "It forwards."), NOTE.replace("*Level:* 2", "*Level:* 4")):
        bring(text)
        assert (question.note.title, question.section.title) == ("Routes", "Two")
        assert len(db.scalars(select(Question).where(Question.prompt.contains("Who gives"))).all()) == 1
    assert question.level == 4
    authoring.move(db, question=question, place=place(db, note="Bridges", section=1), editor=editor, now=NOON)
    bring()
    assert (question.note.title, question.section.title, question.home_id) == ("Bridges", "The Bridge", None)


def test_a_question_moved_away_is_retired_when_its_file_loses_it(
    db: Session, bring: Callable[..., None], editor: User
) -> None:
    bring()
    bring("# Routes\n\n## One\n\nText.\n", name="b.md")
    question = by_prompt(db, "Who gives")
    authoring.move(db, question=question, place=place(db, note="Routes", section=1), editor=editor, now=NOON)
    bring("# Routes\n\n## One\n\nOther.\n", name="b.md")
    assert question.retired_at is None
    bring(NOTE[: NOTE.index("1.  **Q: Who")])
    assert question.retired_at is not None


def test_a_question_that_an_editor_retired_stays_retired(db: Session, bring: Callable[..., None], editor: User) -> None:
    bring()
    question = by_prompt(db, "Who gives")
    authoring.set_stage(db, question=question, stage=Stage.RETIRED, editor=editor, now=NOON)
    for text in (NOTE.replace("It switches.", "It forwards."), NOTE.replace("*Level:* 2", "*Level:* 4")):
        bring(text)
        assert (question.hidden, stage_of(question)) == (True, Stage.RETIRED)
    authoring.set_stage(db, question=question, stage=Stage.PUBLISHED, editor=editor, now=NOON)
    bring()
    assert (question.hidden, question.level) == (False, 2)


def test_what_its_file_lost_can_be_restored_and_belongs_to_no_file(
    db: Session, bring: Callable[..., None], editor: User
) -> None:
    bring()
    question = by_prompt(db, "Who gives")
    shorter = NOTE.replace(NOTE[NOTE.index("1.  **Q: Who") : NOTE.index("2.  **Q: Which")], "")
    bring(shorter)
    assert question.hidden
    authoring.set_stage(db, question=question, stage=Stage.PUBLISHED, editor=editor, now=NOON)
    bring(shorter.replace("It switches.", "It forwards."))
    assert (question.hidden, question.made_here) == (False, True)


def test_a_held_question_stays_hidden_through_imports(db: Session, bring: Callable[..., None], editor: User) -> None:
    bring()
    question = by_prompt(db, "Who gives")
    authoring.set_stage(db, question=question, stage=Stage.REVIEW, editor=editor, now=NOON)
    bring(NOTE.replace("*Level:* 2", "*Level:* 4"))
    assert (question.level, question.hidden, stage_of(question)) == (4, True, Stage.REVIEW)
