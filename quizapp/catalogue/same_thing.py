"""Which questions test the same thing: those that name each other as `same_as`, and those that name the same key.

What these name tests the same too, and so on: a chain of names is one thing. Reads only.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.asking_ways import Form, Way
from quizapp.catalogue.models import Lab, Question, QuestionKind
from quizapp.catalogue.visibility import is_learnt_by

ASKED_AT_ONCE = 10_000  # ids in one query; SQLite takes at most 32,766 values in a statement


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
    return pairs_of(Question.id.in_(bindparam("of_ids", expanding=True)))


def pairs_of(start: ColumnElement[bool]) -> Select[int, int]:
    """`same_as_each`, of the questions of which `start` holds. A statement may have several of them."""
    own = select(Question.id.label("of"), Question.id.label("other")).where(start)
    pairs = own.cte(recursive=True)  # without a name of its own, which could be there once in a statement
    one, other = aliased(Question), aliased(Question)
    further = select(pairs.c.of, other.id).join(one, one.id == pairs.c.other).join(other, _are_joined(one, other))
    pairs = pairs.union(further)  # each pair once, so that names in a circle end
    return select(pairs.c.of, pairs.c.other)


def _are_joined(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether one of two questions names the other, or both name the same key, which nobody need have."""
    return or_(other.key == one.same_as, other.same_as == one.key, other.same_as == one.same_as)


def things_of(db: Session, *, question_ids: Collection[int]) -> Mapping[int, int]:
    """For each of these questions one that tests the same thing: the same one for all that do."""
    found: dict[int, int] = {}
    ids = list(question_ids)
    for start in range(0, len(ids), ASKED_AT_ONCE):
        for of, other in db.execute(same_as_each(), {"of_ids": ids[start : start + ASKED_AT_ONCE]}):
            found[of] = min(other, found.get(of, other))
    return found


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
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.TRUTH | QuestionKind.ORDER | QuestionKind.MATCH:
            return Form.CHOICE
        case QuestionKind.OPEN | QuestionKind.SHORT | QuestionKind.NUMBER | QuestionKind.CLOZE:
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
