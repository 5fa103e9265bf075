"""A command that a quiz asks for: run on two hosts, marked by its effect, left out where there are none. Fake hosts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab
from quizapp.quiz.models import Attempt
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewLog
from quizapp.review.service import add_cards
from quizapp.sandboxes.client import EngineOff, NoClearAnswer
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question
from tests.web.pages import send, shown_after
from tests.web.study.hands_on.command_hosts import ENDINGS, ONE_LINE, RIGHT, answers, let_differ, live, meanwhile
from tests.web.study.hands_on.conftest import Learner

WRONG = "docker run -d -P nginx"
NO_ENGINE = "Hands-on questions are off here just now."
Sessions = sessionmaker[Session]
DRAWN = {**ONE_LINE, "vars": {"PORT": {"random": "8100-8999"}}, "task": "Start it on ${PORT}.", "hints": ["Think."]}


@pytest.fixture
def learner(learner: Learner, make_lab: Callable[..., None]) -> Learner:
    """A learner, and a lab that asks for a command."""
    make_lab(**DRAWN)
    return learner


@pytest.fixture
def quiz(learner: Learner, sessions: Sessions) -> str:
    """The address of the question in practice; it has a card that waits for its first review."""
    with sessions() as db:
        user = db.get_one(User, learner.client.user.id)  # type: ignore[attr-defined]
        ids = db.scalars(select(Lab.question_id).where(Lab.slug == "one-line")).all()
        add_cards(db, user=user, question_ids=ids, now=clock.now())
        db.commit()
    return begun(learner)


def begun(learner: Learner, **wishes: Any) -> str:
    wished = {"kind": "lab", "length": 1, **wishes}
    url: str = send(learner.client, "/practice", "/practice", **wished).location
    return url


def asked(quiz: str, what: str) -> str:
    """The address at which `what` is done with a question's hosts."""
    return quiz.replace("/practice/", "/labs/asked/") + f"/{what}"


def give(learner: Learner, quiz: str, command: str) -> str:
    """Send a command, and have it run once its hosts are up, as a browser without a script does; the page then."""
    shown_after(learner.client, quiz, f"{quiz}/answer", text=command)
    return run(learner, quiz)


def run(learner: Learner, quiz: str) -> str:
    page = ""
    for _ in range(3):  # a fake host starts with a look or two
        page = learner.press(asked(quiz, "run")).text
    return page


def stored(sessions: Sessions) -> tuple[Verdict | None, list[Rating]]:
    with sessions() as db:
        return db.scalars(select(Attempt)).one().verdict, [log.rating for log in db.scalars(select(ReviewLog))]


def test_it_is_asked_in_values_drawn_for_it(learner: Learner, quiz: str) -> None:
    page = learner.open(quiz).text
    assert "Start it on 8" in page
    assert "Your command" in page
    assert f'data-hosts-ahead="{asked(quiz, "hosts")}"' in page
    assert ">reference<" not in page
    assert learner.open(quiz).text.count("Start it on 8") == 1, "the same again"


def test_a_right_command_is_right(
    learner: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    sandboxes.answers = answers(RIGHT)
    waiting = shown_after(learner.client, quiz, f"{quiz}/answer", text=f" {RIGHT}\r\n", confidence="sure")
    assert "data-runs-by-itself" in waiting
    assert stored(sessions) == (None, [])
    page = run(learner, quiz)
    assert "verdict-pass" in page
    assert "One that is right" in page
    assert stored(sessions) == (Verdict.PASS, [Rating.GOOD])
    assert not live(sandboxes)
    assert "1 of 1" in learner.open(quiz.rsplit("/", 1)[0] + "/result").text


def test_what_was_right_before_is_right_at_once(learner: Learner, quiz: str, sandboxes: FakeSandboxClient) -> None:
    sandboxes.answers = answers(RIGHT)
    give(learner, quiz, RIGHT)
    second, before = begun(learner), len(sandboxes.ran)
    shown_after(learner.client, second, f"{second}/answer", text=RIGHT)
    assert "verdict-pass" in learner.press(asked(second, "run")).text
    assert len(sandboxes.ran) == before


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_wrong_one_is_missed_and_shows_what_is_different(
    learner: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions, ending: tuple[str, str]
) -> None:
    let_differ(sandboxes, WRONG)
    page = give(learner, quiz, WRONG)
    assert "verdict-fail" in page
    assert "Only after yours" in page
    assert "They differ." in page
    assert "Prove it, 4 min" in page
    assert stored(sessions) == (Verdict.FAIL, [Rating.AGAIN])
    result = learner.open(quiz.rsplit("/", 1)[0] + "/result").text
    assert "Two ports" in result, "the lab's title, not its task"
    assert "They differ." in result


def test_nothing_is_no_command(learner: Learner, quiz: str, sessions: Sessions) -> None:
    assert "Type a command first" in shown_after(learner.client, quiz, f"{quiz}/answer", text="  ")
    assert stored(sessions) == (None, [])


def test_who_does_not_know_is_told(learner: Learner, quiz: str, sessions: Sessions) -> None:
    page = shown_after(learner.client, quiz, f"{quiz}/answer", unknown="1")
    assert ">reference<" in page
    assert stored(sessions) == (Verdict.FAIL, [Rating.AGAIN])


def test_a_hint_costs(learner: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions) -> None:
    sandboxes.answers = answers(RIGHT)
    assert "Think." in shown_after(learner.client, quiz, f"{quiz}/hint", text="doc")
    assert "Right, with a hint" in give(learner, quiz, RIGHT)
    assert stored(sessions) == (Verdict.PASS, [Rating.HARD])


def test_without_an_engine_it_says_so_and_is_left_out(
    learner: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    sandboxes.fault = EngineOff(NO_ENGINE, retry_after_s=30)
    ahead = learner.client.post(asked(quiz, "hosts"), data={"csrf_token": learner.token()})
    assert NO_ENGINE in ahead.json["no_hosts"]
    page = give(learner, quiz, RIGHT)
    assert NO_ENGINE in page
    assert "data-runs-by-itself" not in page
    assert RIGHT in page
    assert stored(sessions) == (None, [])
    assert "Could not check" in learner.press(asked(quiz, "leave")).text
    assert stored(sessions) == (Verdict.COULD_NOT_CHECK, [])
    result = learner.open(quiz.rsplit("/", 1)[0] + "/result").text
    assert "Nothing missed." in result
    assert "1 question could not be checked" in result


def test_it_can_be_run_again_after_trouble(
    learner: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    sandboxes.fault = NoClearAnswer("The host is busy.", retry_after_s=1)
    assert "The host is busy." in give(learner, quiz, RIGHT)
    sandboxes.fault, sandboxes.answers = None, answers(RIGHT)
    assert "verdict-pass" in run(learner, quiz)
    assert stored(sessions)[0] is Verdict.PASS


def test_with_hosts_it_is_not_left_out(learner: Learner, quiz: str, sessions: Sessions) -> None:
    assert "Hosts can be had now" in learner.press(asked(quiz, "leave")).text
    assert stored(sessions) == (None, [])


def test_hosts_are_begun_and_those_in_use_stay(learner: Learner, quiz: str, sandboxes: FakeSandboxClient) -> None:
    token, sandboxes._polls_to_ready = {"csrf_token": learner.token()}, 1000
    assert learner.client.post(asked(quiz, "hosts"), data=token).json == {"no_hosts": None}
    assert len(live(sandboxes)) == 2
    shown_after(learner.client, quiz, f"{quiz}/answer", text=RIGHT)
    sandboxes.answers = answers(RIGHT)
    first = learner.client.post(asked(quiz, "run"), data=token, headers={"Accept": "application/json"}).json
    assert not first["is_over"]
    assert first["says"]
    learner.press("/labs/hosts-ahead/end")
    assert len(live(sandboxes)) == 2
    sandboxes._polls_to_ready = 1
    assert "verdict-pass" in run(learner, quiz)


def test_two_tabs_mark_it_once(
    learner: Learner, other_tab: Learner, quiz: str, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    sandboxes.answers = answers(RIGHT)
    shown_after(learner.client, quiz, f"{quiz}/answer", text=RIGHT)
    with meanwhile(sandboxes, lambda: run(other_tab, quiz)):
        assert "verdict-pass" in run(learner, quiz)
    assert stored(sessions) == (Verdict.PASS, [Rating.GOOD])


def test_a_test_runs_it_once_it_is_handed_in(
    learner: Learner, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    quiz = begun(learner, mode="test")
    let_differ(sandboxes, WRONG)
    token = {"csrf_token": learner.token()}
    assert learner.client.post(asked(quiz, "hosts"), data=token).json == {"no_hosts": None}
    shown_after(learner.client, quiz, f"{quiz}/answer", text=RIGHT)
    learner.press(asked(quiz, "run"))
    shown_after(learner.client, quiz, f"{quiz}/answer", text=WRONG)
    assert not live(sandboxes)
    assert WRONG in learner.open(quiz).text
    whole = quiz.rsplit("/", 1)[0]
    assert "data-runs-by-itself" in learner.press(f"{whole}/hand-in", sure="1").text
    assert stored(sessions) == (None, [])
    assert "verdict-fail" in run(learner, quiz)
    assert stored(sessions) == (Verdict.FAIL, [Rating.AGAIN])


def test_in_a_test_it_is_left_out_until_a_command_is_given(
    learner: Learner, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    quiz = begun(learner, mode="test")
    sandboxes.lacks = {}
    sandboxes.fault = EngineOff(NO_ENGINE, retry_after_s=30)
    assert "does not count" in learner.press(asked(quiz, "leave")).text
    whole = quiz.rsplit("/", 1)[0]
    assert "left out, not counted" in learner.open(f"{whole}/questions").text
    learner.press(f"{whole}/hand-in", sure="1")
    assert stored(sessions) == (Verdict.COULD_NOT_CHECK, [])


def test_without_hosts_other_questions_are_drawn(
    learner: Learner, sandboxes: FakeSandboxClient, sessions: Sessions
) -> None:
    with sessions() as db:
        a_question(db, note=a_note(db))
        db.commit()
    assert "2 questions to draw from" in learner.open("/practice").text
    sandboxes.fault = EngineOff(NO_ENGINE, retry_after_s=30)
    assert "1 question to draw from" in learner.open("/practice").text
    begun(learner, kind="", length=5)
    with sessions() as db:
        assert db.scalars(select(Attempt)).one().shown.lab is None


def test_the_next_question_has_its_hosts_begun(learner: Learner, sessions: Sessions) -> None:
    with sessions() as db:
        a_question(db, note=a_note(db))
        db.commit()
    whole = begun(learner, kind="", length=2).rsplit("/", 1)[0]
    pages = [learner.open(f"{whole}/{position}").text for position in (1, 2)]
    assert all("data-hosts-ahead" in page for page in pages)
    assert sum("data-hosts-here" in page for page in pages) == 1
