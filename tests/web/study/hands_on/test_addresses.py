"""A lab whose slug would tell the fault stands at another address; the slug leads there as well."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.models import Lab
from quizapp.settings import ROOT
from tests.builders import a_note
from tests.lab_builders import PREDICTED
from tests.web.study.hands_on.conftest import Learner

LABS = sorted((ROOT / "content" / "labs").glob("*/lab.yaml"))


@pytest.fixture
def learner(learner: Learner, make_lab: Callable[..., None]) -> Learner:
    """A learner, and a lab beside the other one that has an address."""
    make_lab(slug="a-rule-drops-it", address="the-call-hangs")
    return learner


def test_no_page_has_the_slug_in_an_address(learner: Learner) -> None:
    pages = [learner.open(path).text for path in ("/labs", "/labs/the-call-hangs", "/today", "/search?q=publish")]
    assert "/labs/the-call-hangs" in pages[0]
    for page in pages:
        assert "/labs/a-rule-drops-it" not in page
    begun = learner.press("/labs/the-call-hangs/prediction", **PREDICTED)
    assert begun.request.path.startswith("/labs/runs/")
    assert "/labs/a-rule-drops-it" not in begun.text


def test_no_page_has_the_slug_in_its_source(learner: Learner, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        lab, note = db.scalars(select(Lab).where(Lab.slug == "a-rule-drops-it")).one(), a_note(db)
        lab.question.note_id, lab.question.section_id = note.id, note.sections[0].id
        db.commit()
        of_note, choice = f"/notes/{note.key}", f'name="question" value="{lab.question_id}"'
    pages = [learner.open(path).text for path in ("/labs", "/labs/the-call-hangs", "/", of_note, "/progress")]
    assert choice in pages[3], "it can be taken as a card there"
    pages.append(learner.press("/labs/the-call-hangs/prediction", **PREDICTED).text)
    assert [at for at, page in enumerate(pages) if "a-rule-drops-it" in page] == []


@pytest.mark.parametrize("named", ["the-call-hangs", "a-rule-drops-it"])
def test_a_mistake_in_it_is_reported_by_either(learner: Learner, named: str) -> None:
    page = learner.press("/reports", lab=named, kind="typo", came_from="lab", back="/labs/the-call-hangs")
    assert "Thanks." in page.text


def test_a_database_that_is_away_while_an_address_is_looked_up_is_told(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is before a view has the request. The browser asks again by what it is told."""

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    monkeypatch.setattr("quizapp.catalogue.articles.lab_links.slug_at", away)
    page = learner.open("/labs/the-call-hangs")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "The database is away" in page.text


def test_both_addresses_lead_to_the_lab(learner: Learner) -> None:
    for address in ("the-call-hangs", "a-rule-drops-it", "two-ports"):
        assert learner.open(f"/labs/{address}").status_code == 200
    for address in ("nothing", "a" * 100):
        assert learner.open(f"/labs/{address}").status_code == 404


def test_no_two_labs_of_the_content_have_one_address() -> None:
    labs = [read_lab(path.read_text(encoding="utf-8"), folder=path.parent.name) for path in LABS]
    addresses = [lab.address or lab.id for lab in labs]
    assert len(set(addresses)) == len(addresses)
    assert {lab.address for lab in labs if lab.address}.isdisjoint(lab.id for lab in labs)
