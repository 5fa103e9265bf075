"""The report of a mock interview: each question with its answer and its guide, and one task to do next. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import labs_proving
from quizapp.catalogue.articles.lab_links import LabSummary, summaries_of_labs
from quizapp.catalogue.models import Lab, Question
from quizapp.errors import NotFound
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.pages.queries import question_as_asked, title_of, typed_texts
from quizapp.quiz.pages.timing import took_s
from quizapp.quiz.service import can_be_asked_again
from quizapp.review.models import Card
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class GuidePoint:
    """A point of a guide in a report."""

    text: Markup
    is_said: bool


@dataclass(frozen=True, kw_only=True)
class ReportedAnswer:
    """A question of an interview with what was answered."""

    position: int
    prompt: Markup
    is_right: bool
    was_answered: bool
    """Whether its turn came before the time was up."""
    text: str
    """What was typed; empty for what was said aloud."""
    typed: Sequence[Markup]
    """What was typed and is not counted: it came after the end."""
    answer: Markup
    """A good answer, to a question without points that an answer must have; empty with them."""
    must: Sequence[GuidePoint]
    """Without a guide one: whether the answer was right."""
    bonus: Sequence[GuidePoint]
    red_flags: Sequence[GuidePoint]

    @property
    def made(self) -> int:
        """How many of the points that it must have were said."""
        return sum(point.is_said for point in self.must)


@dataclass(frozen=True, kw_only=True)
class InterviewReport:
    """The report of a mock interview."""

    quiz_id: UUID
    title: str
    began_at: datetime
    zone: str
    """The time zone of the learner, for the date."""
    took_s: float
    answers: Sequence[ReportedAnswer]
    right: int
    shared_as: UUID | None
    """The key of its link; None while it is the learner's alone."""
    lab: LabSummary | None
    """The task to do next; None if there is no lab."""
    can_repeat: bool
    """Whether any question that was not answered well can be asked again."""

    @property
    def made(self) -> int:
        """How many points of all guides were said."""
        return sum(answer.made for answer in self.answers)

    @property
    def of_points(self) -> int:
        """How many points all guides have."""
        return sum(len(answer.must) for answer in self.answers)


def interview_report(db: Session, *, user: User, quiz: QuizSession) -> InterviewReport:
    """The report of an interview of `user` that has ended."""
    return InterviewReport(
        quiz_id=quiz.id,
        title=title_of(quiz),
        began_at=quiz.started_at,
        zone=user.zone,
        took_s=took_s(quiz),
        answers=[_reported(attempt) for attempt in quiz.attempts],
        right=sum(attempt.verdict is Verdict.PASS for attempt in quiz.attempts),
        shared_as=quiz.shared_as,
        lab=_next_task(db, user=user, quiz=quiz),
        can_repeat=any(can_be_asked_again(attempt) for attempt in quiz.attempts),
    )


def shared_report(db: Session, *, key: UUID) -> InterviewReport:
    """The report that its learner has shared by this key. Raises NotFound, also once the link was taken back."""
    quiz = db.scalar(select(QuizSession).where(QuizSession.shared_as == key))
    if quiz is None:
        raise NotFound("There is no such report, or its link was taken back. Ask who gave it to you.")
    return interview_report(db, user=db.get_one(User, quiz.user_id), quiz=quiz)


def _reported(attempt: Attempt) -> ReportedAnswer:
    question, given = question_as_asked(attempt), attempt.answer or {}
    listed = {
        "points": question.must or ([Markup("The answer was right")] if attempt.answer is not None else []),
        "bonus": question.bonus,
        "red_flags": question.red_flags,
    }
    said = {
        name: [
            GuidePoint(text=Markup(text), is_said=number in given.get(name, ())) for number, text in enumerate(texts)
        ]
        for name, texts in listed.items()
    }
    return ReportedAnswer(
        position=attempt.position,
        prompt=question.prompt_html,
        is_right=attempt.verdict is Verdict.PASS,
        was_answered=attempt.answer is not None,
        text=given.get("text", ""),
        typed=typed_texts(attempt, question),
        answer=Markup() if question.must else question.answer_html,
        must=said["points"],
        bonus=said["bonus"],
        red_flags=said["red_flags"],
    )


def _next_task(db: Session, *, user: User, quiz: QuizSession) -> LabSummary | None:
    """The lab that proves the first missed answer that has one, else another answer; else the easiest not done yet."""
    in_order = sorted(quiz.attempts, key=lambda attempt: (attempt.verdict is Verdict.PASS, attempt.position))
    found = labs_proving(db, user=user, question_ids=[attempt.question_id for attempt in in_order])
    proving = next((found[one.question_id] for one in in_order if one.question_id in found), None)
    if proving is not None:
        return proving
    done = select(Card.question_id).where(Card.user_id == user.id, Card.last_review_at.is_not(None))
    easiest = db.scalar(
        select(Lab.id)
        .join(Lab.question)
        .where(Lab.retired_at.is_(None), Lab.question_id.not_in(done))
        .order_by(Question.level, Lab.minutes, Lab.id)
        .limit(1)
    )
    return None if easiest is None else summaries_of_labs(db, lab_ids=[easiest]).get(easiest)
