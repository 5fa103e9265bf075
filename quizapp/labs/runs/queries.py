"""What the pages of labs show of runs, read for one learner. Reads only; asks no sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.labs.lab_format import (
    LabAnswer,
    LabDefinition,
    LabTemplate,
    Prediction,
    PredictionKind,
    Recording,
)
from quizapp.catalogue.models import Lab, Question, Section
from quizapp.catalogue.rendering import render, render_inline
from quizapp.errors import NotFound
from quizapp.labs.runs import service, timeline
from quizapp.labs.runs.calibration import Foretold
from quizapp.labs.runs.events import Checked, Explained
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.predictions import Compared, came_true, compare
from quizapp.labs.runs.timeline import Graded, Moment
from quizapp.verdicts import Verdict


class Standing(StrEnum):
    """How far a learner has come with a lab."""

    NEW = "new"
    OPEN = "open"
    TRIED = "tried"
    PASSED = "passed"


@dataclass(frozen=True, kw_only=True)
class LabEntry:
    """A lab in the list. `system` is the section of the note that it stands in, empty if it stands in none."""

    system: str
    slug: str
    title: str
    summary: Markup
    level: int | None
    minutes: int
    template: str
    needs: Sequence[str]
    is_recorded: bool
    question_id: int
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class AskedPrediction:
    """A prediction to make; `options` is empty where it is written."""

    name: str
    label: Markup
    is_number: bool
    options: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AskedAnswer:
    """A value to type, or with `options` places to put in order, each drawn in a named part of a diagram."""

    label: Markup
    options: Sequence[str]
    diagram: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class AskedRecording:
    """What was recorded on another host, and the value to type after reading it."""

    transcript: str
    question: AskedAnswer


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The newest answer to the question after a pass; `seen` is the right one, once it was given."""

    verdict: Verdict
    said: Markup
    typed: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class LabTexts:
    """A lab as its page shows it, with the values of one run in its texts."""

    id: int
    slug: str
    title: str
    summary: str
    question_id: int
    minutes: int
    level: int
    template: str
    needs: Sequence[str]
    task: Markup
    asked: Sequence[AskedPrediction]
    answer: AskedAnswer | None
    explain: AskedAnswer | None
    has_checks: bool
    recorded: AskedRecording | None
    command: Markup | None
    """The label of the command that is asked for."""
    compared: Sequence[str]
    """The aspects that a command's effect is compared in."""
    hints: Sequence[Markup]
    solution: str
    reveal: Markup


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as its page shows it."""

    id: UUID
    is_open: bool
    verdict: Verdict | None
    compared: Sequence[Compared]
    hints_used: int
    checks_run: int
    solution_shown: bool
    last_check: Graded | None
    explained: Explanation | None
    started_at: datetime
    timeline: Sequence[Moment]


def lab_list(db: Session, *, user_id: UUID) -> Sequence[LabEntry]:
    """Every lab that is offered, and how far the learner has come; by system in the notes' order, easier ones first."""
    passed = func.count(LabRun.id).filter(LabRun.verdict == Verdict.PASS)
    is_open = func.count(LabRun.id).filter(LabRun.finished_at.is_(None))
    rows = db.execute(
        select(Lab, Question.level, Section.title, func.count(LabRun.id), passed, is_open)
        .join(Lab.question)
        .outerjoin(Section, Question.section_id == Section.id)
        .outerjoin(LabRun, and_(LabRun.lab_id == Lab.id, LabRun.user_id == user_id))
        .where(Lab.retired_at.is_(None), Question.retired_at.is_(None))
        .group_by(Lab.id, Question.level, Section.id)
        .order_by(
            Section.id.is_(None), Section.note_id, Section.position, Section.id, Question.level, Lab.title, Lab.id
        )
    )
    return tuple(
        LabEntry(
            system=system or "",
            slug=lab.slug,
            title=lab.title,
            summary=render_inline(lab.summary),
            level=level,
            minutes=lab.minutes,
            template=str(lab.definition.get("template", LabTemplate.USERNS)),
            needs=lab.definition.get("needs", ()),
            is_recorded=lab.definition.get("recorded") is not None,
            question_id=lab.question_id,
            standing=_standing(runs=runs, passes=passes, opened=opened),
        )
        for lab, level, system, runs, passes, opened in rows
    )


def foretold(db: Session, *, user_id: UUID, zone: str) -> Sequence[Foretold]:
    """What the learner predicted in the labs that they passed, newest first, by the days of `zone`, an IANA name."""
    passed = (
        select(LabRun).where(LabRun.user_id == user_id, LabRun.happened.is_not(None)).options(joinedload(LabRun.lab))
    )
    return tuple(
        _foretold(run, prediction, ZoneInfo(zone))
        for run in db.scalars(passed.order_by(LabRun.finished_at.desc(), LabRun.id))
        for prediction in service.definition_of(run.lab, run.values).predict
        if prediction.name in (run.predictions or {})  # an author may have added one since
    )


def lab_page(db: Session, *, user_id: UUID, slug: str) -> tuple[LabTexts, UUID | None]:
    """The lab as the learner's next run will have it, and their open run of it. Raises NotFound."""
    lab = db.scalar(select(Lab).where(Lab.slug == slug, Lab.retired_at.is_(None)))
    if lab is None:
        raise NotFound("There is no such lab. The list has those there are.")
    drawn = service.draw_for(db, user_id=user_id, lab=lab)
    return _lab_texts(lab, drawn), open_run_of(db, user_id=user_id, lab_id=lab.id)


def open_run_of(db: Session, *, user_id: UUID, lab_id: int) -> UUID | None:
    """The learner's open run of a lab, if there is one."""
    own = select(LabRun.id).where(LabRun.user_id == user_id, LabRun.lab_id == lab_id, LabRun.finished_at.is_(None))
    return db.scalar(own)


def run_page(db: Session, *, user_id: UUID, run_id: UUID) -> tuple[LabTexts, RunView]:
    """One run of the learner, with its lab. Raises NotFound."""
    run = service.run_of(db, user_id=user_id, run_id=run_id)
    return _lab_texts(run.lab, run.values), _run_view(run, service.definition_of(run.lab, run.values))


def _foretold(run: LabRun, prediction: Prediction, zone: ZoneInfo) -> Foretold:
    predicted, happened = ((found or {}).get(prediction.name, "") for found in (run.predictions, run.happened))
    return Foretold(
        run_id=run.id,
        lab=run.lab.title,
        day=(run.finished_at or run.started_at).astimezone(zone).date(),
        label=prediction.label,
        predicted=predicted,
        happened=happened,
        came_true=came_true(prediction, predicted, happened),
        confidence=run.confidence,
    )


def _standing(*, runs: int, passes: int, opened: int) -> Standing:
    if opened:
        return Standing.OPEN
    if passes:
        return Standing.PASSED
    return Standing.TRIED if runs else Standing.NEW


def _lab_texts(lab: Lab, drawn: Mapping[str, str]) -> LabTexts:
    definition = service.definition_of(lab, drawn)
    return LabTexts(
        id=lab.id,
        slug=lab.slug,
        title=lab.title,
        summary=lab.summary,
        question_id=lab.question_id,
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
        compared=[timeline.ASPECT_NAMES[name] for name in definition.graded] if definition.command else (),
        hints=tuple(render(hint) for hint in definition.hints),
        solution=definition.solutions[0].run,
        reveal=render(definition.reveal),
    )


def _run_view(run: LabRun, definition: LabDefinition) -> RunView:
    compared = () if run.predictions is None else compare(definition.predict, run.predictions, run.happened)
    happened = [event.data for event in run.events]
    explained = [data for data in happened if isinstance(data, Explained)]
    checks = [data for data in happened if isinstance(data, Checked)]
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
