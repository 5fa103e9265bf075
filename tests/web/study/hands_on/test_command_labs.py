"""Labs that ask for one command, as a learner without a script does them; the hosts are fakes that all look alike."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.labs.runs.events import Checked
from quizapp.labs.runs.models import AcceptedForm, LabEvent, LabRun
from quizapp.labs.trials import store, twins
from quizapp.review.memory import Rating
from quizapp.sandboxes.client import SandboxState, TooManyStarts
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import printed
from tests.web.study.hands_on.command_hosts import ENDINGS, ONE_LINE, RIGHT, answers, let_differ, live, meanwhile
from tests.web.study.hands_on.conftest import Learner


@pytest.fixture
def run(learner: Learner, make_lab: Callable[..., None]) -> str:
    """The path of an open run of a lab that asks for a command."""
    make_lab(**ONE_LINE)
    return learner.press("/labs/one-line/prediction").request.path


@pytest.fixture
def try_it(learner: Learner, run: str) -> Callable[[str], str]:
    """`try_it(command)`: give it, wait for both hosts, and return the page that says what came of it."""

    def give(command: str) -> str:
        page = learner.press(f"{run}/trial", command=command).text
        for _ in range(5):
            if "Look again" not in page:
                return page
            page = learner.press(f"{run}/trial/grade").text
        pytest.fail("The command is not graded.")

    return give


@pytest.fixture
def checked(sessions: sessionmaker[Session]) -> Callable[[], list[str]]:
    """The verdicts in the timeline, in their order."""

    def find() -> list[str]:
        with sessions() as db:
            events = db.scalars(select(LabEvent).order_by(LabEvent.sequence)).all()
            return [event.data.verdict for event in events if isinstance(event.data, Checked)]

    return find


def test_the_page_asks_for_a_command_and_for_no_host(learner: Learner, run: str) -> None:
    page = learner.open(run).text
    assert "Your command" in page
    assert "Graded by its effect" in page
    assert re.search(r'<textarea[^>]* id="command"[^>]* autofocus>', page), "the field, below the task on a phone"
    assert "Start your host" not in page


def test_a_command_waits_for_two_hosts_of_its_own(learner: Learner, run: str, sandboxes: FakeSandboxClient) -> None:
    page = learner.press(f"{run}/trial", command=RIGHT).text
    assert "Look again" in page
    assert RIGHT in page
    assert "Your command: " in page
    assert "The reference: " in page
    owners = {sandbox.owner or "" for sandbox in sandboxes.list()}
    assert {owner.rpartition(".")[2] for owner in owners} == {"reference", "attempt"}


def test_the_same_effect_passes_and_counts(
    try_it: Callable[[str], str],
    run: str,
    sandboxes: FakeSandboxClient,
    run_of: Callable[[str], LabRun],
    ratings: Callable[[], list[Rating]],
) -> None:
    sandboxes.answers = answers(RIGHT)
    assert "Right" in try_it(RIGHT)
    assert run_of(run).verdict == "pass"
    assert ratings() in ([Rating.GOOD], [Rating.EASY])
    assert not [sandbox for sandbox in sandboxes.list() if sandbox.state is not SandboxState.ENDING]


def test_a_form_that_was_right_is_right_at_once(
    learner: Learner, try_it: Callable[[str], str], sandboxes: FakeSandboxClient
) -> None:
    sandboxes.answers = answers(RIGHT)
    try_it(RIGHT)
    again = learner.press("/labs/one-line/prediction").request.path
    sandboxes.fault = TooManyStarts("None is left.", retry_after_s=60)
    page = learner.press(f"{again}/trial", command=RIGHT).text
    assert "Right" in page


ASKS_MORE = ONE_LINE | {
    "slug": "asks-more",
    "predict": [{"name": "who", "label": "Who", "kind": "choice", "options": ["a", "b"], "happened": "say-who"}],
    "explain": {
        "name": "rule",
        "label": "To which port?",
        "run": "say-rule",
        "shows": "show-rules",
        "compare": "int",
        "hint": "Not {typed}.",
    },
}


@pytest.fixture
def asks_more(learner: Learner, make_lab: Callable[..., None], sandboxes: FakeSandboxClient) -> str:
    """The path of a run, with its prediction made, of a lab that asks for a command and about what that did."""
    make_lab(**ASKS_MORE)
    told = {"say-who": printed("b"), "say-rule": printed("80\n"), "show-rules": printed("-A DNAT\x1b --to 80")}
    sandboxes.answers = answers(RIGHT) | told
    page = learner.open("/labs/asks-more").text
    assert "Commit prediction" in page
    assert learner.press("/labs/asks-more/prediction").status_code == 400, "a prediction is missing"
    return learner.press("/labs/asks-more/prediction", who="a").request.path


def graded(learner: Learner, run: str) -> str:
    """The page after the right command, whose hosts have ended."""
    learner.press(f"{run}/trial", command=RIGHT)
    for _ in range(5):
        page = learner.press(f"{run}/trial/grade").text
        if "Look again" not in page:
            return page
    pytest.fail("The command is not graded.")


def test_a_command_shows_what_became_of_the_prediction(learner: Learner, asks_more: str, sandboxes: object) -> None:
    page = graded(learner, asks_more)
    assert "Prediction and fact" in page
    assert "Explain back" in page
    assert "-A DNAT  --to 80" in page, "what its host showed, without what cannot be printed"


def test_the_question_after_a_command_is_judged_by_its_host_that_has_ended(learner: Learner, asks_more: str) -> None:
    graded(learner, asks_more)
    assert "Not so" in learner.press(f"{asks_more}/explain", answer="8080").text
    page = learner.press(f"{asks_more}/explain", answer="port 80").text
    assert "Your host says the same." in page


def test_a_form_that_was_right_needs_hosts_where_more_is_asked(
    learner: Learner, asks_more: str, sandboxes: FakeSandboxClient
) -> None:
    graded(learner, asks_more)
    again = learner.press("/labs/asks-more/prediction", who="b").request.path
    assert "Look again" in learner.press(f"{again}/trial", command=RIGHT).text


def test_a_pass_stands_though_its_host_tells_nothing_more(
    learner: Learner, asks_more: str, sandboxes: FakeSandboxClient
) -> None:
    for each in ("say-who", "say-rule", "show-rules"):
        sandboxes.answers = {**sandboxes.answers, each: printed("")}
    page = graded(learner, asks_more)
    assert "Right" in page
    assert "Could not check" in learner.press(f"{asks_more}/explain", answer="80").text


def test_a_form_is_forgotten_after_a_while(
    try_it: Callable[[str], str], learner: Learner, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session]
) -> None:
    sandboxes.answers = answers(RIGHT)
    try_it(RIGHT)
    with sessions() as db:
        db.scalars(select(AcceptedForm)).one().accepted_at = clock.now() - store.REMEMBERED
        db.commit()
    again = learner.press("/labs/one-line/prediction").request.path
    assert "Look again" in learner.press(f"{again}/trial", command=RIGHT).text


@pytest.mark.parametrize(("told", "said"), ENDINGS, ids=["late", "late and said", "failed", "failed and said"])
def test_how_a_command_ended_that_failed_or_ran_too_long_is_said(
    try_it: Callable[[str], str], sandboxes: FakeSandboxClient, told: str, said: str
) -> None:
    let_differ(sandboxes, "sleep 99", ran=printed(told))
    page = try_it("sleep 99")
    assert "Not yet" in page
    assert said in page


def test_a_command_that_ended_well_is_not_said_to_have_failed(
    try_it: Callable[[str], str], sandboxes: FakeSandboxClient
) -> None:
    let_differ(sandboxes, "true", ran=printed("0\nfine"))
    page = try_it("true")
    assert "Not yet" in page
    assert "had not ended" not in page
    assert "exit code" not in page


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"ran": printed("", exit_code=twins.NOT_SET_UP)}, "could not be set up"),
        ({"ran": printed("", exit_code=twins.REMOVED)}, "removed files"),
        ({"ran": printed("", exit_code=twins.OF_ANOTHER)}, "Another command of yours"),
        ({"ran": printed("nonsense")}, "could not run this command"),
        ({"networks": "nonsense"}, "cannot be read"),
    ],
)
def test_what_cannot_be_told_is_no_try(
    try_it: Callable[[str], str],
    run: str,
    sandboxes: FakeSandboxClient,
    run_of: Callable[[str], LabRun],
    spoilt: dict[str, object],
    said: str,
) -> None:
    sandboxes.answers = answers(RIGHT, **spoilt)  # type: ignore[arg-type]
    page = try_it(RIGHT)
    assert "Could not check" in page
    assert said in page
    assert run_of(run).checks_run == 0


def test_a_host_that_dies_is_no_try(
    learner: Learner, run: str, sandboxes: FakeSandboxClient, run_of: Callable[[str], LabRun]
) -> None:
    learner.press(f"{run}/trial", command=RIGHT)
    for sandbox in sandboxes.list():
        sandboxes.die(sandbox.id)
    page = learner.press(f"{run}/trial/grade").text
    assert "Could not check" in page
    assert run_of(run).checks_run == 0
    assert "Run and compare" in page


def test_two_tabs_that_grade_at_once_record_one_grade(
    learner: Learner, other_tab: Learner, run: str, sandboxes: FakeSandboxClient, checked: Callable[[], list[str]]
) -> None:
    let_differ(sandboxes, RIGHT)
    learner.press(f"{run}/trial", command=RIGHT)
    with meanwhile(sandboxes, lambda: other_tab.press(f"{run}/trial/grade")):
        page = learner.press(f"{run}/trial/grade").text
    assert checked() == ["fail"]
    assert "They differ." in page
    assert "You ended it." not in page


def test_the_grade_of_a_command_that_another_one_replaced_is_not_recorded(
    learner: Learner, other_tab: Learner, run: str, sandboxes: FakeSandboxClient, checked: Callable[[], list[str]]
) -> None:
    learner.press(f"{run}/trial", command=RIGHT)
    with meanwhile(sandboxes, lambda: other_tab.press(f"{run}/trial", command="docker run -d -P nginx")):
        page = learner.press(f"{run}/trial/grade").text
    assert "Look again" in page
    assert "docker run -d -P nginx" in page
    assert checked() == []
    assert len(live(sandboxes)) == 2, "the hosts of the new command"


def test_a_command_that_is_right_at_once_ends_the_hosts_of_the_one_before(
    learner: Learner, try_it: Callable[[str], str], sandboxes: FakeSandboxClient
) -> None:
    sandboxes.answers = answers(RIGHT)
    try_it(RIGHT)
    again = learner.press("/labs/one-line/prediction").request.path
    learner.press(f"{again}/trial", command="docker run -d -P nginx")
    assert "Right" in learner.press(f"{again}/trial", command=RIGHT).text
    assert not live(sandboxes)


@pytest.mark.parametrize(("command", "said"), [("", "Type a command"), ("x" * 2001, "at most 2000")])
def test_what_is_no_command_is_refused(learner: Learner, run: str, command: str, said: str) -> None:
    page = learner.press(f"{run}/trial", command=command).text
    assert said in page
    assert "Look again" not in page


def test_a_second_command_takes_fresh_hosts(learner: Learner, run: str, sandboxes: FakeSandboxClient) -> None:
    learner.press(f"{run}/trial", command=RIGHT)
    before = {sandbox.id for sandbox in sandboxes.list()}
    learner.press(f"{run}/trial", command="docker run -d -P nginx")
    live = {sandbox.id for sandbox in sandboxes.list() if sandbox.state is not SandboxState.ENDING}
    assert len(live) == 2
    assert not live & before


def test_too_many_starts_say_when_to_come_back(learner: Learner, run: str, sandboxes: FakeSandboxClient) -> None:
    sandboxes.fault = TooManyStarts("That is enough for now.", retry_after_s=60)
    answer = learner.press(f"{run}/trial", command=RIGHT)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"


def test_a_lab_on_a_host_takes_no_command(learner: Learner) -> None:
    run = learner.predict()
    assert "asks for no command" in learner.press(f"{run}/trial", command=RIGHT).text


def test_nobody_else_gives_a_command_in_my_run(run: str, client_as: Callable[..., object]) -> None:
    stranger = Learner(client_as("learner", "stranger"))  # type: ignore[arg-type]
    assert stranger.press(f"{run}/trial", command=RIGHT).status_code == 404
    assert stranger.press(f"{run}/trial/grade").status_code == 404
