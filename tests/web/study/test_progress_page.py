"""Progress as a learner sees it: empty, with figures and their tables, and the button that fits weights."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Concept, QuestionKind
from quizapp.confidence import Confidence
from quizapp.labs.runs.calibration import Foretold
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review import deeds, service
from quizapp.review.log import study_day_figures
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.queries import today_of
from quizapp.study import confidence_list
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question, rate_card
from tests.web.pages import send


@pytest.fixture
def reader(client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]) -> FlaskClient:
    """A learner with two reviews of a card, and an answer in a quiz that they were sure of and that was wrong."""
    client = client_as(Role.LEARNER)
    now = clock.now()
    with sessions() as db:
        user = db.get_one(User, client.user.id)
        note = a_note(db, title="Bridges & veth")
        question = a_question(db, QuestionKind.FLASHCARD, note=note)
        service.add_cards(db, user=user, question_ids=[question.id], now=now)
        card = db.scalars(select(Card)).one()
        for ago, rating in ((5, Rating.GOOD), (0, Rating.GOOD)):
            rate_card(
                db,
                user=user,
                card_id=card.id,
                review_id=uuid4(),
                rating=rating,
                source=ReviewSource.REVIEW,
                now=now - timedelta(days=ago),
                seen_version=card.version,
                taken_ms=4_000,
            )
        quiz = QuizSession(user_id=user.id, seed=1, started_at=now)
        wrong = Attempt(question=question, position=1, verdict=Verdict.FAIL, score=0.0, answered_at=now)
        wrong.confidence = Confidence.SURE
        quiz.attempts.append(wrong)
        db.add(quiz)
        db.commit()
    return client


def test_before_the_first_review_it_says_what_to_do(client_as: Callable[..., FlaskClient]) -> None:
    page = client_as(Role.LEARNER).get("/progress").text
    assert "Nothing to show yet" in page
    assert "Open the notes" in page


def test_every_figure_has_a_table_and_no_style_attribute(reader: FlaskClient) -> None:
    page = reader.get("/progress").text
    assert page.count('role="img"') == 12
    assert page.count("<summary>Table</summary>") == 9  # true retention and certainty have theirs open
    for figure in re.findall(r'<section class="chart.*?</section>', page, re.S):
        assert 'role="img"' not in figure or "<table" in figure
    assert " style=" not in page


def test_retention_is_told_with_what_it_is_of(reader: FlaskClient) -> None:
    assert re.search(
        r'Today.*?data-label="All">100 % <span class="quiet">of <a [^>]*>1<', reader.get("/progress").text, re.S
    )


def test_what_one_was_sure_of_and_was_wrong_is_named(reader: FlaskClient) -> None:
    page = reader.get("/progress").text
    assert re.search(r'Sure, and wrong.*?/practice/[^"]+">What is number', page, re.S)
    assert "Bridges &amp; veth" in page


def test_how_sure_one_was_is_told_by_note_and_by_concept_with_the_cards(
    reader: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        question = db.scalars(select(Card)).one().question
        question.concept = Concept(
            key="c-veth", section=question.section, position=1, term="veth `pair`", text="A", fingerprint="0" * 64
        )
        service.misjudge(db, user=db.get_one(User, reader.user.id), question_id=question.id, at=clock.now())
        db.commit()
    page = reader.get("/progress").text
    for heading, name in (("by note", "Bridges &amp; veth"), ("by concept", "veth <code>pair</code>")):
        row = re.search(rf"How sure {heading}.*?>{name}</a></th>(.*?)</tr>", page, re.S)
        assert row is not None
        assert re.search(r'0 % <span class="quiet">of <a [^>]*>1</a></span>', row[1])
        links = re.findall(r'href="([^"]*)">1</a>', row[1])
        assert len(links) == 3  # all answers, those that one was sure of, and those of them that were wrong
        for link in links:
            assert "1 answer<" in reader.get(link.replace("&amp;", "&")).text


def test_predictions_count_with_the_answers_of_their_note_and_concept(
    reader: FlaskClient, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as db:
        question_id = db.scalars(select(Card.question_id)).one()
    right = Foretold(
        run_id=uuid4(), lab="A lab", question_id=question_id, day=clock.now().date(), label="It answers on",
        predicted="80", happened="80", came_true=True, confidence=Confidence.SURE,
    )  # fmt: skip
    monkeypatch.setattr(confidence_list, "foretold", lambda *_, **__: [right])
    page = reader.get("/progress").text
    assert re.search(r'How sure by note.*?50 % <span class="quiet">of <a [^>]*>2</a></span>', page, re.S)


def test_answers_are_listed_as_many_as_are_counted(reader: FlaskClient) -> None:
    page = reader.get("/progress").text
    counted = re.findall(r'href="(/progress/answers[^"]*)">(\d+)(?: answer)?</a>', page)
    assert len(counted) >= 5
    for address, count in counted:
        shown = reader.get(address.replace("&amp;", "&")).text
        assert f"{count} answer<" in shown
        assert "What is number" in shown
    assert "No such answers" in reader.get("/progress/answers?said=guess&note=x&concept=9&page=-1").text


def test_no_figure_leads_to_a_page_that_is_not_there(reader: FlaskClient) -> None:
    for path in set(re.findall(r'href="(/search[^"]*)"', reader.get("/progress").text)):
        assert reader.get(path.replace("&amp;", "&")).status_code == 200


@pytest.fixture
def filled(client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]) -> FlaskClient:
    """A learner with cards in each state and of many intervals, in a note whose key begins that of another one."""
    client = client_as(Role.LEARNER)
    with sessions() as db:
        user, now = db.get_one(User, client.user.id), clock.now()
        today = today_of(user, now=now)
        notes = [a_note(db), a_note(db)]
        notes[1].key = f"{notes[0].key}0"
        section = notes[0].sections[0]
        db.add(Concept(key="veth", section=section, position=1, term="veth", text="A", fingerprint="0" * 64))
        ids = [a_question(db, QuestionKind.FLASHCARD, note=notes[n % 2]).id for n in range(20)]
        service.add_cards(db, user=user, question_ids=ids, now=now)
        cards = db.scalars(select(Card).order_by(Card.question_id)).all()
        for number, card in enumerate(cards[3:]):
            card.phase, card.last_day, card.reps = Phase.REVIEW, today - 3 * number, 3
            card.due_day, card.last_review_at = today + 2 * number - 6, now - timedelta(days=3 * number)
            card.stability, card.difficulty = 0.5 + 2.5 * number, 5.0
            card.suspended = number % 5 == 4
        in_steps = ((Phase.LEARNING, 0), (Phase.LEARNING, 1), (Phase.RELEARNING, 0))
        for card, (phase, after) in zip(cards[3:6], in_steps, strict=True):
            card.phase, card.last_day, card.due_day = phase, today, today + after
            card.due_at = now + timedelta(minutes=10)
        cards[0].suspended = True
        cards[1].phase, cards[1].due_day = Phase.REVIEW, today + 4  # set due by hand before its first review
        db.commit()
    return client


def test_each_figure_of_cards_leads_to_as_many_results(filled: FlaskClient) -> None:
    page = filled.get("/progress").text
    links = re.findall(r'<a href="(/search[^"]*)">(\d+)(?: cards?)?</a>', page)
    found = {address: filled.get(address.replace("&amp;", "&")).text for address, _ in links}
    counted = {address: re.findall(r"(\d+) results?<", text) for address, text in found.items()}
    assert len(links) > 25
    assert counted == {address: [count] for address, count in links}


def test_a_buried_card_is_found_on_the_day_on_which_the_forecast_has_it(
    filled: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        user = db.get_one(User, filled.user.id)
        card = db.scalars(select(Card).where(Card.due_day <= today_of(user, now=clock.now())).limit(1)).one()
        deeds.bury(db, user=user, card_ids=[card.id], now=clock.now())
        db.commit()
    test_each_figure_of_cards_leads_to_as_many_results(filled)


def test_each_figure_of_reviews_leads_to_a_list_of_as_many(
    reader: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    """Reviews of the ages that tell the spans apart: young and mature ones, one undone, some that changed no card."""
    rows = [
        (ago, interval, rating, outcome, 3 * ago % 24)
        for ago, interval in ((0, 4), (1, 30), (6, 21), (7, 20), (29, 3), (30, 90), (100, 5), (364, 5), (365, 40))
        for rating, outcome in (
            (Rating.GOOD, Outcome.APPLIED),
            (Rating.AGAIN, Outcome.APPLIED),
            (Rating.GOOD, Outcome.UNDONE),
            (Rating.HARD, Outcome.STALE),
            (Rating.GOOD, Outcome.APART),
        )
    ]
    with sessions() as db:
        user, card = db.get_one(User, reader.user.id), db.scalars(select(Card)).one()
        today, midnight = today_of(user, now=clock.now()), clock.now().replace(hour=0, minute=30)
        for number, (ago, interval, rating, outcome, hour) in enumerate(rows, start=card.logged + 1):
            db.add(
                ReviewLog(
                    id=uuid4(), user_id=user.id, card_id=card.id, sequence=number, rating=rating, outcome=outcome,
                    source=ReviewSource.REVIEW, reviewed_at=midnight - timedelta(days=ago, hours=-hour), zone="UTC",
                    day=today - ago, taken_ms=9_000, phase_before=Phase.REVIEW, interval_before=interval,
                    retrievability_before=0.9,
                )
            )  # fmt: skip
        study_day_figures.recount(db, user_id=user.id)
        db.commit()
    page = reader.get("/progress").text
    links = re.findall(r'<a href="(/progress/reviews[^"]*)">([^<]+)</a>', page)
    counted = [(address.replace("&amp;", "&"), re.findall(r"(\d+)(?: reviews?\b|$)", said)) for address, said in links]
    assert len(links) > 30
    for address, count in counted:
        shown = reader.get(address).text
        assert re.findall(r"(\d+) reviews?</p>", shown) == (count or re.findall(r"(\d+) reviews", page)[:1])
    assert "No such reviews" in reader.get("/progress/reviews?last=1999-01-01").text
    assert reader.get("/progress/reviews?first=x&last=0001-01-01&of=z&hour=99&page=-1").status_code == 200


def test_too_few_reviews_are_not_fitted_and_it_says_so(reader: FlaskClient) -> None:
    answer = send(reader, "/progress", "/progress/refit")
    assert answer.location == "/progress#forgetting"
    assert "There are too few reviews yet." in reader.get("/progress").text


def test_figures_of_today_lead_to_it(reader: FlaskClient) -> None:
    page = reader.get("/").text
    assert 'href="/progress#forecast"' in page
    assert "due again in the next 7 days" in page  # new cards are not in it
