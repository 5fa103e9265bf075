"""People of a site that a row tries, made past its pages."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.raters import CARDS, Learner, Site
from benchmarks.review_post import a_question
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.catalogue.models import Choice, QuestionKind
from quizapp.db import create_engine_for
from quizapp.review import service as review
from quizapp.review.models import Card

CHOSEN = 8  # questions with options


def links(running: Site, number: int, role: Role) -> Sequence[str]:
    """The one-use sign-in links of so many new people."""
    engine = create_engine_for(running.database_url)
    with Session(engine) as db:
        now = clock.now()
        users = [accounts.add_user(db, name=f"{role.value} {uuid4()}", role=role, now=now) for _ in range(number)]
        db.flush()
        tokens = [accounts.make_link(db, user=user, now=now) for user in users]
        db.commit()
    engine.dispose()
    return [f"{running.installation.address}/sign-in/{token}" for token in tokens]


def learner_with_cards(db: Session, address: str, number: int, *, name: str = "") -> Learner:
    """A new learner of the site at `address`, with cards of questions that nobody else has. Flushes only."""
    questions = [a_question(number * CARDS + each) for each in range(CARDS)]
    for question in questions:
        question.key = f"q-{uuid4()}"
    db.add_all(questions)
    db.flush()
    now = clock.now()
    user = accounts.add_user(db, name=name or f"learner {uuid4()}", role=Role.LEARNER, now=now)
    review.add_cards(db, user=user, question_ids=[question.id for question in questions], now=now)
    cards = db.scalars(select(Card.id).where(Card.user_id == user.id).order_by(Card.question_id))
    return Learner(link=f"{address}/sign-in/{accounts.make_link(db, user=user, now=now)}", cards=list(cards))


def add_choices(db: Session) -> None:
    """Add questions that a quiz asks. Flushes nothing."""
    for number in range(CHOSEN):
        question = a_question(number)
        question.key, question.kind = f"q-{uuid4()}", QuestionKind.SINGLE
        question.choices = [
            Choice(position=place, text=f"Option {place}", right=place == 1, why="") for place in (1, 2)
        ]
        db.add(question)
