"""Imports the content folder, but only if that can change anything: unchanged notes are not parsed again.

An import depends only on the folder's files, the program and the rows of the catalogue, and a second import right
after the first one changes nothing. So if all three are as the last import left them, the stored reports are returned.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import ContentFile, FileKind, find, read
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.models import CATALOGUE, ONLY_ROW, LastImport
from quizapp.catalogue.picture_rows import notes_with_lost_copies
from quizapp.catalogue.pictures.pictures import Copies, beside, with_pictures
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.store.row_texts import texts_of
from quizapp.settings import ROOT

_REPORTS = TypeAdapter(list[FileReport])


def import_if_changed(
    db: Session,
    path: Path,
    *,
    now: datetime,
    settle: Callable[[], None] | None = None,
    pictures: Path | None = None,
) -> list[FileReport]:
    """Like `service.import_content`, but returns the stored reports if nothing has changed since the last import.

    Nobody can be asked, so a file that has lost much of its note is left out, and its report says so each time.
    """
    content = content_fingerprint(path)
    said = _said_last(db, content, pictures) if content is not None else None
    if said is not None:
        return said
    from quizapp.catalogue.importing.service import import_content
    from quizapp.catalogue.retirement_consent import Consent  # both load every parser, which most starts do not need

    given: dict[str, Any] = {"settle": settle, "pictures": pictures}
    given = {name: value for name, value in given.items() if value is not None}
    consent, program = Consent.FOR_FILES_GONE, program_fingerprint()
    reports = import_content(db, path, now=now, consent=consent, program=program, **given)
    if content is not None and content == content_fingerprint(path):  # else a file was changed during the import
        _remember(db, content, reports)
    return reports


def content_fingerprint(path: Path) -> str | None:
    """SHA-256 of every file that an import of `path` reads, the pictures of notes among them, and of the program.

    None if the folder cannot be read.
    """
    digest = hashlib.sha256(program_fingerprint().encode())
    try:
        files = find(path)
    except Unreadable:
        return None
    for file in files:
        try:
            data = hashlib.sha256(_with_pictures(read(file), file)).hexdigest()
        except Unreadable as error:
            data = f"unreadable: {error}"
        digest.update(json.dumps([str(file.path), file.kind, data]).encode())
    return digest.hexdigest()


def _with_pictures(data: bytes, file: ContentFile) -> bytes:
    """What is read of a file: of a note with the names of its pictures, which say what they hold."""
    return with_pictures(data, Copies().found_by(beside(file))).data if file.kind is FileKind.NOTE else data


@cache  # of the program that runs, which its files no longer change
def program_fingerprint() -> str:
    """SHA-256 of all the product's Python files, the pinned libraries' versions and Python's version."""
    return fingerprint_of(ROOT)


def fingerprint_of(root: Path) -> str:
    """The same of the program in a folder."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (root / "requirements.txt", *sorted((root / "quizapp").rglob("*.py"))):
        if file.is_file():
            digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def catalogue_fingerprint(db: Session) -> str:
    """SHA-256 of every row that an import reads or writes."""
    db.flush()
    digest = hashlib.sha256()
    for table in CATALOGUE:
        digest.update(f"\0{table.name}\0".encode())
        key = ", ".join(f"o.{column.name}" for column in table.primary_key.columns)
        for some in texts_of(db, table, f"ORDER BY {key}"):
            digest.update(some)
    return digest.hexdigest()


def _said_last(db: Session, content: str, pictures: Path | None) -> list[FileReport] | None:
    """The reports that another import would return; None if it might change something, or if copies are lost."""
    last = db.get(LastImport, ONLY_ROW)
    if last is None or last.content != content or last.catalogue != catalogue_fingerprint(db):
        return None
    if pictures is not None and notes_with_lost_copies(db, pictures):
        return None
    return _REPORTS.validate_python(last.reports)


def _remember(db: Session, content: str, reports: Sequence[FileReport]) -> None:
    lasting = [report.repeated() for report in reports if not report.gone]
    row = LastImport(
        id=ONLY_ROW,
        content=content,
        catalogue=catalogue_fingerprint(db),
        reports=_REPORTS.dump_python(lasting, mode="json"),
    )
    try:
        with db.begin_nested():
            db.merge(row)
    except IntegrityError:
        pass  # another process has just stored the row; the next start compares again
