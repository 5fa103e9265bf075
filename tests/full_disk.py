"""Fills a small disk under the product, and prints as JSON what became of every write; run by `test_full_disk`.

`python -m tests.full_disk FOLDER DATABASE`, where FOLDER is on a disk of its own and DATABASE a migrated SQLite file.
"""

import json
import os
import shutil
import sys
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.guards import TOKEN
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Note, Question
from quizapp.review import service
from quizapp.review.models import ReviewLog
from tests.conftest import make_settings, opened_app
from tests.unit.catalogue.pictures.test_picture_metadata import chunk, png
from tests.web.admin.test_bring_notes import closed
from tests.web.admin.test_note_editor import NOTE, brought, saved
from tests.web.pages import send, token_in
from tests.web.review.test_review_page import add_note, rate, rating_form

LARGE = NOTE.replace("Open by wish alone.", "More of it. " * 300)  # more than fits into what a log still has room for
JSON = {"Accept": "application/json"}


def fill(folder: Path, *, leave: int) -> None:
    """Take all of the disk but so many bytes."""
    with (folder / "filling").open("ab", buffering=0) as filling, suppress(OSError):
        while (room := _free(folder) - leave) > 0:
            filling.write(b"\0" * min(room, 1024**2))


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def signed_in(app: Flask, role: Role) -> FlaskClient:
    """A browser of a new account."""
    with Session(app.extensions["engine"]) as db:
        user = accounts.add_user(db, name=role.value, role=role, now=clock.now())
        token = accounts.sign_in(db, user=user, life=timedelta(hours=1), now=clock.now())
        db.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


class Trial:
    """One application on that disk, with a learner who has cards and an owner who writes."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self.learner, self.owner = signed_in(app, Role.LEARNER), signed_in(app, Role.OWNER)
        with Session(app.extensions["engine"]) as db:
            add_note(db, questions=60)
            learner = db.scalars(select(User).where(User.role == Role.LEARNER)).one()
            service.add_cards(db, user=learner, question_ids=db.scalars(select(Question.id)), now=clock.now())
            db.commit()
        self.note = brought(self.owner)
        self.acknowledged = 0
        self.hour = 5

    def rating(self) -> TestResponse:
        """The first card that is due, rated; counted if it was acknowledged."""
        answer = rate(self.learner, rating_form(self.learner.get("/review").text), 4)
        self.acknowledged += answer.status_code == 303
        return answer

    def writes(self) -> dict[str, TestResponse]:
        """One of each kind of write that takes room."""
        return {
            "rating": self.rating(),
            "calendar": self._calendar(),
            "note": self._note(),
            "picture": self._picture(),
            "backup": send(self.owner, "/owner", "/owner/backups"),
        }

    def _note(self) -> TestResponse:
        """A note that is saved once its view was seen."""
        written = LARGE.replace("More", f"More {clock.now().timestamp()}")
        seen = saved(self.owner, self.note, written)
        return saved(self.owner, self.note, written, page=seen.text) if seen.status_code == 200 else seen

    def _calendar(self) -> TestResponse:
        """So little that there may still be room for it."""
        hour = self.hour + 1
        answer = send(self.learner, "/account", "/account/calendar", rollover_hour=hour, zone="Europe/Berlin")
        self.hour = hour if answer.status_code == 302 else self.hour
        return answer

    def _picture(self) -> TestResponse:
        data = png(chunk(b"IDAT", os.urandom(300_000)))
        fields = {"csrf_token": token_in(self.owner.get("/content/import").text), "picture": (BytesIO(data), "a.png")}
        return closed(self.owner.post("/content/pictures", data=fields, headers=JSON))

    def is_stored(self) -> bool:
        """Whether the log has the ratings that were acknowledged and no others, and the calendar its last change."""
        with Session(self._app.extensions["engine"]) as db:
            ratings = db.scalar(select(func.count()).select_from(ReviewLog))
            hour = db.scalar(select(User.rollover_hour).where(User.role == Role.LEARNER))
        return (ratings, hour) == (self.acknowledged, self.hour)

    def pages(self) -> dict[str, int]:
        """Pages that only read."""
        return {path: self.learner.get(path).status_code for path in ("/", "/review", "/notes", "/progress")}


def tried(app: Flask, folder: Path) -> dict[str, Any]:
    """What became of each write: before, on the full disk, and once there is room again."""
    trial = Trial(app, folder)
    watcher = app.test_client()
    said: dict[str, Any] = {"before": {name: one.status_code for name, one in trial.writes().items()}}
    fill(folder, leave=5 * 1024**2)
    said["warned"] = watcher.get("/health").text
    said["last few"] = [trial.rating().status_code for _ in range(3)]
    fill(folder, leave=0)
    while trial.rating().status_code == 303:  # into what is left in pages that the log has already
        fill(folder, leave=0)
    full = trial.writes()
    said["full"] = {name: one.status_code for name, one in full.items()}
    said["texts"] = {name: one.text for name, one in full.items()}
    said["backup said"] = trial.owner.get("/owner").text
    said["read"] = trial.pages()
    said["health"] = watcher.get("/health").text
    said["metrics"] = watcher.get("/metrics").status_code
    said["same"] = trial.is_stored()
    (folder / "filling").unlink()
    said["after"] = {name: one.status_code for name, one in trial.writes().items()}
    said["kept"] = trial.is_stored()
    said["acknowledged"] = trial.acknowledged
    with Session(app.extensions["engine"]) as db:
        said["whole"] = db.scalar(text("PRAGMA integrity_check"))
        said["note"] = " of it." in (db.scalars(select(Note.source).where(Note.source.contains("Ports"))).first() or "")
    return said


def main(folder: Path, database: Path) -> None:
    """Try it and print what was seen."""
    shutil.copy(database, folder / "quizapp.sqlite3")
    settings = make_settings(folder, f"sqlite:///{folder / 'quizapp.sqlite3'}")
    with opened_app(settings) as app:
        print(json.dumps(tried(app, folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
