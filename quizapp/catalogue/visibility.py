"""Who sees which note, and with it the note's sections, concepts and questions. No other place says it.

A note without an owner is for all. A learner's own note is seen by its owner alone, and, once the owner has offered it
to all, read by editors too, who may then publish it: it has no owner any more.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, false, or_, select

from quizapp.catalogue.models import OPERATOR, Note, Question


class Reader(Protocol):
    """Whoever reads the catalogue."""

    @property
    def id(self) -> UUID: ...

    @property
    def is_editor(self) -> bool: ...

    @property
    def is_limited(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Operator:
    """Whoever works at the machine, as one who changes content: by its commands, and by the files they import."""

    id: UUID = OPERATOR
    is_editor: bool = True
    is_limited: bool = False


FOR_ALL = Note.owner_id.is_(None)


def learnt_by(user_id: UUID | BindParameter[UUID]) -> ColumnElement[bool]:
    """The condition that a note is among those that a user learns from: those for all, and the user's own."""
    return or_(FOR_ALL, Note.owner_id == user_id)


def read_by(user: Reader) -> ColumnElement[bool]:
    """The condition that `user` may read a note: also one that a learner offers, if the user is an editor."""
    return or_(learnt_by(user.id), offered_to(user))


def offered_to(user: Reader) -> ColumnElement[bool]:
    """The condition that a learner offers a note and `user` is an editor of all notes, who may publish it."""
    offered = Note.owner_id.is_not(None) & Note.offered_at.is_not(None)
    return offered if user.is_editor and not user.is_limited else false()


def owned_by(owner: UUID | None) -> ColumnElement[bool]:
    """The condition that a note is this learner's own; None: that it is for all. Also of a row without a note."""
    return Note.owner_id.is_not_distinct_from(owner)


def is_learnt_by(user_id: UUID, *, note_id: ColumnElement[int | None] | None = None) -> ColumnElement[bool]:
    """The condition that a question is of a note of `learnt_by`, or of none; `note_id` says of which if rows do."""
    return _is_not_of(select(Note.id).where(Note.owner_id != user_id).scalar_subquery(), note_id)


def is_for_all() -> ColumnElement[bool]:
    """The condition that a question is of a note for all, or of none."""
    return _is_not_of(select(Note.id).where(~FOR_ALL).scalar_subquery())


def is_somebodys() -> ColumnElement[bool]:
    """The condition that a question is of a learner's own note: what `is_for_all` is not, found note by note."""
    return Question.note_id.in_(select(Note.id).where(~FOR_ALL).scalar_subquery())


def _is_not_of(notes: ScalarSelect[int], note_id: ColumnElement[int | None] | None = None) -> ColumnElement[bool]:
    """The condition that a question is of none of `notes`, which are few: the database reads them once."""
    of = Question.note_id if note_id is None else note_id
    return or_(of.is_(None), of.not_in(notes))
