"""A sitting from the first question to the last: open it, answer, mark, end. Ratings go to `review`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.quiz import selection
from quizapp.quiz.asked import Asked, AskedKind
from quizapp.quiz.marking import Marked, mark_choices, mark_open
from quizapp.quiz.models import Attempt, QuizSession, as_asked
from quizapp.quiz.rating import rating_of
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.queries import Knowledge, knowledge, today_of
from quizapp.verdicts import Verdict

# What a sitting can ask: flashcards have their own page, labs their own host.
ASKED_KINDS = (QuestionKind.OPEN, QuestionKind.SINGLE, QuestionKind.MULTIPLE)
ANSWER_MAX_CHARS = 10_000  # an interview answer spoken for five minutes has about 4,000
# A right answer counts as a review only of a card that is waiting for one.
WAITING = frozenset({Knowledge.NEW, Knowledge.LEARNING, Knowledge.DUE})
SEED_BITS = 31  # fits the integer column of every database


class Receipt(StrEnum):
    """What became of an answer, or of its marks, that a learner sent."""

    TAKEN = "taken"  # now, or the very same was taken before
    TOO_LATE = "too late"  # another one was taken before, and that stands


def open_quiz(db: Session, *, user: User, note_id: int | None, length: int, rng: Random, now: datetime) -> QuizSession:
    """Begin a sitting of up to `length` questions on a note, or on everything. Raises Invalid without any to ask."""
    asked = select(Question).where(
        Question.kind.in_(ASKED_KINDS), Question.retired_at.is_(None), Question.draft.is_(False)
    )
    if note_id is not None:
        asked = asked.where(Question.note_id == note_id)
    questions = {question.id: question for question in db.scalars(asked.order_by(Question.id))}
    return _open(db, user=user, note_id=note_id, questions=questions, length=length, rng=rng, now=now)


def again_with_misses(db: Session, *, quiz: QuizSession, user: User, rng: Random, now: datetime) -> QuizSession:
    """Begin a sitting of what was missed in `quiz` and is still asked. Raises Invalid if that is nothing."""
    questions = {attempt.question_id: attempt.question for attempt in quiz.attempts if can_be_asked_again(attempt)}
    if not questions:
        raise Invalid("Nothing was missed in this quiz that is still asked. Start another one from Practice.")
    return _open(db, user=user, note_id=quiz.note_id, questions=questions, length=len(questions), rng=rng, now=now)


def can_be_asked_again(attempt: Attempt) -> bool:
    """Whether this is a miss of a question that sittings still ask."""
    question = attempt.question
    is_asked = question.kind in ASKED_KINDS and question.retired_at is None and not question.draft
    return attempt.verdict is Verdict.FAIL and is_asked


def quiz_of(db: Session, *, user: User, quiz_id: UUID) -> QuizSession:
    """The user's own sitting. Raises NotFound, also for somebody else's."""
    quiz = db.get(QuizSession, quiz_id)
    if quiz is None or quiz.user_id != user.id:
        raise NotFound("There is no such quiz. Start a new one from Practice.")
    return quiz


def attempt_at(quiz: QuizSession, position: int) -> Attempt:
    """The attempt at a position counted from 1. Raises NotFound past the end."""
    if not 1 <= position <= len(quiz.attempts):
        raise NotFound(f"This quiz has {len(quiz.attempts)} questions.")
    return quiz.attempts[position - 1]


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a learner sends: the options they chose, or what they wrote. `confidence` is how sure they were."""

    choices: Sequence[int] = ()
    text: str = ""
    confidence: Confidence | None = None


def answer(db: Session, *, user: User, attempt: Attempt, given: Given, now: datetime) -> Receipt:
    """Take an answer, once: of several, sent at once or later, the first one stands.

    Choices are marked at once, by what was asked; a text waits for `mark`. Raises Invalid for an answer that cannot be
    taken.
    """
    _lock_sitting(db, attempt)
    asked = attempt.shown
    sent = _as_stored(asked, given)
    if attempt.answer is not None:
        return _late(attempt.answer, sent)
    marked = _marked_at_once(asked, given)
    attempt.asked, attempt.answer, attempt.confidence = asked, sent, given.confidence
    if marked is not None:
        _conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    db.flush()
    return Receipt.TAKEN


def mark(db: Session, *, user: User, attempt: Attempt, points: Collection[int], now: datetime) -> Receipt:
    """Take the learner's own marks of a written answer, once. Without a guide there is one point: the whole answer.

    Raises Conflict if nothing has been written yet, Invalid for a point that the guide does not have.
    """
    _lock_sitting(db, attempt)
    sent = {"points": sorted(set(points))}
    if attempt.answer is None:
        raise Conflict("Answer the question first, then mark it.")
    if attempt.verdict is not None:
        return _late(attempt.answer, sent)
    marked = mark_open(points=max(1, len(attempt.shown.must)), said=points)
    attempt.answer = attempt.answer | sent
    _conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    db.flush()
    return Receipt.TAKEN


def _lock_sitting(db: Session, attempt: Attempt) -> None:
    """Bring an attempt and its sitting to what they are now, and lock the sitting until the transaction ends.

    Two answers to one question may come at once, of which the first counts; and the last two of a sitting, of which
    one must see that it ends. SQLite locks the whole database anyway.
    """
    sitting = select(QuizSession).where(QuizSession.id == attempt.quiz_session_id).with_for_update()
    whole = sitting.options(selectinload(QuizSession.attempts)).execution_options(populate_existing=True)
    db.scalars(whole).one()


def _as_stored(asked: Asked, given: Given) -> dict[str, Any]:
    """What an attempt keeps of an answer."""
    match asked.kind:
        case AskedKind.SINGLE | AskedKind.MULTIPLE:
            return {"choices": sorted(set(given.choices))}
        case AskedKind.OPEN:
            return {"text": given.text}
        case _:
            assert_never(asked.kind)


def _late(stands: dict[str, Any], sent: dict[str, Any]) -> Receipt:
    """What becomes of an answer after another one."""
    return Receipt.TAKEN if stands | sent == stands else Receipt.TOO_LATE


def _marked_at_once(asked: Asked, given: Given) -> Marked | None:
    """The marks of chosen options; None for a text, which the learner marks. Raises Invalid if it cannot be taken."""
    match asked.kind:
        case AskedKind.SINGLE | AskedKind.MULTIPLE:
            return mark_choices(
                right=[choice.id for choice in asked.choices if choice.right],
                offered=[choice.id for choice in asked.choices],
                chosen=given.choices,
            )
        case AskedKind.OPEN:
            if len(given.text) > ANSWER_MAX_CHARS:
                raise Invalid(f"An answer has at most {ANSWER_MAX_CHARS:,} characters. Say it more briefly.")
            return None
        case _:
            assert_never(asked.kind)


def _open(
    db: Session,
    *,
    user: User,
    note_id: int | None,
    questions: dict[int, Question],
    length: int,
    rng: Random,
    now: datetime,
) -> QuizSession:
    """Draw and store a sitting: its questions, their words, the order of their options. A reload shows the same."""
    seed = rng.getrandbits(SEED_BITS)
    draw_rng = Random(seed)
    candidates = [selection.Candidate(question_id=id, kind=question.kind) for id, question in questions.items()]
    quiz = QuizSession(user_id=user.id, note_id=note_id, seed=seed, started_at=now)
    for position, question_id in enumerate(selection.draw(candidates, length=length, rng=draw_rng), start=1):
        asked = as_asked(questions[question_id])
        order = [choice.id for choice in asked.choices]
        draw_rng.shuffle(order)
        quiz.attempts.append(Attempt(question_id=question_id, position=position, asked=asked, choice_order=order))
    db.add(quiz)
    db.flush()
    return quiz


def _conclude(db: Session, *, user: User, attempt: Attempt, marked: Marked, now: datetime) -> None:
    """Store the verdict, tell the card, and end the sitting with its last answer.

    A miss always rates, so that it comes back. A right answer rates only a card that was waiting: practising ahead of
    time must not stretch a schedule. The attempt's own id is the review's, so no answer can count twice. A question
    that was retired after the draw is rated too: it may return, and its card is asked no more until it does.
    """
    attempt.verdict, attempt.score, attempt.answered_at = marked.verdict, marked.score, now
    rating = rating_of(marked, confidence=attempt.confidence)
    if rating is not None and (rating is Rating.AGAIN or _waits(db, user=user, attempt=attempt, now=now)):
        review.rate_question(
            db,
            user=user,
            question_id=attempt.question_id,
            review_id=attempt.id,
            rating=rating,
            source=ReviewSource.QUIZ,
            now=now,
            is_begun=True,
        )
    quiz = attempt.quiz_session
    if all(other.verdict is not None for other in quiz.attempts):
        quiz.finished_at = now


def _waits(db: Session, *, user: User, attempt: Attempt, now: datetime) -> bool:
    """Whether the question's card waits for a review, which none can be made of until the transaction ends."""
    question_id = attempt.question_id
    review.lock_card_of(db, user=user, question_id=question_id)
    known = knowledge(db, user_id=user.id, question_ids=[question_id], today=today_of(user, now=now))
    return known[question_id] in WAITING
