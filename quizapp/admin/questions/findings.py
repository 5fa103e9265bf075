"""The findings about a question, such as a missing source, as SQL conditions to filter and to select by."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias, assert_never

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from quizapp.catalogue.editing.still_right import has_old_source, stale_ids
from quizapp.catalogue.models import CHOICE_KINDS, Choice, Question, QuestionKind, Unsettled
from quizapp.catalogue.reports.models import ProblemReport, ReportState


class Finding(StrEnum):
    """Something that an editor may want to know about a question. All but FACTS ask for a change."""

    NO_ANSWER = "no-answer"
    NO_RIGHT = "no-right"
    NO_WHY = "no-why"
    NO_SOURCE = "no-source"
    CONFLICT = "conflict"
    REPORTED = "reported"
    STALE = "stale"
    OLD_SOURCE = "old-source"
    EDITED = "edited"
    RETIRED = "retired"


WORDS: Mapping[Finding, str] = {
    Finding.NO_ANSWER: "draft, no answer",
    Finding.NO_RIGHT: "no right option",
    Finding.NO_WHY: "option without a reason",
    Finding.NO_SOURCE: "no source or date",
    Finding.CONFLICT: "changed in the file too",
    Finding.REPORTED: "reported by a learner",
    Finding.STALE: "its section has changed",
    Finding.OLD_SOURCE: "source over a year old",
    Finding.EDITED: "edited here",
    Finding.RETIRED: "retired",
}
BAD = frozenset({Finding.NO_ANSWER, Finding.NO_RIGHT})
FACTS = frozenset({Finding.EDITED, Finding.RETIRED})
"""Findings that ask for no change."""

Waiting: TypeAlias = Literal[Finding.CONFLICT, Finding.REPORTED, Finding.STALE]
WAITING: Sequence[Waiting] = (Finding.CONFLICT, Finding.REPORTED, Finding.STALE)
"""Those that wait for an editor to decide something."""


def state(finding: Finding) -> str:
    """The state of the list's health mark for a finding: "bad", "warning" or "off"."""
    if finding in BAD:
        return "bad"
    return "off" if finding in FACTS else "warning"


def condition(finding: Finding, *, today: date) -> ColumnElement[bool]:
    """The SQL condition that a row of the table `question` has this finding on a day."""
    match finding:
        case Finding.NO_ANSWER:
            return Question.draft.is_(True)
        case Finding.NO_RIGHT:
            return and_(Question.kind.in_(CHOICE_KINDS), ~exists().where(_own, Choice.right.is_(True)))
        case Finding.NO_WHY:
            return and_(Question.kind.in_(CHOICE_KINDS), exists().where(_own, Choice.why == ""))
        case Finding.NO_SOURCE:
            lacks = or_(func.coalesce(Question.source_url, "") == "", func.coalesce(Question.as_of, "") == "")
            return and_(Question.kind != QuestionKind.LAB, lacks)  # a lab is proved by its run
        case Finding.CONFLICT | Finding.REPORTED | Finding.STALE:
            found = ids_with(finding)
            return exists(found.where(found.selected_columns[0] == Question.id))
        case Finding.OLD_SOURCE:
            return has_old_source(today)
        case Finding.EDITED:
            return Question.edited.is_(True)
        case Finding.RETIRED:
            return Question.retired_at.is_not(None)
        case _:
            assert_never(finding)


def ids_with(finding: Waiting) -> Select[int]:
    """The ids of the questions with a finding that a table of its own tells, so that no question is read."""
    match finding:
        case Finding.CONFLICT:
            return select(Unsettled.question_id).where(Unsettled.settled.is_(False))
        case Finding.REPORTED:
            return select(ProblemReport.question_id).where(ProblemReport.state == ReportState.OPEN)
        case Finding.STALE:
            return stale_ids()
        case _:
            assert_never(finding)


_own = Choice.question_id == Question.id
