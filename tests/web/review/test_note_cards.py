"""The cards of a note on its page, and what an import adds to it on Today."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Note
from quizapp.review.memory import Phase
from quizapp.review.models import Card
from tests.builders import a_note, a_question
from tests.web.pages import send

Sessions = sessionmaker[Session]


@pytest.fixture
def note(sessions: Sessions) -> Note:
    """A note of two questions in one section."""
    with sessions() as db:
        note = a_note(db)
        for _ in range(2):
            a_question(db, note=note)
        db.commit()
        db.refresh(note)
        db.expunge(note)
    return note


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient], note: Note) -> FlaskClient:
    """A learner with both cards of the note."""
    client = client_as("learner")
    send(client, f"/notes/{note.key}", "/review/add", note=note.key)
    return client


def cards(sessions: Sessions) -> int:
    with sessions() as db:
        return len(db.scalars(select(Card)).all())


def test_all_cards_of_a_note_are_taken_out_and_added_again(
    learner: FlaskClient, note: Note, sessions: Sessions
) -> None:
    page = f"/notes/{note.key}"
    send(learner, page, "/review/take-out", note=note.key)
    assert cards(sessions) == 0
    assert "2 cards out of your reviews: 2 new ones removed." in (text := learner.get(page).text)
    assert "None of 2 cards in your reviews." in text
    send(learner, page, "/review/add", note=note.key)
    assert cards(sessions) == 2


@pytest.mark.parametrize("named_by", ["key", "id"])
def test_one_question_or_one_section_is_taken_out(
    learner: FlaskClient, note: Note, sessions: Sessions, named_by: str
) -> None:
    page = f"/notes/{note.key}"
    with sessions() as db:
        key = getattr(db.scalars(select(Card)).first().question, named_by)  # type: ignore[union-attr]
        anchor = db.get_one(Note, note.id).sections[0].anchor
    send(learner, page, "/review/take-out", note=note.key, question=key)
    assert "1 of 2 cards in your reviews." in learner.get(page).text
    send(learner, page, "/review/take-out", note=note.key, section="elsewhere")
    assert cards(sessions) == 1
    send(learner, page, "/review/take-out", note=note.key, section=anchor)
    assert cards(sessions) == 0


def test_a_card_with_a_review_can_be_brought_back(learner: FlaskClient, note: Note, sessions: Sessions) -> None:
    page = f"/notes/{note.key}"
    with sessions() as db:
        for card in db.scalars(select(Card)):
            card.due_day = 1
        db.commit()
    send(learner, page, "/review/take-out", note=note.key)
    assert "2 suspended with what you remember" in (text := learner.get(page).text)
    assert "Bring back 2" in text
    send(learner, page, "/review/bring-back", note=note.key)
    assert "All its cards are in your reviews." in learner.get(page).text


def test_today_offers_what_an_import_added(learner: FlaskClient, note: Note, sessions: Sessions) -> None:
    with sessions() as db:
        a_question(db, note=db.get_one(Note, note.id))
        db.commit()
    assert "1 new card in" in learner.get("/").text
    assert send(learner, "/", "/review/add-offered", note=note.key, then="today").location == "/"
    assert cards(sessions) == 3
    assert "New in a note" not in learner.get("/").text


def test_what_is_offered_can_be_declined(learner: FlaskClient, note: Note, sessions: Sessions) -> None:
    with sessions() as db:
        a_question(db, note=db.get_one(Note, note.id))
        db.commit()
    send(learner, "/", "/review/decline", note=note.key, then="today")
    assert "New in a note" not in learner.get("/").text
    assert "Add 1 card to your reviews" in learner.get(f"/notes/{note.key}").text


def test_nobody_changes_the_cards_of_a_note_that_is_not_theirs(learner: FlaskClient) -> None:
    for act in ("take-out", "bring-back", "add-offered", "decline"):
        assert send(learner, "/notes", f"/review/{act}", note="nowhere").status_code == 404


def test_a_note_can_be_remembered_better_than_others(learner: FlaskClient, note: Note) -> None:
    page = f"/notes/{note.key}"
    assert send(learner, page, f"{page}/remember", retention="95").status_code == 302
    assert 'value="95"' in learner.get(page).text
    refused = send(learner, page, f"{page}/remember", retention="100")
    assert (refused.status_code, "from 70 to 99" in refused.text) == (400, True)
    send(learner, page, f"{page}/remember", retention="")
    assert 'value="95"' not in learner.get(page).text


@pytest.mark.parametrize("typed", ["abc", "-5", "0", "1000", "99.9", "97,5"])
def test_how_much_to_remember_is_told_beside_the_field_with_what_was_typed(
    learner: FlaskClient, note: Note, typed: str
) -> None:
    page = f"/notes/{note.key}"
    refused = send(learner, page, f"{page}/remember", retention=typed)
    assert refused.status_code == 400
    assert '<details class="note-cards" open>' in refused.text
    assert f'name="retention" inputmode="numeric" value="{typed}"' in refused.text
    assert re.search(r'id="retention-error">.*?Enter a whole number from 70 to 99', refused.text, re.S)


def test_reviewing_a_note_begins_with_its_cards_though_others_wait(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        other = a_note(db, title="Brought later")
        prompt = a_question(db, note=other).prompt
        db.commit()
        key = other.key
    begun = send(learner, f"/notes/{key}", "/review/add", note=key, then="review")
    assert prompt in learner.get(begun.location).text


def test_cards_that_were_added_are_reviewed_from_their_note_until_each_was_answered(
    learner: FlaskClient, note: Note, sessions: Sessions
) -> None:
    page = f"/notes/{note.key}"
    assert "Review these now" in learner.get(page).text
    begun = send(learner, page, "/review/add", note=note.key, then="review")
    assert begun.location == "/review?chosen=1"
    assert "in your reviews already" not in learner.get(begun.location).text
    with sessions() as db:
        for card in db.scalars(select(Card)):
            card.phase = Phase.REVIEW
        db.commit()
    assert "Review these now" not in learner.get(page).text
