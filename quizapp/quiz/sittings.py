"""The use cases of a test and of an interview: answered without a verdict, closed by their time, handed in at the end.

`service` has those of practice, and what all modes share. Time is an argument: a page's clock decides nothing.
"""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.errors import Conflict, Invalid
from quizapp.quiz import drafts, service
from quizapp.quiz.given_answer import Given
from quizapp.quiz.given_commands import LEFT_OUT, NOT_CHECKED
from quizapp.quiz.kinds import cloze
from quizapp.quiz.kinds.marker import as_stored, marked_at_once
from quizapp.quiz.kinds.short_text import NearMiss
from quizapp.quiz.locking import lock_sitting
from quizapp.quiz.marking import Marked, marked_by_share
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import GRACE, Mode, is_told_at_end, limit_of
from quizapp.quiz.service import Receipt
from quizapp.quiz.unanswered import is_over, present
from quizapp.verdicts import Verdict

MISSED = Marked(verdict=Verdict.FAIL, score=0.0)


def begin(quiz: QuizSession, *, mode: Mode, asked_min: int | None) -> None:
    """Give a quiz session that was just opened its mode and its time; `asked_min` is the limit that was asked for."""
    limit = limit_of(mode, length=len(quiz.attempts), asked_min=asked_min)
    quiz.mode = mode
    quiz.closes_at = None if limit is None else quiz.started_at + limit


def begin_like(quiz: QuizSession, *, before: QuizSession) -> None:
    """Give a quiz session that was just opened the mode and the time that an earlier one had."""
    quiz.mode = before.mode
    quiz.closes_at = None if before.closes_at is None else quiz.started_at + (before.closes_at - before.started_at)


def answer(db: Session, *, user: User, attempt: Attempt, given: Given, now: datetime) -> Receipt:
    """Store an answer as the mode of its quiz session has it. Locks the quiz session until the transaction ends.

    One that comes more than GRACE after the end closes the quiz session, is kept and not counted: OVER. In a test the
    newest answer stands. Raises Invalid for what is no answer of the question's kind; a test has none then.
    """
    lock_sitting(db, attempt.quiz_session_id)
    quiz = attempt.quiz_session
    match quiz.mode:
        case Mode.PRACTICE:
            return service.answer(db, user=user, attempt=attempt, given=given, now=now)
        case Mode.TEST | Mode.INTERVIEW:
            if is_over(quiz, now=now, grace=GRACE):
                return _over(db, user=user, attempt=attempt, given=given, now=now)
            receipt = _in_test(attempt, given) if quiz.mode is Mode.TEST else _in_turn(quiz, attempt, given)
            db.flush()
            if is_over(quiz, now=now) or (quiz.mode is Mode.INTERVIEW and present(quiz) is None):
                hand_in(db, user=user, quiz=quiz, now=now)
            return receipt
        case _:
            assert_never(quiz.mode)


def hand_in(db: Session, *, user: User, quiz: QuizSession, now: datetime) -> None:
    """Close a test or an interview and mark it by the words that were asked; open answers wait for the learner's marks.

    A question without an answer is missed and rates no card: it may not have been read. One that is closed stays as it
    is. Locks the quiz session until the transaction ends. Raises Conflict for practice.
    """
    lock_sitting(db, quiz.id)
    if not is_told_at_end(quiz.mode):
        raise Conflict("Practice has nothing to hand in: each answer had its verdict at once.")
    if quiz.handed_in_at is not None or quiz.finished_at is not None:
        return
    quiz.handed_in_at = min(now, quiz.closes_at or now)
    for attempt in quiz.attempts:
        if attempt.answer is None:
            attempt.verdict, attempt.score, attempt.answered_at = MISSED.verdict, MISSED.score, now
        elif (marked := _marked(attempt)) is not None:
            service.conclude(db, user=user, attempt=attempt, marked=marked, now=now)
    if all(attempt.verdict is not None for attempt in quiz.attempts):
        quiz.finished_at = now
    db.flush()


def share(db: Session, *, quiz: QuizSession, key: UUID) -> None:
    """Let whoever has the key read the report of an interview; one that is shared keeps the key that it has.

    Raises Conflict for what has no report yet, or none at all.
    """
    if quiz.mode is not Mode.INTERVIEW or quiz.finished_at is None or quiz.handed_in_at is None:
        raise Conflict("Only the report of an interview that has ended can be shared.")
    quiz.shared_as = quiz.shared_as or key
    db.flush()


def take_share_back(db: Session, *, quiz: QuizSession) -> None:
    """Let nobody but the learner read the report any more. A new link has another key."""
    quiz.shared_as = None
    db.flush()


def _over(db: Session, *, user: User, attempt: Attempt, given: Given, now: datetime) -> Receipt:
    """Keep an answer that came after the end, unless it is the one that stands."""
    stands = attempt.answer or {}
    sent = as_stored(attempt.shown, given)
    is_same = stands | sent == stands
    if not is_same:
        drafts.put(attempt, given)
    hand_in(db, user=user, quiz=attempt.quiz_session, now=now)
    return Receipt.TAKEN if is_same else Receipt.OVER


def _in_test(attempt: Attempt, given: Given) -> Receipt:
    """Store the answer of a question in a test in place of the one before; none if nothing was typed or chosen."""
    drafts.put(attempt, given, is_passed=True)
    attempt.answer = None
    if given.is_unknown or drafts.is_answer(given):
        _refuse_unreadable(attempt, given)
        _store(attempt, given)
    return Receipt.TAKEN


def _in_turn(quiz: QuizSession, attempt: Attempt, given: Given) -> Receipt:
    """Store the answer of the question that an interview is at, once; what was said aloud leaves no words."""
    asked = present(quiz)
    if asked is None or asked.id != attempt.id:
        stands = attempt.answer or {}
        return Receipt.TAKEN if stands | as_stored(attempt.shown, given) == stands else Receipt.TOO_LATE
    _refuse_unreadable(attempt, given)
    _store(attempt, given)
    return Receipt.TAKEN


def _store(attempt: Attempt, given: Given) -> None:
    if not given.is_unknown:
        attempt.draft = None
    attempt.asked = attempt.shown
    attempt.answer, attempt.confidence = as_stored(attempt.asked, given), given.confidence


def _refuse_unreadable(attempt: Attempt, given: Given) -> None:
    """Raise Invalid for what could not be marked, and say nothing of what is right: a near miss is not told here."""
    service.refuse_unsure(attempt.quiz_session, given)
    try:
        marked_at_once(attempt.shown, given, order=attempt.choice_order)
    except NearMiss:
        return


def _marked(attempt: Attempt) -> Marked | None:
    """The marks of an answer that was stored without; None for an open one and for a command.

    What is nearly right is not right here.
    """
    kept = attempt.answer or {}
    if kept.get(LEFT_OUT):
        return NOT_CHECKED
    given = Given(
        choices=kept.get("choices", ()),
        text=kept.get("text", ""),
        parts=kept.get("parts", ()),
        is_unknown=kept.get("unknown", False),
    )
    try:
        return marked_at_once(attempt.shown, given, order=attempt.choice_order)
    except Invalid:
        expected = attempt.shown.expected
        if isinstance(expected, Cloze) and given.parts:
            return marked_by_share(sum(cloze.are_right(expected, given.parts)), of=len(expected.gaps))
        return MISSED
