"""A sitting whose questions are changed, lose their answer or leave their note while it goes on."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.importing.service import import_content
from quizapp.quiz.models import Attempt
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewLog
from tests.web.pages import send

CHOICE = """1.  **Q: Which survives `docker rm`?** <!-- id: q-aaaa -->
    *   *Options:*
        - [ ] The writable layer *Why:* It goes with its container.
        - [x] A named volume *Why:* It is kept apart.
        - [ ] All of the above *Why:* One of them goes.
"""
KEY_LOST = CHOICE.replace("[x]", "[ ]")
OPTION_REPLACED = CHOICE.replace("[ ] All of the above", "[x] A bind-mounted folder").replace("One of them goes", "Yes")
OPEN = """2.  **Q: What is a pod?** <!-- id: q-bbbb -->
    *   *A:* The smallest unit.
"""
ANSWER_LOST = OPEN.split("\n", 1)[0] + "\n"

Write = Callable[..., None]


@pytest.fixture
def write(sessions: sessionmaker[Session], tmp_path: Path) -> Write:
    """`write(question, …)`: make these the questions of the only note, as an import does; without any the note goes."""

    def do(*questions: str) -> None:
        folder = tmp_path / "notes"
        folder.mkdir(exist_ok=True)
        note = folder / "quiz.md"
        note.unlink(missing_ok=True)
        if questions:
            note.write_text("# Quiz\n\n## 1. Interview Questions\n\n" + "".join(questions), encoding="utf-8")
        with sessions() as db:
            import_content(db, folder, now=clock.now())
            db.commit()

    return do


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def ratings(sessions: sessionmaker[Session]) -> Callable[[], list[Rating]]:
    """The ratings that answers have come to."""

    def find() -> list[Rating]:
        with sessions() as db:
            return list(db.scalars(select(ReviewLog.rating).order_by(ReviewLog.reviewed_at)))

    return find


def start(client: FlaskClient) -> str:
    """Begin a sitting on everything; the address of its first question."""
    return send(client, "/practice", "/practice", note="", length=10).location


def option(page: str, text: str) -> str:
    """The value of the option with this text."""
    found = re.search(rf'value="(\d+)"(?:(?!value=).)*?{text}', page, re.DOTALL)
    assert found
    return found[1]


def verdict_on(page: str, text: str) -> str:
    """What the page says of the option with this text once it is answered; empty for a wrong one that was left."""
    (found,) = re.findall(rf'<li class="choice choice-(\w+)"(?:(?!</li>).)*?{text}', page, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("after", [(), (KEY_LOST,), (OPEN,)], ids=["note gone", "key lost", "another instead"])
@pytest.mark.parametrize(("picked", "said"), [("The writable layer", "Not yet"), ("A named volume", "Right")])
def test_a_choice_is_marked_as_it_was_asked(
    learner: FlaskClient, write: Write, after: tuple[str, ...], picked: str, said: str
) -> None:
    write(CHOICE)
    url = start(learner)
    value = option(learner.get(url).text, picked)
    write(*after)
    send(learner, url, f"{url}/answer", choices=[value])
    page = learner.get(url).text
    assert said in page
    assert verdict_on(page, "A named volume") == ("right" if said == "Right" else "missed")
    assert learner.get(f"{url.rsplit('/', 1)[0]}/result").status_code == 200


@pytest.mark.parametrize("after", [(), (ANSWER_LOST,), (CHOICE,)], ids=["note gone", "answer lost", "another instead"])
def test_an_open_answer_is_marked_as_it_was_asked(learner: FlaskClient, write: Write, after: tuple[str, ...]) -> None:
    write(OPEN)
    url = start(learner)
    write(*after)
    send(learner, url, f"{url}/answer", text="Some containers")
    assert "The smallest unit." in learner.get(url).text
    send(learner, url, f"{url}/mark", nothing="1")
    assert "0 of 1" in learner.get(f"{url.rsplit('/', 1)[0]}/result").text


def test_a_question_that_has_gone_before_it_was_shown_is_still_asked(learner: FlaskClient, write: Write) -> None:
    write(CHOICE, OPEN)
    url = start(learner)
    write()
    for position in (1, 2):
        here = f"{url[:-1]}{position}"
        page = learner.get(here).text
        if 'name="text"' in page:
            send(learner, here, f"{here}/answer", text="A folder")
            send(learner, here, f"{here}/mark", points=[0])
        else:
            send(learner, here, f"{here}/answer", choices=[option(page, "A named volume")])
    assert "2 of 2" in learner.get(f"{url[:-2]}/result").text


@pytest.mark.parametrize("before_the_answer", [True, False])
def test_an_answer_shows_what_was_offered_and_picked(
    learner: FlaskClient, write: Write, before_the_answer: bool
) -> None:
    write(CHOICE)
    url = start(learner)
    value = option(learner.get(url).text, "All of the above")
    if before_the_answer:
        write(OPTION_REPLACED)
    send(learner, url, f"{url}/answer", choices=[value])
    write(OPTION_REPLACED)
    page = learner.get(url).text
    assert "Not yet" in page
    assert verdict_on(page, "All of the above") == "wrong"
    assert "One of them goes." in page
    assert "bind-mounted" not in page


def test_the_next_sitting_asks_in_the_new_words(learner: FlaskClient, write: Write) -> None:
    write(CHOICE)
    start(learner)
    write(OPTION_REPLACED)
    assert "bind-mounted" in learner.get(start(learner)).text


def test_a_miss_that_is_asked_no_more_counts_and_is_said_to_be_gone(
    learner: FlaskClient, write: Write, ratings: Callable[[], list[Rating]]
) -> None:
    write(CHOICE)
    url = start(learner)
    value = option(learner.get(url).text, "The writable layer")
    write()
    send(learner, url, f"{url}/answer", choices=[value])
    result = learner.get(f"{url[:-2]}/result").text
    assert ratings() == [Rating.AGAIN]
    assert "Asked no more" in result
    assert "Comes back" not in result
    assert "in your reviews" not in result


@pytest.mark.parametrize("after", [(), (KEY_LOST,)], ids=["note gone", "key lost"])
def test_misses_that_are_asked_no_more_are_not_offered_again(
    learner: FlaskClient, write: Write, after: tuple[str, ...]
) -> None:
    write(CHOICE)
    url = start(learner)
    send(learner, url, f"{url}/answer", choices=[option(learner.get(url).text, "The writable layer")])
    result = f"{url[:-2]}/result"
    assert "Again with the misses" in learner.get(result).text
    write(*after)
    assert "Again with the misses" not in learner.get(result).text
    refused = send(learner, "/practice", f"{url[:-2]}/again")
    assert refused.status_code == 400
    assert "Nothing was missed in this quiz that is still asked." in refused.text


@pytest.mark.parametrize("after", [(), (KEY_LOST,)], ids=["note gone", "key lost"])
def test_a_sitting_begun_before_words_were_kept_goes_on_and_ends(
    learner: FlaskClient, write: Write, sessions: sessionmaker[Session], after: tuple[str, ...]
) -> None:
    write(CHOICE)
    url = start(learner)
    value = option(learner.get(url).text, "The writable layer")
    with sessions() as db:
        db.execute(update(Attempt).values(asked=None))
        db.commit()
    write(*after)
    send(learner, url, f"{url}/answer", choices=[value])
    assert learner.get(f"{url[:-2]}/result").status_code == 200


def test_an_answer_leads_to_no_note_that_is_gone(learner: FlaskClient, write: Write) -> None:
    write(CHOICE)
    url = start(learner)
    send(learner, url, f"{url}/answer", choices=[option(learner.get(url).text, "A named volume")])
    assert 'href="/notes/' in learner.get(url).text.split("sitting-foot")[1]
    write()
    assert 'href="/notes/' not in learner.get(url).text.split("sitting-foot")[1]
