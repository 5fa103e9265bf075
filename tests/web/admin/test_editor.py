"""Finding and editing a question as a browser does it."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.admin.questions import views
from quizapp.catalogue.models import Choice, Question, QuestionEdit, QuestionKind
from tests.web.pages import send

ClientAs = Callable[..., FlaskClient]
URL = "/content/questions/q-one"
HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}{% raw %}</textarea><img src=x onerror=alert(1)>"


@pytest.fixture
def question(sessions: sessionmaker[Session]) -> Iterator[Question]:
    """A stored question with three options, detached."""
    with sessions() as db:
        question = Question(
            key="q-one",
            kind=QuestionKind.SINGLE,
            position=1,
            prompt="What does `-P` publsh?",
            answer="",
            source_url="https://docs.example/ports",
            as_of="2026-11",
            fingerprint="f" * 64,
            updated_at=clock.now(),
            choices=[
                Choice(position=number, text=f"Option {number}", right=number == 1, why="Because.")
                for number in (1, 2, 3)
            ],
        )
        db.add(question)
        db.commit()
        assert question.choices
        db.expunge_all()
    return question


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the editor's form, by name."""
    form = page[page.index('id="editor"') : page.index("</form>", page.index('id="editor"'))]
    sent = {}
    for name, value in re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form):
        sent[name] = value
    for name in re.findall(r'<input[^>]* name="([^"]+)"[^>]* type="checkbox"', form):
        sent.pop(name, None)
    for tag in re.findall(r"<input[^>]* type=\"checkbox\"[^>]*>|<input[^>]*checked[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        assert name
        if " checked" in tag:
            sent[name[1]] = "y"
        else:
            sent.pop(name[1], None)
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL):
        sent[name] = value.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&")
    return sent


def edit(client: FlaskClient, **changed: str) -> dict[str, str]:
    """The form as opened, with some fields changed; a name's `__` stands for `-`."""
    return fields_of(client.get(URL).text) | {name.replace("__", "-"): value for name, value in changed.items()}


def test_a_typo_is_mended_and_learners_see_it_at_once(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("editor", "Grace")
    answer = client.post(URL, data=edit(client, prompt="What does `-P` publish?"))
    assert (answer.status_code, answer.location) == (302, URL)
    page = client.get(URL).text
    assert "Saved: Question." in page
    assert "What does <code>-P</code> publish?" in page
    assert "1 edit so far" in page
    with sessions() as db:
        stored = db.scalars(select(Question)).one()
        assert (stored.prompt, stored.rev, stored.edited) == ("What does `-P` publish?", 2, True)
        assert [choice.id for choice in stored.choices] == [choice.id for choice in question.choices]
    history = client.get(f"{URL}/history").text
    assert "Grace" in history
    assert "<del> publsh?</del>" in history
    assert "<ins> publish?</ins>" in history


@pytest.mark.parametrize(("typed", "kept"), [("Dec 2024", "Dec 2024"), ("23rd November 2024", "2024-11-23")])
def test_when_a_source_was_checked_is_typed_as_people_write_dates(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question, typed: str, kept: str
) -> None:
    client = client_as("editor")
    assert client.post(URL, data=edit(client, as_of=typed)).status_code == 302
    with sessions() as db:
        assert db.scalars(select(Question)).one().as_of == kept


def test_a_text_that_is_no_date_is_told_beside_what_was_typed(client_as: ClientAs, question: Question) -> None:
    client = client_as("editor")
    answer = client.post(URL, data=edit(client, as_of="when we last upgraded"))
    assert "Write a year, a month or a day" in answer.text
    assert 'value="when we last upgraded"' in answer.text


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"as_of": "when we last upgraded"}, 'name="as_of"'),
        ({"hints": "a\n" * 11}, 'name="hints"'),
        ({"level": "nine"}, 'name="level"'),
        ({"choices__0__text": ""}, 'class="editor-options"'),
    ],
)
def test_the_browser_goes_to_the_first_field_that_is_wrong_which_may_stand_far_below(
    client_as: ClientAs, question: Question, typed: dict[str, str], where: str
) -> None:
    client = client_as("editor")
    assert " autofocus" not in client.get(URL).text
    (there,) = re.findall(r"<[^>]* autofocus[^>]*>", client.post(URL, data=edit(client, **typed)).text)
    assert where in there


@pytest.mark.parametrize("typed", ["2999-01-01", "2999", "Jan 2999"])
def test_a_source_was_not_checked_on_a_day_to_come(client_as: ClientAs, question: Question, typed: str) -> None:
    client = client_as("editor")
    answer = client.post(URL, data=edit(client, as_of=typed))
    assert "which is today at the latest" in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_question_has_as_many_hints_as_somebody_reads(client_as: ClientAs, question: Question) -> None:
    client = client_as("editor")
    refused = client.post(URL, data=edit(client, hints="\n".join(f"Hint {number}" for number in range(11))))
    assert "At most 10 hints; these are 11." in refused.text
    assert client.post(URL, data=edit(client, hints="\n".join("abcdefghij"))).status_code == 302


def test_a_source_may_have_been_checked_today_wherever_one_is(client_as: ClientAs, question: Question) -> None:
    client, day = client_as("editor"), (clock.now() + timedelta(hours=14)).date()
    for typed in (f"{day}", f"{day:%Y-%m}", f"{day:%Y}"):
        assert client.post(URL, data=edit(client, as_of=typed)).status_code == 302


def test_saving_the_form_as_it_was_opened_changes_nothing(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("editor")
    assert client.post(URL, data=edit(client)).status_code == 302
    assert "Nothing was changed" in client.get(URL).text
    with sessions() as db:
        assert db.scalars(select(Question)).one().rev == 1
        assert db.scalars(select(QuestionEdit)).all() == []


def test_the_second_of_two_editors_loses_nothing(client_as: ClientAs, question: Question) -> None:
    first, second = client_as("editor", "Grace"), client_as("editor", "Barbara")
    typed = edit(second, prompt="Barbara's wording", choices__1__text="Her option")
    first.post(URL, data=edit(first, prompt="Grace's wording"))
    answer = second.post(URL, data=typed)
    assert answer.status_code == 409
    assert "Grace saved this question" in answer.text
    assert re.search(r"Grace(&#39;|')s", answer.text)
    kept = fields_of(answer.text)
    assert kept["prompt"].replace("&#39;", "'") == "Barbara's wording"
    assert kept["choices-1-text"] == "Her option"
    assert second.post(URL, data=kept | {"prompt": "Both"}).status_code == 302
    assert "Both" in second.get(URL).text


def test_a_third_save_before_the_page_of_a_conflict_stays(
    client_as: ClientAs, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page reads anew what is stored, in a transaction of its own, and others save between the two."""

    def as_sent(fields: dict[str, str]) -> dict[str, str]:
        return {name: unescape(value) for name, value in fields.items()}

    first, second, third = (client_as("editor", name) for name in ("Grace", "Barbara", "Frances"))
    typed = as_sent(edit(second, prompt="Barbara's wording"))
    first.post(URL, data=as_sent(edit(first, prompt="Grace's wording")))
    late = as_sent(edit(third, choices__1__text="Frances' option"))
    draw = views._conflict

    def saved_before(*given: Any) -> str:
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as pool:  # a thread of its own, as of another request
            assert pool.submit(third.post, URL, data=late).result().status_code == 302
        return draw(*given)

    monkeypatch.setattr(views, "_conflict", saved_before)
    answer = second.post(URL, data=typed)
    assert answer.status_code == 409
    assert second.post(URL, data=as_sent(fields_of(answer.text))).status_code == 302
    page = as_sent(fields_of(second.get(URL).text))
    assert page["prompt"] == "Barbara's wording"
    assert page["choices-1-text"] == "Frances' option"


def test_an_option_taken_out_meanwhile_can_be_saved_again(client_as: ClientAs, question: Question) -> None:
    first, second = client_as("editor"), client_as("editor")
    typed = edit(second, prompt="Mine")
    first.post(URL, data=edit(first, choices__2__remove="y"))
    answer = second.post(URL, data=typed)
    assert answer.status_code == 409
    assert second.post(URL, data=fields_of(answer.text)).status_code == 302
    assert "Option 3" in second.get(URL).text


def test_options_are_added_in_the_empty_row_and_removed_by_a_tick(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("editor")
    client.post(URL, data=edit(client, choices__1__remove="y", choices__3__text="Fourth", choices__3__why="New."))
    with sessions() as db:
        stored = db.scalars(select(Question)).one()
        assert [choice.text for choice in stored.choices] == ["Option 1", "Option 3", "Fourth"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"prompt": "  \n "}, "Write the question."),
        ({"prompt": "x" * 16_001}, "16,000 characters"),
        ({"choices__1__right": "y"}, "Exactly one option is right"),
        ({"choices__0__text": ""}, "Every option needs a text"),
        ({"level": "six"}, "Enter a whole number from 1 to 5, or nothing."),
        ({"level": "9" * 5_000}, "Enter a whole number from 1 to 5, or nothing."),
        ({"level": "6"}, "from 1 to 5"),
        ({"source_url": "javascript:alert(1)"}, "begins with https://"),
        ({"choices__0__id": "999999"}, "not this question"),
        ({"choices__0__id": "abc"}, "could not be read"),
        ({f"choices__{number}__text": "more" for number in range(3, 12)}, "2 to 8 options"),
    ],
)
def test_what_breaks_a_rule_is_shown_again_with_the_reason(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question, changed: dict[str, str], said: str
) -> None:
    client = client_as("editor")
    answer = client.post(URL, data=edit(client, answer="Typed and kept.", **changed))
    assert answer.status_code == 400
    assert said in answer.text
    assert "Typed and kept." in fields_of(answer.text)["answer"]
    with sessions() as db:
        assert db.scalars(select(Question)).one().rev == 1


@pytest.mark.parametrize("rev", ["", "0", "x", "9" * 5_000])
def test_a_form_of_no_revision_is_a_conflict(client_as: ClientAs, question: Question, rev: str) -> None:
    client = client_as("editor")
    assert client.post(URL, data=edit(client, prompt="Mine", rev=rev)).status_code == 409


def test_hostile_text_is_kept_as_text(client_as: ClientAs, sessions: sessionmaker[Session], question: Question) -> None:
    client = client_as("editor")
    names = ("prompt", "answer", "choices-0-text", "choices-0-why")
    typed = edit(client, tags="<img src=x onerror=alert(1)>") | dict.fromkeys(names, HOSTILE)
    for answer in (
        client.post(f"{URL}/preview", data=typed),
        client.post(f"{URL}/preview", data=typed, headers={"HX-Request": "true"}),
    ):
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
    assert client.post(URL, data=typed).status_code == 302
    for path in (URL, f"{URL}/history", "/content"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "{{ 7 * 7 }}" in page
    with sessions() as db:
        assert db.scalars(select(Question)).one().prompt == HOSTILE


def test_a_preview_saves_nothing_and_warns(
    client_as: ClientAs, sessions: sessionmaker[Session], question: Question
) -> None:
    client = client_as("editor")
    typed = edit(client, prompt="**Bold**", source_url="javascript:alert(1)", choices__0__remove="y")
    part = client.post(f"{URL}/preview", data=typed, headers={"HX-Request": "true"}).text
    whole = client.post(f"{URL}/preview", data=typed).text
    assert "<html" not in part
    for page in (part, whole):
        assert "<strong>Bold</strong>" in page
        assert "Exactly one option is right; 0 are ticked." in page
        assert 'href="javascript' not in page
    assert fields_of(whole)["prompt"] == "**Bold**"
    with sessions() as db:
        assert db.scalars(select(Question.rev)).one() == 1
        assert db.execute(text("SELECT count(*) FROM choice")).scalar_one() == 3


def test_a_preview_waits_for_no_writer(app: Flask, client_as: ClientAs, question: Question) -> None:
    client = client_as("editor")
    typed = fields_of(client.get(URL).text)
    with app.extensions["engine"].begin():  # somebody writes all the time: on SQLite nobody else can meanwhile
        assert client.post(f"{URL}/preview", data=typed).status_code == 200


@pytest.mark.parametrize("path", ["", "/preview", "/history"])
def test_a_wrong_key_is_not_found(client_as: ClientAs, question: Question, path: str) -> None:
    client = client_as("editor")
    token = edit(client)["csrf_token"]
    for key in ("q-two", "x" * 3_000, "%F0%9F%90%B3"):
        url = f"/content/questions/{key}{path}"
        answer = client.get(url) if path == "/history" else client.post(url, data={"csrf_token": token})
        assert answer.status_code == 404


def test_learners_are_kept_out(client_as: ClientAs, question: Question) -> None:
    client = client_as("learner")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert token
    for path in ("/content", URL, f"{URL}/history"):
        assert client.get(path).status_code == 403
    for path in (URL, f"{URL}/preview"):
        assert client.post(path, data={"csrf_token": token[1], "prompt": "Mine"}).status_code == 403


def test_nothing_is_saved_without_the_token(client_as: ClientAs, question: Question) -> None:
    client = client_as("editor")
    typed = edit(client, prompt="Mine")
    del typed["csrf_token"]
    assert client.post(URL, data=typed).status_code == 400
    assert client.post(f"{URL}/preview", data=typed).status_code == 400


def test_an_empty_list_says_how_to_import(client_as: ClientAs) -> None:
    page = client_as("editor").get("/content").text
    assert "No questions yet" in page
    assert "flask content import PATH" in page


def test_the_list_is_searched_and_filtered_by_its_address(client_as: ClientAs, question: Question) -> None:
    client = client_as("owner")
    assert URL in client.get("/content").text
    assert URL in client.get("/content?q=publsh&kind=single").text
    for query in ("q=nowhere", "kind=lab", "health=retired", "health=needs-work"):
        page = client.get(f"/content?{query}").text
        assert URL not in page
        assert "Nothing matches" in page


@pytest.mark.parametrize("query", ["page=0", "page=x", f"page={'9' * 5_000}", "page=-1", "page=%C2%B2", "page=7"])
def test_a_page_that_is_none_shows_one_that_is(client_as: ClientAs, question: Question, query: str) -> None:
    assert URL in client_as("editor").get(f"/content?{query}").text


def test_a_filter_that_is_none_is_said_and_left_out(client_as: ClientAs, question: Question) -> None:
    client = client_as("editor")
    assert "Not a valid choice." not in client.get("/content?page=1").text
    page = client.get("/content?kind=riddle&note=n-0&health=fine&q=").text
    assert page.count("Not a valid choice.") == 3
    assert URL in page


def test_an_edit_on_the_way_from_a_review_is_undone_there(client_as: ClientAs, question: Question) -> None:
    client, back = client_as("editor"), "/review?ahead=1"
    assert client.post(f"{URL}?back={back}", data=edit(client, prompt="Otherwise?")).location == back
    undone = send(client, "/account", "/review/undo")
    assert "Undone: the edit." in client.get(undone.location).text
    assert "publsh" in client.get(URL).text
