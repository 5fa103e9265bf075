"""The owner's page: who is let in and what they may do, hosts, backups, storage, versions."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.accounts.models import Role, User
from quizapp.admin.owner.roles import give_role
from quizapp.catalogue.models import Tag
from quizapp.catalogue.remits import Remit, remit_of
from quizapp.process_figures import MEASURES, LoggedFault
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.builders import a_note
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after, token_in

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def backups(app: Flask, postgresql_programs: None) -> Path:
    """The folder of backups, without any: other tests on this database may have made some."""
    folder: Path = app.extensions["settings"].instance_dir / "backups"
    shutil.rmtree(folder, ignore_errors=True)
    return folder


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner", name="Olga")


def person(owner: FlaskClient, name: str) -> str:
    """The address of somebody's page."""
    found = re.findall(r'href="(/owner/people/[^"]+)">([^<]+)<', owner.get("/owner").text)
    return {shown: address for address, shown in found}[name]


def fields_of(page: str, action: str) -> MultiDict[str, str]:
    """What a browser sends of a form that nobody has touched."""
    form = page.split(f'action="{action}"')[1].split("</form>")[0]
    sent: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input [^>]+>", form):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said["type"] != "checkbox" or re.search(r"\schecked\b", tag):
            sent.add(said["name"], said.get("value", "on"))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent.setlist(name, re.findall(r'<option selected value="([^"]*)"', options))
    return sent


def test_an_owner_finds_it_in_the_menu_of_every_page(client_as: ClientAs, owner: FlaskClient) -> None:
    assert '<a href="/owner">People and installation</a>' in owner.get("/").text
    assert "/owner" not in client_as("editor").get("/").text


def test_somebody_is_invited_by_a_link_that_works_once(app: Flask, owner: FlaskClient) -> None:
    page = shown_after(owner, "/owner", "/owner/people", name="Ada", role="learner")
    (link,) = re.findall(r"http://localhost(/sign-in/[\w-]+)", page)
    assert link not in owner.get(person(owner, "Ada")).text
    ada = app.test_client()
    linux = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    token = token_in(ada.get(link).text)
    assert ada.post(link, data={"csrf_token": token}, headers=linux).status_code == 302
    assert "Firefox on Linux" in owner.get(person(owner, "Ada")).text
    taken = send(owner, "/owner", "/owner/people", name="Ada", role="editor")
    assert (taken.status_code, "There is an account called Ada already" in taken.text) == (409, True)
    assert send(owner, "/owner", "/owner/people", name="Ada Byron", role="learner").status_code == 302
    alike = send(owner, "/owner", "/owner/people", name="Ada  Byron", role="learner")
    assert alike.status_code == 409, "the list of people would show two of one name"
    trail = words(owner.get("/content/trail").text)
    assert "Olga opened an account for Ada, learner" in trail
    assert "Olga made a sign-in link for Ada" in trail


def test_a_role_is_given_with_its_notes_and_tags(
    client_as: ClientAs, owner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    ada = client_as("learner", name="Ada")
    with sessions() as db:
        note = a_note(db, title="Cables").key
        db.commit()
    page = person(owner, "Ada")
    assert "Ada is editor of some notes and tags now." in shown_after(
        owner, page, f"{page}/role", role="editor", limited="y", notes=[note], tags=""
    )
    assert ada.get("/content").status_code == 200
    assert ada.get(f"/content/notes/{note}").status_code == 200
    wrong = send(owner, page, f"{page}/role", role="editor", limited="y", tags="nowhere")
    assert (wrong.status_code, "called nowhere" in wrong.text) == (400, True)
    unticked = send(owner, page, f"{page}/role", role="editor", notes=[note])
    assert (unticked.status_code, "is not ticked" in unticked.text) == (400, True)  # else Ada might change everything
    unchosen = send(owner, page, f"{page}/role", role="editor", limited="y")
    assert (unchosen.status_code, "Choose a note" in unchosen.text) == (400, True)
    assert ada.get(f"/content/notes/{note}").status_code == 200
    assert "Ada is learner now." in shown_after(owner, page, f"{page}/role", role="learner")
    own = person(owner, "Olga")
    assert send(owner, own, f"{own}/role", role="learner").status_code == 409
    assert "gave a role: Ada, editor (" in words(owner.get("/content/trail").text)


def test_an_owner_is_asked_before_they_take_their_own_role_away(client_as: ClientAs, owner: FlaskClient) -> None:
    own = person(owner, "Olga")
    assert "I am sure" not in owner.get(own).text
    client_as("owner", name="Other")
    asked = send(owner, own, f"{own}/role", role="learner")
    assert (asked.status_code, "I am sure" in asked.text) == (409, True)
    assert owner.get(own).status_code == 200
    done = send(owner, own, f"{own}/role", role="learner", sure="y")
    assert "Olga is learner now." in owner.get(done.location).text
    assert owner.get(own).status_code == 403


def test_a_page_saved_as_it_is_changes_no_remit(
    client_as: ClientAs, owner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    ada = client_as("learner", name="Ada")
    with sessions() as db:
        a_note(db, title="Other")
        named = [a_note(db, title=title) for title in ("Cables", "Retired")]
        named[1].retired_at = clock.now()
        keys, tag = {note.key for note in named}, Tag(name="fiber")
        db.add(tag)
        db.flush()
        give_role(
            db,
            user=db.get_one(User, ada.user.id),  # type: ignore[attr-defined]
            role=Role.EDITOR,
            remit=Remit(notes=[*keys], tags=[tag.name]),
        )
        db.commit()
    page = person(owner, "Ada")
    held = fields_of(owner.get(page).text, f"{page}/role")
    assert held.getlist("role") == ["editor"]
    assert set(held.getlist("notes")) == keys
    assert owner.post(f"{page}/role", data=held).status_code == 302
    with sessions() as db:
        now = remit_of(db, user_id=ada.user.id)  # type: ignore[attr-defined]
        assert (set(now.notes), list(now.tags)) == (keys, ["fiber"])


def test_somebody_is_signed_out_and_kept_out(client_as: ClientAs, owner: FlaskClient) -> None:
    ada, page = client_as("learner", name="Ada"), person(owner, "Ada")
    assert "Signed out in 1 place." in shown_after(owner, page, f"{page}/sign-out")
    assert ada.get("/").status_code == 302
    assert "Nobody can sign in as Ada" in shown_after(owner, page, f"{page}/deactivate")
    assert send(owner, page, f"{page}/link").status_code == 403
    assert "Ada can sign in again" in shown_after(owner, page, f"{page}/activate")
    own = person(owner, "Olga")
    assert send(owner, own, f"{own}/deactivate").status_code == 409
    assert owner.get("/owner/people/00000000-0000-0000-0000-000000000001").status_code == 404


def test_hosts_are_listed_and_ended_and_a_missing_engine_breaks_nothing(
    app: Flask, owner: FlaskClient, client_as: ClientAs
) -> None:
    assert "Hosts that run" in owner.get("/owner").text
    assert owner.get("/owner/hosts").status_code == 200
    fake = FakeSandboxClient(now=clock.now)
    app.extensions["sandboxes"] = fake
    ada = client_as("learner", name="Ada")
    fake.ask(owner=str(ada.user.id))  # type: ignore[attr-defined]
    page = owner.get("/owner/hosts").text
    assert "Ada" in words(page)
    assert "The hosts run on Docker 29.1.3." in page
    assert "<h2>The last day</h2>" in page  # below the page's own heading, where no part of a page is between
    assert "<h3>The last day</h3>" in owner.get("/owner/hosts", headers={"HX-Request": "true"}).text
    assert "Nobody asked for one." in page[page.index("The last day") :]
    (address,) = re.findall(r'action="(/owner/hosts/[^"]+/end)"', page)
    assert "The host ends." in shown_after(owner, "/owner/hosts", address)


def test_a_backup_is_made_and_checked(owner: FlaskClient, backups: Path) -> None:
    page = shown_after(owner, "/owner", "/owner/backups")
    (name,) = re.findall(r'name="name" value="([^"]+)"', page)
    assert "There is no backup yet" not in page
    assert "The newest is less than a minute old." in page
    assert "not yet" in page
    whole = shown_after(owner, "/owner", "/owner/backups/verify", name=name)
    assert (f"{name} is whole" in whole, "whole, <time" in whole) == (True, True)
    assert send(owner, "/owner", "/owner/backups/verify", name="../quizapp.sqlite3").status_code == 404
    file = backups / name
    file.write_bytes(file.read_bytes()[:-1])
    broken = shown_after(owner, "/owner", "/owner/backups/verify", name=name)
    assert ("is not what it was when it was made" in broken, "damaged, <time" in broken) == (True, True)


@pytest.mark.usefixtures("backups")
def test_the_page_says_what_is_stored_and_installed(owner: FlaskClient, client_as: ClientAs) -> None:
    said = words(owner.get("/owner").text)
    for part in ("Left on the disk", "Revision of the database", "Python", "There is no backup yet"):
        assert part in said
    assert client_as("editor").get("/owner").status_code == 403


def test_the_page_has_the_latest_faults_by_their_reference(owner: FlaskClient) -> None:
    MEASURES.note(LoggedFault(at=clock.now().timestamp(), reference="0badcafe", endpoint="today.show", kind="KeyError"))
    said = owner.get("/owner").text
    assert "0badcafe" in said[said.index("Latest faults") :]
    assert "half within" in said


def test_an_account_is_deleted_once_its_name_is_typed(client_as: ClientAs, owner: FlaskClient) -> None:
    ada = client_as("learner", name="Ada")
    page = person(owner, "Ada")
    refused = shown_after(owner, page, f"{page}/delete", name="Eve")
    assert "Nothing was deleted: that is another name." in refused
    assert ada.get("/").status_code == 200
    assert "The account of Ada is deleted" in shown_after(owner, page, f"{page}/delete", name=" Ada ")
    assert ada.get("/account").status_code == 302
    assert "Olga deleted the account of Ada" in words(owner.get("/content/trail").text)
    own = person(owner, "Olga")
    assert "Delete for good" not in owner.get(own).text
    refused = shown_after(owner, "/owner", f"{own}/delete", name="Olga")
    assert "This is your own account." in refused


def test_what_the_operator_does_with_accounts_is_in_the_trail(app: Flask, owner: FlaskClient) -> None:
    for args in (
        ["add", "Ada"],
        ["link", "Ada"],
        ["role", "Ada", "editor"],
        ["deactivate", "Ada"],
        ["activate", "Ada"],
        ["delete", "Ada", "--yes"],
    ):
        result = app.test_cli_runner().invoke(args=["accounts", *args])
        assert result.exit_code == 0, result.output
    trail = words(owner.get("/content/trail").text)
    for deed in ("opened an account for", "gave a role:", "made a sign-in link for", "deactivated", "opened again"):
        assert f"The operator {deed}" in trail
    assert "The operator deleted the account of Ada" in trail


def restorable(page: str) -> set[str]:
    """The backups that can be put back."""
    return set(re.findall(r'<option value="([^"]+)"', page[page.index("Put a backup back") :]))


def test_a_backup_is_put_back_once_that_is_ticked_and_its_owner_stays_signed_in(
    owner: FlaskClient, client_as: ClientAs, backups: Path
) -> None:
    page = shown_after(owner, "/owner", "/owner/backups")
    (name,) = restorable(page)
    shown_after(owner, "/owner", "/owner/people", name="Zoe", role="learner")
    asked = shown_after(owner, "/owner", "/owner/backups/restore", name=name)
    assert "Nothing was put back. Tick that you are sure" in asked
    assert "Zoe" in asked
    assert send(owner, "/owner", "/owner/backups/restore", name="../quizapp.sqlite3", sure="y").status_code == 404
    back = shown_after(owner, "/owner", "/owner/backups/restore", name=name, sure="y")
    assert f"Everything is as it was when {name} was made" in back
    assert "Zoe" not in back
    (kept,) = restorable(back) - {name}
    assert f"Olga put back the backup {name}" in words(owner.get("/content/trail").text)
    assert client_as("editor").get("/owner").status_code == 403
    again = shown_after(owner, "/owner", "/owner/backups/restore", name=kept, sure="y")
    assert "Zoe" in again, "what was set aside is a backup like any other"
    seal = backups / f"{name}.seal.json"
    seal.write_text(re.sub(r'"revision": "\d+"', '"revision": "0001"', seal.read_text()))
    assert "made by another version" in shown_after(owner, "/owner", "/owner/backups/restore", name=name, sure="y")
