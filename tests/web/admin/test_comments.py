"""Editors talk about a question or a note: threads, answers, resolving, and nobody else reads it."""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import QuestionKind
from quizapp.catalogue.remits import Remit
from tests.builders import a_note, a_question
from tests.web.admin.test_limited_editors import as_editor_of
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after

ClientAs = Callable[..., FlaskClient]


def stored(sessions: sessionmaker[Session]) -> tuple[str, str]:
    """The keys of a question and of its note."""
    with sessions() as db:
        note = a_note(db, title="Cables")
        question = a_question(db, QuestionKind.OPEN, note=note)
        db.commit()
        return question.key, note.key


def test_a_thread_is_answered_resolved_and_opened_again(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    key, _ = stored(sessions)
    grace, linus, page = client_as("editor", name="Grace"), client_as("editor", name="Linus"), ""
    for client, said in ((grace, "Is this so since 28?"), (linus, "<b>No</b>, since 27.")):
        thread = re.findall(r'name="answers" value="([^"]+)"', page)
        answers: dict[str, Any] = {"answers": thread[0]} if thread else {}
        page = shown_after(
            client, f"/content/questions/{key}/comments", f"/content/questions/{key}/comments", words=said, **answers
        )
    assert "&lt;b&gt;No&lt;/b&gt;, since 27." in page
    assert "1 open comment" in grace.get(f"/content/questions/{key}").text
    assert "Is this so since 28?" in grace.get("/content/comments").text
    (resolve,) = re.findall(r'action="(/content/comments/\d+/resolve)"', page)
    assert "Resolved. An answer opens it again." in shown_after(grace, "/content/comments", resolve)
    assert "Is this so" not in grace.get("/content/comments").text
    trail = words(client_as("owner").get("/content/trail").text)
    assert "Grace resolved what was said about" in trail
    assert "Linus said something about" in trail


def test_what_is_said_is_seen_by_editors_of_it_alone(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    key, note = stored(sessions)
    with sessions() as db:
        other = a_note(db, title="Other").key
        db.commit()
    grace, address = client_as("editor"), f"/content/notes/{note}/comments"
    assert "It is too long." in shown_after(grace, address, address, words="It is too long.")
    assert send(grace, address, address, words="  ").status_code == 400
    assert send(grace, address, address, words="x" * 2_001).status_code == 400
    assert send(grace, address, address, words="x", answers="999").status_code == 404
    learner = client_as("learner")
    for page in (address, f"/content/questions/{key}/comments", "/content/comments"):
        assert learner.get(page).status_code == 403
    assert "too long" not in learner.get(f"/notes/{note}").text
    limited = as_editor_of(client_as, sessions, Remit(notes=[other]))
    assert limited.get(address).status_code == 403
    assert "too long" not in limited.get("/content/comments").text
