"""Edits of editors among what can be undone: on the way from a review and back, or to the tags of many questions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.models import Question, QuestionEdit
from quizapp.errors import Invalid
from quizapp.review import deeds, undoing
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, CardDeed, DeedKind
from quizapp.review.pages.deed_messages import undone_text
from quizapp.search import service as search
from tests.builders import a_question

from .conftest import NOON

MakeCard = Callable[[], Card]
Rate = Callable[..., None]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def editor(learner: User) -> User:
    learner.role = Role.EDITOR
    return learner


def edit(db: Session, editor: User, question: Question, *, at: int = 0, is_deed: bool = True, **parts: object) -> None:
    """An edit at so many minutes after noon, from a review unless it is no deed."""
    wording = replace(authoring.wording_of(question), **parts)
    now = NOON + at * MINUTE
    saved = authoring.save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=now)
    assert saved.edit_id is not None
    if is_deed:
        deeds.change_texts(db, user=editor, kind=DeedKind.EDIT, edits={saved.edit_id: question.id}, now=now)


def undo(db: Session, user: User) -> str:
    undone = undoing.undo(db, user=user, now=NOON + 60 * MINUTE)
    return "nothing" if undone is None else undone_text(undone)


def tags(question: Question) -> list[str]:
    return [tag.name for tag in question.tags]


def test_undo_with_an_edit_in_between(db: Session, editor: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: the first undo is of the edit and leaves the card, the second is of the answer."""
    card = make_card()
    prompt = card.question.prompt
    rate(card, Rating.GOOD)
    edit(db, editor, card.question, at=1, prompt="Otherwise?")
    assert undo(db, editor) == "Undone: the edit."
    assert (card.question.prompt, card.phase) == (prompt, Phase.REVIEW)
    assert undo(db, editor) == "Undone: Good."
    assert (card.question.prompt, card.phase) == (prompt, Phase.NEW)
    assert undo(db, editor) == "nothing"


def test_what_was_taken_back_stands_in_the_history_too(db: Session, editor: User, make_card: MakeCard) -> None:
    """Anki's undo leaves no trace. Here others have read the text meanwhile, and may ask who changed it back."""
    question = make_card().question
    edit(db, editor, question, prompt="Otherwise?")
    undo(db, editor)
    first, second = db.scalars(select(QuestionEdit).order_by(QuestionEdit.id))
    assert (first.before, first.after) == (second.after, second.before)


def test_a_part_that_was_changed_again_stays(db: Session, editor: User, make_card: MakeCard) -> None:
    question = make_card().question
    answer = question.answer
    edit(db, editor, question, prompt="Mine?", answer="Mine.")
    edit(db, editor, question, at=1, is_deed=False, prompt="Theirs?")
    assert undo(db, editor) == "Undone: the edit. What was changed again since stays as it is."
    assert (question.prompt, question.answer) == ("Theirs?", answer)
    assert undo(db, editor) == "nothing"


def test_an_option_that_was_removed_comes_back(db: Session, editor: User, make_card: MakeCard) -> None:
    question = make_card().question
    before = [choice.text for choice in question.choices]
    edit(db, editor, question, choices=authoring.wording_of(question).choices[:-1])
    undo(db, editor)
    assert [choice.text for choice in question.choices] == before


def test_an_edit_that_made_a_draft_whole_stays(db: Session, editor: User, make_card: MakeCard) -> None:
    """Without an answer it could no longer be asked, and somebody may have been asked it by now."""
    question = a_question(db, kind=make_card().question.kind.OPEN)
    question.answer, question.draft = "", True
    edit(db, editor, question, answer="Now there is one.")
    assert "stays as it is" in undo(db, editor)
    assert (question.answer, question.draft) == ("Now there is one.", False)


def test_a_question_is_not_edited_once_all_its_edits_are_taken_back(db: Session, editor: User) -> None:
    question = a_question(db)
    for minute, name in enumerate(("dns", "ports")):
        search.tag(db, editor=editor, question_ids=[question.id], name=name, adds=True, now=NOON + minute * MINUTE)
    undo(db, editor)
    assert (tags(question), question.edited) == (["dns"], True)
    undo(db, editor)
    assert (tags(question), question.edited, question.base) == ([], False, None)


def test_many_questions_are_tagged_in_one_step(db: Session, editor: User, make_card: MakeCard) -> None:
    """Cards or not; those that have the tag already are no part of it."""
    asked = [make_card().question, a_question(db), a_question(db)]
    ids = [question.id for question in asked]
    assert search.tag(db, editor=editor, question_ids=ids[:1], name=" dns ", adds=True, now=NOON) == 1
    assert search.tag(db, editor=editor, question_ids=ids, name="dns", adds=True, now=NOON + MINUTE) == 2
    assert [tags(question) for question in asked] == [["dns"]] * 3
    assert undo(db, editor) == "Undone: the tags, on 2 questions."
    assert [tags(question) for question in asked] == [["dns"], [], []]
    assert undo(db, editor) == "Undone: the tags."
    assert tags(asked[0]) == []


def test_tags_that_others_gave_since_stay(db: Session, editor: User) -> None:
    question = a_question(db)
    edit(db, editor, question, is_deed=False, tags=("old",))
    search.tag(db, editor=editor, question_ids=[question.id], name="old", adds=False, now=NOON + MINUTE)
    edit(db, editor, question, at=2, is_deed=False, tags=("theirs",))
    assert undo(db, editor) == "Undone: the tags."
    assert tags(question) == ["old", "theirs"]


def test_a_tag_needs_a_name_that_fits(db: Session, editor: User) -> None:
    question = a_question(db)
    for name, said in (("  ", "Enter the tag"), ("x" * 300, "characters")):
        with pytest.raises(Invalid, match=said):
            search.tag(db, editor=editor, question_ids=[question.id], name=name, adds=True, now=NOON)
    with pytest.raises(Invalid, match="At most 300"):
        search.tag(db, editor=editor, question_ids=range(301), name="dns", adds=True, now=NOON)


def test_a_deed_goes_with_its_question(db: Session, editor: User) -> None:
    question = a_question(db)
    search.tag(db, editor=editor, question_ids=[question.id], name="dns", adds=True, now=NOON)
    db.delete(question)
    db.flush()
    assert db.scalars(select(CardDeed)).all() == []
