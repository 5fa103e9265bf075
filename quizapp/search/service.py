"""What is done with all that a search has found; `undoing.undo` takes it back. The caller commits."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.models import Question
from quizapp.catalogue.question_wording import tidy_tags
from quizapp.catalogue.remits import edited_by
from quizapp.catalogue.visibility import is_for_all
from quizapp.errors import Invalid
from quizapp.review import deeds
from quizapp.review.models import DeedKind

TAGGED_MAX = 300  # questions in one step: it takes about a second, in which nobody else can write on SQLite


class Action(StrEnum):
    """What can be done with cards."""

    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    UNBURY = "unbury"
    FLAG = "flag"
    DUE = "due"
    RESET = "reset"
    RELEASE = "release"


SAID = {
    Action.SUSPEND: "suspended",
    Action.UNSUSPEND: "back in turn",
    Action.BURY: "buried until tomorrow",
    Action.UNBURY: "back at once",
    Action.FLAG: "flagged",
    Action.DUE: "set due",
    Action.RESET: "new again",
    Action.RELEASE: "no leeches any more",
}


def act(db: Session, *, user: User, action: Action, card_ids: Sequence[UUID], number: int, now: datetime) -> int:
    """Do something with cards in one step; returns how many were changed.

    `number` is the flag, or the days until they are due; other actions take no notice of it. Raises Invalid for a wrong
    number or too many cards, NotFound for a card that is not the user's.
    """
    match action:
        case Action.SUSPEND:
            return deeds.suspend(db, user=user, card_ids=card_ids, now=now)
        case Action.UNSUSPEND:
            return deeds.unsuspend(db, user=user, card_ids=card_ids, now=now)
        case Action.BURY:
            return deeds.bury(db, user=user, card_ids=card_ids, now=now)
        case Action.UNBURY:
            return deeds.unbury(db, user=user, card_ids=card_ids, now=now)
        case Action.FLAG:
            return deeds.flag(db, user=user, card_ids=card_ids, flag=number, now=now)
        case Action.DUE:
            return deeds.reschedule(db, user=user, card_ids=card_ids, days=number, now=now)
        case Action.RESET:
            return deeds.reset(db, user=user, card_ids=card_ids, now=now)
        case Action.RELEASE:
            return deeds.release(db, user=user, card_ids=card_ids, now=now)
        case _:
            assert_never(action)


def tag(db: Session, *, editor: User, question_ids: Collection[int], name: str, adds: bool, now: datetime) -> int:
    """Give questions a tag, or with `adds` False take it away, in one step; returns how many were changed.

    Questions of learners' own notes are left out, and those that the editor may not change. Raises Invalid for no name,
    or one that is too long, and for too many questions.
    """
    wanted = tidy_tags(iter([name]))
    if not wanted:
        raise Invalid("Enter the tag.")
    if len(question_ids) > TAGGED_MAX:
        raise Invalid(f"At most {TAGGED_MAX} questions can be tagged at once. Search for fewer.")
    asked = select(Question).where(Question.id.in_(question_ids), is_for_all(), edited_by(editor)).order_by(Question.id)
    edits = {}
    for question in db.scalars(asked).all():
        saved = _tagged(db, question, {*wanted}, adds=adds, editor=editor, now=now)
        if saved.edit_id is not None:
            edits[saved.edit_id] = question.id
    if edits:
        deeds.change_texts(db, user=editor, kind=DeedKind.TAG, edits=edits, now=now)
    return len(edits)


def _tagged(
    db: Session, question: Question, names: set[str], *, adds: bool, editor: User, now: datetime
) -> authoring.Saved:
    before = authoring.wording_of(question)
    tags = {*before.tags} | names if adds else {*before.tags} - names
    wording = replace(before, tags=tidy_tags(iter(tags)))
    return authoring.save(db, question=question, wording=wording, rev=question.rev, editor=editor, now=now)
