"""How far a reader has to go to follow one check, from its page to the verdict and the rating of its card."""

from quizapp.study.hands_on import views
from quizapp.verdicts import Verdict
from tests.tracing import followed
from tests.web.study.hands_on.conftest import Learner
from tests.web.study.hands_on.test_lab_pages import RunOf

MODULES_MOST = 17
CROSSINGS_MOST = 3


def test_a_check_passes_through_few_files_and_seldom_leaves_its_room(learner: Learner, run_of: RunOf) -> None:
    _checked(learner)  # what is made with the first check of a process, such as statements, is not on the way
    run = learner.predict()
    learner.start(run)
    with followed(views.check) as way:
        learner.press(f"{run}/check", answer="32768")
    assert run_of(run).verdict is Verdict.PASS
    assert len(way.modules) <= MODULES_MOST, "\n".join(way.modules)
    assert len(way.crossings) <= CROSSINGS_MOST, way.crossings


def _checked(learner: Learner) -> None:
    run = learner.predict()
    learner.start(run)
    learner.press(f"{run}/check", answer="32768")
