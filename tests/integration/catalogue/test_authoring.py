"""The one way to change a question: each change is on record, none overwrites another, each can be taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.editing import authoring, bulk, drafts
from quizapp.catalogue.editing.kind_change import changed_kind
from quizapp.catalogue.editing.merging import marks_of, read_marks
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.models import ContentDeed, DeedOf, Note, Question, QuestionEdit, QuestionKind, Section
from quizapp.catalogue.question_shape import QuestionPlace, Stage, stage_of, wording_of
from quizapp.catalogue.question_wording import EMPTY, ChoiceWording, Wording
from quizapp.errors import Invalid, NotFound

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPTIONS = tuple(ChoiceWording(id=None, text=text, right=text == "A", why="") for text in ("A", "B", "C"))
SINGLE = replace(EMPTY, prompt="Which?", choices=OPTIONS, tags=("net",), hints=("Look.",))
Make = Callable[..., Question]


@pytest.fixture
def editor(db: Session) -> User:
    return accounts.add_user(db, name="Grace", role=Role.EDITOR, now=NOON)


@pytest.fixture
def place(db: Session) -> QuestionPlace:
    """A section of a stored note."""
    facts = {"path": "a.md", "title": "A", "convention": "labels", "source": "", "imported_at": NOON}
    note = Note(key="n-a", **facts)
    note.sections = [Section(position=1, title="One", anchor="s-one", html="", teaches=True)]
    db.add(note)
    db.flush()
    return QuestionPlace(note="n-a", section="s-one", concept=None)


@pytest.fixture
def make(db: Session, editor: User, place: QuestionPlace) -> Make:
    """`make(kind, wording, stage)`: a question made in the browser."""

    def made(
        kind: QuestionKind = QuestionKind.SINGLE, wording: Wording = SINGLE, stage: Stage = Stage.PUBLISHED
    ) -> Question:
        return authoring.make(db, kind=kind, wording=wording, place=place, stage=stage, editor=editor, now=NOON)

    return made


def edit(db: Session, question: Question, editor: User, *, opened: Wording, rev: int, **parts: object) -> object:
    return authoring.save(
        db,
        question=question,
        wording=replace(opened, **parts),
        rev=rev,
        opened=read_marks(marks_of(opened)),
        editor=editor,
        now=NOON,
    )


def deeds(db: Session) -> list[tuple[DeedOf, str | None]]:
    return [(row.what, row.key) for row in db.scalars(select(ContentDeed).order_by(ContentDeed.id))]


def test_each_change_is_an_edit_and_a_line_of_the_trail(db: Session, make: Make, editor: User) -> None:
    question = make()
    for stage in (Stage.RETIRED, Stage.PUBLISHED, Stage.REVIEW):
        authoring.set_stage(db, question=question, stage=stage, editor=editor, now=NOON)
    copy = authoring.duplicate(db, question=question, editor=editor, now=NOON)
    done = [DeedOf.MAKE, DeedOf.RETIRE, DeedOf.RESTORE, DeedOf.REVIEW]
    assert deeds(db) == [*((what, question.key) for what in done), (DeedOf.DUPLICATE, copy.key)]
    assert len(db.scalars(select(QuestionEdit)).all()) == 5
    assert (question.rev, copy.hidden, copy.prompt, stage_of(copy)) == (4, True, "Which?", Stage.DRAFT)


def test_what_is_not_finished_can_be_kept_and_not_published(db: Session, make: Make, editor: User) -> None:
    with pytest.raises(authoring.Unfit, match="2 to 8 options"):
        make(wording=replace(SINGLE, choices=()))
    question = make(wording=replace(SINGLE, choices=()), stage=Stage.DRAFT)
    with pytest.raises(authoring.Unfit):
        authoring.set_stage(db, question=question, stage=Stage.PUBLISHED, editor=editor, now=NOON)
    edit(db, question, editor, opened=wording_of(question), rev=question.rev, choices=OPTIONS)
    authoring.set_stage(db, question=question, stage=Stage.PUBLISHED, editor=editor, now=NOON)
    assert not question.hidden


def test_two_editors_of_different_parts_both_keep_theirs(db: Session, make: Make, editor: User) -> None:
    question = make()
    opened, rev = wording_of(question), question.rev
    first, second, third = opened.choices
    theirs = (first, replace(second, text="B, too"), third)
    edit(db, question, editor, opened=opened, rev=rev, level=2, choices=theirs, tags=("net", "new"))
    mine = (replace(first, why="So it is."), second, third)
    saved = edit(db, question, editor, opened=opened, rev=rev, prompt="Which one?", choices=mine, tags=())
    now = wording_of(question)
    assert (now.prompt, now.level, now.tags) == ("Which one?", 2, ("new",))
    assert [(one.text, one.why) for one in now.choices] == [("A", "So it is."), ("B, too", ""), ("C", "")]
    assert isinstance(saved, authoring.Saved)
    assert "Level" in saved.theirs


def test_only_what_both_have_changed_is_disputed(db: Session, make: Make, editor: User) -> None:
    question = make()
    opened, rev = wording_of(question), question.rev
    edit(db, question, editor, opened=opened, rev=rev, level=2, prompt="Which of them?")
    with pytest.raises(authoring.ChangedMeanwhile) as caught:
        edit(db, question, editor, opened=opened, rev=rev, prompt="Which one?", answer="It is A.")
    both = caught.value.both
    assert both is not None
    assert list(both.disputed) == ["prompt"]
    assert (both.wording.prompt, both.wording.level, both.wording.answer) == ("Which one?", 2, "It is A.")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "9" * 30_000, "[" * 19_000, '{"tags": 1}'])
def test_marks_that_cannot_be_read_are_none(text: str) -> None:
    assert read_marks(text) is None


def test_an_older_version_is_taken_again_and_so_is_the_first(db: Session, make: Make, editor: User) -> None:
    question = make()
    edit(db, question, editor, opened=wording_of(question), rev=1, prompt="Second?")
    authoring.change_kind(db, question=question, kind=QuestionKind.OPEN, rev=2, editor=editor, now=NOON)
    made, second, _ = db.scalars(select(QuestionEdit).order_by(QuestionEdit.id)).all()
    given = {"question": question, "editor": editor, "now": NOON}
    authoring.restore_version(db, edit_id=second.id, first=False, rev=3, **given)
    assert (question.kind, question.prompt, len(question.choices)) == (QuestionKind.SINGLE, "Second?", 3)
    authoring.restore_version(db, edit_id=second.id, first=True, rev=4, **given)
    assert question.prompt == "Which?"
    with pytest.raises(Invalid):
        authoring.restore_version(db, edit_id=made.id, first=True, rev=5, **given)


def test_the_history_of_another_question_is_no_version_of_this(db: Session, make: Make, editor: User) -> None:
    question, other = make(), make(wording=replace(SINGLE, prompt="Other?"))
    theirs = db.scalars(select(QuestionEdit.id).where(QuestionEdit.question_id == other.id)).one()
    with pytest.raises(Invalid):
        authoring.restore_version(db, question=question, edit_id=theirs, first=False, rev=1, editor=editor, now=NOON)


@pytest.mark.parametrize(
    ("old", "new", "wording", "lost", "finished"),
    [
        (QuestionKind.SINGLE, QuestionKind.MULTIPLE, SINGLE, [], True),
        (QuestionKind.SINGLE, QuestionKind.OPEN, SINGLE, ["its options, and why each is right or wrong"], True),
        (QuestionKind.SINGLE, QuestionKind.SHORT, SINGLE, ["its options, and why each is right or wrong"], True),
        (QuestionKind.OPEN, QuestionKind.FLASHCARD, replace(EMPTY, prompt="Q?", answer="A.", must=("a",), hints=("h",)),
         ["its hints", "its marking guide"], True),
        (QuestionKind.TRUTH, QuestionKind.SINGLE, replace(EMPTY, prompt="It is.", expected="true"), [], True),
        (QuestionKind.OPEN, QuestionKind.NUMBER, replace(EMPTY, prompt="Q?", answer="Many."), [], False),
        (QuestionKind.ORDER, QuestionKind.FLASHCARD, replace(EMPTY, prompt="Order?", expected="a\nb"), [], True),
    ],
)  # fmt: skip
def test_a_change_of_kind_says_first_what_is_lost(
    old: QuestionKind, new: QuestionKind, wording: Wording, lost: list[str], finished: bool
) -> None:
    change = changed_kind(wording, old, new)
    assert (list(change.lost), change.is_finished) == (lost, finished)


@pytest.mark.parametrize("kind", [kind for kind in QuestionKind if kind not in (QuestionKind.LAB, QuestionKind.SINGLE)])
def test_a_question_becomes_each_other_kind_and_comes_back(
    db: Session, make: Make, editor: User, kind: QuestionKind
) -> None:
    question = make()
    saved = authoring.change_kind(db, question=question, kind=kind, rev=1, editor=editor, now=NOON)
    assert question.kind is kind
    assert question.hidden == question.draft
    assert saved.edit_id is not None
    assert take_back(db, edit_id=saved.edit_id, editor=editor, now=NOON)
    assert (question.kind, question.hidden, len(question.choices)) == (QuestionKind.SINGLE, False, 3)


def test_a_deleted_draft_can_be_made_again(db: Session, make: Make, editor: User) -> None:
    question = make(stage=Stage.DRAFT)
    key, wording = question.key, wording_of(question)
    drafts.delete_draft(db, question=question, editor=editor, now=NOON)
    assert db.scalar(select(Question.id)) is None
    kept = db.scalars(select(ContentDeed).where(ContentDeed.what == DeedOf.DELETE)).one().kept
    assert kept is not None
    again = drafts.make_again(db, kept=kept, key=key, editor=editor, now=NOON)
    assert replace(wording_of(again), choices=()) == replace(wording, choices=())
    with pytest.raises(Invalid):
        drafts.make_again(db, kept=kept, key=key, editor=editor, now=NOON)


def test_what_was_ever_published_is_not_deleted(db: Session, make: Make, editor: User) -> None:
    question = make()
    authoring.set_stage(db, question=question, stage=Stage.DRAFT, editor=editor, now=NOON)
    with pytest.raises(Invalid, match="never published"):
        drafts.delete_draft(db, question=question, editor=editor, now=NOON)


@pytest.mark.parametrize(
    ("action", "given"),
    [("tag", {"tag": "new, other"}), ("untag", {"tag": "net"}), ("retire", {}),
     ("move", {"place": QuestionPlace(note=None, section=None, concept=None)})],
)  # fmt: skip
def test_a_deed_on_several_questions_is_taken_back_as_one(
    db: Session, make: Make, editor: User, action: str, given: dict[str, object]
) -> None:
    questions = [make(wording=replace(SINGLE, prompt=f"Question {number}?")) for number in range(3)]
    before = [(wording_of(one), stage_of(one), one.note_id, one.section_id) for one in questions]
    done = bulk.act(
        db, action=bulk.BulkAction(action), keys=[one.key for one in questions], editor=editor, now=NOON, **given
    )
    assert (done.changed, done.refused) == (3, [])
    assert [(wording_of(one), stage_of(one), one.note_id, one.section_id) for one in questions] != before
    step = bulk.last_step(db, editor=editor, now=NOON + timedelta(days=2))
    assert step is not None
    assert bulk.undo(db, step_id=step.id, editor=editor, now=NOON) == bulk.BulkUndone(back=3, stays=0)
    assert [(wording_of(one), stage_of(one), one.note_id, one.section_id) for one in questions] == before
    assert bulk.undo(db, step_id=step.id, editor=editor, now=NOON) == bulk.BulkUndone(back=0, stays=0)


@pytest.mark.parametrize(("action", "given"), [("tag", {"tag": "new"}), ("retire", {})])
def test_what_a_file_says_in_its_own_words_keeps_no_deed_from_being_taken_back(
    db: Session, make: Make, editor: User, action: str, given: dict[str, str]
) -> None:
    question = make()
    question.as_of = "last spring"
    db.flush()
    bulk.act(db, action=bulk.BulkAction(action), keys=[question.key], editor=editor, now=NOON, **given)
    step = bulk.last_step(db, editor=editor, now=NOON)
    assert step is not None
    assert bulk.undo(db, step_id=step.id, editor=editor, now=NOON) == bulk.BulkUndone(back=1, stays=0)
    assert (stage_of(question), question.as_of) == (Stage.PUBLISHED, "last spring")


def test_what_a_file_says_in_its_own_words_is_restored(db: Session, make: Make, editor: User) -> None:
    question = make()
    question.as_of = "last spring"
    db.flush()
    for stage in (Stage.RETIRED, Stage.PUBLISHED):
        authoring.set_stage(db, question=question, stage=stage, editor=editor, now=NOON)
        assert stage_of(question) is stage


def test_a_bulk_deed_tells_what_a_rule_forbids_and_does_the_rest(db: Session, make: Make, editor: User) -> None:
    whole = make(stage=Stage.DRAFT)
    half = make(wording=replace(SINGLE, choices=()), stage=Stage.DRAFT)
    done = bulk.act(db, action=bulk.BulkAction.PUBLISH, keys=[whole.key, half.key], editor=editor, now=NOON)
    assert done.changed == 1
    assert [sentence.startswith(f"“{half.prompt}”: ") for sentence in done.refused] == [True]
    assert (whole.hidden, half.hidden) == (False, True)


def test_what_was_changed_since_stays_when_a_bulk_deed_is_taken_back(db: Session, make: Make, editor: User) -> None:
    first, second = make(), make(wording=replace(SINGLE, prompt="Other?"))
    bulk.act(db, action=bulk.BulkAction.RETIRE, keys=[first.key, second.key], editor=editor, now=NOON)
    authoring.set_stage(db, question=first, stage=Stage.REVIEW, editor=editor, now=NOON)
    step = bulk.last_step(db, editor=editor, now=NOON)
    assert step is not None
    assert bulk.undo(db, step_id=step.id, editor=editor, now=NOON) == bulk.BulkUndone(back=1, stays=1)
    assert (stage_of(first), stage_of(second)) == (Stage.REVIEW, Stage.PUBLISHED)


def test_nobody_takes_back_what_another_editor_did(db: Session, make: Make, editor: User) -> None:
    bulk.act(db, action=bulk.BulkAction.RETIRE, keys=[make().key], editor=editor, now=NOON)
    other = accounts.add_user(db, name="Otto", role=Role.EDITOR, now=NOON)
    step = bulk.last_step(db, editor=editor, now=NOON)
    assert step is not None
    with pytest.raises(NotFound):
        bulk.undo(db, step_id=step.id, editor=other, now=NOON)
    assert bulk.last_step(db, editor=other, now=NOON) is None
