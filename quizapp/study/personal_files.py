"""The files that a learner may take along: reviews for other programs, everything, their own notes. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review.log import log_export
from quizapp.review.log.log_export import LogFormat
from quizapp.study import personal_data


class TextForm(StrEnum):
    """A file of text."""

    CSV = "csv"  # the reviews, for programs of FSRS
    REVLOG = "revlog"  # the reviews, with the columns of Anki's table
    JSON = "json"  # everything


def text(db: Session, *, user: User, form: TextForm) -> Iterator[str]:
    """The text, piece by piece: read while it is taken, so the session must stay open until its end."""
    match form:
        case TextForm.CSV:
            return log_export.export(db, user=user, form=LogFormat.CSV)
        case TextForm.REVLOG:
            return log_export.export(db, user=user, form=LogFormat.REVLOG)
        case TextForm.JSON:
            return personal_data.everything(db, user=user)
        case _:
            assert_never(form)


def own_notes_zip(db: Session, *, user: User, now: datetime, pictures: Path) -> bytes:
    """The learner's own notes in a zip file, with their pictures, whose copies are in a folder. Raises NotFound."""
    from quizapp.catalogue.exporting.note_files import zip_of_own  # loads the parsers, which no other page needs

    return zip_of_own(db, owner=user.id, now=now, pictures=pictures)


def file_name(user: User, form: TextForm | None) -> str:
    """The name of a file of this learner, such as "reviews-ada.csv"; without a form that of the notes' zip."""
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in user.name.lower())
    match form:
        case TextForm.CSV:
            return f"reviews-{kept}.csv"
        case TextForm.REVLOG:
            return f"reviews-{kept}.revlog.csv"
        case TextForm.JSON:
            return f"quizapp-{kept}.json"
        case None:
            return f"notes-{kept}.zip"
        case _:
            assert_never(form)
