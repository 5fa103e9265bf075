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
from quizapp.admin.trail import DEED_WORDS, SOMEBODY, who_is
from quizapp.catalogue import question_wording
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import OPERATOR, ContentDeed, Question, QuestionEdit
from quizapp.catalogue.question_shape import QuestionShape, changes, from_json, shape_of
from quizapp.catalogue.question_wording import Wording

EDITS_PER_PAGE = 20


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
    """A change made in the browser or by an import."""

    id: int
    what: str
    """What was done, such as "edited"."""
    restores: bool
    """Whether the texts that it left, or the kind, are others than now."""
    has_before: bool
    """Whether there are texts from before it: not if it made the question."""
    who: str
    """The editor's name, or SOMEBODY."""
    at: datetime
    differences: Sequence[FieldDiff]


@dataclass(frozen=True, kw_only=True)
class History:
    """One page of a question's edits, the newest first."""

    key: str
    rev: int
    prompt_html: Markup
    edits: Sequence[Edit]
    page: int
    pages: int


def differences(before: Wording, after: Wording) -> list[FieldDiff]:
    """Every part in which two wordings differ, with its whole text."""
    return [
        FieldDiff(label=change.label, pieces=word_diff(change.before, change.after))
        for change in question_wording.changes(before, after)
    ]


def last_editor(db: Session, *, question: Question) -> str | None:
    """The name of the editor who made a question's newest change; None if an import of files made it."""
    last = (
        select(QuestionEdit.id, User.name)
        .outerjoin(User, User.id == QuestionEdit.editor_id)
        .where(QuestionEdit.question_id == question.id, QuestionEdit.edited_at == question.updated_at)
        .where(QuestionEdit.editor_id != OPERATOR)
        .order_by(QuestionEdit.id.desc())
    )
    row = db.execute(last).first()
    return None if row is None else row.name or SOMEBODY


def edits_of(db: Session, *, question: Question, page: int) -> History:
    """A page of a question's edits, long unchanged text cut out. A page past the end gives the last one."""
    pages = max(1, ceil(count_edits(db, question) / EDITS_PER_PAGE))
    page = min(max(1, page), pages)
    now = shape_of(question)
    rows = db.execute(
        select(QuestionEdit, User.name, ContentDeed.what)
        .outerjoin(User, User.id == QuestionEdit.editor_id)
        .outerjoin(ContentDeed, ContentDeed.edit_id == QuestionEdit.id)
        .where(QuestionEdit.question_id == question.id)
        .order_by(QuestionEdit.id.desc())
        .limit(EDITS_PER_PAGE)
        .offset((page - 1) * EDITS_PER_PAGE)
    )
    edits = [
        _edit(edit, who=who_is(name, edit.editor_id), what=DEED_WORDS.get(what, "edited"), now=now)
        for edit, name, what in rows
    ]
    prompt = render_inline(question.prompt)
    return History(key=question.key, rev=question.rev, prompt_html=prompt, edits=edits, page=page, pages=pages)


def _edit(edit: QuestionEdit, *, who: str, what: str, now: QuestionShape) -> Edit:
    after = from_json(edit.after, like=now)
    parts = changes(from_json(edit.before, like=now), after) if edit.before else []
    return Edit(
        id=edit.id,
        what=what,
        restores=(after.kind, after.wording.without_lost_choices(now.wording)) != (now.kind, now.wording),
        has_before=bool(edit.before),
        who=who,
        at=edit.edited_at,
        differences=[
            FieldDiff(label=each.label, pieces=shortened(word_diff(each.before, each.after))) for each in parts
        ],
    )


def count_edits(db: Session, question: Question) -> int:
    """How many times a question has been edited, in the browser or by an import."""
    return db.scalar(select(func.count()).where(QuestionEdit.question_id == question.id)) or 0
