"""The way back from a lab to the review that led to it, kept while the lab is done."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab, QuestionKind
from quizapp.review import service
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.builders import a_question
from tests.web.study.hands_on.conftest import Learner

BACK = re.compile(r'href="(/review[^"]*)">\s*Back to review(?:, (\d+) left)?\s*</a>')


@pytest.fixture
def learner(learner: Learner, sessions: sessionmaker[Session]) -> Learner:
    """A learner with new cards: that of the lab, and two flashcards."""
    with sessions() as db:
        user = db.get_one(User, learner.client.user.id)  # type: ignore[attr-defined]
        ids = [a_question(db, QuestionKind.FLASHCARD).id for _ in range(2)]
        ids.append(db.scalars(select(Lab.question_id)).one())
        service.add_cards(db, user=user, question_ids=ids, now=clock.now())
        db.commit()
    learner.token()  # from the list of labs, which forgets the way back
    return learner


def test_it_is_kept_from_before_the_run_to_its_end(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    assert BACK.findall(learner.open("/labs/two-ports?from=review").text) == [("/review", "3")]
    run = learner.predict()
    assert BACK.findall(learner.start(run).text) == [("/review", "3")]
    done = learner.press(f"{run}/check", answer="32768").text
    assert BACK.findall(done) == [("/review", "2")] * 3, "at the top, below the verdict and at the end of the text"


def test_it_is_kept_over_a_new_run(learner: Learner) -> None:
    learner.open("/labs/two-ports?from=review")
    assert BACK.search(learner.press(f"{learner.predict()}/close").text)


def test_it_leads_into_the_same_sitting_and_to_a_card_that_is_still_to_be_rated(learner: Learner) -> None:
    card = str(uuid4())
    page = learner.open(f"/labs/two-ports?from=review&ahead=1&card={card}").text
    assert f'href="/review?ahead=1&amp;card={card}"' in page


def test_without_a_review_that_led_there_is_none(learner: Learner) -> None:
    assert not BACK.search(learner.open("/labs/two-ports").text)


@pytest.mark.parametrize("elsewhere", ["/labs", "/labs/another"])
def test_it_is_forgotten_once_one_goes_elsewhere(
    learner: Learner, make_lab: Callable[..., None], elsewhere: str
) -> None:
    make_lab(slug="another", title="Another")
    learner.open("/labs/two-ports?from=review")
    assert not BACK.search(learner.open(elsewhere).text)
    assert not BACK.search(learner.open("/labs/two-ports").text)
