"""An editor of some notes or tags changes nothing else: every editing route, the lists, exports, many at once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from quizapp import clock
from quizapp.accounts.guards import Audience, audience_of
from quizapp.accounts.models import Role, User
from quizapp.admin.owner.roles import give_role
from quizapp.catalogue.comments.models import EditorComment
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, Note, Question, QuestionEdit, QuestionKind, Tag, Withheld
from quizapp.catalogue.question_shape import shape_of, to_json
from quizapp.catalogue.remits import Remit
from quizapp.catalogue.reports.models import ProblemKind, ProblemReport, ReportedFrom, ReportState
from quizapp.web.migrations import OF_NO_MODEL
from tests.belonging import tables_in
from tests.integration.catalogue.test_import_labs import LAB, write_lab
from tests.web.admin.test_bring_notes import confirmed, previewed
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
MINE = """\
# Mine
## Cables
1.  **Q: What is my question?**
    *   *A:* A cable.
"""
THEIRS = """\
# Theirs
## Things
- **Their concept:** A thing.

## Ports
1.  **Q: What is their question?**
    *   *A:* A port.
2.  **Q: What is their draft?**
"""


@pytest.fixture
def things(client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path) -> dict[str, Any]:
    """The keys of two notes, of their questions and a lab; what is somebody else's has an edit, a report, a draft."""
    owner = client_as("owner")
    write_lab(tmp_path, LAB)
    with sessions() as db:
        import_content(db, tmp_path, now=clock.now())
        db.commit()
    for text in (MINE, THEIRS):
        confirmed(owner, previewed(owner, text).text)
    with sessions() as db:
        notes = {note.title: note for note in db.scalars(select(Note))}
        questions = {one.prompt: one for one in db.scalars(select(Question))}
        theirs = questions["What is their question?"]
        theirs.tags = [Tag(name="theirs")]
        report = ProblemReport(question_id=theirs.id, user_id=owner.user.id, came_from=ReportedFrom.QUIZ)  # type: ignore[attr-defined]
        report.kind, report.words, report.answer, report.reply = ProblemKind.OTHER, "It is wrong.", "", ""
        report.state, report.reported_at = ReportState.OPEN, clock.now()
        edit = QuestionEdit(question_id=theirs.id, editor_id=owner.user.id, edited_at=clock.now())  # type: ignore[attr-defined]
        edit.before = edit.after = to_json(shape_of(theirs))
        comment = EditorComment(question_id=theirs.id, editor_id=owner.user.id, at=clock.now(), words="Look.")  # type: ignore[attr-defined]
        db.add_all([report, edit, comment])
        db.commit()
        return {
            "mine": questions["What is my question?"].key,
            "theirs": theirs.key,
            "their draft": questions["What is their draft?"].key,
            "my note": notes["Mine"].key,
            "their note": notes["Theirs"].key,
            "report": report.id,
            "edit": edit.id,
            "comment": comment.id,
            "question id": theirs.id,
            "their concept": db.scalars(select(Concept.key).where(Concept.term == "Their concept")).one(),
        }


@pytest.fixture
def limited(client_as: ClientAs, sessions: sessionmaker[Session], things: dict[str, Any]) -> FlaskClient:
    """An editor of one of the notes."""
    return as_editor_of(client_as, sessions, Remit(notes=[things["my note"]]))


def as_editor_of(client_as: ClientAs, sessions: sessionmaker[Session], remit: Remit) -> FlaskClient:
    client = client_as("editor")
    with sessions() as db:
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        give_role(db, user=user, role=Role.EDITOR, remit=remit)
        db.commit()
    return client


def rows(sessions: sessionmaker[Session]) -> dict[str, list[Any]]:
    """Every row of the database."""
    with sessions() as db:
        tables = tables_in(db.connection(), but=OF_NO_MODEL).tables.values()
        return {table.name: sorted(map(str, db.execute(select(table)))) for table in tables}


def editing(app: Flask) -> Iterator[Rule]:
    """Every route by which content is changed or shown to who changes it."""
    for rule in app.url_map.iter_rules():
        who = audience_of(app, rule.endpoint)
        if rule.rule.startswith("/content") and who in (Audience.LEARNER, Audience.EDITOR):
            yield rule


def address(rule: Rule, things: dict[str, Any]) -> str:
    """The rule's address with what is not the editor's in it."""
    of = rule.rule.removeprefix("/content/").partition("/")[0]
    key = things[{"questions": "theirs", "concepts": "their concept"}.get(of, "their note")]
    values = {
        name: {"key": key, "report": things["report"], "deed": 1, "comment": things["comment"], "slug": "find-it"}[name]
        for name in rule.arguments
    }
    built = rule.build(values)
    assert built is not None
    return str(built[1])


def fields(things: dict[str, Any]) -> dict[str, Any]:
    """Of every form at once what it needs, all of it somebody else's."""
    of_question = {"prompt": "Mine now?", "answer": "Yes.", "must": "yes", "rev": "1", "kind": "open", "take": "file"}
    of_place = {"note": things["their note"], "to": things["their note"], "where": ""}
    of_many = {"key": [things["theirs"], things["their draft"]], "do": "retire", "tag": "mine", "step": "1"}
    of_note = {
        "text": "# Theirs\n",
        "opened": "# Theirs\n",
        "name": "theirs",
        "edit": str(things["edit"]),
        "first": "y",
    }
    of_report = {"state": "declined", "reply": "No.", "words": "Mine."}
    return {**of_question, **of_place, **of_many, **of_note, **of_report}


def test_no_editing_route_leads_to_what_is_somebody_elses(
    app: Flask, limited: FlaskClient, sessions: sessionmaker[Session], things: dict[str, Any]
) -> None:
    before = rows(sessions)
    token = token_in(limited.get("/account").text)
    answers = []
    for rule in editing(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            data = {"csrf_token": token, **fields(things)} if method == "POST" else None
            answer = limited.open(address(rule, things), method=method, data=data)
            assert not re.search("their (question|draft)", answer.text), rule.rule
            assert answer.status_code < 500, rule.rule
            answers.append((answer.status_code, method, rule.rule))
    named = [answer for answer in answers if "<" in answer[2]]
    assert [answer for answer in named if answer[0] not in (403, 404)] == []
    assert len(named) > 20
    assert rows(sessions) == before


def test_the_same_routes_lead_an_editor_of_all_there(app: Flask, client_as: ClientAs, things: dict[str, Any]) -> None:
    """The control."""
    editor = client_as("editor")
    shown = [rule for rule in editing(app) if "GET" in (rule.methods or ()) and rule.arguments]
    assert {editor.get(address(rule, things)).status_code for rule in shown} == {200}
    assert len(shown) > 4


def test_the_list_the_inbox_and_exports_have_what_is_the_editors_alone(
    client_as: ClientAs, limited: FlaskClient, things: dict[str, Any]
) -> None:
    listed = limited.get("/content").text
    assert "my question" in listed
    assert not {"their question", "their draft"} & {*re.findall("their [a-z]+", listed)}
    assert "It is wrong." not in limited.get("/content/reports").text
    assert "It is wrong." in client_as("editor").get("/content/reports").text
    sent = {"do": "export", "key": [things["mine"], things["theirs"]]}
    exported = send(limited, "/content", "/content/many", **sent).text
    assert "my question" in exported
    assert "their question" not in exported
    assert limited.get(f"/notes/{things['their note']}/file/markdown").status_code == 404
    page = limited.get(f"/notes/{things['their note']}").text
    assert "Edit the note" not in page
    assert "Edit the note" in limited.get(f"/notes/{things['my note']}").text


def test_many_at_once_change_what_is_the_editors_and_say_what_is_not(
    limited: FlaskClient, sessions: sessionmaker[Session], things: dict[str, Any]
) -> None:
    keys = [things["mine"], things["theirs"]]
    done = send(limited, "/content", "/content/many", do="tag", tag="fresh", key=keys)
    page = limited.get(done.location).text
    assert "1 question tagged." in page
    assert "not among the notes and tags that you edit" in page
    moved = send(limited, "/content", "/content/many", do="move", to=things["their note"], key=[things["mine"]])
    assert "Nothing was changed" in limited.get(moved.location).text
    send(limited, "/search", "/search/tag", do="tag", tag="taken", question=things["question id"])
    with sessions() as db:
        tags = {one.key: [tag.name for tag in one.tags] for one in db.scalars(select(Question))}
        assert (tags[things["mine"]], tags[things["theirs"]]) == (["fresh"], ["theirs"])
        mine = db.scalars(select(Question).where(Question.key == things["mine"])).one()
        assert mine.note is not None
        assert mine.note.key == things["my note"]


def test_what_is_brought_changes_the_editors_notes_and_no_other(
    limited: FlaskClient, sessions: sessionmaker[Session], things: dict[str, Any]
) -> None:
    before = rows(sessions)["question"]
    key, question = things["their note"], things["theirs"]
    stranger = "<!-- id: {0} -->\n# Mine\n## Cables\n1.  **Q: {1}What is taken?**\n    *   *A:* A cable.\n"
    for text in ("# A new one\n" + MINE[7:], "# Theirs\n" + MINE[7:], f"---\nid: {key}\n---\n{MINE}", stranger):
        page = previewed(limited, text.format(key, f"<!-- id: {question} --> ")).text
        if "notes-0-path" in page:
            confirmed(limited, page, agreed=True)
    with sessions() as db:
        assert {note.title for note in db.scalars(select(Note).where(Note.retired_at.is_(None)))} == {"Mine", "Theirs"}
        theirs = db.scalars(select(Question).where(Question.key == question)).one()
        assert theirs.note is not None
        assert theirs.note.key == key
        assert theirs.retired_at is None
    assert [row for row in rows(sessions)["question"] if "their" in row] == [row for row in before if "their" in row]
    confirmed(limited, previewed(limited, MINE.replace("A cable.", "Two cables.")).text, agreed=True)
    with sessions() as db:
        assert db.scalars(select(Question.prompt).where(Question.answer == "Two cables.")).all() == [
            "What is my question?"
        ]


def test_an_editor_of_a_tag_changes_what_has_it_and_keeps_it_so(
    client_as: ClientAs, sessions: sessionmaker[Session], things: dict[str, Any]
) -> None:
    editor = as_editor_of(client_as, sessions, Remit(tags=["theirs"]))
    assert editor.get(f"/content/questions/{things['theirs']}").status_code == 200
    assert editor.get(f"/content/questions/{things['mine']}").status_code == 404
    assert editor.get(f"/content/notes/{things['their note']}").status_code == 403
    page = f"/content/questions/{things['theirs']}"
    rev = re.findall(r'name="rev"[^>]* value="(\d+)"', editor.get(page).text)[0]
    typed = {"rev": rev, "prompt": "Typed anew?", "answer": "A port.", "tags": "other"}
    refused = send(editor, page, page, **typed)
    assert (refused.status_code, "Add the tag theirs" in refused.text) == (400, True)
    assert "Typed anew?" in refused.text
    assert "No lab is yours to edit" in editor.get("/content/labs").text
    untagged = send(editor, "/content", "/content/many", do="untag", tag="theirs", key=[things["theirs"]])
    assert "not among the notes and tags" in editor.get(untagged.location).text
    new = {"kind": "flashcard", "note": things["my note"], "prompt": "New?", "answer": "Yes.", "stage": "draft"}
    refused = send(editor, "/content/new?kind=flashcard", "/content/new", **new, tags="other")
    assert (refused.status_code, "Add the tag theirs" in refused.text, "New?" in refused.text) == (400, True, True)
    assert send(editor, "/content/new?kind=flashcard", "/content/new", **new, tags="theirs").status_code == 302
    with sessions() as db:
        made = db.scalars(select(Question).where(Question.prompt == "New?")).one()
        assert (made.kind, made.held) == (QuestionKind.FLASHCARD, Withheld.DRAFT)
    assert re.findall(r"New\?", editor.get("/content").text)


def test_a_command_gives_the_role(app: Flask, client_as: ClientAs, things: dict[str, Any]) -> None:
    learner = client_as("learner", name="Ada")
    given = app.test_cli_runner().invoke(args=["accounts", "role", "Ada", "editor", "--note", things["my note"]])
    assert given.output.strip() == f"Ada is editor of {things['my note']}."
    assert learner.get(f"/content/questions/{things['mine']}").status_code == 200
    assert learner.get(f"/content/questions/{things['theirs']}").status_code == 404
    closed = app.test_cli_runner().invoke(args=["accounts", "deactivate", "Ada"])
    assert closed.exit_code == 0
    assert learner.get("/content").status_code == 302
    opened = app.test_cli_runner().invoke(args=["accounts", "activate", "Ada"])
    assert "/sign-in/" in opened.output


def test_a_new_question_without_a_note_of_theirs_says_what_to_choose_and_keeps_the_text(
    limited: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    sent = {"kind": "open", "prompt": "Whose is it?", "answer": "Mine.", "stage": "draft"}
    refused = send(limited, "/content/new?kind=open", "/content/new", **sent)
    assert (refused.status_code, "Choose one of your notes above" in refused.text) == (400, True)
    assert "Whose is it?" in refused.text
    with sessions() as db:
        assert db.scalar(select(Question.id).where(Question.prompt == "Whose is it?")) is None
