"""Making, moving, retiring and restoring questions as a browser does it, one at a time and many at once."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import Role
from quizapp.admin.questions.making_views import MADE_KINDS
from quizapp.admin.questions.queries import ROWS_PER_PAGE
from quizapp.catalogue.models import ContentDeed, Note, Question, QuestionEdit, QuestionKind, Section
from tests.builders import a_question
from tests.web.admin.test_editor import fields_of
from tests.web.admin.test_note_editor import NOTE, brought, saved
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
TEXTS = {
    QuestionKind.FLASHCARD: {"answer": "A cable."},
    QuestionKind.OPEN: {"answer": "A cable.", "must": "two ends"},
    QuestionKind.SINGLE: {"choices-0-text": "A", "choices-0-right": "y", "choices-1-text": "B"},
    QuestionKind.MULTIPLE: {"choices-0-text": "A", "choices-0-right": "y", "choices-1-text": "B"},
    QuestionKind.SHORT: {"expected": "veth | a veth pair"},
    QuestionKind.NUMBER: {"expected": "1500 bytes"},
    QuestionKind.TRUTH: {"expected": "true"},
    QuestionKind.ORDER: {"expected": "one\ntwo"},
    QuestionKind.MATCH: {"expected": "a → b\nc → d"},
    QuestionKind.CLOZE: {"expected": "A **veth** pair."},
}


@pytest.fixture
def note(sessions: sessionmaker[Session]) -> str:
    """The key of a stored note with a section."""
    with sessions() as db:
        facts = {"path": "a.md", "title": "Bridges", "convention": "labels", "source": "", "imported_at": clock.now()}
        note = Note(key="n-a", **facts)
        note.sections = [Section(position=1, title="One", anchor="s-one", html="", teaches=True)]
        db.add(note)
        db.commit()
    return "n-a"


def new(client: FlaskClient, kind: QuestionKind, stage: str = "published", **texts: str) -> str:
    """Make a question in the browser; returns the address of its editor."""
    page = f"/content/new?kind={kind}&note=n-a"
    sent = {"kind": kind.value, "note": "n-a", "where": "section:s-one", "prompt": "What is it?", "stage": stage}
    answer = send(client, page, "/content/new", **{**sent, **TEXTS[kind], **texts})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def form_at(client: FlaskClient, address: str) -> dict[str, str]:
    """What a browser would send of the editor there."""
    return {name: unescape(value) for name, value in fields_of(client.get(address).text).items()}


def stored(sessions: sessionmaker[Session]) -> list[Question]:
    with sessions() as db:
        return list(db.scalars(select(Question).order_by(Question.id)))


@pytest.mark.parametrize("kind", MADE_KINDS)
def test_a_question_of_each_kind_is_made_and_learners_find_it(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str, kind: QuestionKind
) -> None:
    assert kind in TEXTS
    client = client_as("editor", "Grace")
    assert "The new question is published. Learners see it." in client.get(new(client, kind)).text
    (question,) = stored(sessions)
    assert (question.kind, question.hidden, question.made_here) == (kind, False, True)


def test_a_draft_is_kept_unfinished_published_retired_and_restored(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    address = new(client, QuestionKind.OPEN, "draft", answer="", must="")
    page = send(client, address, f"{address}/stage", stage="published")
    assert "Write an answer" in client.get(str(page.location)).text
    send(client, address, address, rev="1", prompt="What is it?", answer="A cable.")
    for stage, hidden in (("published", False), ("retired", True), ("restore", False), ("review", True)):
        send(client, address, f"{address}/stage", stage=stage)
        assert [one.hidden for one in stored(sessions)] == [hidden], stage


def test_of_several_fields_that_are_wrong_the_browser_goes_to_the_first(client_as: ClientAs, note: str) -> None:
    page = f"/content/new?kind=single&note={note}"
    answer = send(client_as("editor"), page, "/content/new", kind="single", note=note, prompt="", stage="published")
    assert answer.text.count('class="field-error"') == 2
    (there,) = re.findall(r"<[^>]* autofocus[^>]*>", answer.text)
    assert 'name="prompt"' in there


def test_a_new_question_that_breaks_a_rule_is_shown_again_with_what_was_typed(client_as: ClientAs, note: str) -> None:
    page = f"/content/new?kind=single&note={note}"
    sent = {"kind": "single", "note": note, "prompt": "Kept words?", "choices-0-text": "A", "stage": "published"}
    answer = send(client_as("editor", "Grace"), page, "/content/new", **sent)
    assert answer.status_code == 400
    assert "Kept words?" in answer.text
    assert "2 to 8 options" in answer.text


def test_what_was_typed_stays_when_kind_and_place_of_a_new_question_change(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    page = "/content/new?kind=single"
    typed = {"prompt": "Kept words?", "answer": "A kept reason.", "tags": "kept", "choices-0-text": "A kept option"}
    sent = {"kind": "single", "note": "", **typed, "change": "y"}
    chosen = {"to_kind": "multiple", "to_note": note, "to_where": "section:s-one"}
    shown = send(client, page, "/content/new", **sent, **chosen).text
    fields = fields_of(shown)
    assert {name: fields[name] for name in typed} == typed
    assert (fields["kind"], fields["note"], fields["where"]) == ("multiple", note, "section:s-one")
    for name in ("to_kind", "to_note", "to_where"):
        assert re.search(f'<select [^>]*name="{name}" form="editor"', shown), "they go with the texts"
    open_one = send(client, page, "/content/new", **sent, **{**chosen, "to_kind": "open"}).text
    assert "no place for its options" in open_one
    assert fields_of(open_one)["prompt"] == "Kept words?"
    assert stored(sessions) == [], "nothing is stored by it"


def test_a_question_is_duplicated_moved_and_asked_in_another_way(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    address = new(client, QuestionKind.SINGLE)
    copy = str(send(client, address, f"{address}/duplicate").location)
    assert "a draft" in client.get(copy).text
    kinds = client.get(f"{address}/kind").text
    assert "It loses its options" in " ".join(kinds.split())
    send(client, f"{address}/kind", f"{address}/kind", kind="open", rev="1")
    send(client, f"{address}/place", f"{address}/place", note=note, where="")
    question, duplicate = stored(sessions)
    assert (question.kind, question.section_id, duplicate.kind) == (QuestionKind.OPEN, None, QuestionKind.SINGLE)


def test_the_filters_of_the_list_and_the_way_back_are_kept_on_each_page_of_a_question(
    client_as: ClientAs, note: str
) -> None:
    client = client_as("editor", "Grace")
    address = new(client, QuestionKind.OPEN)
    kept = "kind=open&note=n-a&back=/review"
    for page, sent in (
        ("kind", {"kind": "flashcard", "rev": "1"}),
        ("place", {"note": note}),
        ("stage", {"stage": "review"}),
        ("duplicate", {}),
    ):
        shown = f"{address}/{page}?{kept}" if page in ("place", "kind") else f"{address}?{kept}"
        assert f"{address}/{page}?{kept}" in unescape(client.get(f"{address}?{kept}").text), page
        answer = send(client, shown, f"{address}/{page}?{kept}", **sent)
        assert str(answer.location).endswith(f"?{kept}"), page
    other = unescape(client.get(f"{address}/place?{kept}&to=n-a").text)
    for name, value in (("kind", "open"), ("note", "n-a"), ("back", "/review")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in other
    history = unescape(client.get(f"{address}/history?{kept}").text)
    assert f"{address}?{kept}" in history
    assert f"{address}/restore?{kept}" in history


def test_a_deleted_draft_leads_back_to_the_list_with_its_filters(client_as: ClientAs, note: str) -> None:
    client = client_as("editor", "Grace")
    address = new(client, QuestionKind.OPEN, "draft")
    assert send(client, address, f"{address}/delete?stage=draft").location == "/content?stage=draft"


def test_an_older_version_is_restored_from_the_history(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    address = new(client, QuestionKind.OPEN)
    send(client, address, address, rev="1", prompt="What is that?", answer="A cable.", must="two ends")
    history = client.get(f"{address}/history").text
    assert history.count("Restore this version") == 1
    with sessions() as db:
        made = db.scalars(select(QuestionEdit.id).order_by(QuestionEdit.id)).first()
    send(client, f"{address}/history", f"{address}/restore", edit=made, rev="2")
    assert stored(sessions)[0].prompt == "What is it?"


def test_many_are_tagged_retired_and_taken_back_after_leaving_the_page(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    for number in range(3):
        new(client, QuestionKind.OPEN, prompt=f"Question {number}?")
    keys = [one.key for one in stored(sessions)]
    for do in ("tag", "retire"):
        data = {"csrf_token": token_in(client.get("/content").text), "key": keys[:2], "do": do, "tag": "net"}
        assert client.post("/content/many", data=data).status_code == 302
    assert [one.hidden for one in stored(sessions)] == [True, True, False]
    client.get("/")
    page = client.get("/content").text
    assert "retire: 2 questions" in page
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step
    send(client, "/content", "/content/many/undo", step=step[1])
    assert [one.hidden for one in stored(sessions)] == [False, False, False]
    assert "Undo it" not in client.get("/content").text


def test_all_that_match_are_done_with_on_whatever_page_as_long_as_they_are_as_many_as_were_seen(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        for number in range(ROWS_PER_PAGE + 2):
            a_question(db).prompt = f"What is bridge {number}?"
        other = a_question(db).key
        db.commit()
    client, listed = client_as("editor", "Grace"), "/content?q=bridge"
    assert f"All {ROWS_PER_PAGE + 2} that match" in client.get(listed).text
    found = str(ROWS_PER_PAGE + 2)
    assert send(client, listed, "/content/many?q=bridge", all="51", do="retire").status_code == 409
    assert send(client, listed, "/content/many?q=bridge", all=found, do="retire").status_code == 302
    assert [one.key for one in stored(sessions) if not one.hidden] == [other]
    form = re.search(r'action="/content/many/undo".*?</form>', client.get(listed).text, re.S)
    assert form
    undo = {name: unescape(value) for name, value in re.findall(r'name="(step|back)" value="([^"]*)"', form[0])}
    undone = send(client, listed, "/content/many/undo", **undo)
    assert "q=bridge" in undone.location  # the list that was looked at
    assert not any(one.hidden for one in stored(sessions))


def test_chosen_questions_are_exported(client_as: ClientAs, sessions: sessionmaker[Session], note: str) -> None:
    client = client_as("editor", "Grace")
    for number in range(2):
        new(client, QuestionKind.OPEN, prompt=f"Question {number}?")
    key = stored(sessions)[1].key
    answer = send(client, "/content", "/content/many", key=key, do="export")
    assert [one["key"] for note_ in answer.json for one in note_["questions"]] == [key]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 2), ("stage=draft", 1), ("stage=published", 1), ("stage=retired", 1), ("stage=review", 0), ("stage=x", 2)],
)
def test_the_list_is_narrowed_to_a_stage(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str, query: str, found: int
) -> None:
    client = client_as("editor", "Grace")
    for number, stage in enumerate(("published", "draft", "retired")):
        address = new(client, QuestionKind.OPEN, "draft" if stage == "draft" else "published", prompt=f"No {number}?")
        if stage == "retired":
            send(client, address, f"{address}/stage", stage="retired")
    page = client.get(f"/content?{query}").text
    assert page.count('name="key"') == found


def test_the_last_changed_come_first_if_asked_for_and_the_editor_knows_its_neighbours(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    client = client_as("editor", "Grace")
    addresses = [new(client, QuestionKind.OPEN, prompt=f"Question {number}?") for number in range(3)]
    send(client, addresses[0], addresses[0], rev="1", prompt="Question 0, changed?", answer="A.", must="m")
    page = client.get("/content?sort=changed").text
    assert re.findall(r"Question \d", page)[0] == "Question 0"
    middle = client.get(addresses[1]).text
    assert f'href="{addresses[0]}" rel="prev"' in middle
    assert f'href="{addresses[2]}" rel="next"' in middle


def test_the_owner_reads_the_trail_and_makes_a_deleted_draft_again(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    editor, owner = client_as("editor", "Grace"), client_as("owner", "Ada")
    address = new(editor, QuestionKind.OPEN, "draft")
    send(editor, address, f"{address}/delete")
    assert stored(sessions) == []
    trail = " ".join(owner.get("/content/trail").text.split())
    assert "Grace deleted the draft" in trail
    assert editor.get("/content/trail").status_code == 403
    with sessions() as db:
        deed = db.scalars(select(ContentDeed.id).order_by(ContentDeed.id.desc())).first()
    send(owner, "/content/trail", f"/content/trail/{deed}/again")
    assert [one.prompt for one in stored(sessions)] == ["What is it?"]


def test_a_learner_makes_nothing(client_as: ClientAs) -> None:
    client = client_as(Role.LEARNER.value, "Mira")
    for page in ("/content/new", "/content", "/content/trail"):
        assert client.get(page).status_code == 403


def test_a_part_that_was_not_touched_is_no_conflict(
    client_as: ClientAs, sessions: sessionmaker[Session], note: str
) -> None:
    mine, other = client_as("editor", "Grace"), client_as("editor", "Otto")
    address = new(mine, QuestionKind.OPEN)
    opened = form_at(mine, address)
    theirs = form_at(other, address)
    other.post(address, data=theirs | {"level": "2", "tags": "net"})
    saved = mine.post(address, data=opened | {"prompt": "What is that?"})
    assert saved.status_code == 302
    assert "that stays: Level, Tags" in mine.get(address).text
    (question,) = stored(sessions)
    assert (question.prompt, question.level) == ("What is that?", 2)


def test_of_a_conflict_only_what_both_have_changed_is_shown(client_as: ClientAs, note: str) -> None:
    mine, other = client_as("editor", "Grace"), client_as("editor", "Otto")
    address = new(mine, QuestionKind.OPEN)
    opened = form_at(mine, address)
    other.post(address, data=form_at(other, address) | {"prompt": "Theirs?", "level": "2"})
    page = mine.post(address, data=opened | {"prompt": "Mine?", "answer": "My cable."})
    assert page.status_code == 409
    assert re.findall(r'<div class="version-pair">\s*<h2>(.*?)</h2>', page.text) == ["Question"]
    again = {name: unescape(value) for name, value in fields_of(page.text).items()}
    assert (again["prompt"], again["level"], again["answer"]) == ("Mine?", "2", "My cable.")
    assert mine.post(address, data=again).status_code == 302


@pytest.mark.usefixtures("note")
def test_a_deleted_draft_is_brought_back_from_the_list_by_who_deleted_it(client_as: ClientAs) -> None:
    editor, other = client_as("editor"), client_as("editor")
    address = new(editor, QuestionKind.OPEN, "draft")
    assert send(editor, address, f"{address}/delete").status_code == 302
    again = re.search(r'action="(/content/trail/\d+/again)"', editor.get("/content").text)
    assert again
    assert "Bring it back" not in other.get("/content").text
    assert send(other, "/content", again[1]).status_code == 404
    assert send(editor, "/content", again[1]).location == address
    assert editor.get(address).status_code == 200
    assert "Bring it back" not in editor.get("/content").text


@pytest.mark.usefixtures("note")
@pytest.mark.parametrize(("deed", "said"), [("tag", "Enter the tag."), ("move", "Choose the note to move them to.")])
def test_what_was_chosen_stays_chosen_where_it_cannot_be_done(client_as: ClientAs, deed: str, said: str) -> None:
    editor = client_as("editor")
    keys = [new(editor, QuestionKind.OPEN).rpartition("/")[2] for _ in range(2)]
    page = send(editor, "/content", "/content/many?page=1", key=keys[0], do=deed, tag=" ")
    assert (page.status_code, said in page.text) == (400, True)
    assert re.search(rf'value="{keys[0]}" checked', page.text)
    assert not re.search(rf'value="{keys[1]}" checked', page.text)
    assert f'<option value="{deed}" selected>' in page.text


def test_an_editor_sees_what_changed_below_a_question_and_says_that_it_is_still_right(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    editor = client_as("editor")
    text = NOTE.replace("## Questions\n", "## Questions\nIt has a table.\n\n")
    url = brought(editor, text)
    page = saved(editor, url, text.replace("It has a table.", "It has a rule."))
    saved(editor, url, text.replace("It has a table.", "It has a rule."), page=page.text)
    found = editor.get("/content?health=stale").text
    assert "its section has changed" in found
    key = re.search(r'name="key" value="([^"]+)"', found)
    assert key
    address = f"/content/questions/{key[1]}"
    shown = editor.get(address).text
    assert "<del> table.</del><ins> rule.</ins>" in shown
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    assert seen
    assert send(editor, address, f"{address}/still-right", seen="x").status_code == 409
    assert send(editor, address, f"{address}/still-right", seen=seen[1]).location == address
    assert "Look at it again" not in editor.get(address).text
    with sessions() as db:
        assert "still-right" in [row.what for row in db.scalars(select(ContentDeed))]
