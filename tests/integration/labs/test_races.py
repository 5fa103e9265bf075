"""Two tabs on one run, each in a transaction of its own that has read the run before the other writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.labs.runs import service
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.service import AlreadyPredicted
from tests.lab_builders import NOON, PREDICTED, add_lab

Predict = Callable[[int], bool]


@pytest.fixture
def predict(engine: Engine) -> Predict:
    """`predict(number)`: whether a tab's prediction, with that number in it, was taken; two tabs meet at a barrier."""
    with Session(engine) as db:
        user_id = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=NOON).id
        lab = add_lab(db)
        service.open_run(db, user_id=user_id, slug=lab.slug, now=NOON)
        db.commit()
    together = Barrier(2)

    def do(number: int) -> bool:
        with Session(engine) as db:
            run = db.scalars(select(LabRun)).one()
            if engine.dialect.name == "postgresql":  # SQLite lets no second writer come so far
                together.wait(timeout=60)
            try:
                service.predict(db, run=run, given=PREDICTED | {"where": str(number)}, now=NOON)
            except AlreadyPredicted:
                return False
            db.commit()
            return True

    return do


def test_of_two_predictions_at_once_the_first_stands(engine: Engine, predict: Predict) -> None:
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(predict, range(2)))
    assert sorted(taken) == [False, True]
    with Session(engine) as db:
        run = db.scalars(select(LabRun)).one()
        assert run.predictions == PREDICTED | {"where": str(taken.index(True))}
        assert len(run.events) == 1


def test_of_one_prediction_sent_twice_at_once_both_are_taken(engine: Engine, predict: Predict) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(predict, [80, 80])) == [True, True]
    with Session(engine) as db:
        assert len(db.scalars(select(LabRun)).one().events) == 1
