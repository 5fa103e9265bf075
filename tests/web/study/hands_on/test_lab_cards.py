"""Labs that ask for one command, done in their card of the review, as its script does them; the hosts are fakes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab
from quizapp.labs.runs.models import LabRun
from quizapp.review import service
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.sandboxes.client import EngineOff, TooManySandboxes, TooManyStarts
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import printed
from tests.web.study.hands_on.command_hosts import ENDINGS, ONE_LINE, RIGHT, answers, let_differ, live, meanwhile
from tests.web.study.hands_on.conftest import Learner

WRONG = "docker run -d -P nginx"
JSON = {"Accept": "application/json"}
Sessions = sessionmaker[Session]


class LabCard:
    """The card of the lab in a browser, as its script sees it."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.number = self.press("")["number"]

    def press(self, form: str, **fields: Any) -> dict[str, Any]:
        """What the server answers to a form of the card; the number of its run is taken from what it has drawn."""
        sent = {"csrf_token": self._learner.token(), "number": getattr(self, "number", 1), "taken_ms": 4000, **fields}
        answer = self._learner.client.post(f"/labs/one-line/card{form}", data=sent, headers=JSON)
        assert answer.status_code == 200, answer.text
        part: dict[str, Any] = answer.get_json()
        drawn = part["html"].partition('name="number" value="')[2].partition('"')[0]
        return part | {"number": int(drawn or self.number)}

    def give(self, command: str) -> dict[str, Any]:
        """Send a command."""
        return self.press("/command", command=command)


@pytest.fixture
def learner(learner: Learner, make_lab: Callable[..., None], sessions: Sessions) -> Learner:
    """A learner with the card of a lab that asks for a command."""
    make_lab(**ONE_LINE)
    with sessions() as db:
        user = db.get_one(User, learner.client.user.id)  # type: ignore[attr-defined]
        question_id = db.scalars(select(Lab.question_id).where(Lab.slug == "one-line")).one()
        service.add_cards(db, user=user, question_ids=[question_id], now=clock.now())
        db.commit()
    return learner


@pytest.fixture
def card(learner: Learner) -> LabCard:
    """The card on the page."""
    return LabCard(learner)


@pytest.fixture
def log(sessions: Sessions) -> Callable[[], list[ReviewLog]]:
    """The ratings in their order."""

    def find() -> list[ReviewLog]:
        with sessions() as db:
            return list(db.scalars(select(ReviewLog).order_by(ReviewLog.sequence)))

    return find


def test_the_review_page_says_where_the_card_is_done(learner: Learner) -> None:
    page = learner.open("/review").text
    assert 'data-proof="/labs/one-line/card"' in page
    assert 'href="/labs/one-line' in page, "the way without a script"
    assert "data-rating" not in page


def test_two_hosts_are_begun_with_the_part_of_the_card(card: LabCard, sandboxes: FakeSandboxClient) -> None:
    assert len(live(sandboxes)) == 2
    part = card.press("")
    assert part["state"] == "asked"
    assert "Start it." in part["html"]
    assert len(live(sandboxes)) == 2, "those that were begun"


def test_no_run_is_opened_before_something_is_done(card: LabCard, sessions: Sessions) -> None:
    card.press("")
    with sessions() as db:
        assert db.scalars(select(LabRun)).all() == []


def test_right_at_once_is_good(card: LabCard, sandboxes: FakeSandboxClient, log: Callable[[], list[ReviewLog]]) -> None:
    sandboxes.answers = answers(RIGHT)
    part = card.give(RIGHT)
    assert part["state"] == "done"
    assert "Good: it comes back in" in part["html"]
    (rated,) = log()
    assert (rated.rating, rated.source, rated.taken_ms) == (Rating.GOOD, ReviewSource.REVIEW, 4000)
    assert not live(sandboxes)


def test_right_after_a_try_is_hard(card: LabCard, sandboxes: FakeSandboxClient, log: Callable[[], Any]) -> None:
    let_differ(sandboxes, WRONG)
    part = card.give(WRONG)
    assert part["state"] == "asked"
    assert "They differ." in part["html"]
    assert "own shop network" in part["html"], "what is different"
    assert len(live(sandboxes)) == 2, "the hosts of the next try"
    sandboxes.answers = answers(RIGHT)
    assert card.give(RIGHT)["state"] == "done"
    assert [each.rating for each in log()] == [Rating.HARD]


@pytest.mark.parametrize(("told", "said"), ENDINGS, ids=["late", "late and said", "failed", "failed and said"])
def test_how_a_command_ended_that_failed_or_ran_too_long_is_said(
    card: LabCard, sandboxes: FakeSandboxClient, told: str, said: str
) -> None:
    let_differ(sandboxes, WRONG, ran=printed(told))
    part = card.give(WRONG)
    assert "Not yet" in part["html"]
    assert said in part["html"]


def test_a_hint_is_a_try(card: LabCard, sandboxes: FakeSandboxClient, log: Callable[[], Any]) -> None:
    assert "Try harder." not in card.press("/hint")["html"]
    sandboxes.answers = answers(RIGHT)
    card.give(RIGHT)
    assert [each.rating for each in log()] == [Rating.HARD]


def test_the_solution_shown_is_again(card: LabCard, log: Callable[[], Any]) -> None:
    part = card.press("/solution")
    assert part["state"] == "done"
    assert RIGHT in part["html"]
    assert "T" in part["rated"]["due"], "it comes back within the day"
    assert [each.rating for each in log()] == [Rating.AGAIN]
    assert card.press("/solution")["state"] == "done"
    assert len(log()) == 1


def test_no_request_says_the_rating(card: LabCard, sandboxes: FakeSandboxClient, log: Callable[[], Any]) -> None:
    let_differ(sandboxes, WRONG)
    assert card.press("/command", command=WRONG, rating=4, verdict="pass")["state"] == "asked"
    assert log() == []


def test_a_command_that_is_sent_again_counts_once(
    card: LabCard, sandboxes: FakeSandboxClient, log: Callable[[], Any], sessions: Sessions
) -> None:
    sandboxes.answers = answers(RIGHT)
    first, second = card.give(RIGHT), card.give(RIGHT)
    assert first["html"] == second["html"]
    assert len(log()) == 1
    with sessions() as db:
        assert len(db.scalars(select(LabRun)).all()) == 1


def test_sent_twice_at_the_same_time_it_is_one_try(
    card: LabCard, learner: Learner, other_tab: Learner, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    let_differ(sandboxes, WRONG)
    with meanwhile(sandboxes, lambda: LabCard(other_tab).give(WRONG)):
        assert "They differ." in card.give(WRONG)["html"]
    with sessions() as db:
        assert db.scalars(select(LabRun)).one().checks_run == 1


def test_undo_takes_the_rating_back_and_the_card_is_asked_anew(
    card: LabCard, learner: Learner, sandboxes: FakeSandboxClient, log: Callable[[], list[ReviewLog]]
) -> None:
    sandboxes.answers = answers(RIGHT)
    card.give(RIGHT)
    assert "Undone: Good." in learner.press("/review/undo").text
    assert log()[0].outcome is Outcome.UNDONE
    again = LabCard(learner)
    assert again.press("")["state"] == "asked"
    assert again.give(RIGHT)["state"] == "done"
    assert [each.outcome for each in log()] == [Outcome.UNDONE, Outcome.APPLIED]


def test_hosts_that_still_start_are_waited_for(
    learner: Learner, sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandboxes, "_polls_to_ready", 1000)
    card = LabCard(learner)
    sandboxes.answers = answers(RIGHT)
    part = card.give(RIGHT)
    assert part["state"] == "waiting"
    assert part["again_ms"] > 0
    monkeypatch.setattr(sandboxes, "_polls_to_ready", 1)
    assert card.press("/grade")["state"] == "done"


@pytest.mark.parametrize(
    "fault",
    [EngineOff("The engine is off.", retry_after_s=9), TooManySandboxes("All are taken.", retry_after_s=9)],
    ids=["off", "taken"],
)
def test_without_hosts_the_card_says_so_and_waits(
    learner: Learner, sandboxes: FakeSandboxClient, sessions: Sessions, fault: Exception
) -> None:
    sandboxes.fault = fault  # type: ignore[assignment]
    card = LabCard(learner)
    part = card.give(RIGHT)
    assert part["state"] == "asked"
    assert str(fault) in part["html"]
    assert "this one stays due" in part["html"]
    assert f">{RIGHT}</textarea>" in part["html"], "what was typed"
    with sessions() as db:
        assert db.scalars(select(Card)).one().phase is Phase.NEW


def test_that_the_next_hosts_are_queued_is_said_below_the_result_and_of_the_next_try(
    card: LabCard, sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_differ(sandboxes, WRONG)
    monkeypatch.setattr(sandboxes, "_most", 0)
    above, _, below = card.give(WRONG)["html"].partition("They differ.")
    assert "All hosts are taken" not in above
    assert "For your next try: All hosts are taken just now; yours are number 2 in the queue." in below
    assert "data-proof-next" in below, "the script reads out the result and not this"


@pytest.mark.parametrize("sent", [RIGHT, ""], ids=["no hosts", "no command"])
def test_the_result_below_a_refused_command_is_said_to_be_the_one_before(
    card: LabCard, sandboxes: FakeSandboxClient, sent: str
) -> None:
    let_differ(sandboxes, WRONG)
    assert "did not run" not in card.give(WRONG)["html"]
    sandboxes.fault = TooManyStarts("You have started 10 hosts.", retry_after_s=9)
    above, label, below = card.give(sent)["html"].partition("the result of the command before it")
    assert label
    assert "They differ." in below
    assert "They differ." not in above


def test_what_could_not_be_checked_is_no_try(card: LabCard, sandboxes: FakeSandboxClient, sessions: Sessions) -> None:
    for sandbox_id in live(sandboxes):
        sandboxes.die(sandbox_id)
    sandboxes.answers = answers("another")
    part = card.give(RIGHT)
    assert "Could not check" in part["html"]
    with sessions() as db:
        assert db.scalars(select(LabRun)).one().checks_run == 0


@pytest.mark.parametrize(("command", "said"), [("", "Type a command"), ("x" * 2001, "at most 2000")])
def test_what_is_no_command_is_refused(card: LabCard, sessions: Sessions, command: str, said: str) -> None:
    assert said in card.give(command)["html"]
    with sessions() as db:
        assert db.scalars(select(LabRun)).all() == []


def test_a_run_that_was_left_on_an_earlier_day_does_not_count_against_the_card(
    card: LabCard, learner: Learner, sandboxes: FakeSandboxClient, sessions: Sessions, log: Callable[[], Any]
) -> None:
    let_differ(sandboxes, WRONG)
    card.give(WRONG)
    with sessions() as db:
        db.scalars(select(LabRun)).one().started_at -= timedelta(days=2)
        db.commit()
    sandboxes.answers = answers(RIGHT)
    assert LabCard(learner).give(RIGHT)["state"] == "done"
    assert [each.rating for each in log()] == [Rating.GOOD]


def test_what_was_done_elsewhere_meanwhile_is_told(
    card: LabCard, learner: Learner, sandboxes: FakeSandboxClient, log: Callable[[], Any]
) -> None:
    sandboxes.answers = answers(RIGHT)
    LabCard(learner).give(RIGHT)
    LabCard(learner).press("/hint")
    part = card.give(RIGHT)
    assert "gone on with this lab elsewhere" in part["html"]
    assert len(log()) == 1


def test_hosts_that_were_begun_and_not_used_are_ended(
    card: LabCard, learner: Learner, sandboxes: FakeSandboxClient
) -> None:
    assert learner.press("/labs/hosts-ahead/end").status_code == 204
    assert not live(sandboxes)


def test_hosts_on_which_a_command_is_tried_stay(
    learner: Learner, sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandboxes, "_polls_to_ready", 1000)
    assert LabCard(learner).give(RIGHT)["state"] == "waiting"
    learner.press("/labs/hosts-ahead/end")
    assert len(live(sandboxes)) == 2


def test_nobody_ends_the_hosts_of_another(
    card: LabCard, sandboxes: FakeSandboxClient, client_as: Callable[..., object]
) -> None:
    Learner(client_as("learner", "stranger")).press("/labs/hosts-ahead/end")  # type: ignore[arg-type]
    assert len(live(sandboxes)) == 2


def test_each_learner_has_runs_of_their_own(
    card: LabCard, sandboxes: FakeSandboxClient, sessions: Sessions, client_as: Callable[..., object]
) -> None:
    card.press("/hint")
    LabCard(Learner(client_as("learner", "stranger"))).press("/hint")  # type: ignore[arg-type]
    with sessions() as db:
        owners: list[UUID] = list(db.scalars(select(LabRun.user_id)))
    assert len(set(owners)) == 2
