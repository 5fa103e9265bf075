"""The one way to change a lab in the browser: its draft, what is published of it, and older texts of it.

A draft is a text, and may be no lab while it is written. What is published is offered to learners at once, is kept as a
LabRevision, and is a line of the trail; `flask content sync` brings it into the lab's file. The caller commits.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.bounds import SLUG_MAX_CHARS, SLUG_PATTERN
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.labs.lab_import import StoredLab, store_lab
from quizapp.catalogue.labs.lab_sources import LabVersions, keep_versions, lab_called, offered_text, versions_of
from quizapp.catalogue.labs.models import LabDraft, LabRevision, ReleaseGround
from quizapp.catalogue.models import DeedOf, Lab, LabSource, Question, Withheld
from quizapp.catalogue.remits import hold
from quizapp.catalogue.trail import note_down, shortened
from quizapp.catalogue.visibility import Reader
from quizapp.catalogue.yaml_text import YAML_MAX_CHARS
from quizapp.errors import Conflict, Invalid, NotFound

NO_NAME = f"A lab's name has letters a to z, digits and single hyphens between them, {SLUG_MAX_CHARS} at most."
TOO_LONG = f"The text has over {YAML_MAX_CHARS // 1024} KiB. A lab of that length is two labs: split it."


@dataclass(frozen=True, kw_only=True)
class LabText:
    """The text of a lab that its editors see."""

    text: str
    offered: str
    """What learners have; of a lab that was never published, what it began as."""
    is_draft: bool
    """Whether it was saved and not published."""
    is_behind: bool
    """Whether another text was published since the draft was begun."""


class LabTextChanged(Conflict):
    """Somebody has saved the draft, or published, since a text was opened."""

    def __init__(self, now: LabText) -> None:
        super().__init__("Somebody saved this lab while you were editing it. Nothing of yours is lost.")
        self.now = now
        """The text as it is stored now."""


class NothingToPublish(Invalid):
    """Learners have the very text that is to be published."""

    def __init__(self) -> None:
        super().__init__("Learners have this very text already.")


class NotProved(Invalid):
    """The text was not verified, and the owner does not answer for it."""

    title = "Not verified"

    def __init__(self) -> None:
        super().__init__("This text is not verified. Verify it, or let the owner publish it with a reason.")


def lab_to_edit(db: Session, *, slug: str, editor: Reader | None) -> Lab:
    """The lab with this slug, retired or not. Without an editor, for a command, whatever lab it is.

    Raises NotFound, and OutsideRemit for a lab that this editor may not change.
    """
    lab = lab_called(db, slug) if slug.isprintable() else None
    if lab is None:
        raise NotFound("There is no such lab. The list of labs under Content has those there are.")
    if editor is not None:
        hold(db, lab.question, editor)
    return lab


def no_name(text: str) -> str:
    """What is said of a text that is no name of a lab: the rule, and the name that it comes to, if it has one."""
    offered = offered_name(text)
    return f"{NO_NAME} Such as {offered}." if offered else NO_NAME


def offered_name(text: str) -> str:
    """The name of a lab that a text comes to, such as my-first-lab of "My First Lab"; empty without letter or digit."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:SLUG_MAX_CHARS].strip("-")


def make_lab(db: Session, *, slug: str, text: str, editor: Reader, now: datetime, what: DeedOf = DeedOf.MAKE) -> Lab:
    """A lab that no file has, with this text as its draft. Learners do not see it until it is published.

    Raises Invalid for a name that is none or that is taken, BadLab for a text that is no lab, and OutsideRemit for an
    editor who may not change what belongs to no note.
    """
    if len(slug) > SLUG_MAX_CHARS or not re.fullmatch(SLUG_PATTERN, slug):
        raise Invalid(no_name(slug))
    if db.scalar(select(Question.id).where(Question.key == slug)) or lab_called(db, slug) is not None:
        raise Invalid(f"There is a lab or a question called {slug}. Choose another name.")
    store_lab(db, read_lab(text, folder=slug), now=now)
    lab = lab_called(db, slug)
    assert lab is not None  # it was stored just now
    hold(db, lab.question, editor)
    lab.retired_at, lab.question.held = now, Withheld.DRAFT
    keep_versions(db, LabVersions(file=None, published=None), lab_id=lab.id)
    db.add(LabDraft(lab_id=lab.id, text=text, begun_from=offered_text(db, lab), editor_id=editor.id, saved_at=now))
    note_down(db, what=what, words=lab.title, editor=editor, now=now, key=slug)
    return lab


def text_to_edit(db: Session, lab: Lab) -> LabText:
    """The draft of a lab, or without one what is offered."""
    offered, draft = offered_text(db, lab), db.get(LabDraft, lab.id)
    if draft is None:
        return LabText(text=offered, offered=offered, is_draft=False, is_behind=False)
    return LabText(text=draft.text, offered=offered, is_draft=True, is_behind=draft.begun_from != offered)


def save_draft(db: Session, *, lab: Lab, text: str, opened: str, editor: Reader, now: datetime) -> None:
    """Keep a text as the lab's draft; one that is offered already needs none.

    Raises LabTextChanged if the draft, or without one what is offered, is no longer as it was `opened`, and Invalid for
    a text that is too long.
    """
    if len(text) > YAML_MAX_CHARS:
        raise Invalid(TOO_LONG)
    _lock(db, lab)
    stored = text_to_edit(db, lab)
    if stored.text != opened and stored.text != text:
        raise LabTextChanged(stored)
    draft = db.get(LabDraft, lab.id)
    if text == stored.offered:
        if draft is not None:
            db.delete(draft)
    elif draft is None:
        db.add(LabDraft(lab_id=lab.id, text=text, begun_from=stored.offered, editor_id=editor.id, saved_at=now))
    else:
        draft.text, draft.editor_id, draft.saved_at = text, editor.id, now
    db.flush()


def draft_base(db: Session, *, lab: Lab) -> str:
    """The text that the lab's draft was begun from; what is offered if there is no draft."""
    draft = db.get(LabDraft, lab.id)
    return draft.begun_from if draft is not None else offered_text(db, lab)


def rebase_draft(db: Session, *, lab: Lab, offered: str) -> None:
    """Take a draft for one that was begun from the text that is offered now: its editor has seen both."""
    draft = db.get(LabDraft, lab.id, with_for_update=True)
    if draft is not None:
        draft.begun_from = offered
        db.flush()


def discard_draft(db: Session, *, lab: Lab) -> None:
    """Forget the draft. What is offered stays."""
    _lock(db, lab)
    draft = db.get(LabDraft, lab.id)
    if draft is not None:
        db.delete(draft)
        db.flush()


def publish(
    db: Session, *, lab: Lab, text: str, is_proved: bool, word: str = "", editor: Reader, now: datetime
) -> StoredLab:
    """Offer the lab's draft, which is this text, to learners.

    `is_proved` says whether each attempt of this very text had its verdict; without it the owner's `word` says why it
    is published all the same. Raises BadLab with the faults of the text, NotProved, NothingToPublish, and
    LabTextChanged if the draft is another by now or another text was published since it was begun.
    """
    _lock(db, lab)
    stored = text_to_edit(db, lab)
    if stored.text != text or stored.is_behind:
        raise LabTextChanged(stored)
    if text == stored.offered and lab.retired_at is None and not lab.question.edited:
        raise NothingToPublish
    read_lab(text, folder=lab.slug)
    if not is_proved and not word.strip():
        raise NotProved
    if not db.scalar(select(LabRevision.id).where(LabRevision.lab_id == lab.id)) and not _is_gone(lab):
        _keep(db, lab, stored.offered, ground=ReleaseGround.FILE, words="", editor=None, now=now)
    hold(db, lab.question, editor)
    made = _offer(db, lab, text, now=now)
    hold(db, lab.question, editor)  # its concepts say which note it belongs to
    ground = ReleaseGround.PROOF if is_proved else ReleaseGround.WORD
    _keep(db, lab, text, ground=ground, words="" if is_proved else word, editor=editor, now=now)
    words = f"{lab.title}, verified" if is_proved else f"{lab.title}, not verified: {word}"
    note_down(db, what=DeedOf.PUBLISH, words=words, editor=editor, now=now, key=lab.question.key)
    if (draft := db.get(LabDraft, lab.id)) is not None:
        db.delete(draft)
    db.flush()
    return made


def restore_revision(db: Session, *, lab: Lab, revision_id: int, editor: Reader, now: datetime) -> LabRevision:
    """Make an older text the draft, from where it is published as any other. Raises Invalid for no such revision."""
    _lock(db, lab)
    revision = db.get(LabRevision, revision_id)
    if revision is None or revision.lab_id != lab.id:
        raise Invalid("There is no such version of this lab. Its history lists those there are.")
    stored = text_to_edit(db, lab)
    save_draft(db, lab=lab, text=revision.text, opened=stored.text, editor=editor, now=now)
    rebase_draft(db, lab=lab, offered=stored.offered)
    note_down(db, what=DeedOf.VERSION, words=lab.title, editor=editor, now=now, key=lab.question.key)
    return revision


def settle_lab(db: Session, *, lab: Lab, take: TakenSide, now: datetime) -> bool:
    """Take one side of a lab that its file and the browser have both changed. Returns whether there was a choice.

    The file's text is offered as an import would do it. The browser's stays offered, and the next sync writes it.
    """
    source = db.get(LabSource, lab.id, with_for_update=True)
    if source is None or source.waiting is None:
        return False
    if take is TakenSide.FILE:
        lab.question.edited, lab.question.base = False, None
        store_lab(db, read_lab(source.waiting, folder=lab.slug), now=now)
        source.published = None
    source.file, source.waiting = source.waiting, None
    db.flush()
    return True


def _lock(db: Session, lab: Lab) -> None:
    """Read the lab anew and keep its row from others until the transaction ends."""
    db.refresh(lab, with_for_update=True)


def _offer(db: Session, lab: Lab, text: str, *, now: datetime) -> StoredLab:
    """Make a text what learners have."""
    versions, was_gone = versions_of(db, lab_id=lab.id), _is_gone(lab)
    question = lab.question
    question.retired_here = False
    question.edited, question.base, question.held = False, None, None  # the text has what was edited of its question
    made = store_lab(db, read_lab(text, folder=lab.slug), now=now)
    file = None if was_gone else versions.file  # or the next import would miss the file
    kept = LabVersions(file=file, published=None if text == file else text, waiting=versions.waiting)
    keep_versions(db, kept, lab_id=lab.id)
    return made


def _is_gone(lab: Lab) -> bool:
    """Whether no file has it any more, or none yet: it is not offered, and no editor has retired it."""
    return lab.retired_at is not None and not lab.question.retired_here


def _keep(
    db: Session, lab: Lab, text: str, *, ground: ReleaseGround, words: str, editor: Reader | None, now: datetime
) -> None:
    by = editor.id if editor is not None else None
    db.add(LabRevision(lab_id=lab.id, text=text, ground=ground, words=shortened(words), editor_id=by, published_at=now))
    db.flush()
