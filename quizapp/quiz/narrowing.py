"""Which questions a quiz session draws from: of a note or all, narrowed by tag, level, kind and what was missed."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import PAGE_KINDS, Question, QuestionKind, Tag, question_tag
from quizapp.catalogue.visibility import is_learnt_by
from quizapp.counting import SHOWN_MAX
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review.models import Card
from quizapp.verdicts import Verdict


class Only(StrEnum):
    """Which questions, by what the learner has done with them."""

    MISSED = "missed"  # missed in the newest quiz session that asked them
    UNSEEN = "unseen"  # neither answered in a quiz session nor reviewed


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What the questions have in common; None: anything."""

    tag: str | None = None
    level: int | None = None
    kind: QuestionKind | None = None
    only: Only | None = None


EVERYTHING = Narrowed()


def drawn_from(*, user_id: UUID, note_id: int | None, narrowed: Narrowed) -> Select[Question]:
    """The questions of a note, or of all notes that the user learns from, that a quiz session can ask."""
    found = select(Question).where(Question.kind.in_(PAGE_KINDS), Question.hidden == false(), is_learnt_by(user_id))
    if note_id is not None:
        found = found.where(Question.note_id == note_id)
    if narrowed.tag is not None:
        tagged = select(question_tag.c.question_id).join(Tag, Tag.id == question_tag.c.tag_id)
        found = found.where(Question.id.in_(tagged.where(Tag.name == narrowed.tag)))
    if narrowed.level is not None:
        found = found.where(Question.level == narrowed.level)
    if narrowed.kind is not None:
        found = found.where(Question.kind == narrowed.kind)
    return found if narrowed.only is None else found.where(_only(narrowed.only, user_id=user_id))


def count(db: Session, *, user: User, note_id: int | None, narrowed: Narrowed) -> int:
    """How many questions these are; above SHOWN_MAX, one more than that."""
    some = drawn_from(user_id=user.id, note_id=note_id, narrowed=narrowed).with_only_columns(Question.id)
    return db.scalar(select(func.count()).select_from(some.limit(SHOWN_MAX + 1).subquery())) or 0


def tags(db: Session, *, user: User) -> list[str]:
    """The tags of all questions that a quiz session can ask, by name."""
    asked = drawn_from(user_id=user.id, note_id=None, narrowed=EVERYTHING).with_only_columns(Question.id)
    tagged = select(Tag.name).join(question_tag, question_tag.c.tag_id == Tag.id)
    return list(db.scalars(tagged.where(question_tag.c.question_id.in_(asked)).distinct().order_by(Tag.name)))


def _only(only: Only, *, user_id: UUID) -> ColumnElement[bool]:
    by_user = select(Attempt.question_id).join(Attempt.quiz_session)
    by_user = by_user.where(QuizSession.user_id == user_id, Attempt.verdict.is_not(None))
    match only:
        case Only.MISSED:
            newest = func.row_number().over(
                partition_by=Attempt.question_id, order_by=(Attempt.answered_at.desc(), Attempt.id)
            )
            each = by_user.add_columns(Attempt.verdict, newest.label("place")).subquery()
            missed = select(each.c.question_id).where(each.c.place == 1, each.c.verdict == Verdict.FAIL)
            return Question.id.in_(missed)
        case Only.UNSEEN:
            reviewed = exists().where(
                Card.question_id == Question.id, Card.user_id == user_id, Card.last_review_at.is_not(None)
            )
            return Question.id.not_in(by_user) & ~reviewed
        case _:
            assert_never(only)
