"""Sittings over chosen cards as a browser without a script begins, goes through and ends them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab, Note, Question, QuestionKind
from quizapp.review import service
from quizapp.review.models import Card, Outcome, ReviewLog
from tests.builders import a_note, a_question
from tests.web.pages import send

ClientAs = Callable[..., FlaskClient]
Sessions = sessionmaker[Session]
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def learner(client_as: ClientAs, sessions: Sessions) -> FlaskClient:
    """A learner with three new cards of one note."""
    client = client_as("learner", "Ada")
    with sessions() as db:
        note = a_note(db, title="Docker networking")
        ids = [a_question(db, QuestionKind.FLASHCARD, note=note).id for _ in range(3)]
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=ids, now=clock.now())
        db.commit()
    return client


def begin(client: FlaskClient, what: str, **fields: str) -> TestResponse:
    begun = send(client, "/search", f"/search/study/{what}", **fields)
    return client.get(begun.location, follow_redirects=True) if begun.location else begun


def of_note(client: FlaskClient, sessions: Sessions, **fields: str) -> TestResponse:
    with sessions() as db:
        key = db.scalars(select(Note.key)).one()
    assert 'action="/search/study/note"' in client.get(f"/notes/{key}").text
    return begin(client, "note", note=key, **fields)


def rating_form(page: str) -> dict[str, str]:
    form = page[page.index("data-rating") :]
    return dict(HIDDEN.findall(form[: form.index("</form>")]))


def rated(client: FlaskClient, page: str, rating: int) -> str:
    return client.post("/review", data={**rating_form(page), "rating": rating}, follow_redirects=True).text


def cards(sessions: Sessions) -> list[tuple[int, int, object]]:
    with sessions() as db:
        return [(card.reps, card.version, card.due_day) for card in db.scalars(select(Card).order_by(Card.question_id))]


def test_all_cards_of_a_note_apart_change_nothing_and_the_end_says_what_was_done(
    learner: FlaskClient, sessions: Sessions
) -> None:
    before, page = cards(sessions), of_note(learner, sessions, apart="1").text
    for left, rating in ((3, 3), (2, 1), (2, 4), (1, 3)):  # the one rated Again comes once more
        assert f"<dt>left</dt><dd>{left}</dd>" in page
        assert "its answers leave the schedule alone" in page
        assert re.findall(r'rating-interval">([^<]+)<', page) == ["once more", "done", "done", "done"]
        page = rated(learner, page, rating)
    assert "This sitting is done" in page
    assert "3 cards in 4 answers; 1 card not known at first. The schedule is as it was." in page
    assert "3 cards are due in their turn." in page
    assert cards(sessions) == before


def test_a_sitting_that_changes_the_schedule_ends_so_too(learner: FlaskClient, sessions: Sessions) -> None:
    page = of_note(learner, sessions).text
    assert "leave the schedule alone" not in page[: page.index("</article>")]
    for _ in range(3):
        page = rated(learner, page, 3)
    assert "3 cards in 3 answers; you knew them all." in page
    assert "Nothing is due." in page
    assert [reps for reps, *_ in cards(sessions)] == [1, 1, 1]


def test_what_was_shown_apart_stays_apart_when_it_arrives_late(learner: FlaskClient, sessions: Sessions) -> None:
    kept = rating_form(of_note(learner, sessions, apart="1").text)
    of_note(learner, sessions)  # another sitting, which does change the schedule
    for _ in range(2):
        answer = learner.post("/review", data={**kept, "rating": 3}, headers={"Accept": "application/json"})
        assert answer.json is not None
        assert answer.json["outcome"] == "apart"
    with sessions() as db:
        assert [row.outcome for row in db.scalars(select(ReviewLog))] == [Outcome.APART]
    assert all(reps == 0 for reps, *_ in cards(sessions))


def test_cards_that_come_are_those_of_the_sitting_and_say_that_they_are_apart(
    learner: FlaskClient, sessions: Sessions
) -> None:
    of_note(learner, sessions, apart="1")
    coming = learner.get("/review/coming?chosen=1").json
    assert coming is not None
    assert [one["pile"] for one in coming["cards"]] == ["left"] * 3
    assert all('name="apart"' in one["html"] for one in coming["cards"])
    assert 'name="apart"' not in learner.get("/review").text


def test_undo_shows_the_card_apart_again_wherever_it_is_pressed(learner: FlaskClient, sessions: Sessions) -> None:
    page = of_note(learner, sessions, apart="1").text
    card = rating_form(page)["card"]
    rated(learner, page, 3)
    undone = send(learner, "/review", "/review/undo")
    assert undone.location is not None
    assert f"card={card}" in undone.location
    again = learner.get(undone.location).text
    assert (rating_form(again)["card"], rating_form(again)["apart"]) == (card, "1")
    assert "Undone: Good. Rate the card again." in again


def test_what_is_forgotten_today_is_found_and_nothing_found_is_told(learner: FlaskClient, sessions: Sessions) -> None:
    assert 'action="/search/study/forgotten"' in learner.get("/").text
    assert "Nothing was forgotten today." in begin(learner, "forgotten").text
    page = of_note(learner, sessions, apart="1").text
    missed = rating_form(page)["card"]
    rated(learner, page, 1)
    page = begin(learner, "forgotten", apart="1").text
    assert rating_form(page)["card"] == missed
    assert "<dt>left</dt><dd>1</dd>" in page


def test_ahead_takes_what_comes_and_no_new_cards(learner: FlaskClient, sessions: Sessions) -> None:
    assert "No card comes in these days." in begin(learner, "ahead", days="3").text
    rated(learner, of_note(learner, sessions).text, 3)
    assert "<dt>left</dt><dd>1</dd>" in begin(learner, "ahead", days="30").text
    for wrong in ("0", "366", "x", "9" * 30, ""):
        assert begin(learner, "ahead", days=wrong).status_code == 400


def test_a_wrong_number_of_days_is_told_beside_it(learner: FlaskClient) -> None:
    page = begin(learner, "ahead", days="<x>", apart="1").text
    assert "Enter how many days to look ahead, from 1 to 365." in page
    assert re.search(r'name="days" value="&lt;x&gt;"[^>]*aria-invalid="true" aria-describedby="days-error"', page)
    form = page[page.index("/search/study/ahead") :]
    assert 'name="apart" value="1" checked' in form[: form.index("</form>")]


def test_a_search_is_studied_or_told_on_its_page(learner: FlaskClient) -> None:
    assert "<dt>left</dt><dd>3</dd>" in begin(learner, "found", q="is:new").text
    nothing = begin(learner, "found", q="is:suspended")
    assert nothing.request.path == "/search"
    assert "This finds none of your cards, suspended and buried ones left out." in nothing.text
    assert "is: is followed by one of new" in begin(learner, "found", q="is:foo").text


def test_today_leads_back_to_a_sitting_that_was_left_and_no_longer_once_it_is_over(
    learner: FlaskClient, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else has its address: from another page it could only be begun anew."""
    assert "The cards that you chose" not in learner.get("/").text
    rated(learner, of_note(learner, sessions, apart="1").text, 3)
    today = learner.get("/").text
    assert "The cards that you chose, 2 left" in today
    assert 'href="/review?chosen=1"' in today
    page = learner.get("/review?chosen=1").text
    assert "<dt>left</dt><dd>2</dd>" in page
    tomorrow = clock.now() + timedelta(days=1)
    with monkeypatch.context() as then:
        then.setattr(clock, "now", lambda: tomorrow)
        assert "The cards that you chose" not in learner.get("/").text
    for _ in range(2):
        page = rated(learner, page, 3)
    assert "The cards that you chose" not in learner.get("/").text


def test_a_lab_is_in_no_sitting_apart(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        question_id = db.scalars(select(Question.id).order_by(Question.id)).first()
        db.add(
            Lab(
                slug="a",
                question_id=question_id,
                title="A",
                summary="",
                minutes=1,
                definition={"concepts": []},
                fingerprint="",
            )
        )
        db.commit()
    assert "<dt>left</dt><dd>2</dd>" in of_note(learner, sessions, apart="1").text


def test_a_stranger_studies_no_cards_of_others(client_as: ClientAs, learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        key = db.scalars(select(Note.key)).one()
    assert "No card of this note can be studied" in begin(client_as("learner", "Bob"), "note", note=key).text


def test_more_cards_than_fit_are_told(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        ids = [a_question(db, QuestionKind.FLASHCARD).id for _ in range(50)]
        user = db.get_one(User, learner.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=ids, now=clock.now())
        db.commit()
    page = begin(learner, "found", q="is:new", order="random", apart="1").text
    assert "<dt>left</dt><dd>50</dd>" in page
    assert "A sitting has 50 cards" in page


@pytest.mark.parametrize(("sign", "said"), [("a", "at most 1000 characters"), ("ß", "Shorten it")])
def test_a_query_that_no_address_has_room_for_is_said_to_be_too_long(
    learner: FlaskClient, sign: str, said: str
) -> None:
    """A redirect would have it in its address, of which servers and browsers read some kilobytes."""
    for path in ("/search/study/found", "/search/undo"):
        answer = send(learner, "/search", path, q=sign * 40_000)
        assert answer.status_code in (303, 400)
        assert len(answer.location or "") <= 4_000
    assert said in begin(learner, "found", q=sign * 40_000).text
