"""Retires labs in the browser and restores them, deletes drafts that nobody has seen, and makes deleted ones again.

What learners have of a retired lab stays: their cards, their runs, and a run that is open. The caller commits.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.authored_rows import By, lock, record
from quizapp.catalogue.editing.lab_authoring import make_lab, save_draft, text_to_edit
from quizapp.catalogue.labs.lab_sources import LabVersions, keep_versions, lab_called, offered_text, versions_of
from quizapp.catalogue.labs.models import LabRevision
from quizapp.catalogue.models import DeedOf, Lab, Withheld
from quizapp.catalogue.question_shape import shape_of
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Invalid

OFFERED, DRAFT = "lab", "draft"  # in `ContentDeed.kept` of a deleted lab: the text that it began as, and its draft


def is_unseen(db: Session, lab: Lab) -> bool:
    """Whether a lab was made in the browser and no learner can ever have seen it."""
    if lab.retired_at is None or lab.question.held is not Withheld.DRAFT:
        return False
    return db.scalar(select(LabRevision.id).where(LabRevision.lab_id == lab.id).limit(1)) is None


def retire_lab_here(db: Session, *, lab: Lab, editor: Reader, now: datetime) -> bool:
    """Take a lab out of what learners are offered; imports of its file leave it so. Returns whether it was offered."""
    _lock(db, lab, editor)
    if lab.retired_at is not None:
        return False
    question, before = lab.question, shape_of(lab.question)
    lab.retired_at = question.retired_at = now
    question.retired_here = True
    record(db, question, before, what=DeedOf.RETIRE, by=By(editor=editor, now=now))
    return True


def restore_lab(db: Session, *, lab: Lab, editor: Reader, now: datetime) -> bool:
    """Offer a retired lab again, with the text that it had. Returns whether it was retired.

    One whose file is gone belongs to no file from then on. Raises Invalid for one that was never published.
    """
    _lock(db, lab, editor)
    if lab.retired_at is None:
        return False
    if is_unseen(db, lab):
        raise Invalid("This lab was never published, so there is nothing to restore. Publish it instead.")
    question, before = lab.question, shape_of(lab.question)
    if not question.retired_here:
        waiting = versions_of(db, lab_id=lab.id).waiting
        keep_versions(
            db, LabVersions(file=None, published=offered_text(db, lab), waiting=waiting), lab_id=lab.id
        )  # or the next import would miss the file again
    lab.retired_at = question.retired_at = None
    question.retired_here = False
    record(db, question, before, what=DeedOf.RESTORE, by=By(editor=editor, now=now))
    return True


def delete_lab_draft(db: Session, *, lab: Lab, editor: Reader, now: datetime) -> None:
    """Delete a lab that was never published, of which nobody has a run. The trail keeps it, to be made again.

    Raises Invalid for any other.
    """
    _lock(db, lab, editor)
    if not is_unseen(db, lab):
        raise Invalid("Only a lab that was never published can be deleted. Retire this one instead.")
    stored, question = text_to_edit(db, lab), lab.question
    kept = {OFFERED: stored.offered, DRAFT: stored.text}
    note_down(db, what=DeedOf.DELETE, words=lab.title, editor=editor, now=now, key=lab.slug, kept=kept)
    db.delete(lab)
    db.flush()
    db.delete(question)
    db.flush()


def make_lab_again(db: Session, *, kept: Mapping[str, object], slug: str, editor: Reader, now: datetime) -> Lab:
    """A deleted lab as the trail has it, with its draft. Raises Invalid if its name is taken by now."""
    if lab_called(db, slug) is not None:
        raise Invalid("There is a lab with its name again. It may have been made again already.")
    offered, text = str(kept[OFFERED]), str(kept[DRAFT])
    lab = make_lab(db, slug=slug, text=offered, editor=editor, now=now, what=DeedOf.UNDO)
    save_draft(db, lab=lab, text=text, opened=text_to_edit(db, lab).text, editor=editor, now=now)
    return lab


def _lock(db: Session, lab: Lab, editor: Reader) -> None:
    db.refresh(lab, with_for_update=True)
    lock(db, lab.question, editor=editor)
