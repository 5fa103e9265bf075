"""The labs among the cards that are due: read by the indexes that there are, however many cards a learner has."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review.labs_due import labs_due
from quizapp.review.models import Card
from quizapp.review.queries import counts
from tests.builders import NOW
from tests.integration.review.test_queue import explained, know_cards


def test_it_reads_a_card_for_each_lab_and_the_new_ones_of_today(
    db: Session, learner: User, make_card: Callable[[], Card]
) -> None:
    """Sorted, the new ones of a million cards would take seconds; joined without an index on labs, all others too."""
    make_card()
    know_cards(db, learner)
    plan = explained(db, labs_due(user=learner, counts=counts(db, user=learner, now=NOW), now=NOW), {})
    assert any("ix_card_new" in line for line in plan)
    assert not any("SCAN card" in line or "Seq Scan on card" in line or "TEMP B-TREE" in line for line in plan), plan
