"""What an editor may change: all that is for all, or the notes and tags alone that an owner has named for them.

No other place says it. Each change of a question is held to it before and after (`authored_rows`), each import of what
a browser sent (`RemitOfImport`), and each list of what can be changed is narrowed by it. An editor of a note changes
its text and all of its questions; an editor of a tag the questions that have it, in whatever note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, func, or_, select, true
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Concept, EditorNote, EditorTag, Note, Question, Section, Tag, question_tag
from quizapp.catalogue.visibility import FOR_ALL, Reader
from quizapp.errors import Forbidden, Invalid

NAMED_MAX = 200  # notes and tags of one editor; more of them are better told by a tag


class OutsideRemit(Forbidden):
    """What somebody else edits."""

    title = "Not yours to edit"

    def __init__(self, said: str = "This is not among the notes and tags that you edit.") -> None:
        super().__init__(f"{said} An owner says which these are.")


@dataclass(frozen=True, kw_only=True)
class Remit:
    """What is named for a limited editor."""

    notes: Sequence[str] = ()
    """The keys of notes."""
    tags: Sequence[str] = ()


def edited_by(editor: Reader) -> ColumnElement[bool]:
    """The condition that a question, which is for all, is one that this person may change."""
    if not editor.is_editor:
        return false()
    if not editor.is_limited:
        return true()
    notes = select(EditorNote.note_id).where(EditorNote.user_id == editor.id)
    tagged = select(question_tag.c.question_id).join(EditorTag, EditorTag.tag_id == question_tag.c.tag_id)
    return or_(Question.note_id.in_(notes), Question.id.in_(tagged.where(EditorTag.user_id == editor.id)))


def notes_edited_by(editor: Reader) -> ColumnElement[bool]:
    """The condition that this person may change a note, which is for all, as a whole."""
    if not editor.is_editor:
        return false()
    if not editor.is_limited:
        return true()
    return Note.id.in_(select(EditorNote.note_id).where(EditorNote.user_id == editor.id))


def holds_questions_of(editor: Reader) -> ColumnElement[bool]:
    """The condition that this person may put questions into a note: into any one with a tag that is named for them."""
    if not editor.is_limited:
        return notes_edited_by(editor)
    return or_(notes_edited_by(editor), select(EditorTag.tag_id).where(EditorTag.user_id == editor.id).exists())


def may_edit(db: Session, *, editor: Reader, question_id: int) -> bool:
    """Whether this person may change a question for all. Asks the database for a limited editor alone."""
    if not editor.is_editor or not editor.is_limited:
        return editor.is_editor
    return db.scalar(select(Question.id).where(Question.id == question_id, edited_by(editor))) is not None


def may_edit_note(db: Session, *, editor: Reader, note_id: int) -> bool:
    """Whether this person may change a note for all as a whole. Asks the database for a limited editor alone."""
    if not editor.is_editor or not editor.is_limited:
        return editor.is_editor
    return db.scalar(select(Note.id).where(Note.id == note_id, notes_edited_by(editor))) is not None


def hold(db: Session, question: Question, editor: Reader) -> None:
    """Raise OutsideRemit if this person may not change a question as it is stored now."""
    db.flush()
    if not may_edit(db, editor=editor, question_id=question.id):
        raise OutsideRemit


def hold_note(db: Session, note: Note, editor: Reader) -> None:
    """Raise OutsideRemit if this person may not change a note for all as a whole."""
    if not may_edit_note(db, editor=editor, note_id=note.id):
        raise OutsideRemit


def remit_of(db: Session, *, user_id: UUID) -> Remit:
    """What is named for somebody, in the order of titles and names."""
    notes = select(Note.key).join(EditorNote, EditorNote.note_id == Note.id).where(EditorNote.user_id == user_id)
    tags = select(Tag.name).join(EditorTag, EditorTag.tag_id == Tag.id).where(EditorTag.user_id == user_id)
    return Remit(
        notes=db.scalars(notes.order_by(Note.title, Note.id)).all(), tags=db.scalars(tags.order_by(Tag.name)).all()
    )


def set_remit(db: Session, *, user_id: UUID, remit: Remit) -> None:
    """Name what somebody may change, in place of what was named before.

    Raises Invalid for a note or tag that is not there, and for more than NAMED_MAX.
    """
    notes, tags = dict.fromkeys(remit.notes), dict.fromkeys(remit.tags)
    if len(notes) + len(tags) > NAMED_MAX:
        raise Invalid(f"At most {NAMED_MAX} notes and tags can be named for one editor.")
    note_ids = dict(db.execute(select(Note.key, Note.id).where(Note.key.in_(notes), FOR_ALL)).all())
    tag_ids = dict(db.execute(select(Tag.name, Tag.id).where(Tag.name.in_(tags))).all())
    if unknown := [*(key for key in notes if key not in note_ids), *(name for name in tags if name not in tag_ids)]:
        raise Invalid(f"There is no note for all, or no tag, called {', '.join(unknown)}.")
    forget(db, user_id=user_id)
    db.add_all(EditorNote(user_id=user_id, note_id=note_ids[key]) for key in notes)
    db.add_all(EditorTag(user_id=user_id, tag_id=tag_ids[name]) for name in tags)
    db.flush()


def forget(db: Session, *, user_id: UUID) -> None:
    """Let nothing be named for somebody."""
    db.execute(delete(EditorNote).where(EditorNote.user_id == user_id))
    db.execute(delete(EditorTag).where(EditorTag.user_id == user_id))


class RemitOfImport:
    """Holds the import of one note to the remit of whoever sent it: made before the note is stored, asked after.

    A file says by its ids and its name which note it is and which items it has, so what it changes is seen afterwards.
    What comes from another note of the same editor is theirs.
    """

    def __init__(self, db: Session, editor: Reader, *, path: str, key: str | None) -> None:
        """`path` and `key` are the Note.path and, if the file says one, the Note.key of what is about to be stored."""
        self._db, self._editor = db, editor
        called = or_(Note.path == path, Note.key == key) if key is not None else Note.path == path
        self._notes = db.scalars(select(Note.id).where(called)).all()
        self._newest = [db.scalar(select(func.max(model.id))) or 0 for model in (Question, Concept)]
        own = db.scalars(select(EditorNote.note_id).where(EditorNote.user_id == editor.id)).all()
        questions, concepts = self._items([*self._notes, *own])
        of_no_note = db.scalars(select(Concept.id).where(Concept.section_id.is_(None)))
        self._had = questions, concepts.union(of_no_note)  # so that what they move is taken from nobody

    def why_not(self, note_id: int) -> str | None:
        """Why what was stored as this note must be taken back; None if it need not."""
        if not all(may_edit_note(self._db, editor=self._editor, note_id=one) for one in (*self._notes, note_id)):
            return f"{OutsideRemit('This note is not among those that you edit.')}"
        for newest, had, has in zip(self._newest, self._had, self._items([note_id]), strict=True):
            if any(found <= newest for found in has - had):
                return f"{OutsideRemit('It takes an item of another note, which is not among those that you edit.')}"
        return None

    def _items(self, notes: Sequence[int]) -> tuple[set[int], set[int]]:
        """The ids of the questions and of the concepts of these notes."""
        concepts = select(Concept.id).join(Section).where(Section.note_id.in_(notes))
        return (
            {*self._db.scalars(select(Question.id).where(Question.note_id.in_(notes)))},
            {*self._db.scalars(concepts)},
        )
