"""What a learner has reported, and what became of it, for their list and for Today. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import Exists, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Lab, Question
from quizapp.catalogue.reports.models import PROBLEM_WORDS, ProblemReport
from quizapp.catalogue.reports.own_reports import has_decided, own_reports

TOLD_FOR = timedelta(days=3)  # for so long Today tells what became of a report


@dataclass(frozen=True, kw_only=True)
class OwnReport:
    """A report in the list of its learner."""

    about: Markup
    """The question's text, or the lab's title."""
    kind: str
    """What was the matter, in the words of the form."""
    report: ProblemReport


def reports_page(db: Session, *, user: User) -> Sequence[OwnReport]:
    """What a learner has reported, the newest first."""
    return _listed(db, own_reports(db, user=user))


def has_answers_to_tell(*, user: User, now: datetime) -> Exists:
    """Whether `answers_to_tell` has any."""
    return has_decided(user=user, after=now - TOLD_FOR)


def answers_to_tell(db: Session, *, user: User, now: datetime) -> Sequence[OwnReport]:
    """The reports of a learner on which an editor has decided within TOLD_FOR, the newest first."""
    return _listed(db, own_reports(db, user=user, decided_after=now - TOLD_FOR))


def _listed(db: Session, found: Sequence[ProblemReport]) -> Sequence[OwnReport]:
    titles = lab_titles(db, question_ids=[one.question_id for one in found])
    return [OwnReport(about=about_of(one.question, titles), kind=PROBLEM_WORDS[one.kind], report=one) for one in found]


def lab_titles(db: Session, *, question_ids: Sequence[int]) -> Mapping[int, str]:
    """The titles of the labs whose hands-on questions these are; the text of such a question is the bare task."""
    if not question_ids:
        return {}
    return dict(db.execute(select(Lab.question_id, Lab.title).where(Lab.question_id.in_(question_ids))).all())


def about_of(question: Question, titles: Mapping[int, str]) -> Markup:
    """What a report is about: the title of a lab, else the question's text."""
    title = titles.get(question.id)
    return render_inline(question.prompt) if title is None else Markup.escape(title)
