"""The use cases of a quiz session: open it, answer, mark, end. Ratings go to `review.service`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.explaining import concepts_of
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.quiz import drafts
from quizapp.quiz.asked_question import Asked, AskedKind
from quizapp.quiz.draw import selection, wished_questions
from quizapp.quiz.draw.wish import EVERYTHING, Wish
from quizapp.quiz.figures import strengths
from quizapp.quiz.given_answer import Given
from quizapp.quiz.kinds.marker import as_stored, drawn_order, marked_at_once
from quizapp.quiz.locking import lock_sitting
from quizapp.quiz.marking import Guide, Marked, SaidPoints, mark_open, with_hints
from quizapp.quiz.models import ASKED_KINDS, Attempt, QuizSession, as_asked
from quizapp.quiz.modes import is_told_at_end
from quizapp.quiz.rating import rating_of
from quizapp.quiz.unanswered import waits_for_answers
from quizapp.review import service as review
from quizapp.review.knowledge import Knowledge, knowledge
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.queries import today_of
from quizapp.verdicts import Verdict

# The states of a card that waits for a review. A right answer rates only such a card.
WAITING = frozenset({Knowledge.NEW, Knowledge.LEARNING, Knowledge.DUE})
_MARKS = ("points", "bonus", "red_flags")  # what marks of an open answer are called in its JSON data
SEED_BITS = 31  # fits the integer column of every database


class Receipt(StrEnum):
    """Whether an answer, or the marks of one, that a learner sent is the one that is stored."""

    TAKEN = "taken"  # stored now, or an equal one was stored before
    TOO_LATE = "too late"  # another one was stored before and stays
    OVER = "over"  # the quiz session was closed before: what was sent is kept, and not counted


def open_quiz(
    db: Session, *, user: User, wish: Wish, asks_commands: bool = True, rng: Random, now: datetime
) -> QuizSession:
    """Begin a quiz session as the learner wishes it. Raises Invalid without a question that is all of that.

    `asks_commands` says whether commands can be run on hosts now.
    """
    candidates = wished_questions.candidates(db, user=user, wish=wish, asks_commands=asks_commands, now=now)
    if not candidates and wish.narrowed != EVERYTHING:
        raise Invalid(
            "No question fits all that you chose. Choose less under “Only some of them”, or another note: one with "
            "flashcards alone is asked in your reviews, on its own page."
        )
    return _open(db, user=user, wish=wish, candidates=candidates, rng=rng, now=now)


def again(
    db: Session, *, quiz: QuizSession, user: User, asks_commands: bool = True, rng: Random, now: datetime
) -> QuizSession:
    """Begin a quiz session as `quiz` was wished for, of questions that are drawn anew. Raises Invalid without any."""
    wish = replace(wished_questions.wish_of(quiz), of_misses=False)
    return open_quiz(db, user=user, wish=wish, asks_commands=asks_commands, rng=rng, now=now)


def again_with_misses(db: Session, *, quiz: QuizSession, user: User, rng: Random, now: datetime) -> QuizSession:
    """Begin a quiz session of the questions missed in `quiz` that are still asked. Raises Invalid without any."""
    missed = [attempt.question for attempt in quiz.attempts if can_be_asked_again(attempt)]
    if not missed:
        raise Invalid("Nothing was missed in this quiz that is still asked. Start another one from Practice.")
    wish = replace(wished_questions.wish_of(quiz), of_misses=True)
    candidates = [selection.Candidate(question_id=question.id, kind=question.kind) for question in missed]
    return _open(db, user=user, wish=wish, candidates=candidates, rng=rng, now=now)


def can_be_asked_again(attempt: Attempt) -> bool:
    """Whether the attempt failed and its question is still drawn: not retired, no draft, of a kind that is asked."""
    question = attempt.question
    is_asked = question.kind in ASKED_KINDS and not question.hidden
    return attempt.verdict is Verdict.FAIL and is_asked


def quiz_of(db: Session, *, user: User, quiz_id: UUID) -> QuizSession:
    """The user's own quiz session. Raises NotFound, also for somebody else's."""
    quiz = db.get(QuizSession, quiz_id)
    if quiz is None or quiz.user_id != user.id:
        raise NotFound("There is no such quiz. Start a new one from Practice.")
    return quiz


def discard(db: Session, *, quiz: QuizSession, now: datetime) -> None:
    """End a quiz session before its last answer. What was answered in it stays, and counts as before.

    One that has ended stays as it is. The quiz session is locked, so that an answer that comes at once ends it or not.
    """
    db.refresh(quiz, with_for_update=True)
    quiz.finished_at = quiz.finished_at or now
    db.flush()


def attempt_at(quiz: QuizSession, position: int) -> Attempt:
    """The attempt at a position counted from 1. Raises NotFound past the end."""
    if not 1 <= position <= len(quiz.attempts):
        raise NotFound(f"This quiz has {len(quiz.attempts)} questions.")
    return quiz.attempts[position - 1]


def answer(db: Session, *, user: User, attempt: Attempt, given: Given, now: datetime) -> Receipt:
    """Store an answer, once: of several, sent at once or later, the first one counts.

    It is marked immediately, by the words that were asked; an open answer waits for `mark`. Locks the quiz session
    until the transaction ends. Raises Invalid for what is no answer of the question's kind, and for one that is nearly
    right: nothing is stored then.
    """
    lock_sitting(db, attempt.quiz_session_id)
    asked = attempt.shown
    sent = as_stored(asked, given)
    if attempt.answer is not None:
        receipt = _late(attempt.answer, sent)
        if receipt is Receipt.TOO_LATE:
            drafts.put(attempt, given)
        db.flush()
        return receipt
    refuse_unsure(attempt.quiz_session, given)
    _refuse_unwritten(asked, given)
    marked = marked_at_once(asked, given, order=attempt.choice_order)
    if marked is not None:
        marked = with_hints(marked, taken=attempt.hints_taken)
    if given.is_unknown:
        drafts.put(attempt, given)  # what they had typed is shown beside what is right
    else:
        attempt.draft = None
    attempt.asked, attempt.answer, attempt.confidence = asked, sent, given.confidence
    if marked is not None:
        conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    db.flush()
    return Receipt.TAKEN


def refuse_unsure(quiz: QuizSession, given: Given) -> None:
    """Raise Invalid for an answer without its certainty, in a quiz session whose answers are marked by that."""
    if wished_questions.wish_of(quiz).certainty and given.confidence is None and not given.is_unknown:
        raise Invalid("Say how sure you are: in this quiz, answers are marked by that.")


def _refuse_unwritten(asked: Asked, given: Given) -> None:
    """Raise Invalid for an open answer without words: marks for what nobody can read again would say nothing.

    Only in practice: a test has no answer then, and in an interview it may have been said aloud.
    """
    if asked.kind is AskedKind.OPEN and not given.is_unknown and not given.text.strip():
        raise Invalid("Write your answer first, a few words will do; or say that you do not know.")


def take_hint(db: Session, *, attempt: Attempt) -> None:
    """Show the next hint of a question; nothing after its answer, without one left, in a test or an interview."""
    lock_sitting(db, attempt.quiz_session_id)
    is_practice = not is_told_at_end(attempt.quiz_session.mode)
    if is_practice and attempt.answer is None and attempt.hints_taken < len(attempt.shown.hints):
        attempt.hints_taken += 1
    db.flush()


def mark_for_later(db: Session, *, attempt: Attempt, is_for_later: bool) -> None:
    """Mark a question, to come back to it in this quiz session, or take the mark away. It changes no answer."""
    attempt.for_later = is_for_later
    db.flush()


def mark(db: Session, *, user: User, attempt: Attempt, said: SaidPoints, now: datetime) -> Receipt:
    """Store the learner's own marks of a written answer, once. Without a guide there is one point: the whole answer.

    Locks the quiz session until the transaction ends. Raises Conflict if no answer is stored yet, Invalid for a point
    that the guide does not have.
    """
    lock_sitting(db, attempt.quiz_session_id)
    sent = _marks(said)
    if attempt.answer is None:
        raise Conflict("Answer the question first, then mark it.")
    if waits_for_answers(attempt.quiz_session):
        raise Conflict("Hand it in first: answers are marked at the end.")
    if attempt.shown.kind is not AskedKind.OPEN and attempt.verdict is None:
        raise Conflict("This answer is marked by what it does on a host.")
    if attempt.verdict is not None:
        stands = {name: attempt.answer.get(name, []) for name in sent}
        return Receipt.TAKEN if stands == sent else Receipt.TOO_LATE
    asked = attempt.shown
    guide = Guide(must=max(1, len(asked.must)), bonus=len(asked.bonus), red_flags=len(asked.red_flags))
    marked = with_hints(mark_open(guide, said), taken=attempt.hints_taken)
    attempt.answer = attempt.answer | {name: numbers for name, numbers in sent.items() if numbers or name == "points"}
    conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    db.flush()
    return Receipt.TAKEN


def take_marks_back(db: Session, *, user: User, attempt: Attempt, now: datetime) -> None:
    """Let the learner mark an open answer anew: its marks and the rating that came of them never were.

    The quiz session goes on, if this was its last answer. Raises Conflict for an answer without such marks.
    """
    lock_sitting(db, attempt.quiz_session_id)
    if not has_own_marks(attempt):
        raise Conflict("These marks cannot be taken back: they are not yours, or were taken back already.")
    assert attempt.answer is not None  # it has marks
    assert attempt.answered_at is not None
    from quizapp.review import undoing  # here: it brings the editor's texts, and Today loads this module too

    undoing.undo_answer(db, user=user, review_id=_review_id(attempt))
    if attempt.verdict is Verdict.FAIL and attempt.confidence is Confidence.SURE:
        review.not_misjudged(db, user=user, question_id=attempt.question_id, at=attempt.answered_at)
    strengths.unlearn(db, user=user, attempt=attempt)
    quiz = attempt.quiz_session
    if all(other.verdict is not None for other in quiz.attempts):
        quiz.finished_at = None
    kept = {name: value for name, value in attempt.answer.items() if name not in _MARKS}
    attempt.answer = kept | {"taken_back": kept.get("taken_back", 0) + 1}
    attempt.verdict = attempt.score = attempt.answered_at = None
    db.flush()


def has_own_marks(attempt: Attempt) -> bool:
    """Whether an attempt has its verdict by marks that the learner gave."""
    return attempt.verdict is not None and "points" in (attempt.answer or {})


def _marks(said: SaidPoints) -> dict[str, list[int]]:
    return {name: sorted(set(getattr(said, name))) for name in _MARKS}


def _review_id(attempt: Attempt) -> UUID:
    """The id of the review that an answer makes: the attempt's, or one made of it after marks were taken back."""
    times = (attempt.answer or {}).get("taken_back", 0)
    return uuid5(attempt.id, str(times)) if times else attempt.id


def _late(stands: dict[str, Any], sent: dict[str, Any]) -> Receipt:
    """The receipt for an answer if another one is stored: TAKEN if `stands` has all that was sent, else TOO_LATE."""
    return Receipt.TAKEN if stands | sent == stands else Receipt.TOO_LATE


def _open(
    db: Session, *, user: User, wish: Wish, candidates: Sequence[selection.Candidate], rng: Random, now: datetime
) -> QuizSession:
    """Draw and store a quiz session: its questions, their words, the order of their options. Reloads show the same."""
    seed = rng.getrandbits(SEED_BITS)
    draw_rng = Random(seed)
    length = selection.Length(questions=len(candidates)) if wish.of_misses else wish.length
    drawn = selection.draw(candidates, length=length, suits=wish.suits and not wish.of_misses, rng=draw_rng)
    concepts = {of: one.key for of, one in concepts_of(db, user=user, question_ids=drawn).items()}
    questions = wished_questions.questions(db, question_ids=drawn)
    note_id, title = wished_questions.named(db, wish.narrowed)
    quiz = QuizSession(user_id=user.id, note_id=note_id, title=title, wish=wish, seed=seed, started_at=now)
    asked_as = _as_asked(db, questions=questions, rng=draw_rng)
    for position, question_id in enumerate(selection.interleaved(drawn, concepts=concepts), start=1):
        asked = asked_as[question_id]
        order = drawn_order(asked, rng=draw_rng)
        quiz.attempts.append(Attempt(question_id=question_id, position=position, asked=asked, choice_order=order))
    db.add(quiz)
    db.flush()
    return quiz


def _as_asked(db: Session, *, questions: Mapping[int, Question], rng: Random) -> Mapping[int, Asked]:
    """Each question as it will be asked; of a lab, with values that are drawn for it."""
    of_labs = {id for id, question in questions.items() if question.kind is QuestionKind.LAB}
    asked = {id: as_asked(question) for id, question in questions.items() if id not in of_labs}
    if of_labs:
        from quizapp.quiz import lab_questions  # here: it brings what reads labs, which few quizzes need

        labs = lab_questions.labs_asked(db, question_ids=of_labs)
        asked |= {id: lab_questions.as_asked_lab(labs[id], rng=rng) for id in sorted(labs)}
        asked |= {id: as_asked(questions[id]) for id in of_labs - set(labs)}
    return asked


def conclude(db: Session, *, user: User, attempt: Attempt, marked: Marked, now: datetime) -> None:
    """Store the verdict, rate the card, and end the quiz session if this was its last answer.

    A miss is always rated, so that the card comes back. A right answer is rated only if the card waits for a review:
    an answer ahead of time must not lengthen the interval. Who was sure and wrong gets the card before others that are
    due. The review's id is made of the attempt's, so no answer counts twice. A question that was retired after the draw
    is rated too: it may be restored, and is not shown until then.
    """
    attempt.verdict, attempt.score, attempt.answered_at = marked.verdict, marked.score, now
    strengths.learn(db, user=user, attempt=attempt, marked=marked)
    rating = rating_of(marked, confidence=attempt.confidence)
    if rating is not None and (rating is Rating.AGAIN or _waits(db, user=user, attempt=attempt, now=now)):
        review.rate_question(
            db,
            user=user,
            question_id=attempt.question_id,
            review_id=_review_id(attempt),
            rating=rating,
            source=ReviewSource.QUIZ,
            now=now,
            is_begun=True,
        )
    if marked.verdict is Verdict.FAIL and attempt.confidence is Confidence.SURE:
        review.misjudge(db, user=user, question_id=attempt.question_id, at=now)
    quiz = attempt.quiz_session
    if all(other.verdict is not None for other in quiz.attempts):
        quiz.finished_at = now


def _waits(db: Session, *, user: User, attempt: Attempt, now: datetime) -> bool:
    """Whether the question's card waits for a review. Locks the card, if there is one, until the transaction ends."""
    question_id = attempt.question_id
    review.lock_card_of(db, user=user, question_id=question_id)
    known = knowledge(db, user_id=user.id, question_ids=[question_id], today=today_of(user, now=now))
    return known[question_id] in WAITING
