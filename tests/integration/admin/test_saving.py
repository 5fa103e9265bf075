"""Saving an edit: what is written, what is refused, and what it must not touch."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.admin.service import question_by_key
from quizapp.catalogue.editing.authoring import ChangedMeanwhile, Saved, Unfit, save, wording_of
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.models import Choice, Question, QuestionEdit, QuestionKind, Tag
from quizapp.catalogue.question_wording import CHOICES_MAX, TAGS_MAX, ChoiceWording, from_json
from quizapp.errors import NotFound
from quizapp.review.memory import Phase
from quizapp.review.models import Card
from tests.builders import EDITOR

Make = Callable[..., Question]


def edit(db: Session, question: Question, editor: User, **changed: object) -> Saved:
    """Save the question with some fields changed, at its present revision."""
    wording = replace(wording_of(question), **changed)
    return save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=clock.now())


def test_a_typo_fix_keeps_every_card_as_it_is(db: Session, make_question: Make, editor: User, learner: User) -> None:
    question = make_question()
    for user in (learner, editor):
        db.add(
            Card(
                user=user,
                question=question,
                phase=Phase.REVIEW,
                stability=12.5,
                difficulty=4.25,
                last_day=20_700,
                due_day=20_712,
                reps=5,
                lapses=1,
                version=6,
                created_at=clock.now(),
                last_review_at=clock.now(),
            )
        )
    db.flush()
    before = db.execute(text("SELECT * FROM card ORDER BY id")).all()
    edit(db, question, editor, prompt="What does `-P` publish?")
    db.expire_all()
    assert len(before) == 2
    assert db.execute(text("SELECT * FROM card ORDER BY id")).all() == before
    assert question.prompt == "What does `-P` publish?"


def test_a_save_counts_up_says_what_changed_and_is_on_record(db: Session, make_question: Make, editor: User) -> None:
    question = make_question()
    old, fingerprint = wording_of(question), question.fingerprint
    saved = edit(db, question, editor, prompt="Shorter?", level=2, must=("one", "two"))
    record = db.scalars(select(QuestionEdit)).one()
    assert saved == Saved(changed=["Question", "Must say", "Level"], ended_draft=False)
    assert (question.rev, question.edited, question.fingerprint) == (2, True, fingerprint)
    assert question.updated_at == record.edited_at
    assert (record.question_id, record.editor_id) == (question.id, editor.id)
    assert (from_json(record.before), from_json(record.after)) == (old, wording_of(question))


def test_saving_without_a_change_writes_nothing(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(QuestionKind.SINGLE, prompt="As written,\r\nwith odd ends \n", must=["two\nlines"])
    assert edit(db, question, editor) == Saved(changed=[], ended_draft=False)
    assert not db.dirty
    assert (question.rev, question.edited, question.prompt) == (1, False, "As written,\r\nwith odd ends \n")
    assert db.scalars(select(QuestionEdit)).all() == []


def test_what_was_not_edited_stays_byte_for_byte(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(prompt="One\r\ntwo \n", must=["two\nlines"])
    edit(db, question, editor, answer="Another answer.")
    assert (question.prompt, question.must) == ("One\r\ntwo \n", ["two\nlines"])


def test_of_two_editors_the_second_is_told(db: Session, make_question: Make, editor: User) -> None:
    question = make_question()
    opened = wording_of(question)
    edit(db, question, editor, answer="The first one's answer.")
    with pytest.raises(ChangedMeanwhile):
        save(db, question=question, wording=replace(opened, prompt="Mine"), rev=1, editor=editor, now=clock.now())
    assert (question.rev, question.answer) == (2, "The first one's answer.")


def test_a_save_behind_the_back_of_a_read_one_is_noticed(db: Session, make_question: Make, editor: User) -> None:
    question = make_question()
    stale = wording_of(question)
    db.execute(text("UPDATE question SET rev = 2, answer = 'New'"))  # as another connection would, past this session
    with pytest.raises(ChangedMeanwhile):
        save(db, question=question, wording=replace(stale, prompt="Mine"), rev=1, editor=editor, now=clock.now())


def test_options_keep_their_ids(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(QuestionKind.SINGLE)
    ids = [choice.id for choice in question.choices]
    one, two, _three = wording_of(question).choices
    new = ChoiceWording(id=None, text="A fourth", right=False, why="")
    edit(db, question, editor, choices=(replace(one, right=False), replace(two, right=True, text="Better"), new))
    db.expire_all()
    rows = question.choices
    assert [choice.id for choice in rows][:2] == ids[:2]
    assert [(choice.text, choice.right) for choice in rows] == [
        ("Option 1", False), ("Better", True), ("A fourth", False),
    ]  # fmt: skip
    assert db.get(Choice, ids[2]) is None
    record = db.scalars(select(QuestionEdit)).one()
    assert from_json(record.after).choices[2].id == rows[2].id


@pytest.mark.parametrize("text", ["2026", "2026-11", "2026-11-23", "22/11/2026", "Nov 2026", ""])
def test_a_year_a_month_or_a_day_is_when_a_source_was_checked(
    db: Session, make_question: Make, editor: User, text: str
) -> None:
    question = make_question(as_of="early 2026")
    edit(db, question, editor, as_of=text)
    assert question.as_of == (text or None)


def test_what_a_file_says_as_date_stands_in_the_way_of_no_other_edit(
    db: Session, make_question: Make, editor: User
) -> None:
    question = make_question(as_of="early 2026")
    edit(db, question, editor, prompt="Otherwise?")
    assert (question.prompt, question.as_of) == ("Otherwise?", "early 2026")


def test_options_of_another_question_are_refused(db: Session, make_question: Make, editor: User) -> None:
    mine = make_question(QuestionKind.SINGLE)
    other = make_question(QuestionKind.MULTIPLE, tags=[])
    stolen = (*wording_of(mine).choices, replace(wording_of(other).choices[1], text="Taken over"))
    with pytest.raises(Unfit) as refused:
        edit(db, mine, editor, choices=stolen)
    assert "not this question's options" in refused.value.faults["choices"]
    assert other.choices[1].text == "Option 2"


def test_an_option_named_twice_is_refused(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(QuestionKind.SINGLE)
    one, two, three = wording_of(question).choices
    with pytest.raises(Unfit):
        edit(db, question, editor, choices=(one, two, three, three))


def options(*right: bool) -> tuple[ChoiceWording, ...]:
    return tuple(ChoiceWording(id=None, text=f"Text {n}", right=each, why="") for n, each in enumerate(right))


@pytest.mark.parametrize(
    ("kind", "changed", "field"),
    [
        (QuestionKind.OPEN, {"prompt": ""}, "prompt"),
        (QuestionKind.OPEN, {"prompt": "x" * (FIELD_MAX_CHARS + 1)}, "prompt"),
        (QuestionKind.OPEN, {"answer": ""}, "answer"),
        (QuestionKind.OPEN, {"must": ("x" * FIELD_MAX_CHARS, "y")}, "must"),
        (QuestionKind.OPEN, {"level": 0}, "level"),
        (QuestionKind.OPEN, {"level": 10**30}, "level"),
        (QuestionKind.OPEN, {"source_url": "javascript:alert(1)"}, "source_url"),
        (QuestionKind.OPEN, {"source_url": "https://"}, "source_url"),
        (QuestionKind.OPEN, {"source_url": "https://[::1"}, "source_url"),
        (QuestionKind.OPEN, {"source_url": "https://a b"}, "source_url"),
        (QuestionKind.OPEN, {"source_url": "https://a/" + "x" * 1024}, "source_url"),
        (QuestionKind.OPEN, {"as_of": "x" * 17}, "as_of"),
        *((QuestionKind.OPEN, {"as_of": text}, "as_of") for text in ("2026-13", "2026-02-30", "yesterday", "26-11")),
        (QuestionKind.OPEN, {"tags": tuple(f"t{n}" for n in range(TAGS_MAX + 1))}, "tags"),
        (QuestionKind.OPEN, {"tags": ("x" * 65,)}, "tags"),
        (QuestionKind.SINGLE, {"choices": options(False, False)}, "choices"),
        (QuestionKind.SINGLE, {"choices": options(True, True)}, "choices"),
        (QuestionKind.SINGLE, {"choices": options(True)}, "choices"),
        (QuestionKind.SINGLE, {"choices": options(True, *[False] * CHOICES_MAX)}, "choices"),
        (QuestionKind.MULTIPLE, {"choices": options(True, True)}, "choices"),
        (QuestionKind.MULTIPLE, {"choices": options(False, False)}, "choices"),
        (
            QuestionKind.SINGLE,
            {"choices": (*options(True), ChoiceWording(id=None, text="", right=False, why="why"))},
            "choices",
        ),
        (
            QuestionKind.SINGLE,
            {"choices": (*options(True), ChoiceWording(id=None, text="x", right=False, why="y" * 16_001))},
            "choices",
        ),
    ],
)
def test_a_rule_that_is_broken_is_named(
    db: Session, make_question: Make, editor: User, kind: QuestionKind, changed: dict[str, object], field: str
) -> None:
    question = make_question(kind)
    with pytest.raises(Unfit) as refused:
        edit(db, question, editor, **changed)
    assert list(refused.value.faults) == [field]
    assert question.rev == 1
    assert db.scalars(select(QuestionEdit)).all() == []


def test_an_answer_ends_a_draft(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(answer="", draft=True)
    assert edit(db, question, editor, prompt="Still a draft?") == Saved(changed=["Question"], ended_draft=False)
    assert question.draft
    assert edit(db, question, editor, answer="No.") == Saved(changed=["Answer"], ended_draft=True)
    assert not question.draft


def test_tags_are_shared_and_made(db: Session, make_question: Make, editor: User) -> None:
    db.add(Tag(name="dns"))
    question = make_question()
    edit(db, question, editor, tags=("bridge", "dns"))
    assert [tag.name for tag in question.tags] == ["bridge", "dns"]
    assert sorted(db.scalars(select(Tag.name))) == ["bridge", "dns", "ports"]


def test_two_who_make_the_same_tag_at_once_share_it(sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        grace = accounts.add_user(db, name="Grace", role=Role.EDITOR, now=clock.now())
        for key in ("q-1", "q-2"):
            db.add(
                Question(
                    key=key, kind=QuestionKind.OPEN, position=1, prompt="Why?", answer="So.", fingerprint="f" * 64,
                    must=[], bonus=[], red_flags=[], updated_at=clock.now(),
                )
            )  # fmt: skip
        db.commit()
        editor_id = grace.id

    def tag(db: Session, key: str) -> None:
        edit(db, question_by_key(db, key=key, editor=EDITOR), db.get_one(User, editor_id), tags=("fresh",))

    def tag_in_another_connection() -> None:
        with sessions() as db:
            tag(db, "q-2")
            db.commit()

    with sessions() as db, ThreadPoolExecutor() as pool:
        tag(db, "q-1")
        second = pool.submit(tag_in_another_connection)
        wait([second], timeout=0.3)  # seconds: time to run into the first one's uncommitted tag
        assert not second.done()
        db.commit()
        second.result(timeout=60)
    with sessions() as db:
        assert [tag.name for key in ("q-1", "q-2") for tag in question_by_key(db, key=key, editor=EDITOR).tags] == [
            "fresh",
            "fresh",
        ]
        assert db.scalars(select(Tag.name)).all() == ["fresh"]


@pytest.mark.parametrize("key", ["q-none", "x" * 10_000, "a\x00b", ""])
def test_a_key_of_nothing_is_not_found(db: Session, key: str) -> None:
    with pytest.raises(NotFound):
        question_by_key(db, key=key, editor=EDITOR)
