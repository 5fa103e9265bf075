"""Renames a tag over all that has it, merges two, or takes one away, and takes that back. The caller commits.

A tag is in the front matter of a note, and on questions that were tagged in the browser. The first is changed in the
note's text (`note_changes`), the others question by question (`authoring`); all of it is one step of the trail.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.bulk import PART
from quizapp.catalogue.editing.note_changes import (
    OF,
    NewText,
    StepUndone,
    begin_step,
    end_step,
    name_of,
    store_texts,
    undo_step,
)
from quizapp.catalogue.editing.note_text import note_text
from quizapp.catalogue.models import KEY_MAX_CHARS, DeedOf, EditorTag, Note, Question, Tag, question_tag
from quizapp.catalogue.question_wording import tidy_tags
from quizapp.catalogue.remits import OutsideRemit
from quizapp.catalogue.visibility import FOR_ALL, Reader, is_for_all, is_somebodys
from quizapp.errors import Invalid, NotFound

STEPS = (DeedOf.RENAME_TAG, DeedOf.REMOVE_TAG)
AT_ONCE_MAX = 2_000  # questions that were tagged one by one, at 6 to 9 ms each: under 20 s; notes count once


@dataclass(frozen=True, kw_only=True)
class TagCount:
    """A tag, and how many questions have it, those among them that learners do not see too."""

    name: str
    questions: int


@dataclass(frozen=True, kw_only=True)
class TagChanged:
    """What a change of a tag came to."""

    notes: int
    questions: int
    """Those that were changed one by one, beside the notes."""
    name: str | None
    """What the tag is called now; None for one that was taken away."""


def tags_in_use(db: Session) -> Sequence[TagCount]:
    """The tags of what is for all, by name.

    All links are counted, by an index alone, and of them what is not for all or retired, which is the smaller part: to
    look at each tagged question takes ten times as long.
    """
    tag = question_tag.c.tag_id
    links = select(tag, func.count().label("number")).group_by(tag)
    of_questions = select(tag, -func.count()).join(Question, Question.id == question_tag.c.question_id).group_by(tag)
    retired = Question.hidden == true(), Question.retired_at.is_not(None), is_for_all()
    each = union_all(links, of_questions.where(is_somebodys()), of_questions.where(*retired)).subquery()
    number = func.sum(each.c.number)
    counted = select(Tag.name, number).join(each, each.c.tag_id == Tag.id).group_by(Tag.name).having(number > 0)
    return [TagCount(name=name, questions=int(count)) for name, count in db.execute(counted.order_by(Tag.name))]


def rename_tag(
    db: Session, *, name: str, to: str, editor: Reader, now: datetime, commit: Callable[[], None] = lambda: None
) -> TagChanged:
    """Call a tag otherwise in all that has it; into a name that is in use already, the two are one from then on.

    Calls `commit` after every PART questions. Raises Invalid for no name, NotFound, and OutsideRemit for an editor who
    may not change everything.
    """
    wanted = _tag_name(to)
    if wanted == name:
        raise Invalid("It is called that already.")
    return _change(db, name, wanted, what=DeedOf.RENAME_TAG, editor=editor, now=now, commit=commit)


def _tag_name(typed: str) -> str:
    """A tag's name as a note's own are read. Raises Invalid for what would be none, several, or another one."""
    names = tidy_tags(iter([typed.lower().strip().lstrip("#")]))
    if len(names) != 1 or "," in names[0]:
        raise Invalid("Enter one name for the tag, without a comma: a comma stands between two tags.")
    if len(names[0]) > KEY_MAX_CHARS:
        raise Invalid(f"A tag has at most {KEY_MAX_CHARS} characters; this one has {len(names[0])}.")
    return names[0]


def remove_tag(
    db: Session, *, name: str, editor: Reader, now: datetime, commit: Callable[[], None] = lambda: None
) -> TagChanged:
    """Take a tag away from all that has it, as `rename_tag` does."""
    return _change(db, name, None, what=DeedOf.REMOVE_TAG, editor=editor, now=now, commit=commit)


def undo_tag(db: Session, *, step_id: int, editor: Reader, now: datetime) -> StepUndone:
    """Take back what was done to a tag. Raises NotFound, and Conflict if the same lines were changed since."""
    return undo_step(db, step_id=step_id, deeds=STEPS, editor=editor, now=now)


def _change(
    db: Session,
    name: str,
    to: str | None,
    *,
    what: DeedOf,
    editor: Reader,
    now: datetime,
    commit: Callable[[], None],
) -> TagChanged:
    if editor.is_limited:
        raise OutsideRemit("A tag is of questions that others edit as well.")
    tag = db.scalar(select(Tag).where(Tag.name == name))
    if tag is None or not db.scalar(select(func.count()).select_from(_tagged(tag).subquery())):
        raise NotFound("Nothing has this tag any more.")
    step = begin_step(db, what=what, words=name, editor=editor, now=now)
    texts = _texts(db, name, to, editor)
    if texts:
        store_texts(db, texts, editor=editor, now=now, step=step)
    questions = db.scalars(_tagged(tag).order_by(Question.id).limit(AT_ONCE_MAX)).all()
    for number, question in enumerate(questions):
        if number and number % PART == 0:
            commit()
        wording = authoring.wording_of(question)
        tags = {*wording.tags} - {name} | ({to} if to is not None else set())
        wording = replace(wording, tags=tidy_tags(iter(tags)))
        deed = DeedOf.UNTAG if to is None else DeedOf.TAG
        authoring.save(
            db, question=question, wording=wording, rev=question.rev, editor=editor, now=now, what=deed, step_id=step.id
        )
    if to is not None:
        _hand_over(db, tag, to)
    words = f"{name} → {to}" if to is not None else name
    counted = f"notes: {len(texts)}, questions by themselves: {len(questions)}"
    end_step(db, step, words=f"{words}; {counted}", kept={OF: "tags"})
    return TagChanged(notes=len(texts), questions=len(questions), name=to)


def _tagged(tag: Tag) -> Select[Question]:
    of_tag = select(question_tag.c.question_id).where(question_tag.c.tag_id == tag.id)
    return select(Question).where(Question.id.in_(of_tag), is_for_all())


def _texts(db: Session, name: str, to: str | None, editor: Reader) -> list[NewText]:
    """The texts of the notes that have the tag in their front matter, with the other name.

    Raises Invalid for a note whose lines of tags cannot be changed: it would give its questions the old name again.
    """
    from quizapp.catalogue.patches.tag_text import with_tag  # loads the parsers

    rows = select(Note.key).where(FOR_ALL, Note.retired_at.is_(None), Note.source.ilike("%tag%"))
    written = {name, json.dumps(name, ensure_ascii=False)[1:-1], name.replace("'", "''")}  # as YAML may have it
    rows = rows.where(or_(*(Note.source.icontains(one, autoescape=True) for one in sorted(written))))
    rows = rows.order_by(Note.path)
    found = []
    for key in db.scalars(rows).all():
        try:
            note = note_text(db, user=editor, key=key)
        except NotFound:
            continue  # of another tool
        made = with_tag(note.text, name, to, name=name_of(note))
        if made is not None:
            found.append(NewText(note=note, text=made))
    return found


def _hand_over(db: Session, tag: Tag, to: str) -> None:
    """Let those who edit what has a tag edit what has the other one."""
    other = db.scalar(select(Tag).where(Tag.name == to))
    if other is None:
        return
    have = select(EditorTag.user_id).where(EditorTag.tag_id == other.id)
    for row in db.scalars(select(EditorTag).where(EditorTag.tag_id == tag.id, EditorTag.user_id.not_in(have))).all():
        db.add(EditorTag(user_id=row.user_id, tag_id=other.id))
    db.execute(delete(EditorTag).where(EditorTag.tag_id == tag.id))
    db.flush()
