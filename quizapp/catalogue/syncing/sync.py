"""Brings note files and the catalogue in line: what changed on one side is taken over by the other.

The last common state is what the file said at its last import. What both have changed waits for an editor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from quizapp.catalogue.content_files import LAB_FILE, name_of
from quizapp.catalogue.editing.browser_texts import settle_in_copy, unsettled_texts
from quizapp.catalogue.editing.conflict_settling import TakenSide, decide, disputed_of, settle, unsettled
from quizapp.catalogue.editing.note_changes import settle_text
from quizapp.catalogue.exporting.markdown_out import markdown_of
from quizapp.catalogue.importing.service import import_paths
from quizapp.catalogue.models import Note, NoteHere
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.syncing.file_writing import FileChanged, write_whole
from quizapp.catalogue.syncing.lab_sync import sync_labs, unsettled_labs
from quizapp.catalogue.visibility import Operator


@dataclass(kw_only=True)
class Synced:
    """What came of it."""

    reports: list[FileReport]
    """On the import of the files."""
    written: dict[str, int] = field(default_factory=dict)
    """How many edits were written into each file, by its path."""
    left: list[str] = field(default_factory=list)
    """A sentence for each edit that is not in its file."""
    conflicts: list[str] = field(default_factory=list)
    """A sentence for each question that waits for an editor."""
    taken: int = 0
    """How many of those were settled by `take`."""


def sync(
    db: Session,
    paths: Sequence[Path],
    *,
    root: Path,
    now: datetime,
    consent: Consent,
    take: TakenSide | None,
    write: bool = True,
) -> Synced:
    """Import the files, settle what `take` says, and write into them what was edited in the browser.

    Commits after each file. Without `write` no file is changed; then `db` should be a copy.
    """
    made = Synced(reports=import_paths(db, paths, root=root, now=now, settle=db.commit, consent=consent))
    files = {name_of(Path(one.path), root=root): Path(one.path) for one in made.reports if one.error is None}
    labs = [path for path in files.values() if path.name == LAB_FILE and path.is_file()]
    if take is not None:
        made.taken += _take(db, list(files), take=take, now=now, write=write)
        db.commit()
    changed = [path for name, path in files.items() if _write_back(db, name, path, made, write=write)]
    folder = root if any(path.resolve() == root.resolve() for path in paths) else None
    of_labs = sync_labs(db, labs, folder=folder, now=now, take=take, write=write)
    made.taken += of_labs.taken
    made.left += of_labs.left
    made.written |= {str(path): 1 for path in of_labs.written}
    db.commit()
    changed += of_labs.written
    if changed and write:
        import_paths(db, changed, root=root, now=now, settle=db.commit)
    for question in unsettled(db, paths=list(files)):
        where = question.note.path if question.note is not None else ""
        made.conflicts.append(f"{where}: {question.key} was changed in the file and in the browser: {question.prompt}")
    for key in unsettled_texts(db, paths=list(files)):
        made.conflicts.append(f"the text of the note {key} was changed in the file and in the browser")
    made.conflicts += unsettled_labs(db, labs)
    return made


def _take(db: Session, names: Sequence[str], *, take: TakenSide, now: datetime, write: bool) -> int:
    """Take one side of what waits for an editor in these notes; returns how many things. A copy has no trail."""
    questions, texts = unsettled(db, paths=names), unsettled_texts(db, paths=names)
    for question in questions:
        if write:
            decide(db, question, take=take, editor=Operator(), now=now)
        else:
            settle(db, question, take=take, now=now)
    for key in texts:
        if write:
            settle_text(db, key=key, take=take, editor=Operator(), now=now)
        else:
            settle_in_copy(db, key=key, take=take)
    return len(questions) + len(texts)


def _write_back(db: Session, name: str, path: Path, made: Synced, *, write: bool) -> bool:
    """Write the edits of one note into its file; returns whether there were any."""
    note = db.scalar(select(Note).options(undefer(Note.exact)).where(Note.path == name, Note.retired_at.is_(None)))
    if note is None:
        return False
    here = db.get(NoteHere, note.id)
    if here is not None and here.waiting is not None:
        return False  # it is told of as a conflict
    text = note.exact or note.source
    file = markdown_of(db, note, text=text, disputed=disputed_of(db, note_id=note.id), in_place=True)
    if not file.is_markdown:
        return False
    made.left += file.left_out
    if not file.written and here is None:
        return False
    try:
        if write:
            write_whole(path, file.data, before=(here.file if here is not None else text).encode())
    except (FileChanged, OSError) as error:
        made.left.append(str(error))
        return False
    made.written[str(path)] = len(file.written) + (here is not None)
    return True
