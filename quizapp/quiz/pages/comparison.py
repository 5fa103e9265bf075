"""A quiz session's result in figures, beside the last one of the same wish and mode. Reads only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import ConceptName, concepts_of
from quizapp.quiz.marking import CERTAINTY_MOST, certainty_mark
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many answers were right."""

    right: int
    of: int
    """Without those that could not be checked."""
    unchecked: int
    points: float
    """By certainty, of `most`."""
    most: int


@dataclass(frozen=True, kw_only=True)
class ConceptTally:
    """How many answers on one concept were right."""

    key: str
    term: str
    now: Tally
    last: Tally | None
    """In the last quiz session of the same wish and mode; None if that asked nothing on it."""


def tally(attempts: Sequence[Attempt]) -> Tally:
    """The figures of these answers."""
    counted = [attempt for attempt in attempts if attempt.verdict is not Verdict.COULD_NOT_CHECK]
    return Tally(
        right=sum(attempt.verdict is Verdict.PASS for attempt in counted),
        of=len(counted),
        unchecked=len(attempts) - len(counted),
        points=sum(points_of(attempt) for attempt in counted),
        most=CERTAINTY_MOST * len(counted),
    )


def last_like(db: Session, quiz: QuizSession) -> QuizSession | None:
    """The learner's last quiz session before this one of the same wish and mode that was answered to its end.

    A test is compared with tests alone: in practice, each verdict tells something of the questions that follow.
    """
    if quiz.wish is None or quiz.finished_at is None:
        return None
    unanswered = exists().where(Attempt.quiz_session_id == QuizSession.id, Attempt.verdict.is_(None))
    return db.scalar(
        select(QuizSession)
        .where(
            QuizSession.user_id == quiz.user_id,
            QuizSession.wish == quiz.wish,
            QuizSession.mode == quiz.mode,
            QuizSession.id != quiz.id,
            QuizSession.finished_at <= quiz.finished_at,
            ~unanswered,
        )
        .order_by(QuizSession.finished_at.desc(), QuizSession.id)
        .options(selectinload(QuizSession.attempts))
        .limit(1)
    )


def by_concept(db: Session, *, user: User, quiz: QuizSession, last: QuizSession | None) -> Sequence[ConceptTally]:
    """The figures of each concept that the quiz session asked about, those with the most misses first."""
    attempts = [*quiz.attempts, *(last.attempts if last is not None else ())]
    about = concepts_of(db, user=user, question_ids={attempt.question_id for attempt in attempts})
    now, before = (_parted(one.attempts if one is not None else (), about) for one in (quiz, last))
    found = [
        ConceptTally(
            key=concept.key,
            term=concept.plain,
            now=tally(some),
            last=tally(before[concept]) if concept in before else None,
        )
        for concept, some in now.items()
    ]
    return sorted(found, key=lambda one: (one.now.right - one.now.of, one.term.casefold()))


def _parted(attempts: Sequence[Attempt], about: Mapping[int, ConceptName]) -> Mapping[ConceptName, Sequence[Attempt]]:
    parted = defaultdict[ConceptName, list[Attempt]](list)
    for attempt in attempts:
        if attempt.question_id in about:
            parted[about[attempt.question_id]].append(attempt)
    return parted


def points_of(attempt: Attempt) -> float:
    """The marks of an answer by certainty; 0 of what could not be checked, and of who said that they do not know."""
    if attempt.verdict is Verdict.COULD_NOT_CHECK or (attempt.answer or {}).get("unknown"):
        return 0.0
    return certainty_mark(attempt.score or 0.0, attempt.confidence)
