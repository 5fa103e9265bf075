"""Nobody reaches or changes what is another's: every route, by every method, as each actor, with ids that exist."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from quizapp import clock
from quizapp.accounts.guards import Audience, audience_of
from quizapp.accounts.models import Role
from quizapp.accounts.service import add_user
from quizapp.catalogue.models import Concept, Lab, Question
from quizapp.classes.models import ClassMember, OnlookingAllowed, StudyClass
from quizapp.labs.runs.models import LabRun
from quizapp.quiz.models import QuizSession
from quizapp.review.models import Card
from quizapp.web.migrations import OF_NO_MODEL
from tests.belonging import rows_of_a_person, tables_in
from tests.web.admin.test_bring_notes import confirmed, previewed
from tests.web.pages import send, token_in
from tests.web.study.hands_on.conftest import Learner

NOTE = """\
# Ada's own
## Bridges
*   **Q: What is a bridge?**
    *   *A:* A switch in the kernel.
*   **Port:** where a cable is plugged in.
"""
ARGUMENTS = {  # of routes, whose things they name: Ada's; a new one is not known here, and fails
    "run_id": True,
    "quiz_id": True,
    "card_id": True,
    "key": True,
    "question_id": True,
    "concept": True,
    "class_id": True,  # of a class that she teaches
    "position": False,
    "slug": False,
    "form": False,
    "name": False,
    "token": False,
    "deed": False,
    "comment": False,  # of editors
    "user_id": False,  # whom an owner lets in; a test of the owner's page tries it
    "sandbox": False,
    "report": False,  # of a question for all, decided by editors
    "port": False,
    "target": False,
    "managed": False,  # a class, of which an owner names the teachers; a test of classes tries it
    "link": False,  # of a class
    "learner": False,  # of a class
    "assigned": False,  # to a class
    "learners_run": False,  # of a learner of a class
}
COMMON: Mapping[str, str] = {
    "position": "1",
    "slug": "two-ports",
    "form": "csv",
    "name": "0" * 64,
    "token": "none",
    "deed": "1",
    "report": "1",
    "comment": "1",
    "user_id": "00000000-0000-0000-0000-000000000001",
    "sandbox": "none",
    "link": "1",
    "assigned": "1",
}
ACTORS = ("learner", "editor", "owner")
REFUSED = (403, 404)


@pytest.fixture
def things(learner: Learner, sessions: sessionmaker[Session]) -> dict[str, Any]:
    """The ids of what Ada has: a note of her own, its card, a quiz on it, a run of a lab; and who she is."""
    ada = learner.client
    key = confirmed(ada, previewed(ada, NOTE).text).request.path.removeprefix("/notes/")
    send(ada, f"/notes/{key}", "/review/add", note=key)
    assert send(ada, "/practice", "/practice", note=key, length=5).status_code == 302
    run = learner.predict()
    with sessions() as db:
        taught = StudyClass(name="Containers", zone="UTC", made_at=clock.now())
        db.add(taught)
        db.flush()
        db.add(ClassMember(class_id=taught.id, user_id=ada.user.id, is_teacher=True, joined_at=clock.now()))  # type: ignore[attr-defined]
        bob = add_user(db, name="Bob", role=Role.LEARNER, now=clock.now()).id
        db.add(ClassMember(class_id=taught.id, user_id=bob, joined_at=clock.now()))
        shown = LabRun(user_id=bob, lab_id=db.scalars(select(Lab.id)).one(), started_at=clock.now())
        db.add(shown)
        db.flush()
        db.add(OnlookingAllowed(run_id=shown.id, allowed_at=clock.now()))
        db.commit()
        question = db.scalars(select(Question).where(Question.note.has(key=key))).one()
        card, quiz = db.scalars(select(Card.id)).one(), db.scalars(select(QuizSession.id)).one()
        concept = db.scalars(select(Concept.key)).one()
        ids = {"question_id": question.id, "question": question.key, "concept": concept}
        ids |= {"class_id": taught.id, "learner": bob, "learners_run": shown.id}
    user: Any = ada.user  # type: ignore[attr-defined]
    return {**COMMON, **ids, "key": key, "card_id": card, "quiz_id": quiz, "run_id": run.split("/")[-1], "user": user}


def with_arguments(app: Flask) -> Iterator[Rule]:
    """The routes that name such things. What is for whoever has the link, such as a shared report, names nobody's."""
    for rule in app.url_map.iter_rules():
        is_for_all = audience_of(app, rule.endpoint) is Audience.ANYONE
        if any(ARGUMENTS[name] for name in rule.arguments) and not rule.websocket and not is_for_all:
            yield rule


def filled(rule: Rule, things: Mapping[str, Any]) -> str:
    """The rule's address with Ada's things in it. What an editor edits is a question, by its key."""
    values = {name: things[name] for name in rule.arguments}
    if rule.rule.startswith("/content/questions/"):
        values["key"] = things["question"]
    kinds = {name: UUID if "UUID" in type(rule._converters[name]).__name__ else str for name in values}
    built = rule.build({name: kinds[name](str(value)) for name, value in values.items()})
    assert built is not None
    return str(built[1])


def fields(things: Mapping[str, Any]) -> dict[str, str]:
    """Of every form at once what it needs, all of it Ada's."""
    card, deed = str(things["card_id"]), str(uuid4())
    of_card = {"card": card, "cards": card, "deed_id": deed, "done": card, "flag": "1", "version": "0", "chosen": card}
    of_note = {"note": things["key"], "question": things["question"], "retention": "80", "tag": "x", "length": "5"}
    rated = {"review_id": str(uuid4()), "rating": "1", "run": str(things["run_id"]), "quiz": str(things["quiz_id"])}
    answer = {"choice": "1", "text": "a", "line": "a", "values": "a", "confidence": "3", "command": "ls", "answer": "1"}
    return {**of_card, **of_note, **rated, **answer, "name": things["user"].name, "deed": "suspend", "path": "x.md"}


def rows(sessions: sessionmaker[Session], user_id: UUID) -> dict[Any, str]:
    """Every row that is the person's, as text."""
    with sessions() as db:
        connection = db.connection()
        metadata = tables_in(connection, but=OF_NO_MODEL)
        found = rows_of_a_person(connection, metadata, user_id)
        stored = {}
        for table in (metadata.tables[name] for name in {name for name, _ in found}):
            for row in connection.execute(select(table)):
                stored[table.name, tuple(row._mapping[key.name] for key in table.primary_key)] = str(row)
    return {key: row for key, row in stored.items() if key in found}


def test_it_is_known_of_every_argument_of_a_route_whose_thing_it_names(app: Flask) -> None:
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} == set(ARGUMENTS)


def test_all_of_it_is_adas(app: Flask, learner: Learner, things: dict[str, Any]) -> None:
    """The control: by the same addresses she gets there herself."""
    for rule in with_arguments(app):
        if "GET" in (rule.methods or ()) and audience_of(app, rule.endpoint) is Audience.LEARNER:
            assert learner.open(filled(rule, things)).status_code in (200, 302), rule.rule


@pytest.mark.parametrize("role", ACTORS)
def test_nobody_else_gets_there(
    app: Flask,
    client_as: Callable[..., FlaskClient],
    sessions: sessionmaker[Session],
    things: dict[str, Any],
    role: str,
) -> None:
    other, before = client_as(role), rows(sessions, things["user"].id)
    sent = {"csrf_token": token_in(other.get("/labs").text), **fields(things)}
    answers = []
    for rule in with_arguments(app):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = other.open(filled(rule, things), method=method, data=sent if method == "POST" else None)
            answers.append((answer.status_code, method, rule.rule))
    assert [answer for answer in answers if answer[0] not in REFUSED] == []
    assert len(answers) > 40
    assert rows(sessions, things["user"].id) == before
    assert len(before) > 5


@pytest.mark.parametrize("role", ACTORS)
def test_no_form_changes_what_is_hers(
    app: Flask,
    client_as: Callable[..., FlaskClient],
    sessions: sessionmaker[Session],
    things: dict[str, Any],
    role: str,
) -> None:
    before = rows(sessions, things["user"].id)
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.arguments:
            other = client_as(role)
            sent = {"csrf_token": token_in(other.get("/labs").text), **fields(things)}
            assert other.post(rule.rule, data=sent).status_code < 500, rule.rule
    assert rows(sessions, things["user"].id) == before


def test_every_role_is_tried() -> None:
    assert {role.value for role in Role} == set(ACTORS)
