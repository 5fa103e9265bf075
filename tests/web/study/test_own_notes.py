"""A learner's own notes: nobody else sees anything of them, until they are offered and an editor publishes them."""

from collections.abc import Callable, Iterator
from itertools import product
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from quizapp.catalogue import own_notes
from quizapp.catalogue.models import Concept, Note, Question
from quizapp.quiz.models import QuizSession
from quizapp.review.models import Card
from tests.builders import a_note, a_question
from tests.web.admin.test_bring_notes import NOTE, URL, confirmed, previewed
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
FORMS = ("markdown", "json")  # of exports
SECRET = "quokka"  # stands in every part of the note, and on no page of the product
OWN = f"""\
---
id: {SECRET}-note
tags: [{SECRET}]
---
# The {SECRET} file
## A {SECRET} section
*   **{SECRET.title()} bridge**: carries {SECRET} frames. <!-- id: {SECRET}-concept -->
    *   *Card:* the {SECRET} → a frame
*   **Q: What is a {SECRET}?** <!-- id: {SECRET}-question -->
    *   *A:* It is a {SECRET}.
"""


@pytest.fixture
def ada(client_as: ClientAs) -> FlaskClient:
    """A learner with a note of her own, whose cards she reviews and of which she has begun a quiz."""
    ada = client_as("learner")
    page = confirmed(ada, previewed(ada, OWN).text)
    key = page.request.path.removeprefix("/notes/")
    send(ada, f"/notes/{key}", "/review/add", note=key)
    assert send(ada, "/practice", "/practice", note=key, length=5).status_code == 302
    ada.note = key  # type: ignore[attr-defined]
    return ada


def addresses(rule: Rule, sessions: sessionmaker[Session]) -> Iterator[str]:
    """The rule's addresses with everything put in that the database has of a kind: keys, numbers and UUIDs."""
    with sessions() as db:
        keys = [key for model in (Note, Concept, Question) for key in db.scalars(select(model.key))]
        uuids: list[UUID] = [*db.scalars(select(Card.id)), *db.scalars(select(QuizSession.id))]
    values = {"UUIDConverter": uuids, "IntegerConverter": [1], "UnicodeConverter": [*keys, f"{SECRET}-note", *FORMS]}
    values["PathConverter"] = [f"{SECRET}-note"]  # of a window into a host
    values["LabInAddress"] = values["UnicodeConverter"]
    names = sorted(rule.arguments)
    for chosen in product(*(values[type(rule._converters[name]).__name__] for name in names)):
        built = rule.build(dict(zip(names, chosen, strict=True)))
        assert built is not None
        yield str(built[1])


@pytest.mark.parametrize("role", ["learner", "editor", "owner"])
def test_no_route_shows_it_to_anybody_else(
    app: Flask, client_as: ClientAs, ada: FlaskClient, sessions: sessionmaker[Session], role: str
) -> None:
    other, asked, seen = client_as(role), 0, []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.websocket:
            for address in addresses(rule, sessions):
                # A word of the note is looked for that is not the one that betrays it: lists say what they looked for.
                page, asked = other.get(address, query_string={"note": ada.note, "q": "frames"}), asked + 1
                seen += [f"{page.status_code} {address}"] if SECRET in page.text.lower() else []
    assert asked > 30
    assert seen == []
    assert other.get(f"/notes/{ada.note}").status_code == 404


def test_its_owner_sees_what_is_a_draft_and_what_would_make_it_a_question(client_as: ClientAs) -> None:
    learner = client_as("learner")
    text = "# A file\n## Bridges\n*   **Q: What is a bridge?**\n    *   *A:* It joins.\n*   **Q: And a `veth`?**\n"
    page = confirmed(learner, previewed(learner, text).text).text
    assert "1 question of it is a draft" in page
    draft = page[page.index("draft</span>") :]
    assert "And a <code>veth</code>?" in draft
    assert "It has no answer yet." in draft
    assert "draft</span>" not in page[: page.index("What is a bridge?")]


@pytest.mark.parametrize("role", ["learner", "editor"])
def test_nobody_else_can_do_anything_with_it(
    client_as: ClientAs, ada: FlaskClient, sessions: sessionmaker[Session], role: str
) -> None:
    other = client_as(role)
    for act in ("retire", "offer", "take-back", "publish"):
        assert send(other, "/notes", f"{URL}/{ada.note}/{act}").status_code in (403, 404), act
    assert send(other, "/notes", "/review/add", note=ada.note).status_code == 404
    assert send(other, "/practice", "/practice", note=ada.note, length=5).status_code == 400
    assert send(other, "/practice", "/practice", note="", length=5).status_code == 400, "there is nothing else to ask"
    with sessions() as db:
        assert db.scalars(select(Card.user_id).distinct()).all() == [ada.user.id]
        assert db.scalars(select(Note.retired_at)).one() is None


def test_its_owner_finds_it_everywhere(ada: FlaskClient) -> None:
    for page in ("/notes", f"/notes/{ada.note}", "/practice", "/review", URL, "/", "/search?q=frames"):
        assert SECRET in ada.get(page).text.lower(), page
    assert "Yours alone" in ada.get(f"/notes/{ada.note}").text


def test_a_note_is_brought_from_the_list_of_notes(client_as: ClientAs) -> None:
    learner = client_as("learner")
    assert f'href="{URL}"' in learner.get("/notes").text
    assert "What you bring is yours alone" in learner.get(URL).text
    assert "What you bring is for all" in client_as("editor").get(URL).text


def test_two_learners_may_bring_the_same(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    for name in ("one", "two"):
        learner = client_as("learner", name)
        for text in (NOTE, OWN):
            confirmed(learner, previewed(learner, text).text)
    confirmed(editor := client_as("editor"), previewed(editor, NOTE).text)
    with sessions() as db:
        kept = db.execute(select(Note.owner_id, func.count()).group_by(Note.owner_id)).all()
        assert sorted(count for _, count in kept) == [1, 2, 2]
        assert db.scalar(select(func.count()).select_from(Question)) == 2 * 3 + 1


def test_an_id_of_another_note_takes_nothing_from_it(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        taken, retired = a_question(db, note=a_note(db)), a_question(db, note=a_note(db))
        retired.retired_at = retired.updated_at
        keys = [taken.key, retired.key]
        db.commit()
    learner = client_as("learner")
    ids = "".join(f"*   **Q: Which is {key}?** <!-- id: {key} -->\n    *   *A:* This one.\n" for key in keys)
    page = previewed(learner, f"# Mine\n## Questions\n{ids}").text
    confirmed(learner, page)
    with sessions() as db:
        prompts = db.scalars(select(Question.prompt).where(Question.key.in_(keys)))
        assert [prompt[:14] for prompt in prompts] == ["What is number"] * 2
        assert db.scalar(select(func.count()).select_from(Question)) == 4


def test_a_retired_question_of_the_same_words_stays_where_it_was(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    """An import takes up a retired question that a file asks again, with everybody's cards of it."""
    editor, learner = client_as("editor"), client_as("learner")
    note = confirmed(editor, previewed(editor, NOTE).text).request.path.removeprefix("/notes/")
    assert send(editor, URL, f"{URL}/{note}/retire").status_code == 302
    confirmed(learner, previewed(learner, NOTE.replace("# Ports", "# Mine")).text)
    with sessions() as db:
        kept, own = db.scalars(select(Question).order_by(Question.id))
        assert (kept.note.owner_id, kept.retired_at is None) == (None, False)
        assert (own.note.owner_id, own.retired_at) == (learner.user.id, None)


def test_an_offered_note_is_read_by_editors_and_published_by_them(
    client_as: ClientAs, ada: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    editor, other = client_as("editor"), client_as("learner")
    assert send(ada, URL, f"{URL}/{ada.note}/offer").status_code == 302
    assert f"Offered by {ada.user.name}" in editor.get(f"/notes/{ada.note}").text
    assert SECRET in editor.get(URL).text
    assert SECRET not in editor.get("/practice").text, "it is not learnt yet"
    assert other.get(f"/notes/{ada.note}").status_code == 404
    assert send(other, "/notes", f"{URL}/{ada.note}/publish").status_code == 403
    assert send(editor, URL, f"{URL}/{ada.note}/publish").status_code == 302
    assert other.get(f"/notes/{ada.note}").status_code == 200
    assert SECRET in editor.get("/content").text
    with sessions() as db:
        assert db.scalars(select(Note.path)).one() == "browser:the-quokka-file"
        assert db.scalars(select(Card.user_id).distinct()).all() == [ada.user.id], "her cards stay"


def test_an_offer_can_be_taken_back_until_it_is_published(client_as: ClientAs, ada: FlaskClient) -> None:
    editor = client_as("editor")
    send(ada, URL, f"{URL}/{ada.note}/offer")
    assert "Take the offer back" in ada.get(f"/notes/{ada.note}").text
    send(ada, URL, f"{URL}/{ada.note}/take-back")
    assert editor.get(f"/notes/{ada.note}").status_code == 404
    assert send(editor, "/notes", f"{URL}/{ada.note}/publish").status_code == 404


def test_a_published_note_takes_the_name_of_no_other(
    client_as: ClientAs, ada: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    editor = client_as("editor")
    confirmed(editor, previewed(editor, f"# The {SECRET} file\n\nText.\n").text)
    send(ada, URL, f"{URL}/{ada.note}/offer")
    assert send(editor, URL, f"{URL}/{ada.note}/publish").status_code == 302
    with sessions() as db:
        paths = sorted(db.scalars(select(Note.path)))
    assert paths == ["browser:the-quokka-file", "browser:the-quokka-file-2"]


def test_its_owner_brings_it_again_to_change_it(ada: FlaskClient, sessions: sessionmaker[Session]) -> None:
    form = ada.get(URL, query_string={"note": ada.note}).text
    assert 'name="name" type="hidden" value="the-quokka-file"' in form
    changed = OWN.replace("It is", "It was").replace(f"# The {SECRET} file", f"# That {SECRET} file")
    page = previewed(ada, changed, name="the-quokka-file").text
    assert "changed, schedules stay" in page
    confirmed(ada, page)
    with sessions() as db:
        assert db.scalars(select(Note.title)).one() == f"That {SECRET} file"
        assert db.scalar(select(func.count()).select_from(Question)) == 2


@pytest.mark.parametrize("ways", [["retire"], ["retire", "delete-text"]])
def test_bringing_it_again_brings_what_was_learnt_back_whether_its_text_was_kept_or_deleted(
    ada: FlaskClient, sessions: sessionmaker[Session], ways: list[str]
) -> None:
    for way in ways:
        assert send(ada, URL, f"{URL}/{ada.note}/{way}").status_code == 302
    ada.get(URL)  # which says what was done
    for page in ("/notes", "/review", "/search?q=frames"):  # a quiz that was begun is still there to go on with
        assert SECRET not in ada.get(page).text.lower(), page
    with sessions() as db:
        note = db.scalars(select(Note)).one()
        is_kept = "delete-text" not in ways
        assert (bool(note.source), bool(note.sections)) == (is_kept, is_kept)
        assert {card.hidden for card in db.scalars(select(Card))} == {True}
    confirmed(ada, previewed(ada, OWN).text)
    with sessions() as db:
        assert [card.hidden for card in db.scalars(select(Card))] == [False, False]


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("OWN_NOTES_MAX", 1, "2 notes of your own"),
        ("OWN_QUESTIONS_MAX", 2, "3 questions"),
        ("OWN_CHARS_MAX", 600, "characters; at most 600 fit"),
    ],
)
def test_a_learner_has_no_more_than_fits(
    ada: FlaskClient, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    monkeypatch.setattr(own_notes, limit, most)
    page = previewed(ada, NOTE).text
    assert said in page
    assert f'action="{URL}"' not in page, "nothing is left to import"
    with sessions() as db:
        assert db.scalar(select(func.count()).select_from(Note)) == 1


def test_what_editors_bring_is_not_limited(client_as: ClientAs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_notes, "OWN_NOTES_MAX", 0)
    editor = client_as("editor")
    assert confirmed(editor, previewed(editor, NOTE).text).request.path.startswith("/notes/")


def test_an_export_of_everything_has_none_of_it(ada: FlaskClient) -> None:
    export = ("content", "export", "--format", "json")
    runner = ada.application.test_cli_runner()
    assert SECRET not in runner.invoke(args=export).output
    assert SECRET in runner.invoke(args=(*export, ada.note)).output, "the operator named it"


def test_a_preview_names_no_note_of_anybody_else(client_as: ClientAs, ada: FlaskClient) -> None:
    for role in ("learner", "editor"):
        page = previewed(client_as(role), OWN.replace("# The", "# Another")).text
        assert "has the same question" not in page
    again = previewed(ada, OWN.replace("# The", "# Another").replace(f"id: {SECRET}-", "id: ")).text
    assert "the-quokka-file has the same question" in again


def test_a_learner_does_not_publish_by_pressing_the_editors_button(ada: FlaskClient) -> None:
    token = token_in(ada.get(URL).text)
    assert ada.post(f"{URL}/{ada.note}/publish", data={"csrf_token": token}).status_code == 403
