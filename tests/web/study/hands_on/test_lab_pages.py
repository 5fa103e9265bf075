"""Labs as a learner without a script does them: list, prediction, check, result."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.models import Concept, Question
from quizapp.confidence import Confidence
from quizapp.labs.runs import shell_history
from quizapp.labs.runs.models import LabRun
from quizapp.review.memory import Rating
from quizapp.review.models import Card
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import PREDICTED, add_lab, printed, set_right
from tests.web.study.hands_on.conftest import Learner

RunOf = Callable[[str], LabRun]
Ratings = Callable[[], list[Rating]]


def test_the_list_names_each_lab_and_its_state(learner: Learner) -> None:
    page = learner.open("/labs").text
    assert "Two ports" in page
    assert "Publish one." in page
    assert "new" in page


def test_an_empty_list_says_what_to_do(client_as: Callable[..., FlaskClient], sandboxes: FakeSandboxClient) -> None:
    assert "No labs yet" in client_as("learner").get("/labs").text


def test_before_a_run_the_page_asks_for_a_prediction(learner: Learner) -> None:
    page = learner.open("/labs/two-ports").text
    assert "Commit prediction" in page
    assert "Start your host" not in page
    assert "That was" not in page


def test_an_incomplete_prediction_keeps_what_was_given(learner: Learner) -> None:
    answer = learner.press("/labs/two-ports/prediction", where="eighty", why="b")
    assert answer.status_code == 400
    assert "whole number" in answer.text
    assert 'value="eighty"' in answer.text
    assert 'value="b" required checked' in answer.text
    assert "Commit prediction" in learner.open("/labs/two-ports").text


def test_a_prediction_begins_the_run_and_stands(learner: Learner, run_of: RunOf) -> None:
    run = learner.predict()
    page = learner.open(run).text
    assert "Start your host" in page
    assert "not yet" in page
    assert learner.press("/labs/two-ports/prediction", where="8080", why="a").status_code == 409
    assert run_of(run).predictions == {"where": "80", "why": "b"}
    assert learner.open("/labs/two-ports").location == run


def test_a_start_shows_its_steps(learner: Learner) -> None:
    run = learner.predict()
    page = learner.press(f"{run}/host").text
    assert "Docker Engine" in page or "Set up the lab" in page
    assert "Look again" in page
    assert "A Docker host of your own" in page or "a Docker host of your own" in page


def test_a_ready_host_has_a_terminal_and_time(learner: Learner) -> None:
    run = learner.predict()
    answer = learner.start(run)
    assert f'data-terminal-url="{run}/terminal"' in answer.text
    assert "leaves the terminal" in answer.text
    assert "Extend" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_right_way_passes_and_counts(learner: Learner, ratings: Ratings) -> None:
    run = learner.predict()
    learner.start(run)
    page = learner.press(f"{run}/check", answer="32768").text
    assert "Right" in page
    assert "The question comes back in" in page
    assert "otherwise" in page  # 80 was predicted, 8080 happened
    assert "as predicted" in page
    assert "That was <strong>it</strong>" in page
    assert ratings() == [Rating.EASY]
    assert "passed" in learner.open("/labs").text


def test_a_pass_counts_once(learner: Learner, ratings: Ratings) -> None:
    run = learner.predict()
    learner.start(run)
    for _ in range(3):
        learner.press(f"{run}/check", answer="32768")
    assert len(ratings()) == 1


def test_after_a_pass_one_explains_and_it_counts_for_nothing(learner: Learner, ratings: Ratings) -> None:
    run = learner.predict()
    learner.start(run)
    assert "There is nothing to explain here" in learner.press(f"{run}/explain", answer="DNAT").text
    page = learner.press(f"{run}/check", answer="32768").text
    assert "Explain back" in page
    assert "Not <code>SNAT</code>." in learner.press(f"{run}/explain", answer="SNAT").text
    page = learner.press(f"{run}/explain", answer="dnat").text
    assert "Your host says the same." in page
    assert "You explained SNAT: not so." in page
    assert "Your host says the same." in learner.press(f"{run}/explain", answer="SNAT").text
    assert len(ratings()) == 1


def test_a_question_without_an_answer_on_ones_host_is_told_and_done(
    learner: Learner, sandboxes: FakeSandboxClient
) -> None:
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    set_right(sandboxes, say_rule="")
    page = learner.press(f"{run}/explain", answer="SNAT").text
    assert "Your host shows no answer to this" in page
    assert "Your host says the same." not in page


def test_what_was_typed_is_in_the_timeline_once(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    learner.start(run)
    typed = f"#{int(clock.now().timestamp())}\ndocker run <web>\n"
    sandboxes.answers = {**sandboxes.answers, shell_history.COMMAND: printed(typed)}
    page = learner.press(f"{run}/check", answer="80").text
    assert "You typed <code>docker run &lt;web&gt;</code>" in page
    assert learner.press(f"{run}/check", answer="81").text.count("docker run &lt;web&gt;") == 1


def test_the_list_counts_what_one_predicted(learner: Learner) -> None:
    assert "came true" not in learner.open("/labs").text
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    assert "1 of your 2 predictions came true." in learner.open("/labs").text


def test_the_record_of_predictions_holds_them_against_how_sure_one_was(learner: Learner, run_of: RunOf) -> None:
    assert "No prediction has been put to the test yet" in learner.open("/labs/predictions").text
    run = learner.press("/labs/two-ports/prediction", **PREDICTED, how_sure="sure").request.path
    assert run_of(run).confidence is Confidence.SURE
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    assert 'href="/labs/predictions"' in learner.open("/labs").text
    page = learner.open("/labs/predictions").text
    assert "1 of your 2 predictions came true." in page
    assert re.search(r">sure</th><td[^>]*>2</td><td[^>]*>1</td>", page)
    assert f'href="{run}"' in page


@pytest.mark.parametrize("how_sure", ["sure", "think-so"])
def test_a_sure_prediction_that_was_wrong_brings_the_card_before_others(
    learner: Learner, sessions: sessionmaker[Session], how_sure: str
) -> None:
    run = learner.press("/labs/two-ports/prediction", **PREDICTED, how_sure=how_sure).request.path
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    with sessions() as db:
        card = db.scalars(select(Card)).one()
        assert card.misjudged_day == (card.last_day if how_sure == "sure" else None)


def test_how_sure_one_is_may_be_left_open_and_is_kept_where_the_rest_is_wrong(learner: Learner, run_of: RunOf) -> None:
    answer = learner.press("/labs/two-ports/prediction", where="eighty", why="b", how_sure="think-so")
    assert 'value="think-so" checked' in answer.text
    run = learner.press("/labs/two-ports/prediction", **PREDICTED, how_sure="<b>").request.path
    assert run_of(run).confidence is None


def test_a_trace_is_put_in_order(
    client_as: Callable[..., FlaskClient], sandboxes: FakeSandboxClient, sessions: sessionmaker[Session]
) -> None:
    hops = ["eth0", "docker0", "veth"]
    trace = {
        "name": "hops",
        "label": "Its way",
        "run": "say-port",
        "compare": "order",
        "options": hops,
        "hint": "{typed}",
    }
    with sessions.begin() as db:
        add_lab(db, slug="trace", answer=trace, predict=[])
    learner = Learner(client_as("learner"))
    set_right(sandboxes, say_port="veth\neth0\n")
    run = learner.press("/labs/trace/prediction").request.path
    learner.start(run)
    page = learner.press(f"{run}/check", answer=["eth0", "veth", ""]).text
    assert "<code>eth0, veth</code>" in page
    assert len(re.findall("<option selected>", page)) == 2
    assert "What it shows" in learner.press(f"{run}/check", answer=["veth", "eth0", ""]).text


@pytest.mark.parametrize(
    ("host", "typed", "said"),
    [
        ({"is_up": "exited"}, "32768", "Seen <code>exited</code>."),
        ({}, "80", "You typed <code>80</code>."),
        ({"is_up": ""}, "", "Seen nothing."),
    ],
)
def test_a_fail_names_what_was_seen(
    learner: Learner, sandboxes: FakeSandboxClient, ratings: Ratings, host: dict[str, str], typed: str, said: str
) -> None:
    run = learner.predict()
    learner.start(run)
    set_right(sandboxes, **host)
    page = learner.press(f"{run}/check", answer=typed).text
    assert "Not yet" in page
    assert said in page
    assert "That was" not in page
    assert ratings() == []
    set_right(sandboxes)
    learner.press(f"{run}/check", answer="32768")
    assert ratings() == [Rating.HARD]


def test_what_a_host_prints_is_text(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    run = learner.predict()
    learner.start(run)
    set_right(sandboxes, is_up='<script>alert(1)</script> [x](javascript:alert(1)) {{ 7*7 }} "quoted"')
    page = learner.press(f"{run}/check", answer='"><img src=x onerror=alert(1)>').text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "{{ 7*7 }}" in page


def test_an_answer_is_kept_for_the_next_try(learner: Learner) -> None:
    run = learner.predict()
    learner.start(run)
    assert 'name="answer" value="80"' in learner.press(f"{run}/check", answer="80").text


def test_could_not_check_says_so_and_counts_nothing(
    learner: Learner, sandboxes: FakeSandboxClient, run_of: RunOf, ratings: Ratings
) -> None:
    run = learner.predict()
    learner.start(run)
    sandboxes.fault = SandboxdAway("The sandbox service does not answer.", retry_after_s=5)
    page = learner.press(f"{run}/check", answer="80").text
    assert "Could not check" in page
    assert "The sandbox service does not answer." in page
    assert "It does not count as a try." in page
    assert run_of(run).checks_run == 0
    assert ratings() == []


def test_after_a_pass_the_next_lab_is_the_one_primary_step(
    learner: Learner, sandboxes: FakeSandboxClient, make_lab: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    make_lab(slug="a-first", title="A first")
    make_lab(slug="of-the-same", title="Of the same")
    with sessions.begin() as db:
        concept = Concept(key="c-ports", term="Ports", text="", position=1, fingerprint="0" * 64)
        for question in db.scalars(select(Question).where(Question.key.in_(["lab-two-ports", "lab-of-the-same"]))):
            question.concept = concept
    run = learner.predict()
    learner.start(run)
    page = learner.press(f"{run}/check", answer="32768").text
    assert "Next lab for this concept: Of the same, 4 min" in page
    assert page.partition("pane-2")[0].count("button-primary") == 1


def test_leaving_a_run_begins_anew(learner: Learner, run_of: RunOf, ratings: Ratings) -> None:
    run = learner.predict()
    assert "Commit prediction" in learner.press(f"{run}/close").text
    assert "Nothing was counted." in learner.open(run).text
    assert learner.predict() != run
    assert ratings() == []


def test_runs_of_others_are_not_found(learner: Learner, client_as: Callable[..., FlaskClient]) -> None:
    run = learner.predict()
    stranger = Learner(client_as("owner"))
    assert stranger.open(run).status_code == 404
    assert stranger.open(f"{run}/host").status_code == 404
    assert stranger.open(f"{run}/networks").status_code == 404
    of_hosts = ("host", "set-up", "extend", "end", "close", "check", "recorded-host")
    for action in (*of_hosts, "hint", "solution", "link", "link/end"):
        assert stranger.press(f"{run}/{action}").status_code == 404


@pytest.mark.parametrize("path", ["/labs/no-such-lab", "/labs/runs/00000000-0000-0000-0000-000000000000", "/labs/a/b"])
def test_what_is_not_there_is_not_found(learner: Learner, path: str) -> None:
    assert learner.open(path).status_code == 404


def test_checks_run_by_themselves_and_count_for_nothing(
    learner: Learner, make_lab: Callable[..., None], sandboxes: FakeSandboxClient, run_of: RunOf
) -> None:
    run = learner.predict()
    learner.start(run)
    assert "run by themselves" in learner.open(run).text
    set_right(sandboxes, is_up="exited")
    part = learner.press(f"{run}/live-checks")
    assert "0 of 1 checks hold" in part.text
    assert "<main" not in part.text
    assert learner.press(f"{run}/live-checks", shown="fail").status_code == 204, "nothing is new"
    set_right(sandboxes)
    assert "1 of 1 checks hold" in learner.press(f"{run}/live-checks", shown="fail").text
    kept = run_of(run)
    assert (kept.checks_run, kept.verdict, kept.finished_at) == (0, None, None), "its answer is still to be typed"


def test_all_checks_that_hold_by_themselves_are_a_pass(
    learner: Learner,
    make_lab: Callable[..., None],
    sandboxes: FakeSandboxClient,
    run_of: RunOf,
    ratings: Ratings,
) -> None:
    make_lab(slug="no-answer", answer=None, solutions=[{"run": "start"}])
    run = learner.press("/labs/no-answer/prediction", where="80", why="b").request.path
    learner.start(run)
    set_right(sandboxes, is_up="exited")
    assert "0 of 1 checks hold" in learner.press(f"{run}/live-checks").text
    assert ratings() == []
    set_right(sandboxes)
    assert learner.press(f"{run}/live-checks").headers["HX-Trigger"] == "lab-passed"
    assert run_of(run).verdict == "pass"
    assert ratings() in ([Rating.GOOD], [Rating.EASY]), "no try before it"
    assert learner.press(f"{run}/live-checks").status_code == 204
    assert len(ratings()) == 1
    drawn = learner.open(run, **{"HX-Request": "true"})
    assert drawn.headers["HX-Trigger"] == "networks-told", "the picture may show what it had left out"


def main_way_on(page: str) -> str:
    """What the first primary button of a page says."""
    found = re.search(r"button-primary[^>]*>([^<]*)<", page.partition("<main")[2])
    assert found
    return found[1].strip()


def test_each_end_of_a_run_leads_on(learner: Learner, make_lab: Callable[..., None]) -> None:
    run = learner.predict()
    assert "What happened" in learner.open(run).text
    page = learner.press(f"{run}/solution").text
    assert main_way_on(page) == "Do it again"
    assert "not seen" in page
    assert "not yet" not in page
    assert "None was started." in page
    assert "Start your host" not in page
    left = learner.predict()
    assert main_way_on(learner.press(f"{left}/close").text) == "Commit prediction"
    assert main_way_on(learner.open(left).text) == "Do it again"
    passed = learner.predict()
    assert main_way_on(learner.open(left).text) == "Go on with your open run"
    learner.start(passed)
    assert main_way_on(learner.press(f"{passed}/check", answer="32768").text) == "Go to Today"
    make_lab(slug="another")
    assert main_way_on(learner.open(passed).text) == "Next lab: Two ports, 4 min"


def test_a_task_and_a_last_text_edited_in_content_reach_the_page_and_the_terminal(
    learner: Learner, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as db:
        (question,) = db.scalars(select(Question))
        question.prompt, question.answer = "Open port ${PORT}, please.", "So *that* was it."
    run = learner.predict()
    learner.start(run)
    assert re.search(r"Open port 8\d{3}, please", learner.open(run).text)
    assert "So <em>that</em> was it." in learner.press(f"{run}/check", answer="32768").text


@pytest.mark.parametrize("form", ["check", "explain", "trial/grade"])
def test_a_form_s_address_that_is_opened_leads_to_its_page(learner: Learner, form: str) -> None:
    """As a browser does with a tab that it restores, once its form was answered with a page of its own."""
    run = learner.predict()
    assert learner.client.get(f"{run}/{form}").location == run
    assert learner.client.get(f"{run}/{form}", headers={"Accept": "application/json"}).status_code == 405
