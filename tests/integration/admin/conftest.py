"""Questions to edit."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Choice, Question, QuestionKind, Tag


@pytest.fixture
def editor(db: Session) -> User:
    """An editor called Grace."""
    return accounts.add_user(db, name="Grace", role=Role.EDITOR, now=clock.now())


@pytest.fixture
def make_question(db: Session) -> Callable[..., Question]:
    """`make_question(kind, prompt=…)`: a stored question without findings; of three options the first is right."""

    def make(kind: QuestionKind = QuestionKind.OPEN, **fields: object) -> Question:
        choices = [
            Choice(position=number, text=f"Option {number}", right=number == 1, why=f"Because of {number}.")
            for number in (1, 2, 3)
        ]
        has_choices = kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        question = Question(
            **{
                "key": f"q-{kind.value}",
                "kind": kind,
                "position": 1,
                "prompt": "What does `-P` publsh?",
                "answer": "Every exposed port.",
                "must": ["every exposed port"],
                "source_url": "https://docs.example/ports",
                "as_of": "2026-11",
                "fingerprint": "f" * 64,
                "updated_at": clock.now(),
                "choices": choices if has_choices else [],
                "tags": [Tag(name="ports")],
                **fields,
            }
        )
        db.add(question)
        db.flush()
        return question

    return make
