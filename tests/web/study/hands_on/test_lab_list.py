"""The list of labs: how many are passed, the next one, the way through each system, and what narrows it."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.labs.lab_file import read_lab
from quizapp.catalogue.models import Lab
from quizapp.labs.runs.models import LabRun
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import ROOT
from quizapp.verdicts import Verdict
from tests.builders import a_note
from tests.lab_builders import add_lab
from tests.web.study.hands_on.conftest import Learner

Sessions = sessionmaker[Session]
ORDER = {"name": "way", "label": "The way", "run": "way", "compare": "order", "options": ["a", "b"], "hint": "No."}
COMMAND = {"label": "Yours", "reference": "docker ps", "hint": "No."}
# What the titles of broken scenarios must not say: the cause that is to be found, in the words of the solutions.
CAUSES = re.compile(
    r"firewall|iptables|\brules?\b|\broutes?\b|forward|masquerad|internal|resolv\.|wrong network", re.IGNORECASE
)


@pytest.fixture
def labs(learner: Learner, sessions: Sessions) -> None:
    """Labs of each kind under one section, beside the one of `learner`, which stands under none."""
    with sessions() as db:
        note = a_note(db)
        for slug, title, changes in (
            ("mend-it", "It is silent", {"tags": ["trouble"], "predict": []}),
            ("the-way", "A packet's way", {"answer": ORDER}),
            ("one-line", "In one line", {"command": COMMAND, "predict": [], "answer": None}),
            ("foretell", "What it will say", {}),
            ("build-it", "A sealed network", {"predict": [], "answer": None, "level": 3}),
        ):
            lab = add_lab(db, slug=slug, **{"title": title, **changes})  # type: ignore[arg-type]
            lab.question.note, lab.question.section = note, note.sections[0]
            lab.question.level = changes.get("level", 1)  # type: ignore[assignment]
            lab.minutes = 8 if slug == "mend-it" else 3
        db.commit()


def titles(page: str) -> list[str]:
    """The labs that are listed, in their order."""
    return re.findall(r'<li class="is-\w+">\s*<p><a [^>]+>([^<]+)</a>', page)


def passed(sessions: Sessions, learner: Learner, slug: str) -> None:
    with sessions() as db:
        lab, now = db.scalars(select(Lab).where(Lab.slug == slug)).one(), clock.now()
        user: User = learner.client.user  # type: ignore[attr-defined]
        run = LabRun(user_id=user.id, lab_id=lab.id, started_at=now, finished_at=now, verdict=Verdict.PASS)
        db.add(run)
        db.commit()


@pytest.mark.usefixtures("labs")
def test_a_system_is_a_way_from_what_is_predicted_to_what_is_broken(learner: Learner) -> None:
    page = learner.open("/labs").text
    ordered = ["What it will say", "In one line", "A sealed network", "A packet&#39;s way", "It is silent", "Two ports"]
    assert titles(page) == ordered
    assert page.count('<ol class="lab-path">') == 2


@pytest.mark.usefixtures("labs")
def test_it_says_how_many_are_passed_and_which_is_next(learner: Learner, sessions: Sessions) -> None:
    assert "0 of 6 passed" in learner.open("/labs").text
    passed(sessions, learner, "foretell")
    page = learner.open("/labs").text
    assert "1 of 6 passed" in page
    assert re.findall(r'button-primary"[^>]*>([^<]+)', page) == ["Next: In one line, 3 min"]


@pytest.mark.usefixtures("labs")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=broken", ["It is silent"]),
        ("kind=order", ["A packet&#39;s way"]),
        ("kind=command", ["In one line"]),
        ("level=3", ["A sealed network"]),
        ("minutes=5", 5),
        ("q=WAY+packet", ["A packet&#39;s way"]),
        ("state=passed", ["What it will say"]),
        ("state=todo&kind=predict", ["Two ports"]),
        ("state=due", []),
        ("level=99&kind=nonsense&minutes=x", 6),
    ],
)
def test_it_is_narrowed_by_its_address(
    learner: Learner, sessions: Sessions, query: str, found: list[str] | int
) -> None:
    passed(sessions, learner, "foretell")
    listed = titles(learner.open(f"/labs?{query}").text)
    assert found in (listed, len(listed))


@pytest.mark.usefixtures("labs")
def test_what_was_chosen_stays_chosen(learner: Learner) -> None:
    page = learner.open("/labs?kind=broken&q=%22%3E%3Cscript%3E").text
    assert '<option value="broken" selected>' in page
    assert "No lab is like that" in page
    assert "<script>" not in page
    assert 'href="/labs">Show all' in page


def test_no_title_of_a_broken_scenario_names_its_cause() -> None:
    files = sorted((ROOT / "content" / "labs").glob("*/lab.yaml"))
    read = [read_lab(path.read_text(encoding="utf-8"), folder=path.parent.name) for path in files]
    broken = [lab for lab in read if any(tag.startswith("troubl") for tag in lab.tags)]
    assert len(broken) > 10
    assert [lab.title for lab in broken if CAUSES.search(lab.title)] == []


def test_where_no_host_can_be_had_none_is_promised(learner: Learner, sandboxes: FakeSandboxClient) -> None:
    own = "on a Docker host of your own"
    assert own in learner.open("/labs").text
    sandboxes.fault = EngineOff("The Docker Engine is off.", retry_after_s=60)
    page = learner.open("/labs").text
    assert own not in page
    assert "No host can be had here just now" in page
