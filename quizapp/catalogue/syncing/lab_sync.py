"""Brings what was published of labs in the browser into their files, and makes the files of those that have none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import LAB_FILE, LABS_FOLDER
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.editing.lab_authoring import settle_lab
from quizapp.catalogue.formats.markdown.text import decode
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.labs.lab_sources import has_seen_file, lab_called, offered_text
from quizapp.catalogue.models import Lab, LabSource
from quizapp.catalogue.syncing.file_writing import FileChanged, write_new, write_whole


@dataclass(kw_only=True)
class SyncedLabs:
    """What came of it."""

    written: list[Path] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """A sentence for each lab whose text is not in its file."""
    taken: int = 0
    """How many conflicts were settled."""


def sync_labs(
    db: Session, paths: Sequence[Path], *, folder: Path | None, now: datetime, take: TakenSide | None, write: bool
) -> SyncedLabs:
    """Write the texts of the labs at `paths`, and of those without a file into `folder`, the content folder.

    Without `folder` no file is made. Without `write` none is changed; then `db` should be a copy.
    """
    made = SyncedLabs()
    for path in paths:
        lab = lab_called(db, path.parent.name)
        if lab is None:
            continue
        if take is not None:
            made.taken += int(settle_lab(db, lab=lab, take=take, now=now))
        _write(db, lab, path, made, write=write)
    for lab in _without_a_file(db) if folder is not None else ():
        assert folder is not None
        _make(db, lab, folder / LABS_FOLDER / lab.slug / LAB_FILE, made, write=write)
    return made


def unsettled_labs(db: Session, paths: Sequence[Path]) -> Iterator[str]:
    """A sentence for each of these labs that its file and the browser have both changed."""
    for path in paths:
        lab = lab_called(db, path.parent.name)
        source = db.get(LabSource, lab.id) if lab is not None else None
        if lab is not None and source is not None and source.waiting is not None:
            yield f"{path}: the lab was changed in the file and in the browser: {lab.title}"


def _write(db: Session, lab: Lab, path: Path, made: SyncedLabs, *, write: bool) -> None:
    source, text = db.get(LabSource, lab.id), offered_text(db, lab)
    if source is None or source.file is None or source.waiting is not None or text == source.file:
        return
    if not has_seen_file(lab, source.published or source.file):
        made.left.append(f"{path}: the task was changed in the file and in the browser. Publish one text of the lab.")
        return
    try:
        before = path.read_bytes()
        if decode(before) != source.file:
            raise FileChanged(f"{path} was changed meanwhile. Nothing was written; start again.")
        if write:
            write_whole(path, text.encode(), before=before)
    except (FileChanged, OSError, Unreadable) as error:
        made.left.append(str(error))
        return
    if source.published is not None:
        source.published = text  # with what was edited of its question since: the import finds it settled
    made.written.append(path)


def _make(db: Session, lab: Lab, path: Path, made: SyncedLabs, *, write: bool) -> None:
    text = offered_text(db, lab)
    try:
        if write:
            write_new(path, text.encode())
    except OSError as error:
        made.left.append(f"{path} cannot be written: {(error.strerror or 'unknown reason').lower()}.")
        return
    row = db.get(LabSource, lab.id)
    assert row is not None
    row.published = text
    made.written.append(path)


def _without_a_file(db: Session) -> Sequence[Lab]:
    """The labs that are offered and were made in the browser."""
    of_no_file = LabSource.file.is_(None) & LabSource.published.is_not(None)
    rows = select(Lab).join(LabSource, LabSource.lab_id == Lab.id).where(of_no_file, Lab.retired_at.is_(None))
    return db.scalars(rows.order_by(Lab.slug)).all()
