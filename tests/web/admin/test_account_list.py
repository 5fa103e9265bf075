"""Many accounts by a list: looked at, opened once, with links that work, in the browser and by the command."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts.models import Role, SignInLink, User
from quizapp.admin.owner.listed_accounts import AT_ONCE, LINK_LIFE, open_accounts, read_list
from quizapp.catalogue.visibility import Operator
from quizapp.classes import class_list, managing
from quizapp.classes.models import ClassMember
from tests.web.admin.test_trail import words
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
LIST = "name;role;class\nAda;;7b\nBob;editor;\n;;\nCarl;boss;\nDora;;9z\n"


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner", name="Olga")


@pytest.fixture
def class_7b(sessions: sessionmaker[Session], owner: FlaskClient) -> None:
    with sessions() as db:
        user = db.get_one(User, owner.user.id)  # type: ignore[attr-defined]
        managing.make_class(db, name="7b", zone="UTC", owner=user, now=clock.now())
        db.commit()


def preview(owner: FlaskClient, text: str) -> TestResponse:
    sent = {"csrf_token": token_in(owner.get("/owner/list").text), "file": (BytesIO(text.encode()), "list.csv")}
    return owner.post("/owner/list/preview", data=sent, content_type="multipart/form-data")


def opened(owner: FlaskClient, text: str, **fields: Any) -> str:
    page = preview(owner, text).text
    content = re.search(r'name="content" type="hidden" value="([^"]+)"', page)
    assert content
    return owner.post("/owner/list", data={"csrf_token": token_in(page), "content": content[1], **fields}).text


def links(page: str) -> dict[str, str]:
    return dict(re.findall(r'<th scope="row">([^<]+)</th>.*?http://localhost(/sign-in/[\w-]+)<', page))


@pytest.mark.usefixtures("class_7b")
def test_a_list_is_looked_at_and_opens_accounts_whose_links_work(
    app: Flask, owner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    shown = words(preview(owner, LIST).text)
    assert "3 new accounts; 0 people have one already." in shown
    assert "2 lines need a look." in shown
    assert "5 “boss” is no role. There are learner, editor, owner." in shown
    assert "6 Dora: there is no class called 9z; the account does without." in shown
    assert "Dora learner Open 3 accounts" in shown, "she is said to come into no class"
    with sessions() as db:
        assert db.scalars(select(User.name)).all() == ["Olga"]
    made = links(opened(owner, LIST))
    assert list(made) == ["Ada", "Bob", "Dora"]
    ada = app.test_client()
    assert ada.post(made["Ada"], data={"csrf_token": token_in(ada.get(made["Ada"]).text)}).status_code == 302
    with sessions() as db:
        members = db.execute(select(User.name, ClassMember.joined_at).join(ClassMember)).all()
        assert [tuple(row) for row in members] == [("Ada", None)]  # invited, and asked whether to join
        assert db.scalar(select(User.role).where(User.name == "Bob")) is Role.EDITOR
        lives = {link.expires_at - link.created_at for link in db.scalars(select(SignInLink))}
        assert lives == {LINK_LIFE}
    assert "Olga opened an account for 3 people on a list" in words(owner.get("/content/trail").text)


@pytest.mark.usefixtures("class_7b")
def test_a_list_that_comes_again_changes_nothing_and_gives_lost_links_anew(
    app: Flask, owner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    first = links(opened(owner, LIST))
    ada = app.test_client()
    ada.post(first["Ada"], data={"csrf_token": token_in(ada.get(first["Ada"]).text)})
    changed = LIST.replace("Ada;;7b", "Ada;owner;7b")
    assert "Ada is learner already, and stays it." in words(preview(owner, changed).text)
    again = opened(owner, changed)
    assert "0 accounts opened; 3 people had one already." in words(again)
    assert links(again) == {}
    anew = links(opened(owner, changed, links_anew="y"))
    assert set(anew) == {"Bob", "Dora"}  # Ada has signed in
    bob = app.test_client()
    refused = bob.post(first["Bob"], data={"csrf_token": token_in(bob.get(first["Bob"]).text)})
    assert (refused.status_code, "no longer works" in refused.text) == (403, True)
    with sessions() as db:
        assert len(db.scalars(select(ClassMember)).all()) == 1
        assert db.scalar(select(User.role).where(User.name == "Ada")) is Role.LEARNER


def test_links_are_taken_along_by_a_file_in_which_nothing_is_computed(owner: FlaskClient) -> None:
    page = opened(owner, "name\n=cmd|x!A1\n")
    kept = re.search(r'name="rows" type="hidden" value="([^"]+)"', page)
    assert kept
    rows = kept[1].replace("&#34;", '"')
    taken = owner.post("/owner/list/links", data={"csrf_token": token_in(page), "rows": rows})
    assert taken.headers["Cache-Control"] == "no-store"
    assert taken.headers["Content-Disposition"] == 'attachment; filename="sign-in-links.csv"'
    assert "\r\n'=cmd|x!A1,,http://localhost/sign-in/" in taken.text
    for wrong in ("", "7", "[7]", "[[]]", '[["a", 7]]', "[" * 5_000):
        assert send(owner, "/owner/list", "/owner/list/links", rows=wrong).status_code == 400


def test_what_is_no_list_is_told(owner: FlaskClient) -> None:
    for text, said in (("", "Choose a file"), ("Vorname\nAda", "Line 1: The first line has to name")):
        answer = preview(owner, text)
        assert (answer.status_code, said in answer.text) == (400, True)
    pasted = send(owner, "/owner/list", "/owner/list/preview", text="name\nAda")
    assert "1 new account;" in pasted.text
    assert send(owner, "/owner/list", "/owner/list", content="no base64!").status_code == 400


def test_many_accounts_are_opened_some_at_a_time(db: Session) -> None:
    """Nobody waits for more than AT_ONCE of them; and what was stored before an end is not made twice."""
    found = read_list("\n".join(["name", *(f"Pupil {number}" for number in range(1_000))]).encode())
    stored: list[int] = []

    def settle() -> None:
        db.flush()
        stored.append(len(db.scalars(select(User.id)).all()))
        if len(stored) == 3:
            raise KeyboardInterrupt

    def bring(settle: Callable[[], None]) -> Any:
        return open_accounts(
            db, found, classes=class_list, links_anew=False, owner=Operator(), now=clock.now(), settle=settle
        )

    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    with pytest.raises(KeyboardInterrupt):
        bring(settle)
    assert stored == [AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE]
    bind = db.get_bind()
    event.listen(bind, "before_cursor_execute", count)
    came = bring(db.flush)
    event.remove(bind, "before_cursor_execute", count)
    assert (came.opened, came.there, len(came.links)) == (700, 300, 700)
    assert statements < 15 * (1_000 // AT_ONCE)  # and not some for each account


def test_the_command_writes_a_list_of_links_once(app: Flask, sessions: sessionmaker[Session], tmp_path: Path) -> None:
    source, out = tmp_path / "list.csv", tmp_path / "links.csv"
    source.write_text(LIST.replace("7b", ""))
    runner = app.test_cli_runner()
    told = runner.invoke(args=["accounts", "import", str(source), "--dry-run"])
    assert (told.exit_code, "3 would be opened, 0 there already, 2 lines to look at." in told.output) == (1, True)
    out.write_text("of before")
    refused = runner.invoke(args=["accounts", "import", str(source), "--out", str(out)])
    assert "Nothing was done; name a new file." in refused.output
    with sessions() as db:
        assert db.scalars(select(User)).all() == []
    out.unlink()
    runner.invoke(args=["accounts", "import", str(source), "--out", str(out)])
    assert out.read_text(encoding="utf-8-sig").count("http://localhost/sign-in/") == 3
    again = runner.invoke(args=["accounts", "import", str(source), "--anew"])
    assert again.output.count("http://localhost/sign-in/") == 3


@pytest.mark.usefixtures("class_7b")
def test_the_trail_counts_the_accounts_that_were_opened(owner: FlaskClient) -> None:
    opened(owner, "name\nAda\n")
    opened(owner, "name\nAda\nEve\nFay\n")
    trail = words(owner.get("/content/trail").text)
    assert "Olga opened an account for 1 person on a list" in trail
    assert "Olga opened an account for 2 of the 3 people on a list" in trail


def test_it_is_said_how_long_a_link_works_before_it_is_made(owner: FlaskClient) -> None:
    page = words(owner.get("/owner").text)
    assert "Invite Whoever is invited signs in by a link, which works once, within an hour." in page
    assert f"their links work for {LINK_LIFE.days} days" in page
    assert f"works once, within {LINK_LIFE.days} days" in words(owner.get("/owner/list").text)
