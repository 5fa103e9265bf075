"""Hints and solutions of labs, as a learner without a script takes them."""

import re
from collections.abc import Callable

from quizapp.review.memory import Rating
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import PREDICTED
from tests.web.study.hands_on.conftest import Learner
from tests.web.study.hands_on.test_lab_pages import Ratings, RunOf


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
