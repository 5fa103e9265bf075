"""A verification leaves what came of each attempt in the database, and ends when it is stopped or nobody makes it."""

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.labs.lab_file import BadLab
from quizapp.catalogue.models import Lab
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.proof import proof, verification
from quizapp.labs.proof.attempt import AttemptOutcome, TypedAttempt
from quizapp.labs.proof.models import LabVerification, VerificationState
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.verdicts import Verdict
from tests.integration.catalogue.test_import_labs import LAB
from tests.lab_builders import add_lab

SLUG = "find-it"


def made_without_hosts(monkeypatch: pytest.MonkeyPatch, **verdicts: Verdict) -> None:
    """Let every attempt be made at once; one in which something is typed that `verdicts` has gets that verdict."""

    def attempt_at(*asked: object, **_: object) -> AttemptOutcome:
        [attempt] = [each for each in asked if isinstance(each, TypedAttempt)]
        usual = Verdict.PASS if "docker run" in attempt.run else Verdict.FAIL
        found = next((verdict for word, verdict in verdicts.items() if word in attempt.run), usual)
        grade = Grade(verdict=found, checks=(), said="As told.")
        return AttemptOutcome(grade=grade, stopped=grading.not_checked("The engine is stopped."))

    monkeypatch.setattr(proof, "attempt_at", attempt_at)


def begun(sessions: sessionmaker[Session], text: str = LAB, *, now: datetime | None = None) -> int:
    """The id of a verification of this text that was begun, of the one lab there is."""
    with sessions() as db:
        lab = db.scalar(select(Lab).where(Lab.slug == SLUG)) or add_lab(db, slug=SLUG)
        row = verification.begin(db, lab=lab, text=text, editor_id=None, now=now or clock.now())
        db.commit()
        return row.id


def run(engine: Engine, number: int) -> None:
    client = FakeSandboxClient(now=clock.now)
    verification.run(engine, client, number, rng=random.Random(1), now=clock.now)


def the_row(sessions: sessionmaker[Session], number: int) -> LabVerification:
    with sessions() as db:
        return db.get_one(LabVerification, number)


def test_each_attempt_is_kept_and_the_text_is_proved(
    engine: Engine, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_without_hosts(monkeypatch)
    number = begun(sessions)
    run(engine, number)
    row = the_row(sessions, number)
    assert (row.state, row.is_ok, row.said) == (VerificationState.DONE, True, "")
    assert sorted((each["kind"], each["number"], each["verdict"]) for each in row.attempts) == [
        ("solution", 0, "pass"),
        ("untouched", 0, "fail"),
        ("wrong", 0, "fail"),
    ]
    with sessions() as db:
        assert verification.is_proved(db, lab_id=row.lab_id, text=LAB)
        assert not verification.is_proved(db, lab_id=row.lab_id, text=f"{LAB}# more")


def test_what_is_not_as_it_must_be_stands_at_its_attempt(
    engine: Engine, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_without_hosts(monkeypatch, true=Verdict.PASS)
    number = begun(sessions)
    run(engine, number)
    row = the_row(sessions, number)
    assert (row.state, row.is_ok) == (VerificationState.DONE, False)
    told = {each["kind"]: each["troubles"] for each in row.attempts}
    assert told["solution"] == []
    assert "Wrong attempt 1 must fail: pass" in told["wrong"][0]


def test_it_is_stopped_and_can_be_begun_again(
    engine: Engine, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    made_without_hosts(monkeypatch)
    number = begun(sessions)
    with pytest.raises(verification.AlreadyVerifying):
        begun(sessions)
    with sessions() as db:
        lab = db.scalars(select(Lab).where(Lab.slug == SLUG)).one()
        verification.ask_to_stop(db, lab=lab, now=clock.now())
        db.commit()
    run(engine, number)
    row = the_row(sessions, number)
    assert (row.state, row.is_ok) == (VerificationState.STOPPED, False)
    assert begun(sessions) > number


@pytest.mark.parametrize("since", [verification.LOST_AFTER + timedelta(seconds=1), timedelta(days=-365)], ids=str)
def test_one_that_nobody_makes_any_more_stands_in_nobodys_way(
    sessions: sessionmaker[Session], since: timedelta
) -> None:
    """Also of the time when the clock was ahead."""
    number = begun(sessions, now=clock.now() - since)
    assert verification.is_lost(the_row(sessions, number), now=clock.now())
    assert begun(sessions) > number
    row = the_row(sessions, number)
    assert (row.state, row.said) == (VerificationState.BROKEN, verification.INTERRUPTED)


def test_a_text_that_is_no_lab_is_not_begun(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(BadLab):
        begun(sessions, LAB.replace("level: 2", "level: 9"))
