"""The review page as a browser without a script, and as its script, uses it."""

import re
from collections.abc import Callable
from urllib.parse import unquote
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Note, Question, QuestionKind
from quizapp.driver_connection import Direct
from quizapp.review import service
from quizapp.review.memory import Phase
from quizapp.review.models import Card, Outcome, ReviewLog
from tests.web.pages import send

ClientAs = Callable[..., FlaskClient]
Sessions = sessionmaker[Session]

JSON = {"Accept": "application/json"}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def add_note(db: Session, *, key: str = "networking", questions: int = 2) -> Note:
    """A note with flashcards, their answers numbered like their prompts."""
    note = Note(key=key, path=f"{key}.md", title="Networking", convention="free", source="", imported_at=clock.now())
    db.add(note)
    db.flush()
    for number in range(1, questions + 1):
        db.add(
            Question(
                key=f"q-{key}-{number}",
                kind=QuestionKind.FLASHCARD,
                note_id=note.id,
                position=number,
                prompt=f"Prompt {number}?",
                answer=f"Answer {number}.",
                fingerprint="0" * 64,
                updated_at=clock.now(),
            )
        )
    db.flush()
    return note


@pytest.fixture
def learner(client_as: ClientAs, sessions: Sessions) -> FlaskClient:
    """A learner with two new cards."""
    client = client_as("learner", "Ada")
    with sessions() as db:
        add_note(db)
        service.add_cards(db, user=user_of(db, client), question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    return client


def user_of(db: Session, client: FlaskClient) -> User:
    return db.get_one(User, client.user.id)  # type: ignore[attr-defined]


def rating_form(page: str) -> dict[str, str]:
    """What the page's rating form would send, but for the rating."""
    form = page[page.index("data-rating") :]
    return dict(HIDDEN.findall(form[: form.index("</form>")]))


def token_of(client: FlaskClient) -> str:
    return dict(HIDDEN.findall(client.get("/review").text))["csrf_token"]


def rate(client: FlaskClient, form: dict[str, str], rating: int = 3, **more: str) -> TestResponse:
    return client.post("/review", data={**form, "rating": str(rating), **more})


def log(sessions: Sessions) -> list[ReviewLog]:
    with sessions() as db:
        return list(db.scalars(select(ReviewLog).order_by(ReviewLog.card_id, ReviewLog.sequence)))


def test_without_a_card_it_says_where_cards_come_from(client_as: ClientAs) -> None:
    page = client_as("learner").get("/review")
    assert page.status_code == 200
    assert "No cards yet" in page.text


def test_a_card_shows_its_prompt_its_counts_and_four_intervals(learner: FlaskClient) -> None:
    page = learner.get("/review").text
    assert "Prompt 1?" in page
    assert "<dt>new</dt><dd>2</dd>" in page
    assert re.findall(r'rating-name">(\w+)</span>\s*<span class="rating-interval">([^<]+)<', page) == [
        ("Again", "10 min"),
        ("Hard", "1 d"),
        ("Good", "2 d"),
        ("Easy", "8 d"),
    ]


def test_without_a_script_the_answer_has_an_address_of_its_own(learner: FlaskClient) -> None:
    front = learner.get("/review").text
    assert re.search(r"data-rating data-after hidden>", front)
    link = re.search(r'href="(/review\?card=[^"]+)"', front)
    assert link
    back = learner.get(link[1].replace("&amp;", "&")).text
    assert "Answer 1." in back
    place = re.search(r'href="(/notes/about/\d+)"', back)
    assert place
    assert learner.get(place[1]).location == "/notes/networking"
    assert "hidden" not in back[back.index("review-answer") :].split(">")[0]
    assert re.search(r"data-rating data-after>", back)
    assert "Show the answer" not in back


def test_a_rating_leads_to_the_next_card_and_then_to_the_end(learner: FlaskClient, sessions: Sessions) -> None:
    for number in (1, 2):
        page = learner.get("/review").text
        assert f"Prompt {number}?" in page
        answer = rate(learner, rating_form(page), 4)
        assert (answer.status_code, answer.location) == (303, "/review")
    end = learner.get("/review").text
    assert "Nothing is due" in end
    assert "The next card comes in 8 days." in end
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED] * 2


def test_after_again_the_end_offers_not_to_wait(learner: FlaskClient) -> None:
    for _ in range(2):
        rate(learner, rating_form(learner.get("/review").text), 1)
    assert "The next card comes in 10 min." in learner.get("/review").text
    assert "Prompt 1?" in learner.get("/review?ahead=1").text


def test_a_rating_is_one_transaction_and_makes_no_session(
    learner: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it holds nobody up longer than it must; whoever sends it is looked up before, in no transaction."""
    form, begun, begin = rating_form(learner.get("/review").text), list[Direct](), Direct.begin
    monkeypatch.setattr(Direct, "begin", lambda own: (begun.append(own), begin(own))[1])
    monkeypatch.setattr("sqlalchemy.Engine.connect", None)
    monkeypatch.setattr("quizapp.web.database.Session", None)
    assert learner.post("/review", data={**form, "rating": "3"}, headers=JSON).get_json()["outcome"] == "applied"
    assert len(begun) == 1


def test_a_double_submit_counts_once_and_gets_the_same_answer(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    first, second = (learner.post("/review", data={**form, "rating": "1"}, headers=JSON) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.data == second.data
    body = first.get_json()
    assert (body["outcome"], body["next"]) == ("applied", "/review")
    (entry,) = log(sessions)
    assert body["due"] == entry.due_at_after.isoformat() if entry.due_at_after else None


def test_a_card_that_comes_another_day_is_due_on_a_date(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    due = learner.post("/review", data={**form, "rating": "3"}, headers=JSON).get_json()["due"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", due)


def test_a_stale_tab_is_told_so_and_changes_nothing(learner: FlaskClient, sessions: Sessions) -> None:
    here, there = (rating_form(learner.get("/review").text) for _ in range(2))
    rate(learner, here, 3)
    with sessions() as db:
        before = db.get_one(Card, UUID(here["card"])).due_day
    answer = rate(learner, there, 4)
    assert answer.status_code == 303
    assert "already rated that card elsewhere" in learner.get("/review").text
    with sessions() as db:
        card = db.get_one(Card, UUID(here["card"]))
        assert (card.due_day, card.version) == (before, 1)
    assert sorted(entry.outcome for entry in log(sessions)) == [Outcome.APPLIED, Outcome.STALE]


def test_a_stale_tab_sent_by_the_script_says_so_too(learner: FlaskClient) -> None:
    here, there = (rating_form(learner.get("/review").text) for _ in range(2))
    rate(learner, here)
    assert learner.post("/review", data={**there, "rating": "1"}, headers=JSON).get_json()["outcome"] == "stale"


def test_undo_shows_the_card_again_as_it_was(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    rate(learner, form)
    answer = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]})
    assert answer.location == f"/review?card={form['card']}"
    page = learner.get(answer.location).text
    assert "Undone: Good." in page
    assert "Prompt 1?" in page
    with sessions() as db:
        assert db.get_one(Card, UUID(form["card"])).phase is Phase.NEW
    again = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]}, follow_redirects=True)
    assert "There is nothing to undo." in again.text


def test_bury_takes_the_card_away_for_today(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    answer = learner.post(
        "/review/bury", data={"csrf_token": form["csrf_token"], "card": form["card"]}, follow_redirects=True
    )
    assert "Buried." in answer.text
    assert "Prompt 2?" in answer.text


def test_cards_whose_rating_waits_in_the_browser_are_left_out(learner: FlaskClient) -> None:
    card = rating_form(learner.get("/review").text)["card"]
    assert "Prompt 2?" in learner.get(f"/review?skip={card}&skip=undefined&skip={uuid4()}").text


def test_the_cards_of_a_note_are_added_once(client_as: ClientAs, sessions: Sessions) -> None:
    with sessions() as db:
        add_note(db, questions=3)
        db.commit()
    client = client_as("learner")
    data = {"csrf_token": token_of(client), "note": "networking"}
    assert client.post("/review/add", data=data).location == "/notes/networking"
    page = client.get("/review").text
    assert "3 new cards in your reviews." in page
    assert "<dt>new</dt><dd>3</dd>" in page
    client.post("/review/add", data=data)
    assert "already" in client.get("/review").text
    unknown = client.post("/review/add", data={**data, "note": "nonsense"})
    assert unknown.status_code == 404
    for wrong in ({}, {"note": ""}, {"note": "a\0b"}, {"note": "n" * 65}):
        assert client.post("/review/add", data={"csrf_token": data["csrf_token"], **wrong}).status_code == 400


def test_only_editors_are_offered_to_edit(learner: FlaskClient, client_as: ClientAs, sessions: Sessions) -> None:
    assert "/content/questions/" not in learner.get("/review").text
    editor = client_as("editor")
    with sessions() as db:
        service.add_cards(db, user=user_of(db, editor), question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    assert 'href="/content/questions/q-networking-1?back=/review?card' in unquote(editor.get("/review").text)


def test_saving_in_the_editor_leads_back_to_the_card(client_as: ClientAs, sessions: Sessions) -> None:
    editor = client_as("editor")
    with sessions() as db:
        add_note(db, questions=1)
        service.add_cards(db, user=user_of(db, editor), question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    found = re.search(r'href="(/content/questions/[^"]+)"', editor.get("/review").text)
    assert found
    fields = {"rev": "1", "prompt": "Another?", "answer": "Yes."}
    saved = send(editor, found[1], found[1], **fields)
    assert saved.location.startswith("/review?card=")
    assert "Another?" in editor.get(saved.location).text
    elsewhere = found[1].split("?")[0] + "?back=//evil.example"
    assert send(editor, "/content", elsewhere, **{**fields, "rev": "2"}).location == "/"


def test_a_sibling_in_the_cards_fetched_ahead_waits(client_as: ClientAs, sessions: Sessions) -> None:
    client = client_as("learner")
    with sessions() as db:
        add_note(db, questions=3)
        concept = Concept(key="c", position=1, term="t", text="", fingerprint="0" * 64)
        first, second, _ = db.scalars(select(Question).order_by(Question.position))
        first.concept = second.concept = concept
        db.flush()
        service.add_cards(db, user=user_of(db, client), question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    coming = client.get("/review/coming").get_json()
    assert (len(coming["cards"]), coming["left"]["new"]) == (2, 3)
    form = rating_form(client.get("/review").text)
    sent = {"data": {**form, "rating": "3"}, "headers": {"Accept": "application/json"}}
    left = client.post("/review", **sent).get_json()["left"]
    assert left["new"] == 1  # the page counts its own card off, and knows nothing of the sibling that waits
    assert client.post("/review", **sent).get_json()["left"] is None  # sent again
    assert "<dt>new</dt><dd>1</dd>" in client.get("/review").text
    undo = {"csrf_token": form["csrf_token"], "card": form["card"], "done": form["review_id"]}
    back = client.post("/review/undo", data=undo, headers={"Accept": "application/json"}).get_json()
    assert back["left"]["new"] == 3


def test_the_next_cards_can_be_fetched_before_they_are_needed(learner: FlaskClient) -> None:
    cards = learner.get("/review/coming", headers=JSON).get_json()["cards"]
    assert [(card["pile"], "Answer" in card["html"]) for card in cards] == [("new", True)] * 2
    shown = rating_form(learner.get("/review").text)["card"]
    assert cards[0]["card"] == shown
    left = learner.get(f"/review/coming?skip={shown}", headers=JSON).get_json()["cards"]
    assert [card["card"] for card in left] == [cards[1]["card"]]
    assert len(learner.get("/review/coming?most=1", headers=JSON).get_json()["cards"]) == 1


def test_each_card_that_is_fetched_has_an_id_of_its_own_for_its_rating(learner: FlaskClient) -> None:
    cards = learner.get("/review/coming", headers=JSON).get_json()["cards"]
    assert len({rating_form(card["html"])["review_id"] for card in cards}) == 2


def test_when_the_new_cards_of_the_day_are_done_there_can_be_more(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    sent = {"csrf_token": form["csrf_token"], "new_cards": "1", "reviews": ""}
    learner.post("/review/today", data=sent)
    rate(learner, form, 4)
    done = learner.get("/review").text
    assert "10 more new cards" in done
    assert "You knew them all.</p>" in done  # and not that none come tomorrow, where the next new card does
    more = learner.post("/review/more", data={"csrf_token": form["csrf_token"], "more": "10"}, follow_redirects=True)
    assert "Prompt 2?" in more.text
    assert learner.post("/review/more", data={"csrf_token": form["csrf_token"], "more": "x"}).status_code == 400
