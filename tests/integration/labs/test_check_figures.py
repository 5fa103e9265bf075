"""What a lab's runs tell its author, on real databases."""

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.labs.runs.check_figures import CheckFigures, RunFigures, figures_of_runs, with_flaky_checks
from quizapp.labs.runs.events import Checked, CheckResult, EventData, Typed
from quizapp.labs.runs.models import LabRun
from quizapp.verdicts import Verdict
from tests.lab_builders import NOON, add_lab


def graded(verdict: Verdict) -> Checked:
    return Checked(verdict=verdict, said="", typed="", checks=(CheckResult(name="runs", verdict=verdict),))


def test_runs_are_counted_with_what_each_check_said(db: Session, learner: User) -> None:
    lab, other = add_lab(db), add_lab(db, slug="another")
    fail, could_not, hold = graded(Verdict.FAIL), graded(Verdict.COULD_NOT_CHECK), graded(Verdict.PASS)

    def run(of: int, *events: EventData, verdict: Verdict | None = None, **fields: object) -> None:
        made = LabRun(user_id=learner.id, lab_id=of, started_at=NOON, finished_at=NOON, verdict=verdict, **fields)
        for event in events:
            made.note(event, now=NOON)
        db.add(made)

    run(lab.id, fail, Typed(command="docker start web"), hold, verdict=Verdict.PASS)
    run(lab.id, fail, could_not, hold, verdict=Verdict.PASS, solution_shown=True)
    run(lab.id, hold, verdict=Verdict.PASS, tried={"title": "A draft"})  # an editor's, which counts for nothing
    run(other.id, fail)
    db.flush()
    runs = CheckFigures(name="runs", held=2, failed=2, could_not=1, turned=1)
    assert figures_of_runs(db, lab_id=lab.id) == RunFigures(runs=2, passed=2, shown=1, checks=[runs])


def test_labs_are_found_of_which_a_check_cannot_be_trusted(db: Session, learner: User) -> None:
    sound, turning, tried = add_lab(db), add_lab(db, slug="turning"), add_lab(db, slug="tried")
    fail, hold = graded(Verdict.FAIL), graded(Verdict.PASS)
    gradings: tuple[tuple[int, tuple[EventData, ...], dict[str, str] | None], ...] = (
        (sound.id, (fail, Typed(command="docker start web"), hold), None),
        (sound.id, (fail,), None),
        (turning.id, (fail, hold), None),
        (tried.id, (fail, hold), {"title": "A draft"}),  # an editor's, which counts for nothing
    )
    for lab_id, events, draft in gradings:
        run = LabRun(user_id=learner.id, lab_id=lab_id, started_at=NOON, finished_at=NOON, tried=draft)
        for event in events:
            run.note(event, now=NOON)
        db.add(run)
    db.flush()
    assert list(with_flaky_checks(db)) == [turning.question_id]
