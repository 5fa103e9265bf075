"""Fits the weights of learners for whom it is night and counts their days to come anew, in a thread of each process.

Knows no application.
"""

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import User
from quizapp.errors import QuizappError
from quizapp.one_at_a_time import Alone, is_shared, turn_if_free
from quizapp.review import due_loads
from quizapp.review.fitting import refitting

NIGHT_HOUR = 3  # on the learner's clock: the hour before the usual rollover, when the day's reviews are made
EVERY_S = 1_800.0  # half an hour, so that no learner's NIGHT_HOUR falls between two looks
LOCK = "refit.lock"  # in the instance folder, which all web processes of a SQLite file share

log = logging.getLogger(__name__)


def begin(engine: Engine, instance_dir: Path) -> threading.Event:
    """Start the thread, which ends with the process, or once the event is set. It looks first after EVERY_S."""
    ended = threading.Event()
    arguments = (engine, instance_dir / LOCK, ended)
    threading.Thread(target=_run, args=arguments, name="nightly refit", daemon=True).start()
    return ended


def refit_sleepers(engine: Engine, lock: Path, *, now: datetime) -> None:
    """Fit the weights of all learners for whom it is NIGHT_HOUR and whose log has grown; log what came of each.

    Their days to come are counted anew too: a question that is retired, or comes back, takes its cards along unseen.
    Does nothing while another process does the same.
    """
    with _alone(engine, lock) as is_alone:
        for user_id in _sleepers(engine, now=now) if is_alone else ():
            try:
                _recount(engine, user_id)
                _refit(engine, user_id, now=now)
            except QuizappError as error:
                log.warning("nightly refit of %s: %s", user_id, error)


def _run(engine: Engine, lock: Path, ended: threading.Event) -> None:
    while not ended.wait(EVERY_S):
        try:
            refit_sleepers(engine, lock, now=clock.now())
        except Exception:
            log.exception("nightly refit: a look failed, the next one tries again")


@contextmanager
def _alone(engine: Engine, lock: Path) -> Iterator[bool]:
    """Whether no other process does it, of whatever machine. That ends with the process that does it."""
    if is_shared(engine):
        with turn_if_free(engine, Alone.REFITTING) as is_free:
            yield is_free
        return
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _sleepers(engine: Engine, *, now: datetime) -> list[UUID]:
    with Session(engine) as db:
        return [user.id for user in accounts.users(db) if now.astimezone(ZoneInfo(user.zone)).hour == NIGHT_HOUR]


def _recount(engine: Engine, user_id: UUID) -> None:
    with Session(engine) as db:
        if db.get(User, user_id) is not None:  # not deleted meanwhile
            due_loads.recount(db, user_id=user_id)
            db.commit()


def _refit(engine: Engine, user_id: UUID, *, now: datetime) -> None:
    with Session(engine) as db:
        user = db.get(User, user_id)
        if user is None:
            return  # deleted meanwhile
        before = _last(db, user_id)
        found = refitting.fitted(db, user=user, is_asked=False)
        if found is None:
            return
        db.execute(select(User.id).where(User.id == user_id).with_for_update())
        if _last(db, user_id) != before:
            return  # the learner has pressed the button meanwhile, or a process of another machine was first
        row = refitting.use(db, user=user, found=found, now=now)
        in_force = "in force" if row.is_better else "not used, the default weights are better"
        said = user_id, row.items, row.held_out, row.loss_fitted, row.loss_before, in_force
        db.commit()
        log.info("nightly refit of %s: %d reviews; on the newest %d log loss %.4f, by the defaults %.4f: %s", *said)


def _last(db: Session, user_id: UUID) -> int:
    """The number of the learner's last fit; 0 without one."""
    last = refitting.latest(db, user_id=user_id)
    return 0 if last is None else last.number
