"""The refit by itself: for learners for whom it is night, by one process at a time, with what came of it in the log."""

import fcntl
import logging
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread, current_thread
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import gunicorn_web, one_at_a_time
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.one_at_a_time import Alone
from quizapp.review import due_loads, service
from quizapp.review.fitting import fits, nightly, refitting
from quizapp.review.fitting.fits import FitFailed
from quizapp.review.fitting.refitting import Fitted
from quizapp.review.memory import Phase
from quizapp.review.models import Card, DayLoad, FittedWeights
from quizapp.review.scheduler import DEFAULT_PARAMETERS
from tests.builders import a_question

AT_NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # half past three in Berlin, and evening in Honolulu
FOUND = Fitted(weights=DEFAULT_PARAMETERS, items=100, held_out=33, loss_before=0.5, loss_fitted=0.4)


@pytest.fixture(autouse=True)
def learners(sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ada in Berlin and Bo in Honolulu, both with enough new reviews."""
    with sessions() as db:
        for name, zone in (("Ada", "Europe/Berlin"), ("Bo", "Pacific/Honolulu")):
            accounts.add_user(db, name=name, role=Role.LEARNER, now=AT_NIGHT).zone = zone
        db.commit()
    monkeypatch.setattr(refitting, "fitted", lambda db, **_: FOUND)


def fitted(sessions: sessionmaker[Session]) -> list[str]:
    """The name of the learner of each fit."""
    with sessions() as db:
        return list(db.scalars(select(User.name).join(FittedWeights, FittedWeights.user_id == User.id)))


def test_a_retired_questions_card_is_no_longer_on_the_days_to_come(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with sessions() as db:
        ada = db.scalars(select(User).where(User.name == "Ada")).one()
        questions = [a_question(db), a_question(db)]
        service.add_cards(db, user=ada, question_ids=[one.id for one in questions], now=AT_NIGHT)
        for card in db.scalars(select(Card)):
            card.phase, card.last_day, card.due_day = Phase.REVIEW, 20_780, 20_790
        db.flush()
        due_loads.recount(db, user_id=ada.id)
        questions[0].retired_at = AT_NIGHT
        db.commit()
    nightly.refit_sleepers(engine, tmp_path / "lock", now=AT_NIGHT)
    with sessions() as db:
        assert list(db.scalars(select(DayLoad.cards))) == [1]


def test_only_who_sleeps_is_fitted(
    engine: Engine,
    sessions: sessionmaker[Session],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("quizapp"), "propagate", True)
    with caplog.at_level(logging.INFO, logger="quizapp.review.fitting.nightly"):
        nightly.refit_sleepers(engine, tmp_path / "lock", now=AT_NIGHT)
    assert fitted(sessions) == ["Ada"]
    assert "100 reviews; on the newest 33 log loss 0.4000, by the defaults 0.5000: in force" in caplog.text


def test_nobody_is_fitted_while_another_process_does_it(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with ExitStack() as held:
        if one_at_a_time.is_shared(engine):  # a process of another machine, whose folder is another one
            held.enter_context(one_at_a_time.turn(engine, Alone.REFITTING))
        else:
            fcntl.flock(held.enter_context((tmp_path / "lock").open("w")), fcntl.LOCK_EX)
        nightly.refit_sleepers(engine, tmp_path / "lock", now=AT_NIGHT)
    assert fitted(sessions) == []


def test_a_fit_that_was_made_meanwhile_stands(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(db: Session, *, user: User, is_asked: bool) -> Fitted:
        user_id = user.id
        db.rollback()
        with sessions() as other:
            refitting.use(other, user=other.get_one(User, user_id), found=FOUND, now=AT_NIGHT)
            other.commit()
        return FOUND

    monkeypatch.setattr(refitting, "fitted", found)
    nightly.refit_sleepers(engine, tmp_path / "lock", now=AT_NIGHT)
    assert fitted(sessions) == ["Ada"]


def test_a_fit_that_fails_keeps_nobody_else_from_theirs(
    engine: Engine, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as db:
        accounts.user_by_name(db, name="Bo").zone = "Europe/Berlin"
        db.commit()

    def found(db: Session, *, user: User, is_asked: bool) -> Fitted:
        if user.name == "Ada":
            raise FitFailed("The optimizer broke off.")
        return FOUND

    monkeypatch.setattr(refitting, "fitted", found)
    nightly.refit_sleepers(engine, tmp_path / "lock", now=AT_NIGHT)
    assert fitted(sessions) == ["Bo"]


def test_a_look_that_breaks_is_followed_by_another(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, twice = list[Path](), Event()

    def look(engine: Engine, lock: Path, *, now: datetime) -> None:
        looks.append(lock)
        if len(looks) == 2:
            twice.set()
        raise OSError("disk full")

    monkeypatch.setattr(nightly, "EVERY_S", 0.01)
    monkeypatch.setattr(nightly, "refit_sleepers", look)
    ended = nightly.begin(engine, tmp_path)
    assert twice.wait(60)
    ended.set()
    assert looks[0] == tmp_path / nightly.LOCK


@pytest.mark.parametrize("is_there", [True, False])
def test_a_web_process_begins_where_the_package_is(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    begun: list[tuple[Engine, Path]] = []
    monkeypatch.setattr(nightly, "begin", lambda *given: begun.append(given))
    monkeypatch.setattr(fits, "is_available", lambda: is_there)
    parts: dict[str, Any] = {"engine": engine, "settings": SimpleNamespace(instance_dir=tmp_path)}
    gunicorn_web.post_worker_init(SimpleNamespace(wsgi=SimpleNamespace(extensions=parts)))
    assert begun == ([(engine, tmp_path)] if is_there else [])


def test_a_web_process_loads_the_first_page_while_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fits, "is_available", lambda: False)
    loaded_in, is_done = list[Thread](), Event()

    def load() -> None:
        loaded_in.append(current_thread())
        is_done.set()

    gunicorn_web.post_worker_init(SimpleNamespace(wsgi=SimpleNamespace(extensions={"load_first_page": load})))
    assert is_done.wait(60)
    assert loaded_in != [current_thread()]
