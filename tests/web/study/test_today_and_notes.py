"""Today and the notes, as learners at different points see them."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Lab, QuestionKind
from quizapp.labs.runs.models import LabRun
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from tests.builders import a_note, a_question
from tests.lab_builders import add_lab
from tests.web.pages import send


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


def user_of(client: FlaskClient, db: Session) -> User:
    return db.get_one(User, client.user.id)  # type: ignore[attr-defined]


def rate(db: Session, user: User, question_id: int, rating: Rating, *, days_ago: int = 0) -> None:
    review.rate_question(
        db,
        user=user,
        question_id=question_id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=clock.now() - timedelta(days=days_ago),
    )


def test_without_any_note_it_says_how_one_comes_in(learner: FlaskClient) -> None:
    assert "Bring notes" in learner.get("/").text
    assert "flask content import PATH" in learner.get("/notes").text


def test_a_beginner_is_led_to_a_note(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        key = a_note(db).key
        db.commit()
    page = learner.get("/").text
    assert "Begin with a note." in page
    assert f'href="/notes/{key}"' in page


def test_due_cards_come_first(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db)
        questions = [a_question(db, note=note).id for _ in range(3)]
        review.add_cards(db, user=user_of(learner, db), question_ids=questions, now=clock.now())
        db.commit()
    page = learner.get("/").text
    assert "3 cards are due, about 1 minute." in page
    assert 'href="/review"' in page


def test_labs_that_are_due_count_with_the_minutes_that_they_take(
    learner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    """A card's pace says nothing of a lab: a day of nineteen labs was called a minute. One beyond the limit waits."""
    with sessions() as db:
        note, user = a_note(db), user_of(learner, db)
        questions = [a_question(db, note=note) for _ in range(3)]
        user.new_per_day = 4
        labs = [add_lab(db, slug=f"lab-{number}") for number in range(3)]
        db.flush()
        for at, lab in enumerate(labs):
            lab.minutes = 10 * (at + 1)
        rate(db, user, labs[0].question_id, Rating.HARD, days_ago=30)
        wanted = [*(question.id for question in questions), *(lab.question_id for lab in labs)]
        for at, question_id in enumerate(wanted):
            review.add_cards(db, user=user, question_ids=[question_id], now=clock.now() + timedelta(seconds=at - 60))
        db.commit()
    assert "5 cards are due, about 32 minutes, 30 of them for 2 labs." in learner.get("/").text


def test_with_nothing_due_it_says_what_comes_when(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        question = a_question(db, note=a_note(db))
        rate(db, user_of(learner, db), question.id, Rating.EASY)
        db.commit()
    page = learner.get("/").text
    assert "Nothing is due. The next card comes back in 8 days." in page


def test_what_waits_beyond_the_limit_is_told(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    """Neither page calls it "nothing", where a search for `is:due` finds it."""
    with sessions() as db:
        user, question = user_of(learner, db), a_question(db, note=a_note(db))
        user.reviews_per_day = 0
        rate(db, user, question.id, Rating.EASY, days_ago=40)
        db.commit()
    assert "Your limit of reviews for today is reached, and 1 due card waits." in learner.get("/").text
    page = learner.get("/review").text
    assert "The limit for today is reached" in page
    assert "1 due card waits for another day, or for another limit." in page


def test_a_concept_that_is_often_forgotten_is_named(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db)
        concept = Concept(
            key="c-1", section_id=note.sections[0].id, position=1, term="The `veth` pair", text="", fingerprint="x" * 64
        )
        db.add(concept)
        question = a_question(db, QuestionKind.FLASHCARD, note=note)
        question.concept = concept
        db.flush()
        for days_ago, rating in ((9, Rating.GOOD), (6, Rating.AGAIN), (3, Rating.AGAIN)):
            rate(db, user_of(learner, db), question.id, rating, days_ago=days_ago)
        db.commit()
    page = learner.get("/").text
    assert "The <code>veth</code> pair, 1 of 3 right" in page


def test_a_note_shows_what_its_reader_knows(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db)
        a_question(db, QuestionKind.FLASHCARD, note=note)
        a_question(db, QuestionKind.OPEN, note=note, must=("say *this*",))
        a_question(db, note=note).retired_at = clock.now()
        key = note.key
        db.commit()
    page = learner.get(f"/notes/{key}").text
    assert "Add 2 cards to your reviews" in page
    assert "say <em>this</em>" in page
    send(learner, f"/notes/{key}", "/review/add", note=key)
    assert "All its cards are in your reviews." in learner.get(f"/notes/{key}").text


def test_what_an_author_wrote_is_shown_and_never_run(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    hostile = "<script>alert(1)</script> {{ 1234567 * 7654321 }} [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    with sessions() as db:
        note = a_note(db, title=hostile)
        question = a_question(db, QuestionKind.OPEN, note=note, must=(hostile,))
        question.prompt = question.answer = hostile
        key = note.key
        db.commit()
    for path in ("/", "/notes", f"/notes/{key}", "/practice"):
        page = learner.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert str(1234567 * 7654321) not in page  # a number that no token holds by chance
        assert 'href="javascript:' not in page


def test_a_note_that_is_not_there(learner: FlaskClient) -> None:
    answer = learner.get("/notes/n-nowhere")
    assert answer.status_code == 404
    assert "list of notes" in answer.text


def test_a_note_shows_the_options_and_cards_of_its_questions(
    learner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        note = a_note(db)
        for kind in (QuestionKind.SINGLE, QuestionKind.FLASHCARD):
            a_question(db, kind, note=note)
        db.commit()
        key = note.key
    page = learner.get(f"/notes/{key}").text
    assert page.count('<details class="asked">') == 2
    assert '<li dir="auto">Option 1 <strong>(right)</strong>' in page
    assert '<li dir="auto">Option 2 <span' in page


@pytest.mark.parametrize("address", ["/", "/account", "/practice", "/progress/plan", "/review", "/search?q=is:new"])
def test_no_two_elements_of_a_page_have_one_id(
    learner: FlaskClient, sessions: sessionmaker[Session], address: str
) -> None:
    """A label leads to the first element with its id: a form with the id of a field leaves the field without a name."""
    with sessions() as db:
        questions = [a_question(db, note=a_note(db)).id]
        review.add_cards(db, user=user_of(learner, db), question_ids=questions, now=clock.now())
        db.commit()
    ids = re.findall(r'\sid="([^"]+)"', learner.get(address).text)
    assert len(ids) > 2
    assert sorted(ids) == sorted(set(ids))


def test_today_says_what_was_done_and_what_was_begun(learner: FlaskClient, sessions: sessionmaker[Session]) -> None:
    assert "Done today" not in learner.get("/").text
    with sessions() as db:
        user, question = user_of(learner, db), a_question(db, note=a_note(db))
        rate(db, user, question.id, Rating.GOOD)
        lab = Lab(
            slug="p-or-P",
            question_id=question.id,
            minutes=4,
            title="-p or -P",
            summary="",
            definition={},
            fingerprint="0" * 64,
        )
        db.add(lab)
        db.flush()
        db.add(LabRun(user_id=user.id, lab_id=lab.id, values={}, started_at=clock.now()))
        db.commit()
    page = learner.get("/").text
    assert "Done today: 1 review in less than a minute." in page
    assert re.search(r'Continue</span><a href="/labs/p-or-P">-p or -P</a>', page)
    assert page.count("/labs/p-or-P") == 1  # once, and not as a lab to begin
