"""The plan for an interview as a learner sees it: made, drawn, followed by Today, past and dropped."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import Role, User
from quizapp.review import service
from quizapp.review.models import Card
from quizapp.review.queries import today_of
from quizapp.study_day import date_of
from tests.builders import a_note, a_question
from tests.lab_builders import add_lab
from tests.web.pages import send

PLAN = "/progress/plan"


@pytest.fixture
def reader(client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]) -> FlaskClient:
    """A learner with twenty new cards."""
    client = client_as(Role.LEARNER)
    with sessions() as db:
        note = a_note(db, title="Bridges")
        questions = [a_question(db, note=note).id for _ in range(20)]
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=questions, now=clock.now())
        db.commit()
    return client


def make(client: FlaskClient, *, days: int, minutes: int = 30) -> str:
    """Plan for an interview so many study days from now: from midnight to four the calendar is a day ahead of those."""
    on = date_of(today_of(client.user, now=clock.now()) + days)  # type: ignore[attr-defined]
    sent = send(client, PLAN, PLAN, on=on.isoformat(), minutes=minutes)
    return client.get(PLAN).text if sent.status_code == 302 else sent.text


def test_progress_and_the_account_lead_to_it(reader: FlaskClient) -> None:
    assert all(f'href="{PLAN}"' in reader.get(page).text for page in ("/progress", "/account"))
    assert "Your interview" in reader.get(PLAN).text


def test_the_account_sets_and_drops_it(reader: FlaskClient) -> None:
    on = date_of(today_of(reader.user, now=clock.now()) + 10).isoformat()  # type: ignore[attr-defined]
    wrong = send(reader, "/account", "/account/interview", on="2020-01-01", minutes=20)
    assert (wrong.status_code, "1 January 2020 is not to come. Choose a day after today." in wrong.text) == (400, True)
    assert send(reader, "/account", "/account/interview", on=on, minutes=20).location == "/account"
    page = reader.get("/account").text
    assert f'value="{on}"' in page
    assert 'value="20"' in page
    assert "10 days left, 20 minutes a day" in reader.get(PLAN).text
    send(reader, "/account", "/account/interview/drop")
    assert "Drop the plan" not in reader.get("/account").text


def test_what_labs_take_beyond_the_time_of_a_card_is_told(reader: FlaskClient, sessions: sessionmaker[Session]) -> None:
    assert "on a host in all" not in make(reader, days=10)
    with sessions() as db:
        labs = [add_lab(db, slug=f"lab-{number}") for number in range(3)]
        db.flush()
        for lab in labs:
            lab.minutes = 8
        user = db.get_one(User, reader.user.id)  # type: ignore[attr-defined]
        ids = [lab.question_id for lab in labs]
        service.add_cards(db, user=user, question_ids=ids, now=clock.now())
        for card in db.scalars(select(Card).where(Card.question_id == ids[0])):
            card.suspended = True
        db.commit()
    assert "2 labs among your cards take about 16 minutes on a host in all." in make(reader, days=10)


def test_a_plan_is_drawn_with_its_table_and_says_that_all_fits(reader: FlaskClient) -> None:
    page = make(reader, days=10)
    assert "of your 20 cards on the day" in page
    assert "All fits" in page
    assert page.count('<svg class="chart-bars"') == 2
    assert 'aria-label="New cards a day"' in page
    assert "style=" not in page


def test_one_that_does_not_fit_says_how_much_and_what_would_do(reader: FlaskClient) -> None:
    page = make(reader, days=3, minutes=5)
    assert "It does not all fit: about" in page
    assert "minutes a day would do" in page


@pytest.mark.parametrize(
    ("days", "today", "plan"),
    [
        (3, "Your interview is in 3 days: reviews and new cards follow", "3 days left"),
        (2, "Your interview is in 2 days, so", "2 days left"),
        (1, "Your interview is tomorrow, so", "It is tomorrow"),
        (0, "Your interview is today, so", "of your 20 cards now."),
        (-1, "The day of your interview is past", "This day is past"),
    ],
)
def test_its_last_days_are_told_as_what_they_are(
    reader: FlaskClient, sessions: sessionmaker[Session], days: int, today: str, plan: str
) -> None:
    with sessions() as db:
        user = db.get_one(User, reader.user.id)  # type: ignore[attr-defined]
        user.interview_day, user.interview_minutes = today_of(user, now=clock.now()) + days, 30
        on = date_of(user.interview_day).isoformat()
        db.commit()
    assert today in reader.get("/").text
    page, account = reader.get(PLAN).text, reader.get("/account").text
    assert plan in page
    assert ("All fits" in page) == (days > 2)
    assert (f'value="{on}"' in account, "Forget that day" in account) == (days >= 0, days < 0)


def test_with_no_day_for_new_cards_it_blames_the_days_and_not_the_minutes(reader: FlaskClient) -> None:
    page = make(reader, days=1)
    assert "The last 2 days are for reviews alone, so 20 new cards would not begin." in page
    assert "minutes a day would do" not in page


def test_today_follows_it_and_says_so(reader: FlaskClient) -> None:
    make(reader, days=10, minutes=5)
    page = reader.get("/").text
    assert "12 cards are due" in page
    assert f'<a href="{PLAN}">your plan of 5 minutes a day</a>' in page


@pytest.mark.parametrize(("days", "minutes", "said"), [(-3, 30, "is not to come"), (10, 2, "from 5 to 600")])
def test_what_cannot_be_planned_is_told_beside_its_field(
    reader: FlaskClient, days: int, minutes: int, said: str
) -> None:
    assert said in make(reader, days=days, minutes=minutes)
    assert "your plan" not in reader.get("/").text


def test_one_whose_day_is_past_says_so_and_can_be_dropped(reader: FlaskClient, sessions: sessionmaker[Session]) -> None:
    make(reader, days=10)
    with sessions() as db:
        db.get_one(User, reader.user.id).interview_day -= 12  # type: ignore[attr-defined, operator]
        db.commit()
    assert "This day is past" in reader.get(PLAN).text
    assert "your interview is past" in reader.get("/").text
    send(reader, PLAN, f"{PLAN}/drop")
    assert "interview" not in reader.get("/").text


def test_a_day_that_is_none_and_minutes_that_are_none_are_told_with_what_would_be(reader: FlaskClient) -> None:
    page = send(reader, PLAN, PLAN, on="24.12.2026", minutes="half an hour").text
    assert "Enter the day as year, month and day, such as 2026-12-24.</span>" in page
    assert "<span>Enter a whole number from 5 to 600.</span>" in page


def test_bars_stand_beside_the_minutes_of_the_plan(reader: FlaskClient) -> None:
    """Twenty new cards are a few minutes of the 240: no bar is as high as the chart."""
    page = make(reader, days=10, minutes=240)
    assert "A bar as high as the chart is 240 minutes." in page
    minutes = page.partition('aria-label="Minutes a day')[2].partition("</svg>")[0]
    heights = [float(height) for height in re.findall(r'width="8" height="([\d.]+)"', minutes)]
    assert 0 < max(heights) < 10


def test_questions_that_are_no_cards_yet_are_said_not_to_count(
    reader: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    assert "Only cards count" not in make(reader, days=10)
    with sessions() as db:
        a_question(db, note=a_note(db, title="Routes"))
        retired = a_note(db, title="Retired")
        a_question(db, note=retired)
        retired.retired_at = clock.now()
        db.commit()
    page = reader.get(PLAN).text
    assert "Only cards count. 1 question of your" in page
    assert "of your 20 cards on the day" in page
