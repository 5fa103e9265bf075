"""The search page as a browser without a script uses it."""

import re
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Question, QuestionKind
from quizapp.review import deeds, service
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewSource
from tests.builders import a_note, a_question, rate_card
from tests.lab_builders import add_lab
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
Sessions = sessionmaker[Session]


@pytest.fixture
def learner(client_as: ClientAs, sessions: Sessions) -> FlaskClient:
    """A learner with two cards, and a third question that is none of theirs."""
    client = client_as("learner", "Ada")
    with sessions() as db:
        note = a_note(db, title="Docker networking")
        db.add(
            Concept(key="bridge", section=note.sections[0], position=1, term="bridge0", text="A", fingerprint="0" * 64)
        )
        for prompt in ("What does -p do?", "What does `--rm` do?", "What is docker0?"):
            question = a_question(db, QuestionKind.FLASHCARD, note=note)
            question.prompt, question.answer = prompt, ""
        db.flush()
        ids = db.scalars(select(Question.id).order_by(Question.id)).all()
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=ids[:2], now=clock.now())
        db.commit()
    return client


def cards(sessions: Sessions) -> Sequence[Card]:
    with sessions() as db:
        return db.scalars(select(Card).order_by(Card.question_id)).all()


def found(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r'class="found-head">(.*?)</p>', page, re.S)]


def do(client: FlaskClient, what: str, *, q: str = "does", **more: str | list[str]) -> TestResponse:
    page = client.get("/search", query_string={"q": q}).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    fields = {"csrf_token": token[1], "q": q, "do": what, **more}
    return client.post("/search/do", data=fields, follow_redirects=True)


def test_what_cannot_be_ticked_has_no_button_for_what_is_ticked(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        add_lab(db)
        db.commit()
    page = learner.get("/search?q=ports").text
    assert found(page) == ["Two ports"]
    assert "Add to reviews" not in page
    assert "Add to reviews" in learner.get("/search?q=docker0").text


def test_every_page_has_a_box_that_searches_without_a_script(learner: FlaskClient) -> None:
    page = learner.get("/notes").text
    form = page[page.index("frame-search") :].split("</form>")[0]
    assert 'action="/search"' in form
    assert 'name="q"' in form
    assert 'data-key="/"' in form


def test_what_is_found_leads_to_where_it_is(learner: FlaskClient, sessions: Sessions) -> None:
    page = learner.get("/search?q=-p").text
    assert found(page) == ["What does -p do?"]
    assert f'href="/review?card={cards(sessions)[0].id}"' in page
    assert re.search(r'href="/notes/concepts/[^"]+">bridge0', learner.get("/search?q=bridge0").text)
    assert "not in your reviews" in learner.get("/search?q=docker0").text


def test_a_question_of_two_lines_is_listed_whole(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        a_question(db).prompt = "A pod is pending.\nWhat do you look at?"
        db.commit()
    assert found(learner.get("/search?q=pending").text) == ["A pod is pending. What do you look at?"]


def test_what_is_not_understood_is_marked_where_it_stands(learner: FlaskClient) -> None:
    page = learner.get("/search", query_string={"q": "dns is:<foo>"})
    assert page.status_code == 400
    assert "dns <mark>is:&lt;foo&gt;</mark>" in page.text
    assert "is: is followed by one of new" in page.text


def test_nothing_found_says_how_to_search(learner: FlaskClient) -> None:
    page = learner.get("/search?q=doc").text
    assert "Nothing found" in page
    assert '<details class="small" open>' in page
    assert "Undo" not in page, "nothing was done yet"
    assert found(learner.get("/search?q=doc*").text)


def test_the_cards_chosen_are_suspended_and_undo_brings_them_back(learner: FlaskClient, sessions: Sessions) -> None:
    ids = [str(card.id) for card in cards(sessions)]
    assert "2 cards suspended." in do(learner, "suspend", card=ids).text
    assert found(learner.get("/search?q=is:suspended").text) == ["What does -p do?", "What does --rm do?"]
    page = learner.get("/search?q=does").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    back = learner.post("/search/undo", data={"csrf_token": token[1], "q": "does"}, follow_redirects=True).text
    assert "Undone: suspending, on 2 cards." in back
    assert not any(card.suspended for card in cards(sessions))


def undo_on(client: FlaskClient, page: str, **more: str) -> str:
    """Press Undo on a page of the search, or with `rating` the button that takes that one back."""
    sent = {"csrf_token": token_in(page), "q": "does", **more}
    return client.post("/search/undo", data=sent, follow_redirects=True).text


def rated(learner: FlaskClient, sessions: Sessions) -> str:
    """Rate the first card on the review page; the rating's id."""
    review_id = uuid4()
    with sessions() as db:
        user, card = db.get_one(User, learner.user.id), db.scalars(select(Card).order_by(Card.question_id)).first()  # type: ignore[attr-defined]
        assert card is not None
        rate_card(
            db, user=user, card_id=card.id, review_id=review_id, rating=Rating.GOOD, source=ReviewSource.REVIEW,
            now=clock.now(), seen_version=card.version, taken_ms=None,
        )  # fmt: skip
        db.commit()
    return str(review_id)


def test_a_rating_made_in_a_review_is_named_and_asked_about_before_it_is_taken_back(
    learner: FlaskClient, sessions: Sessions
) -> None:
    """Anki takes it back at once, and names it beforehand in its menu: "Undo Answer Card"."""
    review_id = rated(learner, sessions)
    page = undo_on(learner, learner.get("/search?q=does").text)
    assert "<strong>Good</strong> of “What does -p do?”. Take it back?" in page
    assert page.count('data-key="u"') == page.count('type="search"') == 1
    assert cards(sessions)[0].reps == 1
    assert "Undone: Good." in undo_on(learner, page, rating=review_id)
    assert cards(sessions)[0].reps == 0


def test_undo_on_the_search_page_first_takes_back_what_was_done_there(learner: FlaskClient, sessions: Sessions) -> None:
    rated(learner, sessions)
    page = do(learner, "suspend", card=[str(card.id) for card in cards(sessions)]).text
    assert "Undone: suspending, on 2 cards." in undo_on(learner, page)
    assert "What you did last is a rating in a review" in undo_on(learner, page)
    assert cards(sessions)[0].reps == 1


def test_a_rating_that_another_has_followed_is_asked_about_anew(learner: FlaskClient, sessions: Sessions) -> None:
    first = rated(learner, sessions)
    page = undo_on(learner, learner.get("/search?q=does").text)
    second = rated(learner, sessions)
    page = undo_on(learner, page, rating=first)
    assert f'name="rating" value="{second}"' in page
    assert cards(sessions)[0].reps == 2


@pytest.mark.parametrize(("query", "is_told"), [("-nosuchword", True), ("-z", False), ('-"x" --nosuch', False)])
def test_who_meant_to_leave_a_word_out_is_told_how(learner: FlaskClient, query: str, is_told: bool) -> None:
    page = learner.get("/search", query_string={"q": f"{query} nothere"}).text
    assert ("in quotation marks leaves the word out" in page) is is_told


def test_a_deed_after_which_nothing_is_found_can_be_taken_back_there(learner: FlaskClient, sessions: Sessions) -> None:
    page = do(learner, "suspend", q="does -is:suspended", card=[str(card.id) for card in cards(sessions)]).text
    assert "Nothing found" in page
    assert 'data-key="u"' in page
    assert "Undone: suspending, on 2 cards." in undo_on(learner, page)


@pytest.mark.parametrize(
    ("what", "more", "said", "query"),
    [
        ("flag", {"flag": "3"}, "2 cards flagged.", "flag:3"),
        ("due", {"due": "9"}, "2 cards set due.", "prop:due=9"),
        ("bury", {}, "2 cards buried until tomorrow.", "is:buried"),
        ("reset", {}, "Nothing to change.", "is:new"),
    ],
)
def test_all_cards_found_are_meant_if_that_is_ticked(
    learner: FlaskClient, what: str, more: dict[str, str], said: str, query: str
) -> None:
    assert said in do(learner, what, whole="1", **more).text
    assert len(found(learner.get("/search", query_string={"q": query}).text)) == 2


def test_questions_found_are_added_to_the_reviews(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        id = db.scalars(select(Question.id).where(Question.prompt.contains("docker0"))).one()
    assert "1 new card in your reviews." in do(learner, "add", q="docker0", question=str(id)).text
    assert len(cards(sessions)) == 3


def test_the_cards_chosen_are_studied_now_and_each_once(learner: FlaskClient, sessions: Sessions) -> None:
    first, second = cards(sessions)
    do(learner, "due", whole="1", due="30")
    page = do(learner, "study", card=[str(second.id), str(first.id)]).text
    shown = []
    for _ in range(2):
        form = dict(
            re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page[page.index("data-rating") :])
        )
        shown.append(UUID(form["card"]))
        page = learner.post("/review", data={**form, "rating": "3"}, follow_redirects=True).text
    assert shown == [second.id, first.id]
    assert "Nothing is due" in page


def test_who_has_no_card_is_offered_to_add_questions_and_nothing_else(
    client_as: ClientAs, learner: FlaskClient
) -> None:
    page = client_as("learner", "Bob").get("/search?q=does").text
    buttons = re.findall(r'name="do" value="(\w+)"', page)
    assert buttons == ["add"]
    assert 'name="whole"' not in page
    assert 'name="do"' not in client_as("learner", "Eve").get("/search?q=kind:note").text


def test_what_cannot_be_done_is_told(learner: FlaskClient) -> None:
    assert "Choose some cards first" in do(learner, "suspend").text
    assert do(learner, "explode", whole="1").status_code == 400
    assert do(learner, "due", whole="1", due="x").status_code == 400
    do(learner, "suspend", whole="1")
    assert "Bring them back first." in do(learner, "study", whole="1").text


@pytest.mark.parametrize("days", ["-1", "abc", "", "99999"])
def test_days_that_are_none_are_told_beside_the_selection(learner: FlaskClient, sessions: Sessions, days: str) -> None:
    one = str(cards(sessions)[0].id)
    answer = do(learner, "due", card=one, due=days)
    assert answer.status_code == 400
    assert found(answer.text) == ["What does -p do?", "What does --rm do?"]
    assert re.findall(r'name="card" value="([^"]+)" checked', answer.text) == [one]
    assert f'name="due" value="{days}"' in answer.text
    assert re.search(
        r'id="search-refused" role="alert">.*?(Enter a whole number|Cards can be set due in 0)', answer.text, re.S
    )


@pytest.mark.parametrize("what", ["suspend", "flag", "bury"])
def test_too_many_cards_are_told_beside_the_selection(
    learner: FlaskClient, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(deeds, "CARDS_MAX", 1)
    one = str(cards(sessions)[0].id)
    answer = do(learner, what, whole="1", card=one, flag="1")
    assert answer.status_code == 400
    assert re.search(r'id="search-refused" role="alert">.*?At most 1 cards can be changed', answer.text, re.S)
    assert 'name="q" value="does"' in answer.text
    assert 'name="whole" value="1" checked' in answer.text
    assert re.findall(r'name="card" value="([^"]+)" checked', answer.text) == [one]


def test_the_boxes_are_named_in_plain_words(learner: FlaskClient) -> None:
    page = learner.get("/search?q=does").text
    assert re.findall(r"Choose ([^<]+)<", page) == ["What does -p do?", "What does --rm do?"]


def test_nobody_changes_the_cards_of_others(learner: FlaskClient, client_as: ClientAs, sessions: Sessions) -> None:
    stranger = client_as("learner", "Bob")
    assert do(stranger, "suspend", card=str(cards(sessions)[0].id)).status_code == 404


def test_nobody_adds_questions_of_others_own_notes(
    learner: FlaskClient, client_as: ClientAs, sessions: Sessions
) -> None:
    bob = client_as("learner", "Bob").user  # type: ignore[attr-defined]
    with sessions() as db:
        note = a_note(db, title="Bob's own")
        note.owner_id = bob.id
        secret = a_question(db, QuestionKind.FLASHCARD, note=note).id
        db.commit()
    assert "Choose some questions first." in do(learner, "add", question=str(secret)).text
    assert len(cards(sessions)) == 2


def test_editors_tag_what_was_found(client_as: Callable[..., FlaskClient], sessions: Sessions) -> None:
    with sessions() as db:
        asked = a_question(db, note=a_note(db))
        asked.prompt = "What does resolv.conf name?"
        db.commit()
        number = asked.id
    editor, page = client_as("editor"), "/search?q=resolv.conf"
    found = send(editor, page, "/search/tag", q="resolv.conf", question=number, tag="dns", do="tag")
    assert "1 question tagged." in editor.get(found.location).text
    assert "1 result" in editor.get("/search?q=tag:dns").text
    undone = send(editor, page, "/search/undo", q="resolv.conf")
    assert "Undone: the tags." in editor.get(undone.location).text
    refused = send(editor, page, "/search/tag", q="resolv.conf", whole="1", tag="", do="tag")
    assert (refused.status_code, "Enter the tag." in refused.text) == (400, True)


def test_learners_tag_nothing(client_as: Callable[..., FlaskClient]) -> None:
    learner = client_as("learner")
    assert "Add tag" not in learner.get("/search?q=a").text
    assert send(learner, "/account", "/search/tag", whole="1", tag="dns").status_code == 403
