"""What is typed into a note and not saved, offered to the other devices of whoever typed it, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.editing.typed_drafts import DRAFT_LASTS, DRAFTS_MAX
from quizapp.catalogue.models import NoteDraft
from tests.web.admin.test_note_editor import NOTE, brought, saved
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]
TYPED = NOTE.replace("Open by wish", "Opened by wish")


def sent(client: FlaskClient, url: str, device: str, text: str = TYPED, **more: str) -> int:
    """The status of the answer to a draft that is sent as the page's script does."""
    token = token_in(client.get("/content/import").text)
    data = {"text": text.replace("\n", "\r\n"), "opened": NOTE, "device": device, "csrf_token": token, **more}
    return client.post(f"{url}/draft", data=data, headers={"Accept": "application/json"}).status_code


def kept(sessions: sessionmaker[Session]) -> list[tuple[str, str]]:
    with sessions() as db:
        return [(row.device, row.text) for row in db.scalars(select(NoteDraft).order_by(NoteDraft.device))]


@pytest.mark.parametrize("role", ["editor", "learner"])
def test_a_draft_is_offered_to_its_person_alone_and_no_device_overwrites_another(
    client_as: ClientAs, sessions: sessionmaker[Session], role: str
) -> None:
    client, other = client_as(role), client_as("editor")
    url = brought(client)
    assert sent(client, url, "phone") == 200
    assert sent(client, url, "desk", TYPED + "More.\n") == 200
    assert kept(sessions) == [("desk", TYPED + "More.\n"), ("phone", TYPED)]
    page = client.get(url).text
    assert 'data-draft-of="phone"' in page
    assert 'data-draft-of="desk"' in page
    assert client.get(f"{url}/draft?device=phone").json == {"text": TYPED, "opened": NOTE}
    assert client.get(f"{url}/draft?device=other").json == {"text": None, "opened": None}
    assert "data-draft-of" not in other.get(url).text
    assert (other.get(f"{url}/draft?device=phone").json or {}).get("text") is None


def test_saving_lets_go_of_what_is_saved_and_of_no_other_text(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    for device, text in (("phone", TYPED), ("desk", TYPED + "More.\n"), ("pad", TYPED + "Else.\n"), ("tv", TYPED)):
        sent(client, url, device, text)
    page = saved(client, url, TYPED, device="phone", taken="pad")
    assert saved(client, url, TYPED, page=page.text, device="phone", taken="pad").status_code == 302
    assert kept(sessions) == [("desk", TYPED + "More.\n")]


def test_a_text_like_the_notes_own_is_no_draft_and_one_can_be_let_go(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    sent(client, url, "phone")
    sent(client, url, "phone", NOTE)
    assert kept(sessions) == []
    sent(client, url, "phone")
    data = {"device": "phone", "csrf_token": token_in(client.get("/content/import").text)}
    assert client.post(f"{url}/draft/forget", data=data).status_code == 200
    assert kept(sessions) == []


def test_the_oldest_go_and_what_is_old_is_not_offered(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    url = brought(client)
    for number in range(DRAFTS_MAX + 1):
        sent(client, url, f"d{number}")
    assert [device for device, _ in kept(sessions)] == [f"d{number}" for number in range(1, DRAFTS_MAX + 1)]
    with sessions() as db:
        db.execute(update(NoteDraft).values(kept_at=clock.now() - DRAFT_LASTS - timedelta(hours=1)))
        db.commit()
    assert "data-draft-of" not in client.get(url).text
    sent(client, url, "new")
    assert [device for device, _ in kept(sessions)] == ["new"]


@pytest.mark.parametrize(
    ("device", "text"), [("", TYPED), ("a b", TYPED), ("x" * 65, TYPED), ("phone", "x" * (451 * 1024))]
)
def test_what_no_page_sends_is_refused(client_as: ClientAs, device: str, text: str) -> None:
    client = client_as("editor")
    assert sent(client, brought(client), device, text) == 400


def test_what_is_discarded_can_be_taken_again(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    url = brought(client)
    sent(client, url, "phone")
    assert "Discard" in saved(client, url, TYPED).text
    token = token_in(client.get("/content/import").text)
    data = {"csrf_token": token, "text": TYPED, "opened": NOTE, "device": "phone"}
    assert client.post(f"{url}/discard", data=data).location == f"{url}?saved=1"
    assert kept(sessions) == [("discarded", TYPED)]
    assert "What you discarded on" in client.get(url).text
    assert client.get(f"{url}/draft?device=discarded").json == {"text": TYPED, "opened": NOTE}
    more = {**data, "text": TYPED + "\nMore.\n", "taken": "discarded"}
    client.post(f"{url}/discard", data=more)
    assert kept(sessions) == [("discarded", more["text"])], "taken, and discarded once more"
