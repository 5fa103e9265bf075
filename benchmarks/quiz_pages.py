"""A question's page, before and after the answer, and a quiz's result, with 10,000 questions beside 100.

The figures are medians of the processor's time, as those of `benchmarks.flat` are.
"""

from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from benchmarks.big_learner import Opened, opened
from benchmarks.flat import page_costs
from benchmarks.rows import Row, beside
from quizapp import clock
from quizapp.accounts.models import User
from quizapp.quiz import service
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Wish
from quizapp.quiz.given_answer import Given

FEW, MANY = 100, 10_000
LENGTH = 10  # questions of each quiz
PAGES = ("asked", "answered", "result")


def run() -> list[Row]:
    """The page that grows most; the others in the note."""
    grown = []
    with opened(FEW) as few, opened(MANY) as many:
        for name, small, large in zip(PAGES, addresses(few), addresses(many), strict=True):
            (baseline, _), (value, _) = page_costs([(few, small), (many, large)])
            grown.append((value / baseline, value, baseline, name))
    _, value, baseline, _ = max(grown)
    said = ", ".join(f"{name} {ratio:.2f}" for ratio, _, _, name in grown)
    return [beside("question-page-10k", value=value, baseline=baseline, unit="ms", note=said)]


def addresses(big: Opened) -> tuple[str, str, str]:
    """Of a question that is asked, of one that was answered, and of the result of a quiz in which all were missed."""
    begun, ended = _quiz(big, answered=0), _quiz(big, answered=LENGTH)
    return f"/practice/{begun}/1", f"/practice/{ended}/1", f"/practice/{ended}/result"


def _quiz(big: Opened, *, answered: int) -> UUID:
    with Session(big.app.extensions["engine"]) as db:
        user = db.get_one(User, big.learner_id)
        wish = Wish(length=Length(questions=LENGTH))
        quiz = service.open_quiz(db, user=user, wish=wish, rng=Random(1), now=clock.now())
        for attempt in quiz.attempts[:answered]:
            service.answer(db, user=user, attempt=attempt, given=Given(is_unknown=True), now=clock.now())
        db.commit()
        return quiz.id
