"""The lab editor as a browser does it: drafts that lose nothing, and nothing for learners that is not verified."""

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.labs.models import LabDraft, LabRevision
from quizapp.catalogue.models import ContentDeed, Lab, LabSource
from quizapp.labs import wiring
from quizapp.labs.proof.models import LabVerification, VerificationState
from quizapp.labs.proof.verification import digest_of
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from quizapp.web.whole_requests import MAX_BODY_BYTES
from tests.integration.catalogue.test_import_labs import LAB, write_lab
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]
URL = "/content/labs/find-it"
BETTER = LAB.replace("Start `web`.", "Start `web`, and look where it is.")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Hands-on questions are on."""
    return settings.model_copy(update={"engine": ""})


@pytest.fixture
def sandboxes(app: Flask, settings: Settings) -> FakeSandboxClient:
    """The application's way to sandboxes."""
    client = FakeSandboxClient(now=clock.now)
    wiring.init_app(app, settings, sandboxes=client, workshop=lambda: nullcontext(client))
    return client


@pytest.fixture
def folder(tmp_path: Path, sessions: sessionmaker[Session]) -> Path:
    """A content folder with one lab, which is imported."""
    write_lab(tmp_path, LAB)
    imported(sessions, tmp_path)
    return tmp_path


def imported(sessions: sessionmaker[Session], folder: Path) -> None:
    with sessions() as db:
        import_content(db, folder, now=clock.now())
        db.commit()


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends of the editor's form, with its own line ends."""
    found = dict(re.findall(r'<input[^>]* name="(opened|offered|csrf_token)"[^>]* value="([^"]*)"', page))
    text = re.search(r'<textarea[^>]* name="text"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
    assert text
    found["text"] = text[1]
    return {name: unescape(value).replace("\r\n", "\n").replace("\n", "\r\n") for name, value in found.items()}


def pressed(client: FlaskClient, text: str, *, to: str = "", page: str = "", **more: str) -> TestResponse:
    """What comes of a press on a button of the form with this text."""
    fields = fields_of(page or client.get(URL).text)
    return client.post(f"{URL}{to}", data={**fields, "text": text, **more})


def learners_task(sessions: sessionmaker[Session]) -> str:
    with sessions() as db:
        return db.scalars(select(Lab)).one().question.prompt


def verified(sessions: sessionmaker[Session], text: str, *, is_ok: bool = True) -> None:
    """As if this text had been verified."""
    with sessions() as db:
        lab, now = db.scalars(select(Lab)).one(), clock.now()
        row = LabVerification(lab_id=lab.id, digest=digest_of(text), text=text, state=VerificationState.DONE)
        row.begun_at = row.beat_at = row.ended_at = now
        row.is_ok = is_ok
        db.add(row)
        db.commit()


def rows(sessions: sessionmaker[Session], model: type) -> list[Mapping[str, object]]:
    with sessions() as db:
        return [dict(vars(row)) for row in db.scalars(select(model)).all()]


def test_the_list_is_narrowed_by_words_of_title_and_address(client_as: ClientAs, folder: Path) -> None:
    editor = client_as("editor")
    link = f'href="{URL}"'
    for sought, is_there in (("", True), ("FIND-it", True), ("it find", True), ("find nothing", False), ("%", False)):
        page = editor.get("/content/labs", query_string={"q": sought}).text
        assert (link in page) is is_there, sought
        assert ("No lab is like that" in page) is not is_there
        assert ("of 1 lab." in page) is (sought != "")
    assert 'value="&lt;b&gt;"' in editor.get("/content/labs?q=<b>").text


def test_a_draft_is_kept_however_faulty_and_learners_have_what_they_had(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    assert fields_of(client.get(URL).text)["text"] == LAB.replace("\n", "\r\n")
    faulty = LAB.replace("level: 2", "level: 9\nlevl: 2")
    assert pressed(client, faulty).location == f"{URL}?saved=1"
    page = client.get(URL).text
    assert fields_of(page)["text"] == faulty.replace("\n", "\r\n")
    assert "This is no lab yet: 2 faults." in page
    assert "Line 5, column 1: level: Input should be less than or equal to 5." in page
    assert "Line 6, column 1: levl: there is no such field here. Did you mean level?" in page
    assert learners_task(sessions) == "Start `web`."
    assert "draft of" in client.get("/content/labs").text
    client.post(f"{URL}/discard", data=fields_of(page))
    assert rows(sessions, LabDraft) == []


def test_only_a_verified_text_is_published(client_as: ClientAs, sessions: sessionmaker[Session], folder: Path) -> None:
    client = client_as("editor")
    verified(sessions, BETTER, is_ok=False)
    refused = pressed(client, BETTER, to="/publish")
    assert "This text is not verified." in client.get(refused.location).text
    assert learners_task(sessions) == "Start `web`."
    verified(sessions, BETTER)
    page = client.get(URL).text
    assert "This text is verified." in page
    assert "This text is not verified" in client.get(pressed(client, f"{BETTER}\n# later", to="/publish").location).text
    assert "Published: “Find it”." in client.get(pressed(client, BETTER, to="/publish").location).text
    assert learners_task(sessions) == "Start `web`, and look where it is."
    assert rows(sessions, LabDraft) == []
    assert [row["ground"] for row in rows(sessions, LabRevision)] == ["file", "proof"]


def test_a_draft_is_louder_in_the_list_than_what_is_published(client_as: ClientAs, folder: Path) -> None:
    client = client_as("editor")
    page = client.get("/content/labs").text
    assert '<span class="quiet">published</span>' in page
    assert 'class="mark ' not in page
    pressed(client, BETTER)
    assert 'class="mark ' in client.get("/content/labs").text


def test_a_text_that_learners_have_is_not_published_again(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    verified(sessions, BETTER)
    pressed(client, BETTER, to="/publish")
    before = len(rows(sessions, LabRevision)), len(rows(sessions, ContentDeed))
    page = client.get(pressed(client, BETTER, to="/publish").location).text
    assert "Learners have this very text already." in page
    assert (len(rows(sessions, LabRevision)), len(rows(sessions, ContentDeed))) == before


def test_the_owners_word_stands_in_the_trail_and_an_editor_has_none(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    assert pressed(client_as("editor"), BETTER, to="/publish", word="I know").status_code == 403
    assert learners_task(sessions) == "Start `web`."
    owner = client_as("owner")
    pressed(owner, BETTER, to="/publish", word="Needs a VM, tried by hand")
    assert learners_task(sessions) == "Start `web`, and look where it is."
    words = [row["words"] for row in rows(sessions, ContentDeed)]
    assert "Find it, not verified: Needs a VM, tried by hand" in words


def test_a_text_that_is_no_lab_is_not_published_by_any_word(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("owner")
    answer = pressed(client, BETTER.replace("id: find-it", "id: find-this"), to="/publish", word="I know")
    assert "Not published. Line 1: The id is find-this" in unescape(client.get(answer.location).text)
    assert learners_task(sessions) == "Start `web`."


def test_two_editors_of_one_lab_lose_nothing(client_as: ClientAs, folder: Path) -> None:
    one, two = client_as("editor"), client_as("editor")
    page = one.get(URL).text
    pressed(two, LAB.replace("title: Find it", "title: Find that"))
    answer = pressed(one, BETTER, page=page)
    assert answer.status_code == 409
    both = fields_of(answer.text)["text"]
    assert "title: Find that" in both
    assert "look where it is" in both
    assert pressed(one, both, page=answer.text).location == f"{URL}?saved=1"
    clash = pressed(one, LAB.replace("title: Find it", "title: Seek it"), page=page).text
    assert "These lines you have both changed" in clash


def test_an_import_of_another_text_meets_a_draft(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("owner")
    pressed(client, BETTER)
    before = client.get(URL).text
    write_lab(folder, LAB.replace("title: Find it", "title: Find that"))
    imported(sessions, folder)
    refused = pressed(client, BETTER, to="/publish", word="I know", page=before)
    page = client.get(refused.location).text
    assert "Not published. Somebody saved this lab" in page
    both = fields_of(page)["text"]
    assert "title: Find that" in both
    assert "look where it is" in both
    assert "Published" in client.get(pressed(client, both, to="/publish", word="I know", page=page).location).text


def test_what_was_published_stays_when_its_file_changes_until_an_editor_takes_one(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("owner")
    pressed(client, BETTER, to="/publish", word="I know")
    imported(sessions, folder)
    assert learners_task(sessions) == "Start `web`, and look where it is."
    write_lab(folder, LAB.replace("Start `web`.", "Begin `web`."))
    imported(sessions, folder)
    assert learners_task(sessions) == "Start `web`, and look where it is."
    page = client.get(URL).text
    assert "The file of this lab was changed" in page
    client.post(f"{URL}/settle", data={"csrf_token": token_in(page), "take": "file"})
    assert learners_task(sessions) == "Begin `web`."
    [source] = rows(sessions, LabSource)
    assert (source["published"], source["waiting"]) == (None, None)


def test_a_revision_restores_the_text_that_ran(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("owner")
    pressed(client, BETTER, to="/publish", word="I know")
    history = client.get(f"{URL}/history").text
    assert "<del>task: Start `web`.</del>" in history
    assert "not verified: I know" in history
    [first] = re.findall(r'name="revision" value="(\d+)">\s*<button[^>]*>Restore', history)
    client.post(f"{URL}/restore", data={"csrf_token": token_in(history), "revision": first})
    assert fields_of(client.get(URL).text)["text"] == LAB.replace("\n", "\r\n")
    pressed(client, LAB, to="/publish", word="It was better")
    assert learners_task(sessions) == "Start `web`."


def test_what_was_edited_of_its_question_is_in_its_text(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    page = client.get("/content/questions/find-it").text
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'name="(rev|opened|csrf_token)"[^>]* value="([^"]*)"', page)
    }
    client.post(
        "/content/questions/find-it",
        data={**fields, "prompt": "Start `web` now.", "answer": "It was here.", "level": "2"},
    )
    assert learners_task(sessions) == "Start `web` now."
    assert "task: Start `web` now." in unescape(client.get(URL).text)


def test_a_learner_sees_none_of_it(client_as: ClientAs, folder: Path) -> None:
    assert client_as("learner").get(URL).status_code == 403
    assert client_as("editor").get("/content/labs/nothing").status_code == 404


def test_a_text_that_is_too_long_or_has_a_nul_stays_on_the_page(client_as: ClientAs, folder: Path) -> None:
    client = client_as("editor")
    page = client.get(URL).text
    assert f'data-most-bytes="{MAX_BODY_BYTES}"' in page
    assert 'hx-status:413="swap:none"' in page
    answer = pressed(client, f"{LAB}# {'x' * 300_000}\n")
    assert (answer.status_code, "split it" in answer.text) == (400, True)
    answer = pressed(client, f"{LAB}# \0 here\n")
    assert (answer.status_code, "holds a NUL character" in answer.text) == (400, True)
    assert "here" in fields_of(answer.text)["text"]


def test_a_new_lab_is_a_draft_that_works_and_survives_imports(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    page = client.get("/content/labs").text
    refused = client.post("/content/labs", data={"csrf_token": token_in(page), "name": "Not A Name"})
    assert (refused.status_code, "letters a to z" in refused.text) == (400, True)
    refused = client.post("/content/labs", data={"csrf_token": token_in(page), "name": "find-it"})
    assert (refused.status_code, "called find-it" in refused.text) == (400, True)
    made = client.post("/content/labs", data={"csrf_token": token_in(page), "name": "on-a-network"}).location
    page = client.get(made).text
    assert "It is a lab, and nothing to improve was found." in page
    text = fields_of(page)["text"].replace("\r\n", "\n")
    assert client_as("learner").get("/labs/on-a-network").status_code == 404
    with sessions() as db:
        row = db.scalars(select(Lab).where(Lab.slug == "on-a-network")).one()
        verification_of = LabVerification(
            lab_id=row.id, digest=digest_of(text), text=text, state=VerificationState.DONE, is_ok=True
        )
        verification_of.begun_at = verification_of.beat_at = clock.now()
        db.add(verification_of)
        db.commit()
    client.post(f"{made}/publish", data={**fields_of(page), "text": text})
    imported(sessions, folder)
    assert "A web server on a network of its own" in client_as("learner").get("/labs/on-a-network").text


def test_a_limited_editor_makes_no_lab(app: Flask, client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    with sessions() as db:
        db.get_one(User, client.user.id).is_limited = True  # type: ignore[attr-defined]
        db.commit()
    page = client.get("/content/labs").text
    assert "New lab" not in page
    assert client.post("/content/labs", data={"csrf_token": token_in(page), "name": "on-a-network"}).status_code == 403
    assert client.get(URL).status_code == 404


def test_the_form_beside_the_text_edits_its_lines(client_as: ClientAs, folder: Path) -> None:
    client = client_as("editor")
    page = client.get(URL).text
    assert 'id="field-minutes" name="field-minutes" form="lab-form" value="3"' in page
    both = {"field-minutes": "8", "field-title": "Find that"}
    changed = pressed(client, LAB, to="/fields", page=page, **both)
    assert fields_of(changed.text)["text"].replace("\r\n", "\n") == LAB.replace("minutes: 3", "minutes: 8").replace(
        "title: Find it", "title: Find that"
    )
    fields = {**fields_of(page), "text": LAB, "field-minutes": "soon"}
    said = client.post(f"{URL}/fields", data=fields, headers={"Accept": "application/json"}).json
    assert said == {"text": LAB, "said": "Minutes: write a whole number."}
    assert fields_of(client.get(URL).text)["text"].replace("\r\n", "\n") == LAB, "nothing is saved"


def test_the_format_is_told_to_the_completion(client_as: ClientAs) -> None:
    found = client_as("editor").get("/content/labs/format.json").json
    assert found is not None
    assert found["LabDefinition"]["vars"] == {
        "about": "What is drawn for each run, so that no answer can be copied: a number, or the order of some words.",
        "part": "Variable",
        "named": True,
    }
    assert found["Published"]["from"]["values"] == ["host", "neighbour"]
    assert found["Check"]["hint"] == {"about": ""}
    assert all(field["part"] in found for part in found.values() for field in part.values() if "part" in field)


def test_what_is_typed_is_offered_on_another_device_and_what_is_discarded_here(
    client_as: ClientAs, folder: Path, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    typed = {**fields_of(client.get(URL).text), "text": BETTER, "device": "phone"}
    assert client.post(f"{URL}/draft", data=typed, headers={"Accept": "application/json"}).json == {"kept": True}
    assert 'data-draft-of="phone"' in client.get(URL).text
    assert "data-draft-of" not in client_as("editor", name="Somebody else").get(URL).text
    assert (client.get(f"{URL}/draft?device=phone").json or {})["text"] == BETTER
    client.post(URL, data=typed)
    page = client.get(URL).text
    assert "data-draft-of" not in page, "it is saved"
    client.post(f"{URL}/discard", data={**fields_of(page), "text": BETTER + "# more\n"})
    assert "What you discarded on" in client.get(URL).text
    assert (client.get(f"{URL}/draft?device=discarded").json or {})["text"] == BETTER + "# more\n"
