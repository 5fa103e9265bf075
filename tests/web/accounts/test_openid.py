"""Signing in by a provider as a browser does it, over real HTTP to that provider: accounts, links, roles, faults."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from pydantic import SecretStr
from requests import get
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts import people
from quizapp.accounts.models import ProviderIdentity, Role, User
from quizapp.admin.owner.roles import give_role
from quizapp.catalogue.models import Tag
from quizapp.catalogue.remits import Remit
from quizapp.settings import Settings
from tests.openid_provider import CLIENT, SECRET, Provider, provided
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after, token_in

ClientAs = Callable[..., FlaskClient]
RETURN = "/sign-in/openid/return"
ROLES = {"oidc_role_claim": "groups", "oidc_owners": "heads", "oidc_editors": "teachers; staff of the lab"}


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # asked for by the server's side
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with provided() as provider:
        yield provider


@pytest.fixture
def given(app: Flask, there: Provider) -> Callable[..., None]:
    """Changes the settings of the application, for this test; by itself it has the provider and opens accounts."""

    def give(**settings: Any) -> None:
        app.extensions.pop("openid_provider", None)
        app.extensions["settings"] = app.extensions["settings"].model_copy(update=settings)

    give(
        oidc_issuer=there.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SecretStr(SECRET),
        oidc_name="School",
        oidc_new_accounts=True,
    )
    return give


def back_from(address: str) -> str:
    """Where the provider sends a browser back to."""
    back: str = get(address, allow_redirects=False, timeout=10).headers["Location"]
    return back.removeprefix("http://localhost")


def come_back(client: FlaskClient, path: str, to: str = RETURN, **fields: str) -> TestResponse:
    """Send the form of the page that people come back to, as its script or its button does."""
    page = client.get(path).text
    query = dict(part.split("=") for part in path.partition("?")[2].split("&"))
    sent = {"csrf_token": token_in(page), "state": query["state"], "code": query["code"], "zone": "Europe/Berlin"}
    return client.post(to, data={**sent, **fields})


def enter(client: FlaskClient, begin: str = "/sign-in/openid") -> TestResponse:
    return come_back(client, back_from(client.get(begin).location))


def user_of(sessions: sessionmaker[Session], subject: str = "s-1") -> User:
    with sessions() as db:
        found = select(User).join(ProviderIdentity, ProviderIdentity.user_id == User.id)
        user = db.scalars(found.where(ProviderIdentity.subject == subject)).one()
        db.expunge(user)
        return user


@pytest.mark.usefixtures("given")
def test_a_first_sign_in_opens_an_account_and_the_next_one_finds_it(
    app: Flask, there: Provider, sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    assert "Sign in with School" in app.test_client().get("/sign-in").text
    first, second = app.test_client(), app.test_client()
    assert enter(first, "/sign-in/openid?next=/notes").location == "/notes"
    there.claims = {"sub": "s-1", "preferred_username": "Ada Lovelace", "email": "other@example.org"}
    assert enter(second).location == "/"
    assert [one.get("/account").status_code for one in (first, second)] == [200, 200]
    user = user_of(sessions)
    assert (user.name, user.role, user.zone, user.password_hash) == ("Ada", Role.LEARNER, "Europe/Berlin", None)
    assert "opened an account for Ada, who came by School" in words(client_as("owner").get("/content/trail").text)


def test_nobody_gets_an_account_or_a_name_that_is_somebody_elses(
    app: Flask, there: Provider, given: Callable[..., None], sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    """The name at the provider, like an e-mail address, says nothing about who it is."""
    given(oidc_new_accounts=False)
    client_as("owner", name="Ada")
    client = app.test_client()
    refused = enter(client)
    assert (refused.status_code, "No account here belongs to" in refused.text) == (403, True)
    given(oidc_new_accounts=True)
    enter(client)
    assert user_of(sessions).name == "Ada 2"
    there.claims = {"sub": "s-2", "preferred_username": "\u202e \0" + "x" * 300}
    enter(app.test_client())
    assert user_of(sessions, "s-2").name == "x" * 76


@pytest.mark.usefixtures("given")
def test_a_return_that_was_not_begun_here_is_refused(app: Flask) -> None:
    client, other = app.test_client(), app.test_client()
    path = back_from(client.get("/sign-in/openid").location)
    assert "was not begun here" in other.get(path).text
    assert come_back(client, path, state="another").status_code == 403
    assert come_back(client, path).status_code == 302
    assert client.get(path).status_code == 403
    assert client.get(f"{RETURN}?state=x&code=y").status_code == 403
    address = client.get("/sign-in/openid").location
    assert client.get(f"{back_from(address)}&iss=https://other.example").status_code == 403


@pytest.mark.usefixtures("given")
def test_sign_ins_that_are_begun_and_left_make_no_cookie_that_browsers_drop(app: Flask) -> None:
    client = app.test_client()
    for number in range(10):
        begun = client.get(f"/sign-in/openid?next=/{'n' * 200}{number}")
    assert len(begun.headers["Set-Cookie"]) < 4_000
    assert come_back(client, back_from(begun.location)).location.endswith("n9")


@pytest.mark.usefixtures("given")
def test_what_a_provider_says_of_a_refusal_is_not_repeated(app: Flask) -> None:
    client = app.test_client()
    state = client.get("/sign-in/openid").location.partition("state=")[2].partition("&")[0]
    page = client.get(f"{RETURN}?state={state}&error=access_denied&error_description=Call+0900").text
    assert "School did not let you in here (access_denied)." in page
    assert "0900" not in page
    assert "<b>" not in client.get(f"{RETURN}?state={state}&error=<b>").text


def test_a_claim_gives_a_role_and_takes_what_it_gave(
    app: Flask, there: Provider, given: Callable[..., None], sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    given(**ROLES)
    client = app.test_client()
    there.claims["groups"] = ["pupils", "staff of the lab"]
    enter(client)
    assert client.get("/content").status_code == 200
    del there.claims["groups"]
    enter(app.test_client())
    assert client.get("/content").status_code == 403
    trail = words(client_as("owner").get("/content/trail").text)
    assert "gave a role: Ada, editor, as School says" in trail
    assert "gave a role: Ada, learner, as School says" in trail
    there.claims["_claim_names"] = {"groups": "src1"}
    there.claims["groups"] = ["teachers"]
    enter(client)
    del there.claims["groups"]
    enter(client)  # told elsewhere, which is not lost
    assert user_of(sessions).role is Role.EDITOR


def test_the_last_owner_stays_one_until_there_is_another(
    app: Flask, there: Provider, given: Callable[..., None], sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    given(**ROLES)
    there.claims["groups"] = "heads"
    client = app.test_client()
    enter(client)
    there.claims["groups"] = "teachers"
    enter(client)
    assert user_of(sessions).role is Role.OWNER
    client_as("owner")
    enter(client)
    assert user_of(sessions).role is Role.EDITOR


def test_a_role_that_an_owner_gave_by_hand_stays(
    app: Flask, there: Provider, given: Callable[..., None], sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    given(**ROLES)
    client_as("owner")
    enter(app.test_client())
    user_id = user_of(sessions).id
    with sessions() as db:
        people.set_role(db, user=db.get_one(User, user_id), role=Role.OWNER)
        db.commit()
    there.claims["groups"] = ["teachers"]
    enter(app.test_client())
    del there.claims["groups"]
    enter(app.test_client())
    assert user_of(sessions).role is Role.OWNER


def test_a_claim_that_comes_back_gives_a_limited_editor_no_more_than_before(
    app: Flask, there: Provider, given: Callable[..., None], sessions: sessionmaker[Session]
) -> None:
    given(**ROLES)
    there.claims["groups"] = ["teachers"]
    enter(app.test_client())
    user_id = user_of(sessions).id
    with sessions() as db:
        db.add(Tag(name="fiber"))
        db.flush()
        user = db.get_one(User, user_id)
        give_role(db, user=user, role=Role.EDITOR, remit=Remit(tags=["fiber"]))
        db.commit()
    for groups, role in (([], Role.LEARNER), (["teachers"], Role.EDITOR)):
        there.claims["groups"] = groups
        enter(app.test_client())
        assert user_of(sessions).role is role
    assert user_of(sessions).is_limited


def test_who_has_none_of_the_values_stays_outside(
    app: Flask, there: Provider, given: Callable[..., None], client_as: ClientAs
) -> None:
    given(**ROLES, oidc_learners="pupils")
    refused = enter(app.test_client())
    assert (refused.status_code, "nothing that lets you in here" in refused.text) == (403, True)
    there.claims["groups"] = ["pupils"]
    assert enter(app.test_client()).status_code == 302
    page = client_as("owner").get("/owner/sign-in").text
    assert "http://localhost/sign-in/openid/return" in page
    assert "Nobody can sign in by it" not in page


@pytest.mark.usefixtures("given")
def test_an_account_is_linked_while_signed_in_and_by_nobody_else(
    app: Flask, there: Provider, sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    ada = client_as("learner", name="Ada L")
    page = send(ada, "/account", "/account/openid/link").text
    address = page.partition('class="button button-primary" href="')[2].partition('"')[0].replace("&amp;", "&")
    path = back_from(address)
    stranger = app.test_client()
    with ada.session_transaction() as cookie, stranger.session_transaction() as other:
        other["openid"] = cookie["openid"]
    assert come_back(stranger, path).status_code == 403
    linked = come_back(ada, back_from(address))
    assert "Linked: from now on Ada at School signs in" in ada.get(linked.location).text
    assert enter(stranger).status_code == 302
    assert "Ada L" in stranger.get("/account").text
    bob = client_as("learner", name="Bob")
    page = send(bob, "/account", "/account/openid/link").text
    address = page.partition('class="button button-primary" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "signs in to another account here already" in come_back(bob, back_from(address)).text
    refused = send(ada, "/account", "/account/openid/unlink")
    assert (refused.status_code, "Set a password first" in refused.text) == (409, True)
    shown_after(ada, "/account", "/account/password", password="four plain words here")
    assert "The link is ended." in shown_after(ada, "/account", "/account/openid/unlink")
    asked = send(ada, "/account", "/account/openid/link")
    assert (asked.status_code, "This is not your password" in asked.text) == (403, True)


@pytest.mark.usefixtures("given")
def test_an_owner_sees_who_is_linked_and_ends_it(
    app: Flask, sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    enter(app.test_client())
    owner, page = client_as("owner"), f"/owner/people/{user_of(sessions).id}"
    assert "signs in to this account since" in words(owner.get(page).text)
    assert "Nobody signs in as Ada by a provider" in shown_after(owner, page, f"{page}/unlink")
    with sessions() as db:
        assert db.scalars(select(ProviderIdentity)).all() == []


@pytest.mark.usefixtures("given")
def test_nobody_enters_an_account_that_is_closed(
    app: Flask, sessions: sessionmaker[Session], client_as: ClientAs
) -> None:
    client_as("owner")
    enter(app.test_client())
    user_id = user_of(sessions).id
    with sessions() as db:
        people.deactivate(db, user=db.get_one(User, user_id), now=clock.now())
        db.commit()
    assert "An owner has deactivated this account" in enter(app.test_client()).text


@pytest.mark.usefixtures("given")
def test_who_signs_out_is_told_of_the_provider(app: Flask, there: Provider) -> None:
    client = app.test_client()
    enter(client)
    page = shown_after(client, "/account", "/sign-out")
    assert "You are signed out here, and not at School." in page
    assert client.get("/sign-in/openid/leave").location == f"{there.issuer}/leave?client_id={CLIENT}"
    there.metadata = {"end_session_endpoint": None}
    app.extensions.pop("openid_provider")
    assert client.get("/sign-in/openid/leave").location == "/sign-in"


@pytest.mark.usefixtures("given")
def test_a_fault_is_told_to_both_and_keeps_the_secrets(
    app: Flask, there: Provider, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    path = back_from(client.get("/sign-in/openid").location)
    there.answers["/token"] = lambda: Response("<p>hotel</p>", status=502)
    logging.getLogger("quizapp").propagate = True
    answer = come_back(client, path)
    logging.getLogger("quizapp").propagate = False
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "School does not answer as it should" in answer.text
    logged = {record.getMessage() for record in caplog.records if record.name.startswith("quizapp")}
    assert logged == {"signing in by the provider: ProviderAway: token: status 502"}
    there.answers["/.well-known/openid-configuration"] = lambda: Response(status=500)
    assert "metadata: status 500" in client_as("owner").get("/owner/sign-in").text


def test_a_site_below_a_path_is_come_back_to(
    app: Flask, given: Callable[..., None], apps: Callable[[Settings], Flask], there: Provider
) -> None:
    given(public_url="http://localhost/quiz")
    client, there.return_address = apps(app.extensions["settings"]).test_client(), "http://localhost/quiz" + RETURN
    path = back_from(client.get("/quiz/sign-in/openid").location)
    page = client.get(path).text
    assert f'action="/quiz{RETURN}"' in page
    assert come_back(client, path, to=f"/quiz{RETURN}").location == "/quiz/"


def test_without_a_provider_nothing_asks_for_one(client: FlaskClient, client_as: ClientAs) -> None:
    assert "Sign in with" not in client.get("/sign-in").text
    assert client.get("/sign-in/openid").status_code == 404
    owner = client_as("owner")
    assert "Signing in with" not in owner.get("/account").text
    assert "names no provider" in owner.get("/owner/sign-in").text


def test_the_command_says_what_is_set(app: Flask, given: Callable[..., None], tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    assert "It answers: yes; keys: 1" in runner.invoke(args=["accounts", "doctor"]).output
    assert "ok  OpenID provider\n" in runner.invoke(args=["doctor"]).output
    given(oidc_issuer="http://127.0.0.1:1")
    assert "no  OpenID provider: Nobody can sign in by it now." in runner.invoke(args=["doctor"]).output
    failed = runner.invoke(args=["accounts", "doctor"])
    assert (failed.exit_code, "no  Nobody can sign in by it now." in failed.output) == (1, True)
