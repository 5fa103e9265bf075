"""The list of labs, a lab's page and a run's page, for one learner. Reads only; asks no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from quizapp.catalogue.articles.lab_links import ADDRESS
from quizapp.catalogue.articles.places import Place, place_of
from quizapp.catalogue.html.rendering import render, render_inline
from quizapp.catalogue.labs.lab_format import NOTHING_DONE, LabAnswer, LabDefinition, Recording
from quizapp.catalogue.labs.lab_parts import ASPECT_NAMES, PredictionKind, Solution
from quizapp.catalogue.models import Lab, Question, Section
from quizapp.errors import NotFound
from quizapp.labs.runs import service, timeline
from quizapp.labs.runs.events import Checked, Explained, Started
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.labs.runs.predictions import Compared, compare
from quizapp.labs.runs.taken_branch import with_branches_taken
from quizapp.labs.runs.timeline import Graded, Moment
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class AskedPrediction:
    """A prediction for the learner to make."""

    name: str
    label: Markup
    is_number: bool
    """Whether it is a whole number."""
    options: Sequence[str]
    """The values to choose from; empty if the learner writes the value."""


@dataclass(frozen=True, kw_only=True)
class AskedAnswer:
    """A value for the learner to type, or places to put in order."""

    label: Markup
    options: Sequence[str]
    """The places to put in order; empty if a value is typed."""
    diagram: Sequence[tuple[str, Sequence[str]]]
    """The parts of the diagram: each its name and the places drawn in it. One part, with an empty name, by default."""


@dataclass(frozen=True, kw_only=True)
class AskedRecording:
    """A recording for the learner to read, and the question about it."""

    transcript: str
    """Commands and output of another host."""
    question: AskedAnswer


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The newest answer to the question after a pass."""

    verdict: Verdict
    said: Markup
    """The hint, or why it could not be checked; empty after a right answer."""
    typed: str
    seen: str
    """The right answer, as the host printed it."""


@dataclass(frozen=True, kw_only=True)
class LabTexts:
    """A lab as its page shows it, with the values of one run in its texts."""

    id: int
    slug: str
    address: str
    """What stands in its address; see LabSummary."""
    title: str
    summary: str
    question_id: int
    is_offered: bool
    minutes: int
    level: int
    template: str
    needs: Sequence[str]
    task: Markup
    asked: Sequence[AskedPrediction]
    answer: AskedAnswer | None
    """None if the lab asks for no answer."""
    explain: AskedAnswer | None
    """The question after a pass; None if the lab has none."""
    has_checks: bool
    recorded: AskedRecording | None
    """None if the lab has no recording."""
    command: Markup | None
    """The label of the command that is asked for; None if the lab asks for none."""
    compared: Sequence[str]
    """The names of the aspects in which a command's effect is compared; empty if the lab asks for none."""
    hints: Sequence[Markup]
    solution: str
    """The first solution, as shell: what is done on the host, then what prints the answer that is asked for."""
    reveal: Markup
    """The author's explanation, for after the run."""
    place: Place | None
    """Where a note explains it; None if no note does."""
    is_draft: bool = False
    """Whether these are the texts of a draft, which an editor tries."""


@dataclass(frozen=True, kw_only=True)
class NextLab:
    """The lab to go on with after another one."""

    address: str
    """What stands in its address."""
    title: str
    minutes: int
    is_about_the_same: bool
    """Whether both labs are about the same concept in the first place."""


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as its page shows it."""

    id: UUID
    is_open: bool
    verdict: Verdict | None
    """The last pass or fail; None if there was none."""
    compared: Sequence[Compared]
    """The predictions beside what happened; empty until they are made."""
    hints_used: int
    checks_run: int
    """Checks that ended in pass or fail."""
    solution_shown: bool
    last_check: Graded | None
    """The newest grading, could-not-check included; None if there was none."""
    explained: Explanation | None
    """None until the question after a pass is answered."""
    shown: str | None
    """What the host of a right command showed, for that question; None without one, and where the host is there."""
    had_host: bool
    """Whether a host was asked for in it. It may have ended since."""
    is_recorded: bool
    """Whether the newest grading was of an answer to a recording, and no host's."""
    started_at: datetime
    timeline: Sequence[Moment]


def lab_page(db: Session, *, user_id: UUID, slug: str) -> tuple[LabTexts, UUID | None]:
    """The lab in the values of the learner's next run, and the id of their open run of it or None.

    Raises NotFound for a lab that is not offered, unless there is an open run.
    """
    lab = db.scalar(select(Lab).where(Lab.slug == slug))
    open_run = open_run_of(db, user_id=user_id, lab_id=lab.id) if lab is not None else None
    if lab is None or (lab.retired_at is not None and open_run is None):
        raise NotFound("There is no such lab. The list has those there are.")
    drawn = service.draw_for(db, user_id=user_id, lab=lab)
    return _lab_texts(lab, service.offered_definition(lab, drawn)), open_run


def next_lab(db: Session, *, user_id: UUID, lab_id: int) -> NextLab | None:
    """The lab that the learner has not passed and that is nearest to this one; None if there is none.

    First those about the same concept, then those of the same section, then all others in the list's order.
    """
    own = db.execute(select(Question.concept_id, Question.section_id).join(Lab).where(Lab.id == lab_id)).one()
    same = and_(Question.concept_id == own.concept_id, Question.concept_id.is_not(None))
    passed = select(LabRun.lab_id).where(LabRun.user_id == user_id, LabRun.verdict == Verdict.PASS, COUNTS)
    row = db.execute(
        select(ADDRESS.label("address"), Lab.title, Lab.minutes, same.label("is_about_the_same"))
        .join(Lab.question)
        .outerjoin(Section, Question.section_id == Section.id)
        .where(Lab.retired_at.is_(None), Question.retired_at.is_(None), Lab.id != lab_id, Lab.id.not_in(passed))
        .order_by(
            case((same, 0), (Question.section_id == own.section_id, 1), else_=2),
            *(Section.id.is_(None), Section.note_id, Section.position, Question.level, Lab.title, Lab.id),
        )
        .limit(1)
    ).first()
    return (
        None
        if row is None
        else NextLab(
            address=row.address, title=row.title, minutes=row.minutes, is_about_the_same=bool(row.is_about_the_same)
        )
    )


def open_run_of(db: Session, *, user_id: UUID, lab_id: int) -> UUID | None:
    """The id of the learner's open run of a lab; None if there is none."""
    of_lab = (LabRun.user_id == user_id, LabRun.lab_id == lab_id)
    return db.scalar(select(LabRun.id).where(*of_lab, LabRun.finished_at.is_(None), COUNTS))


def run_page(db: Session, *, user_id: UUID, run_id: UUID) -> tuple[LabTexts, RunView]:
    """One run of the learner, with the lab's texts in the run's values. Raises NotFound."""
    run = service.run_of(db, user_id=user_id, run_id=run_id)
    shown = service.shown_definition(run)
    texts = _lab_texts(run.lab, shown) if run.tried is None else draft_texts(run.lab, shown)
    return texts, _run_view(run, service.definition_of(run))


def draft_texts(lab: Lab, definition: LabDefinition) -> LabTexts:
    """The texts of a draft of a lab, values put in."""
    texts = _lab_texts(lab, definition)
    return replace(
        texts,
        title=definition.title,
        summary=definition.summary,
        minutes=definition.minutes,
        is_offered=True,
        is_draft=True,
    )


def _lab_texts(lab: Lab, definition: LabDefinition) -> LabTexts:
    return LabTexts(
        id=lab.id,
        slug=lab.slug,
        address=definition.address or lab.slug,
        title=lab.title,
        summary=lab.summary,
        question_id=lab.question_id,
        is_offered=lab.retired_at is None,
        minutes=lab.minutes,
        level=definition.level,
        template=definition.template,
        needs=definition.needs,
        task=render(definition.task),
        asked=tuple(
            AskedPrediction(
                name=each.name,
                label=render_inline(each.label),
                is_number=each.kind is PredictionKind.NUMBER,
                options=each.options,
            )
            for each in definition.predict
        ),
        answer=_asked(definition.answer),
        explain=_asked(definition.explain),
        has_checks=bool(definition.checks),
        recorded=_recorded(definition.recorded),
        command=render_inline(definition.command.label) if definition.command else None,
        compared=[ASPECT_NAMES[name] for name in definition.graded] if definition.command else (),
        hints=tuple(render(hint) for hint in definition.hints),
        solution=shown_solution(definition.solutions[0]),
        reveal=render(definition.reveal),
        place=place_of(lab.question),
    )


def shown_solution(first: Solution) -> str:
    """A solution as shell: what is done on the host, then what prints the answer that is asked for.

    Of a cause that was drawn the way to mend that one is shown.
    """
    done = "" if first.run.strip() == NOTHING_DONE else first.run.strip()
    return with_branches_taken("\n".join(filter(None, (done, (first.answer or "").strip()))))


def _run_view(run: LabRun, definition: LabDefinition) -> RunView:
    compared = compare(definition.predict, run.predictions, run.happened) if run.predictions else ()
    happened = [event.data for event in run.events]
    explained = [data for data in happened if isinstance(data, Explained)]
    checks = [data for data in happened if isinstance(data, Checked)]
    to_explain = checks[-1].to_explain if checks else None
    return RunView(
        id=run.id,
        is_open=run.finished_at is None,
        verdict=run.verdict,
        compared=compared,
        hints_used=run.hints_used,
        checks_run=run.checks_run,
        solution_shown=run.solution_shown,
        last_check=timeline.graded(checks[-1]) if checks else None,
        explained=_explanation(explained[-1]) if explained else None,
        shown=to_explain.shown if to_explain else None,
        had_host=any(isinstance(data, Started) for data in happened),
        is_recorded=bool(checks) and checks[-1].recorded,
        started_at=run.started_at,
        timeline=timeline.moments(run.events),
    )


def _asked(answer: LabAnswer | None) -> AskedAnswer | None:
    if answer is None:
        return None
    diagram = answer.diagram or ({"": answer.options} if answer.options else {})
    return AskedAnswer(label=render_inline(answer.label), options=answer.options, diagram=tuple(diagram.items()))


def _recorded(recording: Recording | None) -> AskedRecording | None:
    if recording is None:
        return None
    question = AskedAnswer(label=render_inline(recording.label), options=(), diagram=())
    return AskedRecording(transcript=recording.transcript, question=question)


def _explanation(explained: Explained) -> Explanation:
    return Explanation(
        verdict=explained.verdict, said=render_inline(explained.said), typed=explained.typed, seen=explained.seen
    )
