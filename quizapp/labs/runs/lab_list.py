"""The list of labs, with how far one learner has come with each. Reads only; asks no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.articles.lab_links import ADDRESS, OF_KIND, LabKind, kind_of
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.labs.lab_parts import LabTemplate
from quizapp.catalogue.models import Lab, Question, Section
from quizapp.column_types import CompactUuid
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.verdicts import Verdict


class Standing(StrEnum):
    """How far a learner has come with a lab; the first that holds of OPEN, PASSED, TRIED and NEW."""

    NEW = "new"  # no run
    OPEN = "open"  # an open run
    TRIED = "tried"  # runs, but none passed
    PASSED = "passed"


@dataclass(frozen=True, kw_only=True)
class LabEntry:
    """A lab in the list."""

    system: str
    """The title of the note's section that the lab belongs to; empty if it belongs to none."""
    slug: str
    address: str
    """What stands in its address."""
    title: str
    summary: Markup
    kind: LabKind
    level: int | None
    minutes: int
    """The author's estimate of the time that the lab takes."""
    template: str
    """A value of LabTemplate."""
    needs: Sequence[str]
    """Values of LabNeed."""
    is_recorded: bool
    """Whether the lab can be done on a recording where no host can be had."""
    question_id: int
    standing: Standing
    has_passed: bool
    """Whether the learner has passed it once, also where another run is open."""


def lab_list(db: Session, *, user_id: UUID) -> Sequence[LabEntry]:
    """Every lab that is offered or that the learner has an open run of, with the learner's standing.

    By section in the notes' order, and there on the way from what is to be predicted to what is broken.
    """
    entries = [(row.section_id, _entry(row)) for row in db.execute(_listed(), {"user_id": user_id})]
    sections = {section: place for place, section in reversed(list(enumerate(section for section, _ in entries)))}
    kinds = list(LabKind)
    ordered = sorted(entries, key=lambda one: (sections[one[0]], kinds.index(one[1].kind)))
    return [entry for _, entry in ordered]


@cache
def _listed() -> Select[*tuple[Any, ...]]:
    """The columns of each LabEntry, in the order of the sections, then the easiest first. Takes `user_id`."""
    user_id = bindparam("user_id", type_=CompactUuid())
    runs = (
        select(
            LabRun.lab_id,
            func.count(LabRun.id).label("runs"),
            func.count(LabRun.id).filter(LabRun.verdict == Verdict.PASS).label("passes"),
            func.count(LabRun.id).filter(LabRun.finished_at.is_(None)).label("opened"),
        )
        .where(LabRun.user_id == user_id, COUNTS)
        .group_by(LabRun.lab_id)
        .subquery()
    )
    is_offered = and_(Lab.retired_at.is_(None), Question.retired_at.is_(None))
    return (
        select(
            *(
                Lab.slug,
                ADDRESS.label("address"),
                Lab.title,
                Lab.summary,
                Lab.minutes,
                Lab.question_id,
                Question.level,
                *OF_KIND,
            ),
            Lab.definition["template"].as_string().label("template"),
            Lab.definition["needs"].label("needs"),
            Lab.definition["recorded"].as_string().is_not(None).label("is_recorded"),
            *(Section.id.label("section_id"), Section.title.label("system")),
            *(runs.c.runs, runs.c.passes, runs.c.opened),
        )
        .join(Question, Question.id == Lab.question_id)
        .outerjoin(Section, Question.section_id == Section.id)
        .outerjoin(runs, runs.c.lab_id == Lab.id)
        .where(or_(is_offered, runs.c.opened > 0))
        .order_by(Section.id.is_(None), Section.note_id, Section.position, Section.id)
        .order_by(Question.level, Lab.title, Lab.id)
    )


def _entry(row: Row[Any]) -> LabEntry:
    return LabEntry(
        system=row.system or "",
        slug=row.slug,
        address=row.address,
        title=row.title,
        summary=render_inline(row.summary),
        kind=kind_of(row),
        level=row.level,
        minutes=row.minutes,
        template=row.template or LabTemplate.USERNS,
        needs=row.needs or (),
        is_recorded=bool(row.is_recorded),
        question_id=row.question_id,
        has_passed=bool(row.passes),
        standing=_standing(runs=row.runs or 0, passes=row.passes or 0, opened=row.opened or 0),
    )


def _standing(*, runs: int, passes: int, opened: int) -> Standing:
    if opened:
        return Standing.OPEN
    if passes:
        return Standing.PASSED
    return Standing.TRIED if runs else Standing.NEW
