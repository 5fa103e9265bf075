"""The page on which a learner reports a mistake, and what an editor is told of the learner's answer. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab, Question
from quizapp.catalogue.reports.models import ProblemReport, ReportedFrom
from quizapp.catalogue.reports.own_reports import own_reports
from quizapp.catalogue.reports.service import can_suggest
from quizapp.labs.runs.models import COUNTS, LabRun
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.pages.queries import fields_of
from quizapp.study.own_reports_page import about_of, lab_titles
from quizapp.verdicts import Verdict

DONT_KNOW = "I don't know."


@dataclass(frozen=True, kw_only=True)
class ReportedOption:
    """An option in the form: as it was typed, else as it is."""

    id: int
    """Of its choice."""
    text: str
    right: bool


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """What the page shows beside its form."""

    about: Markup
    """The question's text, or the lab's title."""
    given: str
    """What the learner answered; empty if nothing is known."""
    earlier: Sequence[ProblemReport]
    """What the learner has reported of it already."""
    can_suggest: bool
    options: Sequence[ReportedOption]
    """Those of a question that has any; none for a lab."""
    back: str
    """The path of the page to go back to."""


def report_page(
    db: Session,
    *,
    user: User,
    question: Question,
    came_from: ReportedFrom,
    back: str,
    options: Mapping[int, tuple[str, bool]],
) -> ReportPage:
    """The page for one question, or the lab of one; `options` has what was typed, as `Complaint.options`."""
    return ReportPage(
        about=about_of(question, lab_titles(db, question_ids=[question.id])),
        given=answer_given(db, user=user, question=question, came_from=came_from),
        earlier=own_reports(db, user=user, question=question),
        can_suggest=can_suggest(question),
        options=[
            ReportedOption(id=one.id, text=text, right=right)
            for one in question.choices
            for text, right in [options.get(one.id, (one.text, one.right))]
        ],
        back=back,
    )


def answer_given(db: Session, *, user: User, question: Question, came_from: ReportedFrom) -> str:
    """What the learner last answered there, in plain text; empty in a review, where an answer is only thought."""
    match came_from:
        case ReportedFrom.QUIZ:
            return _in_quiz(db, user=user, question=question)
        case ReportedFrom.LAB:
            return _in_lab(db, user=user, question=question)
        case ReportedFrom.REVIEW:
            return ""


_COUNTED = {
    Verdict.PASS: "(counted as right)",
    Verdict.FAIL: "(counted as missed)",
    Verdict.COULD_NOT_CHECK: "(could not be checked)",
}


def _in_quiz(db: Session, *, user: User, question: Question) -> str:
    own = select(Attempt).join(Attempt.quiz_session).where(QuizSession.user_id == user.id)
    answered = own.where(Attempt.question_id == question.id, Attempt.verdict.is_not(None))
    attempt = db.scalar(answered.order_by(Attempt.answered_at.desc(), Attempt.id).limit(1))
    if attempt is None or attempt.verdict is None:
        return ""
    given = attempt.answer or {}
    chosen = [choice.text for choice in attempt.shown.choices if choice.id in given.get("choices", ())]
    several = fields_of(attempt, parts=given.get("parts", ())).fields
    named = [f"{one.name}: {one.given or 'nothing'}" for one in several]
    said = [*chosen, *(named or given.get("parts", ())), given.get("text", "")]
    lines = [DONT_KNOW] if given.get("unknown") else said
    return "\n".join([*(line for line in lines if line), _COUNTED[attempt.verdict]])


def _in_lab(db: Session, *, user: User, question: Question) -> str:
    runs = select(LabRun).join(LabRun.lab).where(Lab.question_id == question.id, LabRun.user_id == user.id, COUNTS)
    run = db.scalar(runs.order_by(LabRun.started_at.desc(), LabRun.id).limit(1))
    if run is None:
        return ""
    predicted = [f"predicted {name}: {value}" for name, value in (run.predictions or {}).items()]
    verdict = "no verdict yet" if run.verdict is None else f"the last one: {run.verdict.value}"
    return "\n".join([*predicted, f"checks: {run.checks_run}, {verdict}", f"hints: {run.hints_used}"])
