"""A sitting from the first question to the last: open it, answer, mark, end. Ratings go to `review`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.quiz import selection
from quizapp.quiz.marking import Marked, mark_choices, mark_open
from quizapp.quiz.models import Attempt, QuizSession
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
    """Begin a sitting of what was missed in `quiz`. Raises Invalid if nothing was."""
    questions = {
        attempt.question_id: attempt.question
        for attempt in quiz.attempts
        if attempt.verdict is Verdict.FAIL and attempt.question.retired_at is None
    }
    return _open(db, user=user, note_id=quiz.note_id, questions=questions, length=len(questions) or 1, rng=rng, now=now)


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


def answer(db: Session, *, user: User, attempt: Attempt, given: Given, now: datetime) -> None:
    """Take an answer, once: sent again, the first one stands. Choices are marked at once, a text waits for `mark`.

    Raises Invalid for an answer that cannot be taken and Conflict if the question changed its kind meanwhile.
    """
    if attempt.answer is not None:
        return
    attempt.confidence = given.confidence
    match attempt.question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            marked = _marked_choices(attempt, given.choices)
            attempt.answer = {"choices": sorted(set(given.choices))}
            _conclude(db, user=user, attempt=attempt, marked=marked, now=now)
        case QuestionKind.OPEN:
            if len(given.text) > ANSWER_MAX_CHARS:
                raise Invalid(f"An answer has at most {ANSWER_MAX_CHARS:,} characters. Say it more briefly.")
            attempt.answer = {"text": given.text}
        case QuestionKind.FLASHCARD | QuestionKind.LAB:
            raise Conflict("This question is asked elsewhere now. Go on with the next one.")
    db.flush()


def mark(db: Session, *, user: User, attempt: Attempt, points: Collection[int], now: datetime) -> None:
    """Take the learner's own marks of a written answer, once. Without a guide there is one point: the whole answer.

    Raises Conflict if nothing has been written yet, Invalid for a point that the guide does not have.
    """
    if attempt.verdict is not None:
        return
    if attempt.answer is None or "text" not in attempt.answer:
        raise Conflict("Answer the question first, then mark it.")
    marked = mark_open(points=max(1, len(attempt.question.must)), said=points)
    attempt.answer = {**attempt.answer, "points": sorted(set(points))}
    _conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    db.flush()


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
    """Draw and store a sitting. The order of options is drawn here too, so that a reload shows the same."""
    seed = rng.getrandbits(SEED_BITS)
    draw_rng = Random(seed)
    candidates = [selection.Candidate(question_id=id, kind=question.kind) for id, question in questions.items()]
    quiz = QuizSession(user_id=user.id, note_id=note_id, seed=seed, started_at=now)
    for position, question_id in enumerate(selection.draw(candidates, length=length, rng=draw_rng), start=1):
        order = [choice.id for choice in questions[question_id].choices]
        draw_rng.shuffle(order)
        quiz.attempts.append(Attempt(question_id=question_id, position=position, choice_order=order))
    db.add(quiz)
    db.flush()
    return quiz


def _marked_choices(attempt: Attempt, chosen: Sequence[int]) -> Marked:
    choices = attempt.question.choices
    return mark_choices(
        right=[choice.id for choice in choices if choice.right],
        offered=[choice.id for choice in choices],
        chosen=chosen,
    )


def _conclude(db: Session, *, user: User, attempt: Attempt, marked: Marked, now: datetime) -> None:
    """Store the verdict, tell the card, and end the sitting with its last answer.

    A miss always rates, so that it comes back. A right answer rates only a card that was waiting: practising ahead of
    time must not stretch a schedule. The attempt's own id is the review's, so no answer can count twice.
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
        )
    quiz = attempt.quiz_session
    if all(other.verdict is not None for other in quiz.attempts):
        quiz.finished_at = now


def _waits(db: Session, *, user: User, attempt: Attempt, now: datetime) -> bool:
    question_id = attempt.question_id
    known = knowledge(db, user_id=user.id, question_ids=[question_id], today=today_of(user, now=now))
    return known[question_id] in WAITING
