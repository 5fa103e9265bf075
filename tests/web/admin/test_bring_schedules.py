"""Notes with the schedules of another program beside their cards: brought in the browser, or imported for a learner."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Note
from quizapp.review.models import Card
from tests.web.admin.test_bring_notes import URL, closed, previewed
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]
NOTE = """\
---
tags: flashcards
---
# Cables

veth :: a cable
<!--SR:!2026-12-09,12,250-->

bridge :: a switch
"""


def brought(client: FlaskClient, *, ticked: bool = True) -> str:
    """Paste the note and import it; returns the page after it."""
    page = previewed(client, NOTE).text
    assert "The schedule of 1 card in another program came along." in page
    fields = {
        name: unescape(value) for name, value in re.findall(r'name="(notes-0-(?:path|content))" value="([^"]*)"', page)
    }
    sent = {"csrf_token": token_in(page), **fields, **({"keep_learnt": "y"} if ticked else {})}
    return closed(client.post(URL, data=sent, follow_redirects=True)).text


def schedules(sessions: sessionmaker[Session]) -> list[tuple[int | None, float | None, int]]:
    with sessions() as db:
        cards = db.scalars(select(Card).order_by(Card.question_id))
        return [(card.due_day, card.stability, card.logged) for card in cards]


@pytest.mark.parametrize("ticked", [True, False])
def test_a_schedule_is_kept_if_that_is_ticked(
    client_as: ClientAs, sessions: sessionmaker[Session], ticked: bool
) -> None:
    client = client_as("learner")
    page = brought(client, ticked=ticked)
    assert ("Kept: the schedule of 1 card." in page) is ticked
    assert schedules(sessions) == ([(20_796, 12.0, 1)] if ticked else [])


def test_the_same_note_a_second_time_adds_nothing(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("learner")
    brought(client)
    before = schedules(sessions)
    assert "Kept:" not in brought(client)
    assert schedules(sessions) == before


def imported(app: Flask, path: Path, *more: str) -> str:
    result = app.test_cli_runner().invoke(args=["content", "import", str(path), *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_on_the_command_line_it_is_kept_for_the_learner_who_is_named(
    app: Flask, client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    for name in ("ada", "bob"):
        client_as("learner", name)
    (tmp_path / "cables.md").write_text(NOTE)
    assert "kept 0 reviews, and the schedule of 1 card\n" in imported(
        app, tmp_path / "cables.md", "--memory-for", "ada"
    )
    with sessions() as db:
        (card,) = db.scalars(select(Card))
        assert (card.user.name, card.due_day) == ("ada", 20_796)
    assert "the schedule of 0 cards" in imported(app, tmp_path / "cables.md", "--memory-for", "ada")


def test_a_note_that_is_exported_and_imported_keeps_it(
    app: Flask, client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    client_as("learner", "ada")
    file, out = tmp_path / "cables.md", tmp_path / "out.md"
    file.write_text(NOTE)
    imported(app, file, "--memory-for", "ada")
    with sessions() as db:
        key = db.scalars(select(Note.key)).one()
    app.test_cli_runner().invoke(args=["content", "export", "--format", "markdown", key, "--out", str(out)])
    assert out.read_text() == NOTE
    file.write_text(out.read_text())
    assert "the schedule of 0 cards" in imported(app, file, "--memory-for", "ada")
    assert schedules(sessions)[0][0] == 20_796


def test_a_name_that_nobody_has_is_refused_before_anything_is_stored(
    app: Flask, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    (tmp_path / "cables.md").write_text(NOTE)
    result = app.test_cli_runner().invoke(
        args=["content", "import", str(tmp_path / "cables.md"), "--memory-for", "nobody"]
    )
    assert result.exit_code != 0
    assert "no account called nobody" in result.output
    with sessions() as db:
        assert db.scalars(select(Note)).all() == []
