"""A lab is retired and restored in the browser, and a draft that nobody has seen is deleted and made again."""

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import ContentDeed, DeedOf, Lab, LabSource, Question, QuestionEdit
from quizapp.labs.runs.models import LabRun
from quizapp.review.models import Card
from tests.integration.catalogue.test_import_labs import LAB, write_lab
from tests.web.admin.test_lab_editor import URL, fields_of, folder, imported, pressed, sandboxes, settings, verified
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after, token_in

__all__ = ["folder", "sandboxes", "settings"]
ClientAs = Callable[..., FlaskClient]


def set_stage(client: FlaskClient, stage: str, url: str = URL) -> str:
    return shown_after(client, url, f"{url}/stage", stage=stage)


def count(sessions: sessionmaker[Session], model: type) -> int:
    with sessions() as db:
        return db.scalar(select(func.count()).select_from(model)) or 0


def test_a_lab_that_an_editor_retired_stays_so_through_imports_until_it_is_restored(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    grace, ada = client_as("editor", name="Grace"), client_as("learner")
    with sessions() as db:
        question_id = db.scalars(select(Question.id)).one()
        db.add(Card(user_id=ada.user.id, question_id=question_id, created_at=clock.now()))  # type: ignore[attr-defined]
        db.commit()
    page = set_stage(grace, "retired")
    assert "Retired. It is offered no more" in page
    assert "An editor has retired this lab." in page
    assert ada.get("/labs/find-it").status_code == 404
    write_lab(folder, LAB.replace("Start `web`.", "Start `web` again."))
    with sessions() as db:
        [report] = import_content(db, folder, now=clock.now())
        db.commit()
    assert any("An editor has retired this lab" in warning.message for warning in report.warnings)
    assert ada.get("/labs/find-it").status_code == 404
    assert "Restored." in set_stage(grace, "restore")
    assert "Start `web` again." in fields_of(grace.get(URL).text)["text"], "as its file says by now"
    assert ada.get("/labs/find-it").status_code == 200
    assert count(sessions, Card) == 1
    with sessions() as db:
        stages = [(edit.before["stage"], edit.after["stage"]) for edit in db.scalars(select(QuestionEdit))]
        assert ("published", "retired") in stages
        assert ("retired", "published") in stages
    trail = words(client_as("owner").get("/content/trail").text)
    assert "Grace retired" in trail
    assert "Grace restored" in trail
    assert "It is so already." in set_stage(grace, "restore")


def test_a_lab_whose_file_is_gone_is_restored_as_one_of_no_file(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    grace = client_as("editor")
    (folder / "labs" / "find-it" / "lab.yaml").unlink()
    (folder / "labs" / "find-it").rmdir()
    imported(sessions, folder)
    assert "The file of this lab is gone." in grace.get(URL).text
    set_stage(grace, "restore")
    imported(sessions, folder)
    assert client_as("learner").get("/labs/find-it").status_code == 200
    with sessions() as db:
        source = db.scalars(select(LabSource)).one()
        assert (source.file, source.published) == (None, LAB)


def test_publishing_a_retired_lab_offers_it_again(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    grace = client_as("editor")
    set_stage(grace, "retired")
    better = LAB.replace("Start `web`.", "Start `web`, please.")
    verified(sessions, better)
    assert "Published" in grace.get(pressed(grace, better, to="/publish").location).text
    imported(sessions, folder)
    assert "please" in client_as("learner").get("/labs/find-it").text
    with sessions() as db:
        source = db.scalars(select(LabSource)).one()
        assert (source.file, source.published, source.waiting) == (LAB, better, None)


def test_a_lab_that_nobody_has_seen_is_deleted_with_what_tried_it_and_made_again(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path, sandboxes: object
) -> None:
    grace = client_as("editor")
    made = send(grace, "/content/labs", "/content/labs", name="on-a-network").location
    page = grace.get(made).text
    text = fields_of(page)["text"].replace("minutes: 5", "minutes: 6")
    grace.post(made, data={**fields_of(page), "text": text})
    grace.post("/labs/on-a-network/try", data={"csrf_token": token_in(page), "predict.inside": "80"})
    listed = shown_after(grace, made, f"{made}/delete")
    assert "Deleted: A web server on a network of its own" in listed
    assert grace.get(made).status_code == 404
    assert count(sessions, LabRun) == 0
    assert count(sessions, Lab) == 1
    with sessions() as db:
        again = f"/content/trail/{_deed(db)}/again"
    assert "The lab&#39;s draft is here again." in shown_after(grace, "/content/labs", again)
    assert "minutes: 6" in fields_of(grace.get(made).text)["text"]
    assert send(grace, "/content/labs", again).status_code == 400


def test_a_lab_that_learners_had_is_not_deleted_and_a_learner_does_none_of_it(
    client_as: ClientAs, sessions: sessionmaker[Session], folder: Path
) -> None:
    refused = send(client_as("editor"), URL, f"{URL}/delete")
    assert (refused.status_code, "Retire this one instead." in refused.text) == (400, True)
    ada = client_as("learner")
    token = token_in(ada.get("/content/import").text)
    for what in ("stage", "delete"):
        assert ada.post(f"{URL}/{what}", data={"csrf_token": token}).status_code == 403
    assert count(sessions, Lab) == 1


def _deed(db: Session) -> int:
    return db.scalars(select(ContentDeed.id).where(ContentDeed.what == DeedOf.DELETE)).one()
