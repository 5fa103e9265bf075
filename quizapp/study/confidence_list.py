"""The answers and predictions of which a learner said how sure they were, one by one, the newest first. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Question
from quizapp.confidence import Confidence
from quizapp.labs.runs.calibration import Foretold
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review.models import Card
from quizapp.verdicts import Verdict

PAGE = 50  # answers of a page
RIGHT_OR_WRONG = (Verdict.PASS, Verdict.FAIL)  # what could not be checked says nothing of who answered
WORDS = {Confidence.GUESS: "guess", Confidence.THINK_SO: "think so", Confidence.SURE: "sure"}


@dataclass(frozen=True, kw_only=True)
class WhichAnswers:
    """Which answers are meant; all, if nothing is said."""

    confidence: Confidence | None = None
    note: int | None = None
    """The id of the note whose questions they answer; 0 for those of questions of no note."""
    concept: int | None = None
    """The id of their questions' concept."""
    is_right: bool | None = None

    def narrowed(self, confidence: Confidence, is_right: bool | None = None) -> "WhichAnswers":
        """Those of them with this confidence, and right or wrong if that is said."""
        return replace(self, confidence=Confidence(confidence), is_right=is_right)


@dataclass(frozen=True, kw_only=True)
class SaidAnswer:
    """An answer in a quiz or a prediction in a lab, that was right or wrong."""

    text: Markup
    """What was asked."""
    day: date
    """On which it was given, in the learner's zone."""
    confidence: Confidence
    is_right: bool
    quiz_id: UUID | None
    """The quiz session that it was given in, with `position`; None for a prediction."""
    position: int
    run_id: UUID | None
    """The run of the lab that it was a prediction of."""
    card_id: UUID | None
    """The learner's card of the question; None without one."""

    @property
    def word(self) -> str:
        """How sure they said they were."""
        return WORDS[self.confidence]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """A page of answers."""

    total: int
    page: int
    pages: int
    shown: Sequence[SaidAnswer]


@dataclass(frozen=True, kw_only=True)
class NoteAndConcept:
    """Where a question stands."""

    note_id: int | None
    concept_id: int | None


def places_of(db: Session, predictions: Sequence[Foretold]) -> Mapping[int, NoteAndConcept]:
    """Where the questions of predictions stand, by their ids."""
    rows = select(Question.id, Question.note_id, Question.concept_id)
    found = db.execute(rows.where(Question.id.in_({each.question_id for each in predictions})))
    return {id: NoteAndConcept(note_id=note_id, concept_id=concept_id) for id, note_id, concept_id in found}


def predictions_of(db: Session, *, user: User) -> Sequence[Foretold]:
    """All that the user predicted in labs and that was put to the test, whether or not they said how sure they were."""
    return foretold(db, user_id=user.id, zone=user.zone)


def answers(
    db: Session,
    *,
    user: User,
    which: WhichAnswers,
    predictions: Sequence[Foretold],
    page: int = 1,
    size: int = PAGE,
) -> Answers:
    """A page of these answers; the last page in place of one after it. `predictions`: those of `predictions_of`."""
    zone = ZoneInfo(user.zone)
    given: list[tuple[date, UUID | Foretold]] = [
        (answered_at.astimezone(zone).date(), id) for id, answered_at in db.execute(_of_quizzes(user, which))
    ]
    given += [(each.day, each) for each in _chosen(db, predictions, which)]
    given.sort(key=lambda each: each[0], reverse=True)
    pages = max(-(-len(given) // size), 1)
    page = min(max(page, 1), pages)
    shown = given[(page - 1) * size : page * size]
    return Answers(total=len(given), page=page, pages=pages, shown=_shown(db, user, shown))


def _of_quizzes(user: User, which: WhichAnswers) -> Select[UUID, datetime]:
    mine = QuizSession.user_id == user.id, Attempt.confidence.is_not(None), Attempt.answered_at.is_not(None)
    rows = select(Attempt.id, Attempt.answered_at).join(QuizSession).join(Question)
    rows = rows.where(*mine, Attempt.verdict.in_(RIGHT_OR_WRONG)).order_by(Attempt.answered_at.desc(), Attempt.id)
    if which.confidence is not None:
        rows = rows.where(Attempt.confidence == which.confidence)
    if which.is_right is not None:
        rows = rows.where(Attempt.verdict == (Verdict.PASS if which.is_right else Verdict.FAIL))
    if which.note is not None:
        rows = rows.where(Question.note_id == which.note if which.note else Question.note_id.is_(None))
    if which.concept is not None:
        rows = rows.where(Question.concept_id == which.concept)
    return rows  # type: ignore[return-value]  # those without a time are left out


def _chosen(db: Session, predictions: Sequence[Foretold], which: WhichAnswers) -> Sequence[Foretold]:
    made = [each for each in predictions if each.confidence is not None]
    places = places_of(db, made)
    return [
        each
        for each in made
        if which.confidence in (None, each.confidence)
        and which.is_right in (None, each.came_true)
        and (which.note is None or (places[each.question_id].note_id or 0) == which.note)
        and which.concept in (None, places[each.question_id].concept_id)
    ]


def _shown(db: Session, user: User, given: Sequence[tuple[date, UUID | Foretold]]) -> Sequence[SaidAnswer]:
    ids = [one for _, one in given if isinstance(one, UUID)]
    attempts = {attempt.id: attempt for attempt in db.scalars(select(Attempt).where(Attempt.id.in_(ids)))}
    asked = {one.question_id for _, one in given if isinstance(one, Foretold)}
    asked |= {attempt.question_id for attempt in attempts.values()}
    own = select(Card.question_id, Card.id).where(Card.user_id == user.id, Card.question_id.in_(asked))
    cards: dict[int, UUID] = dict(db.execute(own).all())
    return [
        _of_prediction(one, cards) if isinstance(one, Foretold) else _of_attempt(attempts[one], day, cards)
        for day, one in given
    ]


def _of_attempt(attempt: Attempt, day: date, cards: Mapping[int, UUID]) -> SaidAnswer:
    assert attempt.confidence is not None
    return SaidAnswer(
        text=render_inline(attempt.shown.prompt.split("\n")[0]),
        day=day,
        confidence=attempt.confidence,
        is_right=attempt.verdict is Verdict.PASS,
        quiz_id=attempt.quiz_session_id,
        position=attempt.position,
        run_id=None,
        card_id=cards.get(attempt.question_id),
    )


def _of_prediction(one: Foretold, cards: Mapping[int, UUID]) -> SaidAnswer:
    assert one.confidence is not None
    return SaidAnswer(
        text=one.subject,
        day=one.day,
        confidence=one.confidence,
        is_right=one.came_true,
        quiz_id=None,
        position=0,
        run_id=one.run_id,
        card_id=cards.get(one.question_id),
    )
