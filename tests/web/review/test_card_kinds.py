"""What the review page shows of a card by the kind of its question, and how it is answered."""

import re
from datetime import timedelta
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from quizapp import clock
from quizapp.catalogue.models import Choice, Lab, Question, QuestionKind
from quizapp.review import service
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.review.queries import today_of
from tests.builders import a_question
from tests.web.pages import send
from tests.web.review.test_review_page import HIDDEN, ClientAs, Sessions, learner, user_of

__all__ = ["learner"]


def test_two_ratings_are_offered_to_who_wants_two(learner: FlaskClient) -> None:
    assert learner.get("/review").text.count('class="rating-button') == 4
    send(learner, "/account", "/account/order", new_order="mixed", review_order="due", two_ratings="y")
    page = learner.get("/review").text
    assert re.findall(r'class="rating-button rating-(\w+)".*?data-key="(\d)"', page, re.S) == [
        ("again", "1"),
        ("good", "3"),
    ]
    assert learner.get("/review/coming").get_json()["cards"][0]["html"].count('class="rating-button') == 2


def test_options_are_read_and_not_pressed(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        ids = [a_question(db).id]
        service.add_cards(db, user=user_of(db, client), question_ids=ids, now=clock.now())
        db.commit()
    page = client.get("/review").text
    assert 'class="choice' not in page
    assert page.count('<ol class="options prose" type="A"') == 2  # before and after the answer
    assert page.count('class="is-right"') == 1


def test_any_question_is_shown_by_its_fields(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        question = Question(
            key="q-1",
            kind=QuestionKind.SINGLE,
            position=1,
            prompt="Which *one*?",
            must=["names it"],
            red_flags=["guesses"],
            choices=[
                Choice(position=1, text="This", right=True, why="It is."),
                Choice(position=2, text="That", right=False, why="It isn't."),
            ],
            source_url="https://docs.docker.com/",
            as_of="2026-11",
            fingerprint="0" * 64,
            updated_at=clock.now(),
        )
        db.add(question)
        db.flush()
        service.add_cards(db, user=user_of(db, client), question_ids=[question.id], now=clock.now())
        db.commit()
    page = client.get("/review").text
    front, back = page[: page.index("review-answer")], page[page.index("review-answer") :]
    assert "Which <em>one</em>?" in front
    assert "This" in front
    assert "It is." not in front
    for text in ("It is.", "It isn't.", "names it", "guesses", "https://docs.docker.com/", "as of 2026-11"):
        assert text in back


def test_a_labs_card_is_answered_by_doing_the_lab(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        question = Question(
            key="lab-p",
            kind=QuestionKind.LAB,
            position=1,
            prompt="Which port, ${PORT}? Press **Check**.",
            fingerprint="0" * 64,
            updated_at=clock.now(),
        )
        db.add(question)
        db.flush()
        lab = Lab(
            slug="p-or-P",
            question_id=question.id,
            title="-p or -P",
            summary="Find the port.",
            minutes=4,
            definition={},
            fingerprint="0" * 64,
        )
        db.add(lab)
        service.add_cards(db, user=user_of(db, client), question_ids=[question.id], now=clock.now())
        db.commit()
    page = client.get("/review").text
    assert re.search(r'href="/labs/p-or-P\?from=review"[^>]*>\s*Do the lab', page)
    assert "Find the port." in page
    assert "${PORT}" not in page
    assert 'name="rating"' not in page  # nobody can say from memory that it was done
    assert "skip=" not in page  # it would hold the place of a new card on each of the next days
    form = dict(HIDDEN.findall(page[page.index("data-deed") : page.index("In a week")]))
    put_off = client.post("/review/bury", data=form, follow_redirects=True).text
    assert "The lab comes again in a week." in put_off
    assert "Nothing is due" in put_off
    with sessions() as db:
        card = db.scalars(select(Card)).one()
        assert card.buried_until_day == today_of(user_of(db, client), now=clock.now()) + 7
        card.buried_until_day = None
        rated = {"review_id": uuid4(), "rating": Rating.HARD, "source": ReviewSource.SANDBOX}
        ago = clock.now() - timedelta(days=30)
        service.rate_question(db, user=user_of(db, client), question_id=card.question_id, now=ago, **rated)
        db.commit()
    (later,) = re.findall(r'href="(/review\?skip=[^"]+)"', client.get("/review").text)  # one that is due stays due
    assert "Nothing is due" in client.get(later).text


def test_only_the_days_of_a_new_lab_may_be_asked_for(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        service.add_cards(db, user=user_of(db, client), question_ids=[a_question(db).id], now=clock.now())
        db.commit()
    form = dict(HIDDEN.findall(client.get("/review").text))
    assert client.post("/review/bury", data={**form, "days": "700"}).status_code == 400


def test_a_card_that_can_be_tried_says_so(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        of_lab, question = a_question(db), a_question(db)
        question.lab_slug = "p-or-P"
        texts = {"title": "-p or -P", "summary": "", "definition": {}, "fingerprint": "0" * 64}
        db.add(Lab(slug="p-or-P", question_id=of_lab.id, minutes=4, **texts))
        service.add_cards(db, user=user_of(db, client), question_ids=[question.id], now=clock.now())
        db.commit()
    page = client.get("/review").text
    assert "Try it, 4 min" in page
    assert re.search(r'href="/labs/p-or-P\?card=[0-9a-f-]+&amp;from=review"', page), "the way back is kept"
    assert 'name="rating"' in page
