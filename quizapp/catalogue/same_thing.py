"""Which questions test the same thing: those that name one key as `same_as`, and the one that has it. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.models import Lab, Question, QuestionKind
from quizapp.catalogue.visibility import is_learnt_by
from quizapp.catalogue.ways import Form, Way


def thing_of(question: Any) -> ColumnElement[str]:
    """The key by which a question's thing is known: what it names, else its own."""
    return func.coalesce(question.same_as, question.key)


@cache  # to make an alias takes longer than to run the statement
def is_shared(question: Any) -> ColumnElement[bool]:
    """Whether another question may test the same as this one; a look into an index of the few that name another."""
    other = aliased(Question)
    return or_(question.same_as.is_not(None), exists(select(other.id).where(other.same_as == question.key)))


@cache
def same_as_each() -> Select[int, int]:
    """Each of some questions with every other that tests the same thing, hidden ones too, and with itself.

    Takes `of_ids`, the ids of the questions.
    """
    mine, named, naming = aliased(Question), aliased(Question), aliased(Question)
    own = mine.id.in_(bindparam("of_ids", expanding=True))
    by_key = select(mine.id.label("of"), named.id.label("other")).join(named, named.key == thing_of(mine)).where(own)
    by_name = select(mine.id, naming.id).join(naming, naming.same_as == thing_of(mine)).where(own)
    alone = select(mine.id, mine.id).where(own)
    both = by_key.union(by_name, alone).subquery()
    return select(both.c.of, both.c.other)


def ways_of(db: Session, *, user_id: UUID, question_ids: Collection[int]) -> Mapping[int, Sequence[Way]]:
    """The ways to ask what each of these questions asks, for one who learns: those that are shown.

    The pairs are read first, since SQLAlchemy takes long to make both of them one statement.
    """
    pairs = db.execute(same_as_each(), {"of_ids": list(question_ids)}).all()
    shown = (
        select(Question.id, Question.kind, Lab.definition["command"].as_string())
        .outerjoin(Lab, and_(Lab.question_id == Question.id, Lab.retired_at.is_(None)))
        .where(Question.id.in_({pair[1] for pair in pairs}), Question.hidden == false(), is_learnt_by(user_id))
        .where((Question.kind != QuestionKind.LAB) | Lab.id.is_not(None))
        .order_by(Question.position, Question.id)
    )
    found: dict[int, list[Way]] = {}
    for question_id, kind, command in db.execute(shown):
        way = Way(question_id=question_id, form=_form(kind, asks_command=command is not None))
        for of in (pair[0] for pair in pairs if pair[1] == question_id):
            found.setdefault(of, []).append(way)
    return found


def _form(kind: QuestionKind, *, asks_command: bool) -> Form:
    match kind:
        case QuestionKind.FLASHCARD:
            return Form.CARD
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return Form.CHOICE
        case QuestionKind.OPEN:
            return Form.TYPED
        case QuestionKind.LAB:
            return Form.COMMAND if asks_command else Form.HANDS_ON
        case _:
            assert_never(kind)


def forms_of(db: Session, *, question_ids: Collection[int]) -> Mapping[int, Form]:
    """In which form each of these questions is asked, hidden ones too."""
    found = (
        select(Question.id, Question.kind, Lab.definition["command"].as_string())
        .outerjoin(Lab, Lab.question_id == Question.id)
        .where(Question.id.in_(question_ids))
    )
    return {row[0]: _form(row[1], asks_command=row[2] is not None) for row in db.execute(found)}
