"""Import the content folder, but only if that can change anything: unchanged content costs no reading.

An import depends on the folder's files, the program and what the catalogue holds, and on nothing else. A second one
right afterwards changes nothing. So if all three are as the last import left them, what it would say is known already.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import find, read
from quizapp.catalogue.formats.unreadable import Unreadable
from quizapp.catalogue.models import LastImport
from quizapp.catalogue.store.import_run import FileReport
from quizapp.db import Base
from quizapp.settings import ROOT

READ_OR_WRITTEN = tuple(
    Base.metadata.tables[name]
    for name in ("tag", "note", "section", "concept", "question", "choice", "question_tag", "lab")
)
ONLY_ROW = 1
_REPORTS = TypeAdapter(list[FileReport])


def import_if_changed(db: Session, path: Path, *, now: datetime) -> list[FileReport]:
    """What `service.import_content` does and says, without reading what is as it was left by the last call."""
    content = content_fingerprint(path)
    said = _said_last(db, content) if content is not None else None
    if said is not None:
        return said
    from quizapp.catalogue.service import import_content  # loads every parser, which most starts do not need

    reports = import_content(db, path, now=now)
    if content is not None and content == content_fingerprint(path):  # else a file was changed in between
        _remember(db, content, reports)
    return reports


def content_fingerprint(path: Path) -> str | None:
    """Changes with any file that an import of `path` reads, and with the program; None if the folder is unreadable."""
    digest = hashlib.sha256(program_fingerprint().encode())
    try:
        files = find(path)
    except Unreadable:
        return None
    for file in files:
        try:
            data = hashlib.sha256(read(file)).hexdigest()
        except Unreadable as error:
            data = f"unreadable: {error}"
        digest.update(json.dumps([str(file.path), file.kind, data]).encode())
    return digest.hexdigest()


def program_fingerprint(root: Path = ROOT) -> str:
    """Changes with any line of the product's Python, with its pinned libraries and with Python itself."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (root / "requirements.txt", *sorted((root / "quizapp").rglob("*.py"))):
        if file.is_file():
            digest.update(f"\0{file.relative_to(root).as_posix()}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def catalogue_fingerprint(db: Session) -> str:
    """Changes with any row that an import reads or writes, whoever changes it."""
    digest = hashlib.sha256()
    for table in READ_OR_WRITTEN:
        digest.update(f"\0{table.name}\0".encode())
        for row in db.execute(select(table).order_by(*table.primary_key.columns)):
            digest.update(json.dumps(list(row), default=str, sort_keys=True).encode())
    return digest.hexdigest()


def _said_last(db: Session, content: str) -> list[FileReport] | None:
    """What another import would say; None if it might change something."""
    last = db.get(LastImport, ONLY_ROW)
    if last is None or last.content != content or last.catalogue != catalogue_fingerprint(db):
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
        pass  # another process has just stored the first row; the next start looks again
