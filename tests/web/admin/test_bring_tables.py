"""Tables that are brought in the browser: what their columns mean, and what is kept of it."""

import re
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.admin.bringing.import_views import AS_BEFORE
from quizapp.catalogue.models import Question
from tests.web.admin.test_bring_notes import URL, ClientAs, closed, confirmed, counted, previewed
from tests.web.pages import token_in


def test_a_table_that_does_not_name_its_columns_asks_for_them(client_as: ClientAs) -> None:
    client = client_as("editor")
    table = "Aufgabe;Loesung;Fach\nWas ist das?;Ein Bild;fs\n"
    assert "Choose them below before you import it." in previewed(client, "", (BytesIO(table.encode()), "a.csv")).text
    named = table.replace("Aufgabe", "question")
    assert "Choose them below" not in previewed(client, "", (BytesIO(named.encode()), "a.csv")).text


TABLE = b"Aufgabe,Loesung,eins,zwei\nWas?,2,das,dies\n"


def with_columns(page: str, *meanings: str, first_row: str = "names") -> dict[str, str]:
    """What the preview's form sends with these columns chosen for its only note."""
    fields = {
        name: unescape(value) for name, value in re.findall(r'name="(notes-0-(?:path|content))" value="([^"]*)"', page)
    }
    chosen = {f"notes-0-columns-{place}": meaning for place, meaning in enumerate(meanings)}
    return {"csrf_token": token_in(page), "notes-0-first_row": first_row, **fields, **chosen}


def test_the_columns_of_a_table_are_chosen_before_it_is_imported(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("learner")
    page = previewed(client, "", (BytesIO(TABLE), "bank.csv")).text
    assert "Columns of bank" in page
    sent = with_columns(page, "question", "answer", "option", "option")
    again = client.post(f"{URL}/columns", data=sent)
    assert "✓ dies" in again.text
    assert "✗ das" in again.text
    assert counted(sessions) == (0, 0)
    assert closed(client.post(URL, data=sent | {"csrf_token": token_in(again.text)})).status_code == 302
    with sessions() as db:
        assert [choice.text for choice in db.scalars(select(Question)).one().choices if choice.right] == ["dies"]


def test_the_columns_of_a_table_are_those_chosen_for_one_with_the_same_first_row(client_as: ClientAs) -> None:
    client = client_as("learner")
    page = previewed(client, "", (BytesIO(TABLE), "bank.csv")).text
    assert AS_BEFORE not in page
    client.post(f"{URL}/columns", data=with_columns(page, "question", "answer", "option", "option"))
    again = previewed(client, "", (BytesIO(TABLE.replace(b"Was?", b"Wer?")), "next.csv")).text
    assert AS_BEFORE in again
    assert "✓ dies" in again
    assert re.findall(r'<option value="(\w+)" selected', again)[1:5] == ["question", "answer", "option", "option"]
    assert AS_BEFORE not in previewed(client, "", (BytesIO(TABLE.replace(b"eins", b"drei")), "other.csv")).text


@pytest.mark.parametrize("chosen", [["question", "answer", "answer", "nothing"], ["nothing"] * 4])
def test_columns_with_which_no_table_is_read_are_not_kept(client_as: ClientAs, chosen: list[str]) -> None:
    client = client_as("learner")
    page = previewed(client, "", (BytesIO(TABLE), "bank.csv")).text
    client.post(f"{URL}/columns", data=with_columns(page, *chosen))
    assert AS_BEFORE not in previewed(client, "", (BytesIO(TABLE), "bank.csv")).text


def test_without_a_question_among_them_the_table_stays_as_it_was_read(client_as: ClientAs) -> None:
    client = client_as("learner")
    sent = with_columns(previewed(client, "", (BytesIO(TABLE), "bank.csv")).text, *["nothing"] * 4)
    page = client.post(f"{URL}/columns", data=sent)
    assert "No column was chosen as the question" in page.text
    assert "Columns of bank" in page.text


def test_what_is_no_meaning_is_refused(client_as: ClientAs) -> None:
    client = client_as("learner")
    sent = with_columns(previewed(client, "", (BytesIO(TABLE), "bank.csv")).text, "question", "x")
    assert client.post(f"{URL}/columns", data=sent).status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "#separator:tab\n#html:false\nWhat is a pod?\tA group.\nWhat is a node?\tA host.\n",
        "question,answer\nWhat is a pod?,A group.\nWhat is a node?,A host.\n",
        "What is a pod?\tA group.\nWhat is a node?\tA host.\n",
    ],
)
def test_a_pasted_table_is_read_as_one(text: str, client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("learner")
    page = previewed(client, text).text
    assert "The text looks like a table" in page
    assert "<h3>What is a pod?</h3>" in page
    assert "2 questions, 2 answered" in page or "2 flashcards" in page
    assert '<h1 dir="auto">What is a pod?</h1>' in confirmed(client, page).text
    assert counted(sessions) == (1, 2)
