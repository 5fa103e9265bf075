"""Notes, questions and cards to be found."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind, Tag
from quizapp.review import service
from quizapp.review.models import Card
from quizapp.search import index, queries
from tests.builders import a_question

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # noon in Berlin
Search = Callable[..., list[str]]


@pytest.fixture
def find(db: Session, learner: User) -> Search:
    """`find("docker", at=NOON)`: the heads of what the learner finds, sorted."""

    def found(query: str, *, at: datetime = NOON) -> list[str]:
        index.settle(db)
        results = queries.search(db, user=learner, query=query, now=at)
        assert results.total == len(results.results)
        return sorted(result.head for result in results.results)

    return found


@pytest.fixture
def ask(db: Session) -> Callable[..., Question]:
    """`ask("What is dns?", tags=["net"])`: a question with this prompt."""

    def make(prompt: str, *, tags: Sequence[str] = ()) -> Question:
        question = a_question(db, QuestionKind.FLASHCARD)
        question.prompt, question.answer = prompt, ""
        question.tags = [db.scalar(select(Tag).where(Tag.name == name)) or Tag(name=name) for name in tags]
        db.flush()
        return question

    return make


@pytest.fixture
def card(db: Session, learner: User, ask: Callable[..., Question]) -> Callable[..., Card]:
    """`card("late")`: the learner's new card of a question with this prompt."""

    def make(prompt: str, *, at: datetime = NOON) -> Card:
        question = ask(prompt)
        service.add_cards(db, user=learner, question_ids=[question.id], now=at)
        return db.scalars(select(Card).where(Card.question_id == question.id)).one()

    return make
