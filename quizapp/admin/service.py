"""Which questions and notes an editor changes; `catalogue.editing.authoring` changes them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import KEY_MAX_CHARS, Note, Question
from quizapp.catalogue.remits import OutsideRemit, edited_by, hold_note, remit_of
from quizapp.catalogue.visibility import FOR_ALL, Reader, is_for_all
from quizapp.errors import NotFound


def question_by_key(db: Session, *, key: str, editor: Reader) -> Question:
    """The question with this key, retired or not, if the editor may change it. Raises NotFound."""
    usable = len(key) <= KEY_MAX_CHARS and key.isprintable()  # PostgreSQL refuses to compare with a NUL
    question = (
        db.scalar(select(Question).where(Question.key == key, is_for_all(), edited_by(editor))) if usable else None
    )
    if question is None:
        raise NotFound("There is no such question. Look for its words in the list: it has all that you edit.")
    return question


def note_by_key(db: Session, *, key: str, editor: Reader) -> Note:
    """The note for all with this key, retired or not. Raises NotFound, and OutsideRemit for one of other editors."""
    usable = len(key) <= KEY_MAX_CHARS and key.isprintable()  # as above
    note = db.scalar(select(Note).where(Note.key == key, FOR_ALL)) if usable else None
    if note is None:
        raise NotFound("There is no such note for all. The list of notes has those there are.")
    hold_note(db, note, editor)
    return note


def tag_to_keep(db: Session, outside: OutsideRemit, *, editor: Reader, is_new: bool = False) -> dict[str, str]:
    """What to say at the tags of a question that would be none of this editor's as it was typed: field -> sentence.

    Of one that `is_new` what else to choose. Raises `outside` again if no tag would help.
    """
    tags = remit_of(db, user_id=editor.id).tags
    if not tags and is_new:
        return {
            "prompt": "Choose one of your notes above, and press Change these: it is among no others that you edit."
        }
    if not tags:
        raise outside
    of = f"the tag {tags[0]}" if len(tags) == 1 else f"one of the tags {', '.join(tags)}"
    return {"tags": f"Add {of}: without it this is not among the questions that you edit."}
