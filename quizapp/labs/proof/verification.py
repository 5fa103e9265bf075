"""Verifications of texts of labs: begun, made with progress that a page can read, stopped, and what came of them.

Whoever makes one writes to the database after each attempt, and every few seconds that it still does. One that nobody
makes any more, since its process ended, is broken off by the next look at it.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.models import Lab
from quizapp.clock import SET_BACK
from quizapp.errors import Conflict, QuizappError
from quizapp.labs.proof.attempt import end_all
from quizapp.labs.proof.models import LabVerification, VerificationState
from quizapp.labs.proof.proof import Attempted, LabProof, prove
from quizapp.labs.proof.stoppable import ProofStopped, Stoppable
from quizapp.sandboxes.client import SandboxClient

JOBS = 2  # attempts at a time: learners want hosts too
AT_ONCE_MAX = 2  # verifications of an installation
LOST_AFTER = timedelta(
    seconds=20
)  # without a sign of life; it gives one every two seconds, and a turn at writing waits five
INTERRUPTED = "The program was stopped while it ran. Verify it again."
_RUNNING = LabVerification.state == VerificationState.RUNNING

log = logging.getLogger(__name__)


class AlreadyVerifying(Conflict):
    """The lab is being verified, or as many labs are as may be at a time."""

    title = "One at a time"


def digest_of(text: str) -> str:
    """What tells a text from any other: its SHA-256, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_proved(db: Session, *, lab_id: int, text: str) -> bool:
    """Whether this very text was verified."""
    of_text = (LabVerification.lab_id == lab_id, LabVerification.digest == digest_of(text))
    return db.scalar(select(LabVerification.id).where(*of_text, LabVerification.is_ok).limit(1)) is not None


def latest(db: Session, *, lab_id: int) -> LabVerification | None:
    """The newest verification of a lab, whatever its text."""
    of_lab = select(LabVerification).where(LabVerification.lab_id == lab_id)
    return db.scalars(of_lab.order_by(LabVerification.id.desc()).limit(1)).first()


def begin(db: Session, *, lab: Lab, text: str, editor_id: UUID | None, now: datetime) -> LabVerification:
    """A verification that somebody is to make. The caller commits, and then calls `run`.

    Raises BadLab for a text that is no lab, and AlreadyVerifying.
    """
    read_lab(text, folder=lab.slug)
    db.refresh(lab, with_for_update=True)
    _break_off_lost(db, now=now)
    if db.scalar(select(LabVerification.id).where(_RUNNING, LabVerification.lab_id == lab.id)) is not None:
        raise AlreadyVerifying("This lab is being verified. Wait for the end of it, or stop it.")
    if (db.scalar(select(func.count()).select_from(LabVerification).where(_RUNNING)) or 0) >= AT_ONCE_MAX:
        raise AlreadyVerifying(f"{AT_ONCE_MAX} labs are being verified. Wait for one of them, then try again.")
    row = LabVerification(
        lab_id=lab.id,
        digest=digest_of(text),
        text=text,
        editor_id=editor_id,
        state=VerificationState.RUNNING,
        begun_at=now,
        beat_at=now,
        attempts=[],
        said="",
    )
    db.add(row)
    db.flush()
    return row


def ask_to_stop(db: Session, *, lab: Lab, now: datetime) -> None:
    """Ask whoever verifies this lab to stop. Nothing happens if nobody does."""
    _break_off_lost(db, now=now)
    for row in db.scalars(select(LabVerification).where(_RUNNING, LabVerification.lab_id == lab.id)):
        row.is_to_stop = True
    db.flush()


def is_lost(row: LabVerification, *, now: datetime) -> bool:
    """Whether whoever made it has ended before it did."""
    return row.state is VerificationState.RUNNING and not -SET_BACK <= now - row.beat_at <= LOST_AFTER


def run(
    engine: Engine,
    client: SandboxClient,
    verification_id: int,
    *,
    rng: Random,
    now: Callable[[], datetime],
    jobs: int = JOBS,
) -> LabProof | None:
    """Make a verification that was begun, and store what comes of it. None if it was stopped or broken off."""
    stoppable = Stoppable(client)

    def watch(ended: Sequence[Attempted]) -> None:
        if not _tell(engine, verification_id, ended, now=now()):
            stoppable.stop()
            raise ProofStopped

    try:
        with Session(engine) as db:
            row = db.get(LabVerification, verification_id)
            if row is None:
                raise ProofStopped  # the lab was deleted, or the account of whoever began this
            lab = read_lab(row.text, folder=db.get_one(Lab, row.lab_id).slug)
        with ThreadPoolExecutor(jobs, thread_name_prefix="verification") as pool:
            found = prove(stoppable, lab, pool=pool, rng=rng, watch=watch)
    except ProofStopped:
        _end(engine, verification_id, VerificationState.STOPPED, now=now())
        return None
    except Exception as error:
        said = str(error) if isinstance(error, QuizappError) else "It broke off by a fault of the program; see the log."
        if not isinstance(error, QuizappError):
            log.exception("verification %d broke off", verification_id)
        _end(engine, verification_id, VerificationState.BROKEN, said=said, now=now())
        return None
    finally:
        for owner in stoppable.owners:
            end_all(client, owner)
    _end(engine, verification_id, VerificationState.DONE, proof=found, now=now())
    return found


def _tell(engine: Engine, verification_id: int, ended: Sequence[Attempted], *, now: datetime) -> bool:
    """Store what has ended, and that it goes on; returns whether it is to."""
    with Session(engine) as db:
        row = db.get(LabVerification, verification_id, with_for_update=True)
        if row is None or row.state is not VerificationState.RUNNING:
            return False  # the lab was deleted, or somebody took this process for lost
        row.beat_at = now
        row.attempts = [*row.attempts, *(asdict(each) for each in ended)]
        goes_on = not row.is_to_stop
        db.commit()
        return goes_on


def _end(
    engine: Engine,
    verification_id: int,
    state: VerificationState,
    *,
    proof: LabProof | None = None,
    said: str = "",
    now: datetime,
) -> None:
    with Session(engine) as db:
        row = db.get(LabVerification, verification_id, with_for_update=True)
        if row is None or row.state is not VerificationState.RUNNING:
            return
        row.state, row.ended_at, row.said = state, now, said
        if proof is not None:
            known = {trouble for each in row.attempts for trouble in each["troubles"]}
            row.is_ok = proof.ok
            row.said = "\n".join(trouble for trouble in proof.troubles if trouble not in known)
        db.commit()


def _break_off_lost(db: Session, *, now: datetime) -> None:
    is_lost = or_(LabVerification.beat_at < now - LOST_AFTER, LabVerification.beat_at > now + SET_BACK)
    for row in db.scalars(select(LabVerification).where(_RUNNING, is_lost)):
        row.state, row.ended_at, row.said = VerificationState.BROKEN, now, INTERRUPTED
    db.flush()
