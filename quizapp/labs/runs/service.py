"""The use cases of a learner's run of a lab. Asks no sandbox: `labs.hosts` and `labs.trials` do.

A use case that needs a sandbox takes three steps, so that no row is locked while the sandbox works: `ticket_of` reads
the run, a function of `labs.hosts` or `labs.trials` asks the sandbox, and a function here records the result.
"""

from collections.abc import Mapping
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.labs import lab_values
from quizapp.catalogue.labs.lab_format import LabDefinition, substitute
from quizapp.catalogue.models import Lab
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, NotFound
from quizapp.labs.judging.checks import CheckVerdict
from quizapp.labs.judging.grading import Grade
from quizapp.labs.judging.to_explain import ToExplain
from quizapp.labs.runs import events, predictions, shell_history
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.labs.runs.ticket import AnswerFirst, HostGranted, HostTaken, OtherRun, RunOver, RunTicket
from quizapp.verdicts import Verdict

TYPED_MOST = 300  # typed commands in a run's timeline; a long lab takes 50


class AlreadyPredicted(Conflict):
    """The run has other predictions already, and they cannot be changed."""

    title = "Your prediction stands"


def definition_of(run: LabRun) -> LabDefinition:
    """The definition of a run's lab, or of the draft that is tried in it, with the run's values put in."""
    return LabDefinition.model_validate(substitute(run.tried or run.lab.definition, run.values))


def shown_definition(run: LabRun) -> LabDefinition:
    """As `definition_of`, with the task and the text after the run as they are today: both can be edited in Content."""
    return definition_of(run) if run.tried is not None else offered_definition(run.lab, run.values)


def offered_definition(lab: Lab, drawn: Mapping[str, str]) -> LabDefinition:
    """The definition of a lab as it is offered today, with these values put in."""
    edited = {"task": lab.question.prompt, "reveal": lab.question.answer or ""}
    definition = LabDefinition.model_validate(substitute(lab.definition, drawn))
    return definition.model_copy(update=substitute(edited, drawn))


def is_offered(db: Session, *, slug: str) -> bool:
    """Whether a run of the lab may begin."""
    return db.scalar(select(Lab.id).where(Lab.slug == slug, Lab.retired_at.is_(None))) is not None


def draw_for(db: Session, *, user_id: UUID, lab: Lab) -> dict[str, str]:
    """The values of the learner's next run of a lab: the same until that run is opened, so a page can show them."""
    runs = db.scalars(select(LabRun.id).where(LabRun.user_id == user_id, LabRun.lab_id == lab.id, COUNTS)).all()
    variables = LabDefinition.model_validate(lab.definition).vars
    return lab_values.draw(variables, rng=Random(f"{user_id} {lab.slug} {len(runs)}"))


def open_run(db: Session, *, user_id: UUID, slug: str, now: datetime) -> LabRun:
    """The learner's open run of a lab, made if there is none. Raises NotFound then for a lab that is not offered."""
    lab = db.scalar(select(Lab).where(Lab.slug == slug))
    run = _open_run(db, user_id=user_id, lab=lab) if lab is not None else None
    if run is not None:
        return run
    if lab is None or lab.retired_at is not None:
        raise NotFound("There is no such lab any more. The list has those there are.")
    run = LabRun(user_id=user_id, lab=lab, values=draw_for(db, user_id=user_id, lab=lab), started_at=now)
    try:
        with db.begin_nested():
            db.add(run)
            db.flush()
    except IntegrityError:  # a second tab has opened one meanwhile
        found = _open_run(db, user_id=user_id, lab=lab)
        assert found is not None
        return found
    return run


def predict(
    db: Session, *, run: LabRun, given: Mapping[str, str], confidence: Confidence | None = None, now: datetime
) -> None:
    """Store the learner's predictions, and how sure they are of them; sending the same ones again changes nothing.

    Of two sent at once the first ones stand. Raises AlreadyPredicted if others are stored, RunOver, and
    `predictions.PredictionMissing` for incomplete ones.
    """
    run = locked_own(db, user_id=run.user_id, run_id=run.id)
    read = predictions.read(definition_of(run).predict, given)
    if run.predictions == read:
        return
    if run.predictions is not None:
        raise AlreadyPredicted("You predicted before, and that stands: the point is to compare it with what happens.")
    require_open(run)
    run.predictions = read
    run.confidence = confidence
    run.note(events.Predicted(given=read), now=now)
    db.flush()


def predict_nothing(db: Session, *, run: LabRun, now: datetime) -> None:
    """Begin a run in which nothing is predicted, such as one in a card of the review. Changes nothing after that."""
    run = locked_own(db, user_id=run.user_id, run_id=run.id)
    if run.predictions is None:
        require_open(run)
        run.predictions = {}
        run.note(events.Predicted(given={}), now=now)
        db.flush()


def run_of(db: Session, *, user_id: UUID, run_id: UUID) -> LabRun:
    """The learner's own run. Raises NotFound for anybody else's."""
    return _found(db.scalar(_own(user_id, run_id)))


def ticket_of(db: Session, *, user_id: UUID, run_id: UUID) -> RunTicket:
    """The ticket with which the run's sandbox can be asked. Raises NotFound if the run is not the learner's."""
    run = run_of(db, user_id=user_id, run_id=run_id)
    others = db.scalars(
        select(LabRun)
        .where(LabRun.user_id == user_id, LabRun.id != run_id, LabRun.sandbox_id.is_not(None))
        .order_by(LabRun.started_at, LabRun.id)
    )
    return RunTicket(
        run_id=run.id,
        owner=str(user_id),
        lab=shown_definition(run),
        values=run.values,
        sandbox_id=run.sandbox_id,
        is_ready=run.ready_at is not None,
        trouble=_set_up_trouble(run),
        is_open=run.finished_at is None,
        has_predicted=run.predictions is not None,
        is_explained=run.verdict is not Verdict.PASS or _is_explained(run),
        to_explain=_to_explain(run),
        others=tuple(
            OtherRun(
                run_id=other.id,
                slug=other.lab.slug,
                title=other.lab.title,
                sandbox_id=other.sandbox_id or "",
                is_open=other.finished_at is None,
            )
            for other in others
        ),
    )


def record_start(db: Session, ticket: RunTicket, granted: HostGranted, *, now: datetime) -> None:
    """Give the run this sandbox, and take their sandboxes from the ticket's other runs.

    Raises HostTaken if a second tab has meanwhile given this sandbox to another run.
    """
    run = locked(db, ticket)
    if run.sandbox_id == granted.sandbox.id:
        return
    for other in ticket.others:
        _let_go(db, other, now=now)
    if granted.lost is not None:
        run.note(events.Lost(reason=granted.lost), now=now)
    try:
        with db.begin_nested():
            run.sandbox_id = granted.sandbox.id
            run.ready_at = None
            db.flush()
    except IntegrityError:
        raise HostTaken("Another lab has just taken your host, in another tab. Go on there, or start again.") from None
    run.note(events.Started(sandbox=granted.sandbox.id), now=now)
    db.flush()


def record_set_up(db: Session, ticket: RunTicket, *, trouble: str | None, now: datetime) -> None:
    """Record that the run's sandbox was set up, or why it was not (`trouble`). A second call changes nothing."""
    run = locked(db, ticket)
    if run.sandbox_id != ticket.sandbox_id or run.ready_at is not None:
        return
    if trouble is None:
        run.ready_at = now
        run.note(events.Ready(), now=now)
    else:
        run.note(events.NotReady(reason=trouble), now=now)
    db.flush()


def record_check(db: Session, ticket: RunTicket, grade: Grade, *, typed: str, now: datetime) -> LabRun:
    """Record a grade and return the run. A finished run is not changed, so that of two checks at once one counts."""
    run = locked(db, ticket)
    if run.finished_at is not None:
        return run
    if grade.verdict is not Verdict.COULD_NOT_CHECK:
        run.checks_run += 1
        run.verdict = grade.verdict
    if grade.verdict is Verdict.PASS:
        run.happened = dict(grade.happened)
        run.finished_at = now
    note_typed(run, grade.history, now=now)
    run.note(_checked(grade, typed), now=now)
    db.flush()
    return run


def record_explained(db: Session, ticket: RunTicket, verdict: CheckVerdict, *, typed: str, now: datetime) -> None:
    """Record an answer to the question after a pass. After a right answer nothing more is recorded."""
    run = locked(db, ticket)
    if _is_explained(run):
        return
    explained = events.Explained(verdict=verdict.verdict, said=verdict.said, typed=typed, seen=verdict.seen)
    run.note(explained, now=now)
    db.flush()


def hint(db: Session, *, user_id: UUID, run_id: UUID, now: datetime) -> None:
    """Show one more hint, if there is one. Raises RunOver and NotFound."""
    run = locked_own(db, user_id=user_id, run_id=run_id)
    require_open(run)
    if run.hints_used < len(definition_of(run).hints):
        run.hints_used += 1
        run.note(events.Hinted(hint=run.hints_used), now=now)
        db.flush()


def show_solution(db: Session, *, user_id: UUID, run_id: UUID, now: datetime) -> LabRun:
    """Give the run up and show its solution. A second call changes nothing. Raises RunOver for a finished run."""
    run = locked_own(db, user_id=user_id, run_id=run_id)
    if run.finished_at is not None and run.solution_shown:
        return run
    require_open(run)
    if not run.solution_shown:
        run.note(events.Shown(), now=now)
    run.solution_shown = True
    run.finished_at = now
    db.flush()
    return run


def read_solution(db: Session, *, user_id: UUID, run_id: UUID, now: datetime) -> LabRun:
    """Show the solution of a run that goes on. A second call changes nothing.

    Raises RunOver, and AnswerFirst if the lab asks for a value and none was checked yet: the solution prints it.
    """
    run = locked_own(db, user_id=user_id, run_id=run_id)
    require_open(run)
    if definition_of(run).answer and not run.checks_run:
        raise AnswerFirst("Give an answer first and have it checked, a guess too. Then the solution can be read.")
    if not run.solution_shown:
        run.solution_shown = True
        run.note(events.Shown(), now=now)
        db.flush()
    return run


def record_end(db: Session, ticket: RunTicket, *, now: datetime) -> None:
    """Record that the run no longer has the ticket's sandbox, which the caller has ended. An open run stays open.

    Changes nothing if the run has no sandbox, or another one, which a second tab has started meanwhile.
    """
    run = locked(db, ticket)
    if run.sandbox_id is None or run.sandbox_id != ticket.sandbox_id:
        return
    run.sandbox_id = None
    run.ready_at = None
    run.note(events.Ended(), now=now)
    db.flush()


def close(db: Session, *, user_id: UUID, run_id: UUID, now: datetime) -> str:
    """End a run that is not finished, without a rating, so that another can begin. Returns the lab's slug."""
    run = locked_own(db, user_id=user_id, run_id=run_id)
    if run.finished_at is None:
        run.finished_at = now
        run.note(events.Closed(), now=now)
        db.flush()
    return run.lab.slug


def _open_run(db: Session, *, user_id: UUID, lab: Lab) -> LabRun | None:
    return db.scalar(
        select(LabRun).where(LabRun.user_id == user_id, LabRun.lab_id == lab.id, LabRun.finished_at.is_(None), COUNTS)
    )


def _is_explained(run: LabRun) -> bool:
    """Whether the question after a pass was answered rightly."""
    said = (event.data for event in run.events)
    return any(isinstance(data, events.Explained) and data.verdict is Verdict.PASS for data in said)


def _to_explain(run: LabRun) -> ToExplain | None:
    """What the question after a right command is about; None before, and for other labs."""
    checks = [event.data for event in run.events if isinstance(event.data, events.Checked)]
    return checks[-1].to_explain if checks else None


def _set_up_trouble(run: LabRun) -> str:
    """Why the set-up of the present sandbox failed, in a sentence; empty if it did not."""
    happened = [event.data for event in run.events]
    of_sandbox = [data for data in happened if isinstance(data, events.Started | events.NotReady)]
    last = of_sandbox[-1] if of_sandbox else None
    return last.reason if isinstance(last, events.NotReady) else ""


def locked(db: Session, ticket: RunTicket) -> LabRun:
    """The ticket's run, read anew and locked until the transaction ends. Raises NotFound."""
    return locked_own(db, user_id=UUID(ticket.owner), run_id=ticket.run_id)


def locked_own(db: Session, *, user_id: UUID, run_id: UUID) -> LabRun:
    """The learner's own run, read anew and locked until the transaction ends (SQLite locks the whole database anyway).

    Raises NotFound.
    """
    locked = _own(user_id, run_id).with_for_update().execution_options(populate_existing=True)
    return _found(db.scalar(locked))


def _own(user_id: UUID, run_id: UUID) -> Select[LabRun]:
    return select(LabRun).where(LabRun.id == run_id, LabRun.user_id == user_id)


def _found(run: LabRun | None) -> LabRun:
    if run is None:
        raise NotFound("There is no such run of yours. The list of labs is the way to a new one.")
    return run


def _let_go(db: Session, other: OtherRun, *, now: datetime) -> None:
    """Take its sandbox from another run, unless that run has got a new one meanwhile."""
    run = db.get(LabRun, other.run_id, with_for_update=True, populate_existing=True)
    if run and run.sandbox_id == other.sandbox_id:
        run.sandbox_id = None
        run.ready_at = None
        run.note(events.Lost(reason="You started another lab."), now=now)


def note_typed(run: LabRun, remembered: str, *, now: datetime) -> None:
    """Add the commands typed on the present sandbox that the timeline does not have, up to TYPED_MOST in a run."""
    happened = [(event.happened_at, event.data) for event in run.events]
    known = {(at, data.command) for at, data in happened if isinstance(data, events.Typed)}
    for each in shell_history.read(remembered, since=run.ready_at or now, now=now):
        if (each.at, each.command) not in known and len(known) < TYPED_MOST:
            known.add((each.at, each.command))
            run.note(events.Typed(command=each.command), now=each.at)


def _checked(grade: Grade, typed: str) -> events.Checked:
    """A grade as an event of the timeline."""
    return events.Checked(
        verdict=grade.verdict,
        said=grade.said,
        typed=typed,
        checks=tuple(events.CheckResult(name=each.name, verdict=each.verdict) for each in grade.checks),
        differences=tuple(
            events.AspectDifference(aspect=each.aspect, missing=each.missing, extra=each.extra)
            for each in grade.differences
        ),
        ending=grade.ending,
        printed=grade.printed if grade.differences else "",
        recorded=grade.recorded,
        to_explain=grade.to_explain,
    )


def require_open(run: LabRun) -> None:
    """Raise RunOver if the run is finished."""
    if run.finished_at is not None:
        raise RunOver
