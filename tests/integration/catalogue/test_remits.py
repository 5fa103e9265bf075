"""The service itself holds each change of a limited editor to what is named for them, before it and after it."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import people
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.admin.owner.roles import give_role
from quizapp.catalogue.editing import authoring, bulk, drafts
from quizapp.catalogue.editing.concept_authoring import move_concept
from quizapp.catalogue.editing.conflict_settling import TakenSide, decide
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, ContentDeed, Note, Question, QuestionKind, Section
from quizapp.catalogue.question_shape import QuestionPlace, Stage, stage_of, wording_of
from quizapp.catalogue.question_wording import EMPTY
from quizapp.catalogue.remits import OutsideRemit, Remit, may_edit, remit_of
from quizapp.errors import Invalid
from quizapp.study.account_deletion import delete_account
from tests.builders import EDITOR, NOW, a_note

CARD = replace(EMPTY, prompt="What?", answer="That.")
Change = Callable[[Session, Question, User], object]


@pytest.fixture
def notes(db: Session) -> tuple[Note, Note]:
    """A note that is named for the editor, and another one."""
    return a_note(db, title="Mine"), a_note(db, title="Theirs")


@pytest.fixture
def limited(db: Session, notes: tuple[Note, Note]) -> User:
    user = accounts.add_user(db, name="Grace", role=Role.LEARNER, now=NOW)
    give_role(db, user=user, role=Role.EDITOR, remit=Remit(notes=[notes[0].key]))
    return user


def made(db: Session, note: Note, *, editor: User = EDITOR) -> Question:
    place = QuestionPlace(note=note.key, section=None, concept=None)
    return authoring.make(
        db, kind=QuestionKind.FLASHCARD, wording=CARD, place=place, stage=Stage.DRAFT, editor=editor, now=NOW
    )


def _saved(db: Session, question: Question, editor: User) -> object:
    wording = replace(wording_of(question), prompt="Mine?")
    return authoring.save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=NOW)


def _moved(db: Session, question: Question, editor: User) -> object:
    mine = remit_of(db, user_id=editor.id).notes[0]
    place = QuestionPlace(note=mine, section=None, concept=None)
    return authoring.move(db, question=question, place=place, editor=editor, now=NOW)


def _restored(db: Session, question: Question, editor: User) -> object:
    edit = db.scalars(select(ContentDeed.edit_id).where(ContentDeed.key == question.key)).first()
    assert edit is not None
    return authoring.restore_version(
        db, question=question, edit_id=edit, first=False, rev=question.rev, editor=editor, now=NOW
    )


CHANGES: dict[str, Change] = {
    "save": _saved,
    "move": _moved,
    "restore_version": _restored,
    "change_kind": lambda db, question, editor: authoring.change_kind(
        db, question=question, kind=QuestionKind.OPEN, rev=question.rev, editor=editor, now=NOW
    ),
    "set_stage": lambda db, question, editor: authoring.set_stage(
        db, question=question, stage=Stage.PUBLISHED, editor=editor, now=NOW
    ),
    "duplicate": lambda db, question, editor: authoring.duplicate(db, question=question, editor=editor, now=NOW),
    "delete": lambda db, question, editor: drafts.delete_draft(db, question=question, editor=editor, now=NOW),
    "make": lambda db, question, editor: made(db, db.get_one(Note, question.note_id), editor=editor),
    "settle": lambda db, question, editor: decide(db, question, take=TakenSide.FILE, editor=editor, now=NOW),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_somebody_elses_is_changed_by_no_function(
    db: Session, notes: tuple[Note, Note], limited: User, name: str
) -> None:
    question = made(db, notes[1])
    before = db.scalars(select(ContentDeed)).all()
    with pytest.raises(OutsideRemit):
        CHANGES[name](db, question, limited)
    if name != "make":
        assert (question.note, wording_of(question), stage_of(question)) == (notes[1], CARD, Stage.DRAFT)
        assert db.scalars(select(ContentDeed)).all() == before
        CHANGES[name](db, made(db, notes[0]), limited)


def test_nothing_leads_out_of_the_remit(db: Session, notes: tuple[Note, Note], limited: User) -> None:
    question = made(db, notes[0])
    theirs = QuestionPlace(note=notes[1].key, section=None, concept=None)
    with pytest.raises(OutsideRemit), db.begin_nested():
        authoring.move(db, question=question, place=theirs, editor=limited, now=NOW)
    done = bulk.act(
        db, action=bulk.BulkAction.MOVE, keys=[question.key], place=theirs, editor=limited, now=NOW, commit=None
    )
    assert (done.changed, len(done.refused)) == (0, 1)
    db.refresh(question)
    assert question.note == notes[0]


@pytest.mark.parametrize("is_named", [True, False])
def test_a_concept_moves_between_notes_that_are_both_named_for_its_editor(
    db: Session, limited: User, tmp_path: Path, is_named: bool
) -> None:
    asked = "    * *Card:* How many ends has it? → Two.\n"
    (tmp_path / "a.md").write_text(f"# A\n\n## Cables\n* **Veth pair:** A cable.\n{asked}* **Bridge:** A switch.\n")
    (tmp_path / "b.md").write_text("# B\n\n## Parts\n* **Router:** It routes.\n")
    import_content(db, tmp_path, now=NOW)
    here, there = db.scalars(select(Note.key).where(Note.title.in_(["A", "B"])).order_by(Note.title)).all()
    concept = db.scalars(select(Concept).where(Concept.term == "Veth pair")).one()
    card, parts = db.scalars(select(Question)).one(), db.scalars(select(Section).where(Section.title == "Parts")).one()
    give_role(db, user=limited, role=Role.EDITOR, remit=Remit(notes=[here, there] if is_named else [there]))
    refused = nullcontext() if is_named else pytest.raises(OutsideRemit)
    with refused:
        move_concept(db, key=concept.key, note=there, section=parts.anchor, editor=limited, now=NOW)
    db.expire_all()
    assert [concept.section.note.key if concept.section else "", card.note.key if card.note else "", card.concept] == [
        there if is_named else here,
        there if is_named else here,
        concept,
    ]


def test_what_was_changed_before_the_editor_was_limited_is_not_taken_back(
    db: Session, notes: tuple[Note, Note], limited: User
) -> None:
    question = made(db, notes[1])
    saved = authoring.move(
        db,
        question=question,
        place=QuestionPlace(note=notes[0].key, section=None, concept=None),
        editor=EDITOR,
        now=NOW,
    )
    assert saved.edit_id is not None
    assert not take_back(db, edit_id=saved.edit_id, editor=limited, now=NOW)
    db.refresh(question)
    assert question.note == notes[0]
    assert take_back(db, edit_id=saved.edit_id, editor=EDITOR, now=NOW)


def test_a_role_is_given_with_what_there_is_to_edit(db: Session, notes: tuple[Note, Note], limited: User) -> None:
    question = made(db, notes[1])
    with pytest.raises(Invalid, match="n-nowhere"):
        give_role(db, user=limited, role=Role.EDITOR, remit=Remit(notes=["n-nowhere"]))
    with pytest.raises(Invalid, match="Only an editor"):
        give_role(db, user=limited, role=Role.OWNER, remit=Remit())
    give_role(db, user=limited, role=Role.EDITOR, remit=Remit())
    assert not may_edit(db, editor=limited, question_id=made(db, notes[0]).id)
    give_role(db, user=limited, role=Role.EDITOR, remit=None)
    assert may_edit(db, editor=limited, question_id=question.id)
    give_role(db, user=limited, role=Role.LEARNER, remit=None)
    assert not may_edit(db, editor=limited, question_id=question.id)


def test_with_the_account_goes_what_was_named_for_it(db: Session, notes: tuple[Note, Note], limited: User) -> None:
    user_id = limited.id
    delete_account(db, user=limited)
    assert remit_of(db, user_id=user_id) == Remit(notes=[], tags=[])


def test_the_only_owner_stays_one(db: Session, limited: User) -> None:
    owner = accounts.owner(db, now=NOW)
    with pytest.raises(people.OnlyOwner):
        give_role(db, user=owner, role=Role.EDITOR, remit=None)
    with pytest.raises(people.OnlyOwner):
        people.deactivate(db, user=owner, now=NOW)
    give_role(db, user=limited, role=Role.OWNER, remit=None)
    people.deactivate(db, user=owner, now=NOW)
    assert accounts.owner(db, now=NOW) is limited
    with pytest.raises(people.OnlyOwner):
        people.set_role(db, user=limited, role=Role.LEARNER)
