"""Runs that are replayed, and recordings that stand in where a lab cannot be done here."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from quizapp.review.memory import Rating
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import set_right
from tests.web.pages import without_tokens
from tests.web.study.hands_on.conftest import Learner
from tests.web.study.hands_on.test_lab_pages import Ratings, RunOf, main_way_on


def test_a_lab_that_cannot_be_done_here_says_why(
    learner: Learner, make_lab: Callable[..., None], client_as: Callable[..., FlaskClient]
) -> None:
    make_lab(slug="machine", template="vm")
    assert "QUIZAPP_SANDBOX_TEMPLATES" not in learner.open("/labs").text, "a learner can do nothing with that"
    assert client_as("owner").get("/labs").text.count("QUIZAPP_SANDBOX_TEMPLATES") == 1
    run = learner.press("/labs/machine/prediction", where="80", why="b").request.path
    page = learner.open(run).text
    assert "It needs a virtual machine as its host" in page
    assert "Start your host" not in page


def test_a_lab_that_the_kernel_is_not_fit_for_says_so(
    learner: Learner, make_lab: Callable[..., None], sandboxes: FakeSandboxClient
) -> None:
    make_lab(slug="neighbours", needs=["macvlan"])
    assert "needs macvlan" not in learner.open("/labs").text
    sandboxes.lacks = {"userns": ("macvlan",)}
    assert learner.open("/labs").text.count("It needs macvlan") == 1
    run = learner.press("/labs/neighbours/prediction", where="80", why="b").request.path
    page = learner.open(run).text
    assert "It needs macvlan, which the kernel of this machine does not have" in page
    assert "Start your host" not in page


def test_a_run_is_replayed_step_by_step(
    learner: Learner, sandboxes: FakeSandboxClient, client_as: Callable[..., FlaskClient]
) -> None:
    run = learner.predict()
    learner.start(run)
    set_right(sandboxes, is_up="exited")
    learner.press(f"{run}/check", answer="80")
    learner.press(f"{run}/hint")
    assert f"{run}/replay" in learner.open(run).text
    first = learner.open(f"{run}/replay").text
    assert re.search(r"Step 1 of \d, after 0:00", first)
    assert "You predicted." in first
    assert "Previous" not in first
    pages = [learner.open(f"{run}/replay?step={step}").text for step in range(1, 6)]
    checked = next(page for page in pages if "<p>Checked: not yet." in page)
    assert "0 of 2 checks hold" in checked
    assert "Your answer was <code>80</code>" in checked
    last = learner.open(f"{run}/replay?step=99").text
    assert "<p>You took hint 1.</p>" in last
    assert 'aria-current="step"' in last
    assert ">Next" not in last
    assert without_tokens(learner.open(f"{run}/replay?step=-1").text) == without_tokens(first)
    assert Learner(client_as("learner", "stranger")).open(f"{run}/replay").status_code == 404


RECORDED = {
    "transcript": "# docker port web\n80/tcp -> 0.0.0.0:32768",
    "label": "The port",
    "answer": "32768",
    "compare": "int",
    "hint": "You typed {typed}; look at the last line.",
    "happened": {"where": "8080", "why": "b"},
}


def test_a_lab_that_cannot_be_done_here_is_answered_from_its_recording(
    learner: Learner, make_lab: Callable[..., None], run_of: RunOf, ratings: Ratings
) -> None:
    make_lab(slug="machine", template="vm", recorded=RECORDED)
    assert learner.open("/labs").text.count("from a recording") == 1
    run = learner.press("/labs/machine/prediction", where="80", why="b").request.path
    page = learner.open(run).text
    assert "what somebody saw who did this lab on another host" in page
    assert "0.0.0.0:32768" in page
    assert "Start your host" not in page
    assert "Could not check" in learner.press(f"{run}/recorded", answer="").text
    assert run_of(run).checks_run == 0
    assert "You typed <code>80</code>" in learner.press(f"{run}/recorded", answer="80").text
    page = learner.press(f"{run}/recorded", answer="32768").text
    assert "Right" in page
    assert page.count("On the recording.") == 3
    assert "0.0.0.0:32768" in page  # what was answered from is still there to be read
    assert "Explain back" not in page  # no host could tell
    assert "It has ended." not in page
    assert main_way_on(page) == "Next lab: Two ports, 4 min"
    assert run_of(run).happened == {"where": "8080", "why": "b"}
    assert ratings() == [Rating.HARD]


def test_a_lab_that_can_be_done_here_is_not_answered_from_its_recording(
    learner: Learner, make_lab: Callable[..., None], run_of: RunOf
) -> None:
    make_lab(slug="both", recorded=RECORDED)
    run = learner.press("/labs/both/prediction", where="80", why="b").request.path
    page = learner.open(run).text
    assert "Start your host" in page
    assert "another host" not in page
    assert "do it there" in learner.press(f"{run}/recorded", answer="32768").text
    assert run_of(run).verdict is None


def test_with_the_engine_off_a_recording_is_still_there(
    learner: Learner, make_lab: Callable[..., None], sandboxes: FakeSandboxClient
) -> None:
    make_lab(slug="both", recorded=RECORDED)
    run = learner.press("/labs/both/prediction", where="80", why="b").request.path
    sandboxes.fault = EngineOff("The Docker Engine is off.", retry_after_s=60)
    assert "what somebody saw" in learner.open(run).text
    assert "Right" in learner.press(f"{run}/recorded", answer="32768").text
