"""Gives the items of note files the ids that the catalogue knows them by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import NOTES, FileKind, find, name_of, read
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.importing.service import import_paths
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.item_keys import keys_of
from quizapp.catalogue.models import Note
from quizapp.catalogue.patches.id_comments import with_ids
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.syncing.file_writing import write_whole


@dataclass(frozen=True, kw_only=True)
class NamedFile:
    """What became of a file."""

    path: str
    count: int = 0
    """How many ids were written, or would be."""
    without: Sequence[int] = ()
    """See `WrittenIds.without`."""
    warnings: Sequence[str] = ()
    """What an import says about ids in the file: twice there, of another note, of a lab."""
    error: str | None = None


def write_ids(db: Session, paths: Sequence[Path], *, root: Path, now: datetime, write: bool) -> list[NamedFile]:
    """Write into each note the ids that an import gives to its items. Stores nothing in the catalogue.

    Imports on a copy: what is stored keeps its id, and what is new gets the one that the next import gives it. Without
    `write` no file is changed.
    """
    with rehearsal(db) as copy:
        reports = {report.path: report for report in import_paths(copy, paths, root=root, now=now)}
        return [_named(copy, file, reports, root=root, write=write) for file in _note_files(paths)]


def _note_files(paths: Sequence[Path]) -> Iterator[Path]:
    seen = set()
    for path in paths:
        for file in find(path):
            if file.kind is FileKind.NOTE and file.path.suffix.lower() in NOTES and file.path not in seen:
                seen.add(file.path)
                yield file.path


def _named(copy: Session, path: Path, reports: dict[str, FileReport], *, root: Path, write: bool) -> NamedFile:
    report = reports.get(str(path))
    if report is not None and report.error is not None:
        return NamedFile(path=str(path), error=report.error)
    note = copy.scalar(select(Note).where(Note.path == name_of(path, root=root), Note.retired_at.is_(None)))
    if note is None:
        return NamedFile(path=str(path))
    try:
        before = read(next(iter(find(path))))
        made = with_ids(before, keys_of(copy, note), name=path.stem)
        if write and made.count:
            write_whole(path, made.data, before=before)
    except (Unreadable, OSError) as error:
        return NamedFile(path=str(path), error=str(error))
    said = report.warnings if report is not None else ()
    return NamedFile(
        path=str(path),
        count=made.count,
        without=made.without,
        warnings=[f"line {one.line}: {one.message}" for one in said if one.message.startswith("The id ")],
    )
