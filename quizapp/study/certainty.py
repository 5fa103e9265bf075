"""How well a learner knows what they know: how sure they were, in quizzes and before labs, and how it went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.rendering import render_inline
from quizapp.confidence import Confidence
from quizapp.labs.runs.queries import foretold
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.verdicts import Verdict

SURPRISES_SHOWN = 10  # the newest: what one was wrong about a year ago has been learnt since
WORDS = {Confidence.GUESS: "guess", Confidence.THINK_SO: "think so", Confidence.SURE: "sure"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """All answers of which somebody said that they were so sure, quizzes and predictions together."""

    word: str
    right: int
    made: int

    @property
    def percent(self) -> int:
        """The share that was right, in whole percent; there is at least one."""
        return round(100 * self.right / self.made)


@dataclass(frozen=True, kw_only=True)
class Surprise:
    """An answer that somebody was sure of and that was wrong."""

    text: Markup
    day: date
    """On which it was given, in the learner's zone."""
    quiz_id: UUID | None
    """The quiz session that it was given in, with `position`; None for a prediction."""
    position: int
    run_id: UUID | None
    """The run of the lab that it was a prediction of."""


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """How sure, and how right."""

    said: Sequence[Said]
    """For each confidence with an answer, from guess to sure."""
    surprises: Sequence[Surprise]
    """The newest SURPRISES_SHOWN."""
    surprises_in_all: int


def certainty(db: Session, *, user: User) -> Certainty:
    """How sure the learner was of answers and predictions that have a verdict, and how many were right."""
    made: Counter[Confidence] = Counter()
    right: Counter[Confidence] = Counter()
    answered = (QuizSession.user_id == user.id, Attempt.confidence.is_not(None), Attempt.verdict.is_not(None))
    counted = select(Attempt.confidence, Attempt.verdict, func.count()).join(QuizSession).where(*answered)
    for confidence, verdict, count in db.execute(counted.group_by(Attempt.confidence, Attempt.verdict)):
        if confidence is not None:
            made[confidence] += count
            right[confidence] += count if verdict is Verdict.PASS else 0
    predictions = foretold(db, user_id=user.id, zone=user.zone)
    for each in predictions:
        if each.confidence is not None:
            made[each.confidence] += 1
            right[each.confidence] += each.came_true
    surprises = [
        *_in_quizzes(db, user),
        *(
            Surprise(text=each.subject, day=each.day, quiz_id=None, position=0, run_id=each.run_id)
            for each in predictions
            if each.confidence is Confidence.SURE and not each.came_true
        ),
    ]
    surprises.sort(key=lambda each: each.day, reverse=True)
    return Certainty(
        said=[Said(word=WORDS[each], right=right[each], made=made[each]) for each in Confidence if made[each]],
        surprises=surprises[:SURPRISES_SHOWN],
        surprises_in_all=made[Confidence.SURE] - right[Confidence.SURE],
    )


def _in_quizzes(db: Session, user: User) -> Sequence[Surprise]:
    """The newest answers that the learner was sure of and that were wrong."""
    newest = (
        select(Attempt)
        .join(QuizSession)
        .where(
            QuizSession.user_id == user.id,
            Attempt.confidence == Confidence.SURE,
            Attempt.verdict == Verdict.FAIL,
        )
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(SURPRISES_SHOWN)
    )
    zone = ZoneInfo(user.zone)
    return [
        Surprise(
            text=render_inline(attempt.shown.prompt),
            day=attempt.answered_at.astimezone(zone).date(),
            quiz_id=attempt.quiz_session_id,
            position=attempt.position,
            run_id=None,
        )
        for attempt in db.scalars(newest)
        if attempt.answered_at is not None
    ]
