"""Pages of a lab whose host starts, runs, is lost, ended, waited for or another one's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from quizapp.labs.hosts import network_map
from quizapp.sandboxes.client import EngineOff, ImageMissing, SandboxdAway, TooManySandboxes, TooManyStarts
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import printed
from tests.web.study.hands_on.conftest import Learner
from tests.web.study.hands_on.test_lab_pages import RunOf


def test_a_lost_host_says_so_and_offers_a_new_one(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    learner.start(run)
    sandboxes.die(sandboxes.list()[0].id)
    page = learner.open(run).text
    assert "It stopped by itself." in page
    assert "Start a new host" in page
    assert 'class="terminal-screen"' not in page
    assert "terminal-screen" in learner.start(run).text


def test_ending_and_extending(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    learner.start(run)
    before = sandboxes.list()[0].deadline
    learner.press(f"{run}/extend")
    after = sandboxes.list()[0].deadline
    assert before is not None
    assert after is not None
    assert after > before


def test_an_unfinished_runs_host_ends_in_a_minute_and_can_be_kept(
    learner: Learner, sandboxes: FakeSandboxClient
) -> None:
    run = learner.predict()
    learner.start(run)
    assert "This run is not finished." in learner.open(run).text
    page = learner.press(f"{run}/end").text
    assert "You ended your host" in page
    assert "Keep it" in page
    assert "Keep it" not in learner.press(f"{run}/extend").text
    assert len(sandboxes.list()) == 1


def test_a_finished_runs_host_ends_at_once(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    assert "This run is not finished." not in learner.open(run).text
    assert "It has ended." in learner.press(f"{run}/end").text
    assert sandboxes.list() == ()


def test_extending_what_is_gone_says_so(learner: Learner) -> None:
    run = learner.predict()
    assert "This run has no host." in learner.press(f"{run}/extend").text


def test_another_labs_host_is_a_plain_choice(
    learner: Learner, sandboxes: FakeSandboxClient, make_lab: Callable[..., None]
) -> None:
    make_lab(slug="other", title="Another lab", predict=[])
    first = learner.predict()
    learner.start(first)
    second = learner.press("/labs/other/prediction").request.path
    page = learner.open(second).text
    assert "“Two ports” is using your host." in page
    assert first in page
    assert "“Two ports” is using your host." in learner.press(f"{second}/host").text
    learner.press(f"{second}/host", end_other="yes")
    assert "terminal-screen" in learner.start(second).text
    assert len(sandboxes.list()) == 1


@pytest.mark.parametrize(("fault", "status"), [(TooManySandboxes, 503), (TooManyStarts, 429)])
def test_a_full_house_says_when_to_come_back(
    learner: Learner, sandboxes: FakeSandboxClient, fault: type[TooManySandboxes], status: int
) -> None:
    run = learner.predict()
    sandboxes.fault = fault("All 12 sandboxes are taken.", retry_after_s=60)
    answer = learner.press(f"{run}/host")
    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "60")
    assert "All 12 sandboxes are taken." in answer.text


def test_the_place_in_the_queue_is_shown(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    sandboxes._most = 0
    run = learner.predict()
    assert "number 1 in the queue" in learner.start(run).text


@pytest.mark.parametrize("fault", [SandboxdAway, EngineOff, ImageMissing])
def test_without_sandboxes_every_page_says_why(
    learner: Learner, sandboxes: FakeSandboxClient, fault: type[SandboxdAway]
) -> None:
    sandboxes.fault = fault("Hosts are off just now.", retry_after_s=5)
    for path in ("/labs", "/labs/two-ports"):
        answer = learner.open(path)
        assert answer.status_code == 200
        assert "Hosts are off just now." in answer.text
    run = learner.predict()  # can still be done
    page = learner.open(run).text
    assert "Hosts are off just now." in page
    assert "Start your host" not in page


def test_the_host_part_is_a_part_and_changes_nothing(learner: Learner, run_of: RunOf) -> None:
    run = learner.predict()
    learner.press(f"{run}/host")
    part = learner.open(f"{run}/host").text
    assert part.lstrip().startswith('<div class="host-live" data-host-state="up"')
    assert "<html" not in part
    assert run_of(run).ready_at is None


def test_the_networks_are_drawn_and_told(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    assert "once Docker answers" in learner.open(f"{run}/networks").text
    learner.start(run)
    networks = '[{"name": "bridge", "driver": "bridge", "bridge": "docker0", "subnets": ["172.17.0.0/16"]}]'
    containers = '[{"name": "<b>web</b>", "networks": {"bridge": "172.17.0.2"}, "ports": ["8080→80/tcp"]}]'
    sandboxes.answers = {**sandboxes.answers, network_map.COMMAND: printed(f"{networks}\n{containers}\n")}
    asked_for = learner.open(f"{run}/networks").text
    assert "8080" not in asked_for
    assert "?→80/tcp" in asked_for
    assert "8080" not in learner.open(f"{run}/networks?whole=yes").text, "not before it is found"
    learner.press(f"{run}/check", answer="32768")
    part = learner.open(f"{run}/networks").text
    assert "<svg" in part
    assert part.count("&lt;b&gt;web&lt;/b&gt;") == 2  # in the picture and in the table
    assert "8080→80/tcp" in part
    sandboxes.fault = SandboxdAway("Away.", retry_after_s=5)
    assert "once Docker answers" in learner.open(f"{run}/networks").text


def test_nobody_else_looks_at_my_host(learner: Learner, client_as: Callable[..., FlaskClient]) -> None:
    run = learner.predict()
    assert Learner(client_as("learner", "stranger")).press(f"{run}/live-checks").status_code == 404
