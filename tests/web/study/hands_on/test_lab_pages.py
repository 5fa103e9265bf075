"""Labs as a learner without a script does them: list, prediction, host, check, hints, solution, result."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.models import Concept, Question
from quizapp.confidence import Confidence
from quizapp.labs.hosts import network_map
from quizapp.labs.runs import shell_history
from quizapp.labs.runs.models import LabRun
from quizapp.review.memory import Rating
from quizapp.review.models import Card
from quizapp.sandboxes.client import EngineOff, ImageMissing, SandboxdAway, TooManySandboxes, TooManyStarts
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import PREDICTED, add_lab, printed, set_right
from tests.web.pages import without_tokens
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


def test_hints_come_one_by_one(learner: Learner, run_of: RunOf, ratings: Ratings) -> None:
    run = learner.predict()
    assert "Hint 1 of 2" in learner.open(run).text
    page = learner.press(f"{run}/hint").text
    assert f"Try {run_of(run).values['PORT']}." in page
    assert "Try harder." not in page
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
    assert ratings() == [Rating.HARD]


def test_the_solution_counts_as_not_known(learner: Learner, run_of: RunOf, ratings: Ratings) -> None:
    run = learner.predict()
    page = learner.press(f"{run}/solution").text
    assert f"start {run_of(run).values['PORT']}" in page
    assert "Solution shown" in page
    assert "comes back in 10 min" in page
    assert ratings() == [Rating.AGAIN]
    learner.press(f"{run}/solution")
    assert len(ratings()) == 1


def test_a_solution_that_only_answers_shows_the_answer(learner: Learner, make_lab: Callable[..., None]) -> None:
    make_lab(slug="answer-alone", solutions=[{"run": "true", "answer": "say-port"}])
    run = learner.press("/labs/answer-alone/prediction", **PREDICTED).request.path
    shown = learner.press(f"{run}/solution").text.partition("<h2>Solution</h2>")[2]
    assert re.search(r"<code[^>]*>say-port\s*</code>", shown)


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


def test_the_solution_can_be_read_and_the_run_go_on(
    learner: Learner, sandboxes: FakeSandboxClient, run_of: RunOf, ratings: Ratings
) -> None:
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="1")
    page = learner.press(f"{run}/solution", go_on="yes").text
    assert "say-port" in page
    assert "Your run goes on" in page
    assert run_of(run).finished_at is None
    assert "Right, after reading the solution" in learner.press(f"{run}/check", answer="32768").text
    assert ratings() == [Rating.AGAIN]


def test_the_solution_is_not_read_before_the_question_is_answered(learner: Learner, run_of: RunOf) -> None:
    run = learner.predict()
    assert "Read the solution" not in learner.open(run).text
    refused = learner.press(f"{run}/solution", go_on="yes")
    assert (refused.status_code, run_of(run).solution_shown) == (409, False)
    assert "Give an answer first" in refused.text


def test_a_run_whose_solution_was_read_can_be_given_up(learner: Learner, run_of: RunOf, ratings: Ratings) -> None:
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="1")
    learner.press(f"{run}/solution", go_on="yes")
    assert "Solution shown" in learner.press(f"{run}/solution").text
    assert run_of(run).finished_at is not None
    assert ratings() == [Rating.AGAIN]


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


def test_nobody_else_looks_at_my_host(learner: Learner, client_as: Callable[..., FlaskClient]) -> None:
    run = learner.predict()
    assert Learner(client_as("learner", "stranger")).press(f"{run}/live-checks").status_code == 404


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
