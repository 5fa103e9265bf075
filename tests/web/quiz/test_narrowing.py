"""What a quiz is drawn from: by tag, level and kind, what was missed, what was never seen; and how many that is."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Question, QuestionKind, Tag
from quizapp.quiz.models import Attempt
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from tests.builders import NOW, a_note, a_question, rate_card
from tests.web.pages import send

Sessions = sessionmaker[Session]


@dataclass(frozen=True, kw_only=True)
class Bank:
    """A note with three questions, by what they are."""

    note: str
    hard: int
    tagged: int
    numeric: int
    right: int
    """The id of the right option of the hard one."""


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def bank(sessions: Sessions) -> Bank:
    with sessions() as db:
        note = a_note(db)
        hard, tagged = (a_question(db, note=note) for _ in range(2))
        numeric = a_question(db, QuestionKind.NUMBER, note=note)
        hard.level, tagged.tags = 4, [Tag(name="nat")]
        db.flush()
        made = Bank(note=note.key, hard=hard.id, tagged=tagged.id, numeric=numeric.id, right=hard.choices[0].id)
        db.commit()
    return made


def drawn(learner: FlaskClient, sessions: Sessions, **chosen: object) -> set[int]:
    """The ids of the questions of a quiz of 10 that is begun so; and its line has counted them."""
    page = learner.get("/practice", query_string=chosen).text
    url = send(learner, "/practice", "/practice", length=10, **chosen).location
    with sessions() as db:
        quiz_id = url.split("/")[2]
        found = {one.question_id for one in db.scalars(select(Attempt)) if str(one.quiz_session_id) == quiz_id}
    send(learner, "/practice", f"/practice/{quiz_id}/discard")
    assert f": {len(found)} question" in line(page)
    return found


def line(page: str) -> str:
    found = re.search(r'id="matching".*?><span>([^<]+)</span>', page)
    assert found
    return found[1]


def missed(learner: FlaskClient, bank: Bank, **answer: object) -> None:
    """Answer the hard question, wrongly unless told otherwise."""
    url = send(learner, "/practice", "/practice", length=1, level="4", note=bank.note).location
    send(learner, url, f"{url}/answer", **(answer or {"unknown": "1"}))


def test_by_level_kind_and_tag(learner: FlaskClient, bank: Bank, sessions: Sessions) -> None:
    assert drawn(learner, sessions, note=bank.note) == {bank.hard, bank.tagged, bank.numeric}
    assert drawn(learner, sessions, level="4") == {bank.hard}
    assert drawn(learner, sessions, kind="number") == {bank.numeric}
    assert drawn(learner, sessions, tag="nat", kind="single") == {bank.tagged}


def test_by_concept_also_of_those_that_are_due(learner: FlaskClient, bank: Bank, sessions: Sessions) -> None:
    with sessions() as db:
        hard = db.get_one(Question, bank.hard)
        hard.concept = Concept(
            key="chains", section=hard.note.sections[0], position=1, term="Chains", text="", fingerprint="0" * 64
        )
        user = db.get_one(User, learner.user.id)  # type: ignore[attr-defined]
        review.add_cards(db, user=user, question_ids=[bank.hard, bank.tagged], now=NOW)
        for card in db.scalars(select(Card)):
            card.due_day = 0
        db.commit()
    assert drawn(learner, sessions, concept="chains") == {bank.hard}
    assert drawn(learner, sessions, concept="chains", only="due") == {bank.hard}


def test_only_those_that_were_missed_last(learner: FlaskClient, bank: Bank, sessions: Sessions) -> None:
    missed(learner, bank)
    assert drawn(learner, sessions, only="missed") == {bank.hard}
    missed(learner, bank, choices=[str(bank.right)])
    assert (
        "No question fits all that you chose." in send(learner, "/practice", "/practice", length=1, only="missed").text
    )


def test_only_those_that_were_neither_answered_nor_reviewed(
    learner: FlaskClient, bank: Bank, sessions: Sessions
) -> None:
    missed(learner, bank)
    with sessions() as db:
        user = db.get_one(User, learner.user.id)  # type: ignore[attr-defined]
        review.add_cards(db, user=user, question_ids=[bank.tagged, bank.numeric], now=NOW)
        db.flush()
        card = db.scalars(select(Card).where(Card.question_id == bank.numeric)).one()
        rate_card(
            db, user=user, card_id=card.id, review_id=card.id, rating=Rating.GOOD, source=ReviewSource.REVIEW,
            now=NOW, seen_version=card.version, taken_ms=None,
        )  # fmt: skip
        db.commit()
    assert drawn(learner, sessions, only="unseen") == {bank.tagged}


def test_what_another_learner_missed_counts_for_nobody_else(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], bank: Bank, sessions: Sessions
) -> None:
    missed(client_as("owner"), bank)
    assert line(learner.get("/practice?only=missed").text).endswith("no question to draw from.")
    assert drawn(learner, sessions, only="unseen") == {bank.hard, bank.tagged, bank.numeric}


def test_the_line_names_what_it_counts(learner: FlaskClient, bank: Bank) -> None:
    said = line(learner.get(f"/practice?note={bank.note}&level=4&only=unseen").text)
    assert said == "Docker networking, Level 4, Only unseen: 1 question to draw from."


@pytest.mark.parametrize("name", ["note", "tag", "level", "kind", "only"])
def test_a_value_that_is_not_offered_narrows_nothing_and_begins_nothing(
    learner: FlaskClient, bank: Bank, name: str
) -> None:
    assert line(learner.get(f"/practice?{name}=nowhere").text) == "All notes: 3 questions to draw from."
    assert send(learner, "/practice", "/practice", length="3", **{name: "nowhere"}).status_code == 400


def test_tags_of_other_learners_own_notes_are_not_offered(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], bank: Bank, sessions: Sessions
) -> None:
    other: User = client_as("owner").user  # type: ignore[attr-defined]
    with sessions() as db:
        note = a_note(db)
        note.owner_id = other.id
        a_question(db, note=note).tags = [Tag(name="secret")]
        db.commit()
    page = learner.get("/practice").text
    assert re.search(r'name="tag" type="checkbox" value="nat"', page)
    assert "secret" not in page


def test_ones_own_notes_are_the_first_to_choose_and_all_are_counted(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        user = db.scalars(select(User)).one()
        for title in ("A", "B"):
            a_question(db, note=a_note(db, title=title))
        own = a_note(db, title="Z, my own")
        own.owner_id = user.id
        a_question(db, note=own)
        db.commit()
    notes = learner.get("/practice").text.partition("<legend>Notes</legend>")[2].partition("</fieldset>")[0]
    assert re.findall(r"<span>(.*?)</span>", notes) == ["Z, my own", "A", "B"]
    assert "None ticked: all 3 notes." in notes
