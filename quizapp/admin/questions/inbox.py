"""What learners have reported of questions and labs, as an editor reads it: what is open first. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from quizapp.accounts.models import User
from quizapp.admin.diff import shortened, word_diff
from quizapp.admin.questions.history import FieldDiff
from quizapp.admin.trail import SOMEBODY
from quizapp.catalogue.articles.queries import QuestionView, view_of
from quizapp.catalogue.models import Lab, Question
from quizapp.catalogue.question_shape import wording_of
from quizapp.catalogue.question_wording import LABELS
from quizapp.catalogue.remits import edited_by
from quizapp.catalogue.reports.models import (
    PROBLEM_WORDS,
    ProblemReport,
    ReportedFrom,
    ReportState,
    SuggestedOption,
)
from quizapp.catalogue.reports.service import still_fits
from quizapp.catalogue.visibility import Reader

REPORTS_PER_PAGE = 20  # each with its question, so some ten screens
WHERE = {
    ReportedFrom.QUIZ: "in a quiz",
    ReportedFrom.REVIEW: "in a review",
    ReportedFrom.LAB: "in a lab",
}


@dataclass(frozen=True, kw_only=True)
class InboxEntry:
    """A report with its question as learners see it."""

    id: int
    who: str
    at: datetime
    where: str
    what: str
    about: str
    """The question's text without markup, or the lab's title."""
    words: str
    given: str
    """What was answered; empty if nothing was."""
    suggested: Sequence[FieldDiff]
    """How each suggested text differs from what the learner saw."""
    fits: bool
    """Whether there are such texts, and the question still has those that they are to replace."""
    state: ReportState
    decided_at: datetime | None
    reply: str
    view: QuestionView
    lab: str | None
    """The slug of the lab; None for a question that is none of a lab."""


@dataclass(frozen=True, kw_only=True)
class ReportInbox:
    """A page of the reports."""

    entries: Sequence[InboxEntry]
    waiting: int
    """How many are open, on all pages."""
    page: int
    pages: int


def inbox(db: Session, *, page: int, editor: Reader) -> ReportInbox:
    """A page of the reports of what the editor may change, what is open first, then the newest.

    Past the end comes the last one.
    """
    counted = select(ProblemReport.state, func.count()).join(ProblemReport.question).where(edited_by(editor))
    by_state = dict(db.execute(counted.group_by(ProblemReport.state)).all())
    pages = max(1, ceil(sum(by_state.values()) / REPORTS_PER_PAGE))
    page = min(max(1, page), pages)
    rows = db.execute(
        select(ProblemReport, User.name, Lab.slug, Lab.title)
        .join(ProblemReport.question)
        .where(edited_by(editor))
        .outerjoin(User, User.id == ProblemReport.user_id)
        .outerjoin(Lab, Lab.question_id == Question.id)
        .options(contains_eager(ProblemReport.question))
        .order_by(ProblemReport.state != ReportState.OPEN, ProblemReport.id.desc())
        .limit(REPORTS_PER_PAGE)
        .offset((page - 1) * REPORTS_PER_PAGE)
    )
    entries = [_entry(report, who=name or SOMEBODY, lab=slug, title=title) for report, name, slug, title in rows]
    return ReportInbox(entries=entries, waiting=by_state.get(ReportState.OPEN, 0), page=page, pages=pages)


def _entry(report: ProblemReport, *, who: str, lab: str | None, title: str | None) -> InboxEntry:
    view = view_of(report.question)
    parts = report.suggested.parts if report.suggested is not None else {}
    return InboxEntry(
        id=report.id,
        who=who,
        at=report.reported_at,
        where=WHERE[report.came_from],
        what=PROBLEM_WORDS[report.kind],
        about=view.prompt_html.striptags() if title is None else title,
        words=report.words,
        given=report.answer,
        suggested=[
            *(
                FieldDiff(label=LABELS[name], pieces=shortened(word_diff(text.before, text.after)))
                for name, text in parts.items()
            ),
            *_options(report),
        ],
        fits=report.suggested is not None and still_fits(wording_of(report.question), report.suggested),
        state=report.state,
        decided_at=report.decided_at,
        reply=report.reply,
        view=view,
        lab=lab,
    )


def _options(report: ProblemReport) -> Iterator[FieldDiff]:
    """How each option that should be different differs, and whether it counts as right."""
    places = {choice.id: number for number, choice in enumerate(report.question.choices, start=1)}
    for choice, option in (report.suggested.options if report.suggested is not None else {}).items():
        before, after = (f"{text} ({'right' if right else 'wrong'})" for text, right in _sides(option))
        label = f"option {places[choice]}" if choice in places else "an option that is gone"
        yield FieldDiff(label=label, pieces=shortened(word_diff(before, after)))


def _sides(option: SuggestedOption) -> list[tuple[str, bool]]:
    return [(option.before, option.was_right), (option.after, option.right)]
