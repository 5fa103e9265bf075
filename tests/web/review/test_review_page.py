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
from quizapp.accounts.models import SignIn, User
from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, QuestionKind
from quizapp.direct import Direct
from quizapp.review import service
from quizapp.review.memory import Phase
from quizapp.review.models import Card, Outcome, ReviewLog
from tests.builders import a_question
from tests.web.pages import send, without_tokens

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


@pytest.fixture(params=["retired", "draft"])
def remove(request: pytest.FixtureRequest, sessions: Sessions) -> Callable[[str], None]:
    """`remove(card)`: the question of the card with that id is asked no more."""

    def do(card_id: str) -> None:
        with sessions() as db:
            question = db.get_one(Card, UUID(card_id)).question
            question.retired_at = clock.now() if request.param == "retired" else None
            question.draft = request.param == "draft"
            db.commit()

    return do


@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "script"])
def test_a_rating_of_a_question_removed_meanwhile_is_kept(
    learner: FlaskClient, sessions: Sessions, remove: Callable[[str], None], headers: dict[str, str]
) -> None:
    form = rating_form(learner.get("/review").text)
    remove(form["card"])
    answer = learner.post("/review", data={**form, "rating": "3"}, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    page = learner.get("/review").text
    assert "has been removed meanwhile. Your rating is kept" in (answer.get_json()["notice"] if headers else page)
    assert "Prompt 2?" in page
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]


def test_undo_of_a_question_removed_meanwhile_leads_to_the_next_card(
    learner: FlaskClient, sessions: Sessions, remove: Callable[[str], None]
) -> None:
    form = rating_form(learner.get("/review").text)
    rate(learner, form)
    remove(form["card"])
    page = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]}, follow_redirects=True)
    assert page.status_code == 200
    assert "Undone: Good. Its question has been removed meanwhile" in page.text
    assert "Prompt 2?" in page.text
    assert [entry.outcome for entry in log(sessions)] == [Outcome.UNDONE]


def test_a_card_of_a_question_removed_meanwhile_can_be_buried(
    learner: FlaskClient, remove: Callable[[str], None]
) -> None:
    form = rating_form(learner.get("/review").text)
    remove(form["card"])
    page = learner.post("/review/bury", data=form, follow_redirects=True)
    assert (page.status_code, "Prompt 2?" in page.text) == (200, True)


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


@pytest.mark.parametrize("path", ["/review", "/review/bury"])
def test_a_foreign_card_is_as_unknown_as_none(learner: FlaskClient, client_as: ClientAs, path: str) -> None:
    form = rating_form(learner.get("/review").text)
    stranger = client_as("owner", "Bob")
    form["csrf_token"] = token_of(stranger)
    foreign = stranger.post(path, data={**form, "rating": "3"})
    unknown = stranger.post(path, data={**form, "rating": "3", "card": str(uuid4())})
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert without_tokens(foreign.text) == without_tokens(unknown.text)


def test_looking_at_a_foreign_card_is_no_different(learner: FlaskClient, client_as: ClientAs) -> None:
    card = rating_form(learner.get("/review").text)["card"]
    stranger = client_as("editor", "Bob")
    pages = [stranger.get(f"/review?card={card_id}") for card_id in (card, uuid4(), "nonsense", "")]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({without_tokens(page.text) for page in pages}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": "0"},
        {"rating": "5"},
        {"rating": "good"},
        {"rating": ""},
        pytest.param({"rating": "9" * 5000}, id="a rating of 5000 digits"),
        {"card": "nonsense"},
        {"card": ""},
        {"review_id": "nonsense"},
        {"review_id": "0" * 32 + "x"},
        {"review_id": ""},
        {"version": "-1"},
        {"version": "one"},
        {"taken_ms": "soon"},
    ],
    ids=str,
)
@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "script"])
def test_what_cannot_be_read_is_refused_and_nothing_counts(
    learner: FlaskClient, sessions: Sessions, wrong: dict[str, str], headers: dict[str, str]
) -> None:
    form = rating_form(learner.get("/review").text)
    answer = learner.post("/review", data={**form, "rating": "3", **wrong}, headers=headers)
    assert answer.status_code == 400
    assert "nothing was counted" in answer.text
    assert log(sessions) == []


@pytest.mark.parametrize(
    ("sent", "kept"), [("", None), ("1234", 1234), ("-7", 0), ("86400000", 60_000), ("9" * 99, 60_000)]
)
def test_the_time_taken_is_capped(learner: FlaskClient, sessions: Sessions, sent: str, kept: int | None) -> None:
    assert rate(learner, rating_form(learner.get("/review").text), taken_ms=sent).status_code == 303
    assert log(sessions)[0].taken_ms == kept


def test_a_version_from_the_future_is_stale(learner: FlaskClient, sessions: Sessions) -> None:
    rate(learner, rating_form(learner.get("/review").text), version="9" * 30)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.STALE]


@pytest.mark.parametrize("path", ["/review", "/review/undo", "/review/bury", "/review/add"])
def test_nothing_changes_without_a_token(learner: FlaskClient, sessions: Sessions, path: str) -> None:
    form = rating_form(learner.get("/review").text)
    del form["csrf_token"]
    answer = learner.post(path, data={**form, "rating": "3", "note": "networking"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "That page was too old"
    assert log(sessions) == []


def test_signed_out_the_script_is_told_and_nothing_counts(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    with sessions() as db:
        for sign_in in db.scalars(select(SignIn)):
            sign_in.ended_at = clock.now()
        db.commit()
    answer = learner.post("/review", data={**form, "rating": "3"}, headers=JSON)
    assert answer.status_code == 401
    assert "it is kept until then" in answer.get_json()["message"]
    assert learner.get("/review").location == "/sign-in?next=/review"
    assert log(sessions) == []


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
    (later,) = re.findall(r'href="(/review\?skip=[^"]+)"', page)
    assert "Nothing is due" in client.get(later).text


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


def deed(client: FlaskClient, what: str, form: dict[str, str], **more: str) -> TestResponse:
    fields = {"csrf_token": form["csrf_token"], "card": form["card"], **more}
    return client.post(f"/review/{what}", data=fields, follow_redirects=True)


def test_a_suspended_card_stays_away_until_undo(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    page = deed(learner, "suspend", form).text
    assert "Suspended." in page
    assert "Prompt 2?" in page
    back = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]}, follow_redirects=True).text
    assert "Undone: suspending." in back
    assert "Prompt 1?" in back


def test_a_suspended_card_that_is_looked_at_can_be_brought_back(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    deed(learner, "suspend", form)
    assert "Unsuspend" in learner.get(f"/review?card={form['card']}").text
    assert "Back in its turn." in deed(learner, "unsuspend", form).text
    with sessions() as db:
        assert not db.get_one(Card, UUID(form["card"])).suspended


def test_a_flag_is_shown_and_taken_away_by_its_own_button(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    page = deed(learner, "flag", form, flag="4").text
    assert "Blue flag" in page
    assert re.search(r'name="flag" value="0"\s+data-key="Control\+4"', page)
    assert learner.post("/review/flag", data={**form, "flag": "8"}).status_code == 400


def test_a_leech_says_what_to_do_about_it(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    with sessions() as db:
        db.get_one(Card, UUID(form["card"])).leech = True
        db.commit()
    page = learner.get(f"/review?card={form['card']}").text
    assert "read its paragraph</a>" in page
    assert "No leech" not in deed(learner, "release", form).text


def test_undo_at_its_end_goes_on_with_a_sitting_that_does_not_wait(learner: FlaskClient) -> None:
    for _ in range(2):
        rate(learner, rating_form(learner.get("/review").text))
    page = learner.get("/review?ahead=1").text
    undo = dict(HIDDEN.findall(page[page.index('id="undo"') :]))
    assert undo["ahead"] == "1"
    assert "ahead=1" in learner.post("/review/undo", data=undo).location


def test_a_sitting_that_does_not_wait_goes_on_so(learner: FlaskClient) -> None:
    for _ in range(2):
        rate(learner, rating_form(learner.get("/review").text), 1)
    form = {**rating_form(learner.get("/review?ahead=1").text), "ahead": "1", "rating": "1"}
    assert learner.post("/review", data=form, headers=JSON).get_json()["next"] == "/review?ahead=1"
    form = {**rating_form(learner.get("/review?ahead=1").text), "ahead": "1", "rating": "1"}
    assert learner.post("/review", data=form).location == "/review?ahead=1"


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


def test_where_all_cards_are_suspended_it_says_so(learner: FlaskClient) -> None:
    for _ in range(2):
        deed(learner, "suspend", rating_form(learner.get("/review").text))
    assert "All your cards are suspended" in learner.get("/review").text
    today = learner.get("/").text
    assert "All your 2 cards are suspended." in today
    assert 'href="/search?q=is:suspended"' in today
