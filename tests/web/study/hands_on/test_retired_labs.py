"""A lab that leaves its file while a learner has a run of it: the run goes on, ends and counts."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.labs.lab_import import retire_lab
from quizapp.catalogue.models import Lab
from quizapp.labs.runs.models import LabRun
from quizapp.review.memory import Rating
from quizapp.verdicts import Verdict
from tests.lab_builders import PREDICTED
from tests.web.study.hands_on.conftest import Learner

Retire = Callable[[], None]
Ratings = Callable[[], list[Rating]]
RunOf = Callable[[str], LabRun]


@pytest.fixture
def retire(sessions: sessionmaker[Session]) -> Retire:
    """Retires every lab, as an import does that finds none."""

    def do() -> None:
        with sessions() as db:
            for lab in db.scalars(select(Lab)):
                retire_lab(db, lab, now=clock.now())
            db.commit()

    return do


@pytest.fixture
def run(learner: Learner, retire: Retire) -> str:
    """The path of a run whose host is set up and whose lab was retired then."""
    path = learner.predict()
    learner.start(path)
    retire()
    return path


def test_a_pass_counts_for_its_card(learner: Learner, run: str, run_of: RunOf, ratings: Ratings) -> None:
    assert learner.press(f"{run}/check", answer="32768").status_code == 200
    assert run_of(run).verdict is Verdict.PASS
    assert ratings() == [Rating.EASY]


def test_its_page_says_neither_that_it_comes_back_nor_to_do_it_again(learner: Learner, run: str) -> None:
    page = learner.press(f"{run}/check", answer="32768").text
    assert "Right" in page
    assert "comes back" not in page
    assert "Do it again" not in page
    assert "This lab is offered no more." in page


def test_its_solution_counts_as_not_known(learner: Learner, run: str, ratings: Ratings) -> None:
    assert learner.press(f"{run}/solution").status_code == 200
    assert ratings() == [Rating.AGAIN]


@pytest.mark.parametrize("action", ["hint", "host", "extend", "end", "explain"])
def test_every_button_of_its_page_still_works(learner: Learner, run: str, action: str) -> None:
    answer = learner.press(f"{run}/{action}")
    assert (answer.status_code, answer.request.path) == (200, run)


def test_the_list_and_its_own_address_lead_to_the_open_run(learner: Learner, run: str) -> None:
    assert "Two ports" in learner.open("/labs").text
    assert learner.open("/labs/two-ports").location == run


def test_once_it_is_over_nothing_leads_to_it(learner: Learner, run: str) -> None:
    left = learner.press(f"{run}/close")
    assert (left.status_code, left.request.path) == (200, "/labs")
    assert "offered no more" in left.text
    assert "Two ports" not in learner.open("/labs").text
    assert learner.open("/labs/two-ports").status_code == 404


def test_a_prediction_sent_again_finds_its_run(learner: Learner, run: str) -> None:
    again = learner.press("/labs/two-ports/prediction", **PREDICTED)
    assert (again.status_code, again.request.path) == (200, run)


def test_a_prediction_that_comes_too_late_is_told_so(learner: Learner, retire: Retire) -> None:
    retire()
    refused = learner.press("/labs/two-ports/prediction", **PREDICTED)
    assert refused.status_code == 404
    assert "There is no such lab any more." in refused.text
