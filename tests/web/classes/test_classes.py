"""Classes on their pages: made by an owner, filled by a teacher, joined and left by learners."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from tests.builders import a_note, a_question
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after

ClientAs = Callable[..., FlaskClient]


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner", name="Olga")


@pytest.fixture
def teacher(client_as: ClientAs) -> FlaskClient:
    return client_as("learner", name="Tess")


@pytest.fixture
def managed(owner: FlaskClient, teacher: FlaskClient) -> str:
    """The address at which an owner manages a class that Tess teaches."""
    made = send(owner, "/owner/classes", "/owner/classes", name="Containers", zone="Europe/Berlin").location
    named = shown_after(owner, made, f"{made}/teachers", teacher="Tess")
    assert "Tess is a teacher of this class now." in named
    return str(made)


@pytest.fixture
def taught(managed: str) -> str:
    return managed.removeprefix("/owner")


def joined(learner: FlaskClient, teacher: FlaskClient, taught: str) -> None:
    page = shown_after(teacher, f"{taught}/people", f"{taught}/links", days=3, uses=5)
    (link,) = re.findall(r"http://localhost(/classes/join/[\w-]+)", page)
    assert link not in teacher.get(f"{taught}/people").text
    assert "Taught by Tess" in learner.get(link).text
    assert "You are in this class" in shown_after(learner, link, link)


def test_a_learner_joins_by_a_link_and_leaves(
    client_as: ClientAs, owner: FlaskClient, teacher: FlaskClient, taught: str
) -> None:
    ada = client_as("learner", name="Ada")
    joined(ada, teacher, taught)
    assert "Ada" in teacher.get(taught).text
    assert taught in ada.get("/").text
    assert "You are not in Containers" in shown_after(ada, taught, f"{taught}/leave")
    assert "Ada" not in teacher.get(taught).text
    assert ada.get(taught).status_code == 404
    trail = words(owner.get("/content/trail").text)
    assert "Olga made the class Containers" in trail
    assert "Tess invited into the class Containers: up to 5 by a link, for 3 days" in trail


def test_who_is_invited_by_name_finds_it_on_today(client_as: ClientAs, teacher: FlaskClient, taught: str) -> None:
    ada = client_as("learner", name="Ada")
    wrong = send(teacher, f"{taught}/people", f"{taught}/names", names="Ada\nBob")
    assert (wrong.status_code, "Ada\nBob</textarea>" in wrong.text.replace("\r", "")) == (400, True)
    assert "1 person is invited" in shown_after(teacher, f"{taught}/people", f"{taught}/names", names=" Ada \n\n")
    assert "1 person is invited and has not answered yet" in words(teacher.get(taught).text)
    assert "Invitation" in ada.get("/").text
    assert "You are in this class" in shown_after(ada, taught, f"{taught}/accept")
    assert "not answered yet" not in teacher.get(taught).text
    learner = re.search(rf'{taught}(/learners/[^"]+)/take-out', teacher.get(f"{taught}/people").text)
    assert learner
    assert "Nobody has joined yet" in shown_after(teacher, taught, f"{taught}{learner[1]}/take-out")


def test_a_learner_of_a_class_does_nothing_that_is_for_its_teacher(
    client_as: ClientAs, owner: FlaskClient, teacher: FlaskClient, taught: str
) -> None:
    ada, before = client_as("learner", name="Ada"), teacher.get(taught).status_code
    joined(ada, teacher, taught)
    someone = f"{taught}/learners/{ada.user.id}"  # type: ignore[attr-defined]
    for action in (
        f"{taught}/names",
        f"{taught}/links",
        f"{taught}/links/1/end",
        f"{taught}/assigned",
        f"{taught}/assigned/1/end",
        f"{someone}/take-out",
    ):
        answer = send(ada, taught, action, names="Tess", days=1, uses=1)
        assert (before, answer.status_code, action) == (200, 404, action)
    for page in (f"{taught}/people", f"{taught}/progress.csv", someone.replace(str(ada.user.id), str(teacher.user.id))):  # type: ignore[attr-defined]
        assert (ada.get(page).status_code, page) == (404, page)
    assert ada.get(someone).status_code == 200  # what a teacher sees of her
    assert (owner.get(taught).status_code, teacher.get("/owner/classes").status_code) == (404, 403)


def test_an_owner_says_twice_that_a_class_goes(owner: FlaskClient, teacher: FlaskClient, managed: str) -> None:
    assert send(owner, managed, f"{managed}/delete").status_code == 400
    assert (send(owner, managed, f"{managed}/teachers", teacher="Nobody")).status_code == 400
    assert (send(owner, managed, f"{managed}/name", name=" ", zone="UTC")).status_code == 400
    assert "Nobody teaches it yet." in shown_after(
        owner,
        managed,
        f"{managed}/teachers/{teacher.user.id}/end",  # type: ignore[attr-defined]
    )
    assert "is deleted" in shown_after(owner, managed, f"{managed}/delete", sure="y")
    assert owner.get(managed).status_code == 404


def test_an_owner_without_a_class_is_led_to_where_they_are_made(owner: FlaskClient, teacher: FlaskClient) -> None:
    assert 'href="/owner/classes">Make a class' in owner.get("/classes").text
    assert "/owner/classes" not in teacher.get("/classes").text


@pytest.mark.parametrize("numbers", [{"days": "91", "uses": "1"}, {"days": "1", "uses": "many"}, {}])
def test_a_link_says_what_it_takes(teacher: FlaskClient, taught: str, numbers: dict[str, str]) -> None:
    answer = send(teacher, f"{taught}/people", f"{taught}/links", **numbers)
    assert (answer.status_code, "Enter a whole number from 1 to" in answer.text) == (400, True)


def test_what_is_assigned_comes_first_on_today(
    client_as: ClientAs, sessions: sessionmaker[Session], teacher: FlaskClient, taught: str
) -> None:
    with sessions() as db:
        note = a_note(db, title="<b>Cables</b>")
        a_question(db, note=note)
        key = note.key
        db.commit()
    ada = client_as("learner", name="Ada")
    joined(ada, teacher, taught)
    wrong = send(teacher, taught, f"{taught}/assigned", what=f"note:{key}", first="2026-13-01", last="x")
    assert (wrong.status_code, wrong.text.count("Enter the day as year, month and day")) == (400, 2)
    assert send(teacher, taught, f"{taught}/assigned", what="note:none", first="2026-01-01").status_code == 400
    days = {"first": "2026-01-01", "last": "2026-01-02"}
    assert "Assigned: " in shown_after(teacher, taught, f"{taught}/assigned", what=f"note:{key}", **days)
    today = ada.get("/").text
    assert "late since" in today
    assert re.search(rf'class="button button-primary button-large" href="/notes/{key}"', today)
    assert today.count("button-primary") == 1
    assert today.count(f'href="/notes/{key}"') == 1  # not once more as the note to begin with
    assert 'late since <time datetime="2026-01-02">Fri 2 Jan' in today
    own, seen = ada.get(taught).text, teacher.get(f"{taught}/learners/{ada.user.id}").text  # type: ignore[attr-defined]
    assert "&lt;b&gt;Cables" in own
    assert re.search(r"late since Fri 2 Jan, 23:00 .*?on your clock; .*?Fri 2 Jan</time> in the class", own)
    tables = [page[page.index("<table") : page.rindex("</table>")] for page in (own, seen)]
    assert re.sub(r"</?a[^>]*>", "", tables[0]) == tables[1]  # of one's own, links lead to what is to be done
    assert "Ada,note,<b>Cables</b>,2026-01-01,2026-01-02,late" in teacher.get(f"{taught}/progress.csv").text
    (end,) = re.findall(rf"{taught}/assigned/\d+/end", teacher.get(taught).text)
    assert "Cables" not in shown_after(teacher, taught, end).partition("<form")[0]
