"""Change a question in the browser, and take a change back.

No save overwrites another one unseen, every change is stored as a QuestionEdit, and learners' cards do not change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.models import CHOICE_KINDS, EXPECTING_KINDS, Choice, Question, QuestionEdit, Tag, Unsettled
from quizapp.catalogue.picture_rows import show_also
from quizapp.catalogue.question_wording import (
    ChoiceWording,
    Wording,
    changes,
    faults,
    from_json,
    tidy,
    tidy_lines,
    tidy_tags,
    to_json,
)
from quizapp.catalogue.store.question_store import as_json, content_from, served
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict, Invalid


class Unfit(Invalid):
    """A wording that breaks a rule. `faults` has a sentence for each field that is wrong."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = faults


class ChangedMeanwhile(Conflict):
    """The question has been saved, here or by an import, since the editor opened it."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a save did."""

    changed: Sequence[str]
    """The names of the parts that were changed; empty if nothing was written."""
    ended_draft: bool
    """Whether the question was a draft and can now be asked."""
    edit_id: int | None = field(default=None, compare=False)
    """The id of the QuestionEdit; None if nothing was written."""


def wording_of(question: Question) -> Wording:
    """The stored values of a question that the editor shows."""
    return Wording(
        prompt=tidy(question.prompt),
        answer=tidy(question.answer),
        must=tidy_lines(iter(question.must)),
        bonus=tidy_lines(iter(question.bonus)),
        red_flags=tidy_lines(iter(question.red_flags)),
        choices=tuple(
            ChoiceWording(id=choice.id, text=tidy(choice.text), right=choice.right, why=tidy(choice.why))
            for choice in question.choices
        ),
        hints=tidy_lines(iter(question.hints)),
        expected=question.expected.source if question.expected is not None else "",
        level=question.level,
        source_url=question.source_url or "",
        as_of=question.as_of or "",
        tags=tidy_tags(tag.name for tag in question.tags),
    )


def save(db: Session, *, question: Question, wording: Wording, rev: int | None, editor: Reader, now: datetime) -> Saved:
    """Store `wording` in the question, if `rev`, the revision that the editor opened, is still the newest.

    Writes nothing if nothing differs. Locks the question's row until the transaction ends. Raises ChangedMeanwhile for
    an older `rev`, and Unfit for a wording that breaks a rule.
    """
    db.refresh(question, with_for_update=True)  # of two saves at once, the second waits and reads the first one's rev
    before = wording_of(question)
    if before == wording:
        return Saved(changed=[], ended_draft=False)
    if rev != question.rev:
        raise ChangedMeanwhile("Somebody saved this question while you were editing it. Nothing of yours is lost.")
    found = faults(wording, question.kind, draft=question.draft)
    if wording.as_of == before.as_of:
        found.pop("as_of", None)  # a file may say more than a date; another change need not mend that
    found = found or _foreign(before, wording)
    if found:
        raise Unfit(found)
    was_draft = question.draft
    if not question.edited:
        question.base = as_json(served(question))
    _write(db, question, before, wording)
    question.rev += 1
    question.edited = True
    question.updated_at = now
    db.flush()
    after = wording_of(question)
    show_also(db, user=editor, note_id=question.note_id, text=str(to_json(after)))
    edit = QuestionEdit(
        question_id=question.id, editor_id=editor.id, edited_at=now, before=to_json(before), after=to_json(after)
    )
    db.add(edit)
    db.flush()
    return Saved(
        changed=[change.label for change in changes(before, after)],
        ended_draft=was_draft and not question.draft,
        edit_id=edit.id,
    )


def take_back(db: Session, *, edit_id: int, editor: Reader, now: datetime) -> bool:
    """Give a question back what an edit changed of it, by another edit; returns whether it has all of it again.

    A part that was changed again since stays as it is; so does the whole question if it would break a rule. Of tags
    those come back that were taken, and those go that were added. A question that is as in its file again counts as
    not edited.
    """
    edit = db.get(QuestionEdit, edit_id)
    if edit is None:
        return False
    question = db.get_one(Question, edit.question_id)
    db.refresh(question, with_for_update=True)
    before, after, now_there = from_json(edit.before), from_json(edit.after), wording_of(question)
    tags = {*now_there.tags} - ({*after.tags} - {*before.tags}) | ({*before.tags} - {*after.tags})
    changed = [part.name for part in fields(Wording) if getattr(before, part.name) != getattr(after, part.name)]
    same = [name for name in changed if getattr(now_there, name) == getattr(after, name)]
    back = {name: getattr(before, name) for name in same}
    wanted = replace(now_there, **{**back, "tags": tidy_tags(iter(tags))})
    try:
        save(
            db,
            question=question,
            wording=wanted.without_lost_choices(now_there),
            rev=question.rev,
            editor=editor,
            now=now,
        )
    except Unfit:
        return False
    if _is_as_in_file(db, question):
        question.edited, question.base = False, None
    return all(name in same or name == "tags" for name in changed)


def _is_as_in_file(db: Session, question: Question) -> bool:
    """Whether an edited question has the content again that its file last had, and the tags from before its edits.

    False where that is unknown, or where an editor is still to choose between the file and the question.
    """
    base = question.base
    if base is None or content_from(base) != served(question) or db.get(Unsettled, question.id) is not None:
        return False
    now_there = first = wording_of(question).tags
    edits = select(QuestionEdit).where(QuestionEdit.question_id == question.id).order_by(QuestionEdit.id.desc())
    for edit in db.scalars(edits):
        if from_json(edit.after).tags != first:
            break  # an import has set them between this edit and the next one
        first = from_json(edit.before).tags
    return first == now_there


def _foreign(before: Wording, after: Wording) -> dict[str, str]:
    """A fault if `after` has an option that the question does not have, or has one of its options twice."""
    own = {choice.id for choice in before.choices}
    named = [choice.id for choice in after.choices if choice.id is not None]
    if own.issuperset(named) and len(set(named)) == len(named):
        return {}
    return {"choices": "These are not this question's options. Reload the page and make the change again."}


def _write(db: Session, question: Question, before: Wording, after: Wording) -> None:
    """Set only the texts that differ, so that text that was not edited keeps every byte that was read from the file."""
    if after.prompt != before.prompt:
        question.prompt = after.prompt
    if after.answer != before.answer:
        question.answer = after.answer
    if after.must != before.must:
        question.must = list(after.must)
    if after.bonus != before.bonus:
        question.bonus = list(after.bonus)
    if after.red_flags != before.red_flags:
        question.red_flags = list(after.red_flags)
    if after.choices != before.choices:
        _write_choices(question, before.choices, after.choices)
    if after.hints != before.hints:
        question.hints = list(after.hints)
    if after.expected != before.expected:
        question.expected = read(question.kind.value, after.expected)
    if after.tags != before.tags:
        question.tags = [_tag(db, name) for name in after.tags]
    question.level = after.level
    question.source_url = after.source_url or None
    question.as_of = after.as_of or None
    if question.kind in (*CHOICE_KINDS, *EXPECTING_KINDS) or after.answer:
        question.draft = False


def _write_choices(question: Question, before: Sequence[ChoiceWording], after: Sequence[ChoiceWording]) -> None:
    """Change options in place: their ids stay, since running quiz sessions refer to them."""
    rows = {choice.id: choice for choice in question.choices}
    old = {choice.id: choice for choice in before}
    # SQLAlchemy inserts rows before it deletes others, so a new option may not take the position of a removed one.
    position = max((choice.position for choice in question.choices), default=0)
    kept = []
    for wording in after:
        if wording.id is None:
            position += 1
            kept.append(Choice(position=position, text=wording.text, right=wording.right, why=wording.why))
            continue
        row = rows[wording.id]
        if wording != old[wording.id]:
            row.text, row.right, row.why = wording.text, wording.right, wording.why
        kept.append(row)
    question.choices = kept


def _tag(db: Session, name: str) -> Tag:
    """The tag called `name`, made if there is none; another transaction's tag if that makes it at the same time."""
    found = db.scalar(select(Tag).where(Tag.name == name))
    if found is not None:
        return found
    try:
        with db.begin_nested():
            tag = Tag(name=name)
            db.add(tag)
        return tag
    except IntegrityError:
        return db.scalars(select(Tag).where(Tag.name == name)).one()
