"""Who else has a question, a lab or a note open in the editor: told to editors of it, for as long as it holds."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.admin.presence_views import sentence_of
from quizapp.catalogue.comments.models import Presence
from quizapp.catalogue.comments.presence import PRESENT_FOR
from quizapp.catalogue.importing.service import import_content
from tests.integration.catalogue.test_import_labs import LAB, write_lab
from tests.web.admin.test_comments import stored
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]


def told(client: FlaskClient, url: str, **more: str) -> str:
    """What the page's script gets when it says that the page is open."""
    data = {"csrf_token": token_in(client.get("/content/import").text), **more}
    answer = client.post(url, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return str(answer.json["said"]) if answer.json else ""


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Ada"], "Ada has this open too."),
        (["Ada", "Grace"], "Ada and Grace have this open too."),
        (["Ada", "Grace", "Linus", "Alan"], "Ada, Grace, Linus and 1 other have this open too."),
        (["Ada", "Grace", "Linus", "Alan", "Kay"], "Ada, Grace, Linus and 2 others have this open too."),
    ],
)
def test_others_are_named(names: list[str], said: str) -> None:
    assert sentence_of(names) == said


@pytest.mark.parametrize("page", ["questions", "notes"])
def test_two_editors_see_each_other_until_one_leaves(
    client_as: ClientAs, sessions: sessionmaker[Session], page: str
) -> None:
    url = f"/content/{page}/{stored(sessions)[page == 'notes']}"
    grace, linus = client_as("editor", name="Grace"), client_as("editor", name="Linus")
    place = f"{url}/present"
    assert f'role="status" data-present="{place}"' in grace.get(url).text
    assert told(grace, place) == ""
    assert told(linus, place) == "Grace has this open too."
    assert told(grace, place) == "Linus has this open too."
    told(linus, place, gone="1")
    assert told(grace, place) == ""


@pytest.mark.parametrize("since", [PRESENT_FOR + timedelta(seconds=1), timedelta(days=-365)], ids=str)
def test_a_browser_that_went_without_a_word_is_forgotten(
    client_as: ClientAs, sessions: sessionmaker[Session], since: timedelta
) -> None:
    """Also one of the time when the clock was ahead."""
    place = f"/content/questions/{stored(sessions)[0]}/present"
    grace, linus = client_as("editor", name="Grace"), client_as("editor", name="Linus")
    told(grace, place)
    with sessions() as db:
        first = db.scalar(select(Presence.seen_at))
    told(grace, place)  # the same window or another one, a moment later: nothing is written
    with sessions() as db:
        assert db.scalar(select(Presence.seen_at)) == first
        db.execute(update(Presence).values(seen_at=clock.now() - since))
        db.commit()
    assert told(linus, place) == ""
    with sessions() as db:
        assert db.scalar(select(func.count()).select_from(Presence)) == 1  # that of Linus


def test_a_lab_s_text_and_its_question_are_one_thing_to_be_at(
    client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    write_lab(tmp_path, LAB)
    with sessions() as db:
        import_content(db, tmp_path, now=clock.now())
        db.commit()
    assert 'data-present="/content/questions/find-it/present"' in client_as("editor").get("/content/labs/find-it").text


def test_learners_neither_ask_nor_tell(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    key, note = stored(sessions)
    learner = client_as("learner")
    token = token_in(learner.get("/content/import").text)
    for place in (f"/content/questions/{key}/present", f"/content/notes/{note}/present"):
        assert learner.post(place, data={"csrf_token": token}).status_code == 403
