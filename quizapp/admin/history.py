"""The edits of a question: who changed what, and when. Reads only; `service.save` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.admin.diff import Piece, PieceKind, shortened, word_diff
from quizapp.catalogue.models import Question, QuestionEdit
from quizapp.catalogue.question_wording import Wording, changes, from_json
from quizapp.catalogue.rendering import render_inline

EDITS_PER_PAGE = 20
SOMEBODY = "Somebody whose account is gone"


@dataclass(frozen=True, kw_only=True)
class FieldDiff:
    """A part of a question that differs between two wordings, word by word."""

    label: str
    """The part's name on pages."""
    pieces: Sequence[Piece]

    @property
    def before(self) -> Sequence[Piece]:
        """The older text: the pieces that are the same or gone."""
        return [piece for piece in self.pieces if piece.part is not PieceKind.NEW]

    @property
    def after(self) -> Sequence[Piece]:
        """The newer text: the pieces that are the same or new."""
        return [piece for piece in self.pieces if piece.part is not PieceKind.GONE]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A change made in the browser."""

    who: str
    """The editor's name, or SOMEBODY."""
    at: datetime
    differences: Sequence[FieldDiff]


@dataclass(frozen=True, kw_only=True)
class History:
    """One page of a question's edits, the newest first."""

    key: str
    prompt_html: Markup
    edits: Sequence[Edit]
    page: int
    pages: int


def differences(before: Wording, after: Wording) -> list[FieldDiff]:
    """Every part in which two wordings differ, with its whole text."""
    return [
        FieldDiff(label=change.label, pieces=word_diff(change.before, change.after))
        for change in changes(before, after)
    ]


def last_editor(db: Session, *, question: Question) -> str | None:
    """The name of the editor who made a question's newest change; None if an import made it."""
    last = (
        select(QuestionEdit.id, User.name)
        .outerjoin(User, User.id == QuestionEdit.editor_id)
        .where(QuestionEdit.question_id == question.id, QuestionEdit.edited_at == question.updated_at)
        .order_by(QuestionEdit.id.desc())
    )
    row = db.execute(last).first()
    return None if row is None else row.name or SOMEBODY


def edits_of(db: Session, *, question: Question, page: int) -> History:
    """A page of a question's edits, long unchanged text cut out. A page past the end gives the last one."""
    pages = max(1, ceil(count_edits(db, question) / EDITS_PER_PAGE))
    page = min(max(1, page), pages)
    rows = db.execute(
        select(QuestionEdit, User.name)
        .outerjoin(User, User.id == QuestionEdit.editor_id)
        .where(QuestionEdit.question_id == question.id)
        .order_by(QuestionEdit.id.desc())
        .limit(EDITS_PER_PAGE)
        .offset((page - 1) * EDITS_PER_PAGE)
    )
    edits = [
        Edit(
            who=name or SOMEBODY,
            at=edit.edited_at,
            differences=[
                FieldDiff(label=each.label, pieces=shortened(each.pieces))
                for each in differences(from_json(edit.before), from_json(edit.after))
            ],
        )
        for edit, name in rows
    ]
    return History(key=question.key, prompt_html=render_inline(question.prompt), edits=edits, page=page, pages=pages)


def count_edits(db: Session, question: Question) -> int:
    """How many times a question has been edited in the browser."""
    return db.scalar(select(func.count()).where(QuestionEdit.question_id == question.id)) or 0
