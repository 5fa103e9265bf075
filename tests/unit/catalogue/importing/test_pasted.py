"""What a pasted text is, and what it is called without a title."""

import pytest

from quizapp.catalogue.importing.pasted import sent_as, table_of, title_of_note, title_of_upload

TABLES = {
    "Anki": ("#separator:tab\n#html:false\nWhat is a pod?\tA group.\n", ".txt"),
    "names in the first row": ("question,answer\nWhat is a pod?,A group.\n", ".csv"),
    "a cell of two lines": ('Front;Back\n"What is\na pod?";A group.\n', ".csv"),
    "options": ("Question\tOption A\tOption B\nWhich?\ta\tb\n", ".tsv"),
    "rows of a spreadsheet": ("What is a pod?\tA group.\nWhat is a node?\tA host.\n", ".tsv"),
}
NOTES = {
    "a note": "# Pods\n\nQ: What is a pod?\nA: A group.\n",
    "a title with a colon": "# Tags: how they work\n\nText\n",
    "a list with tabs behind its numbers": "1.\tWhat is a pod?\n2.\tWhat is a node?\n",
    "prose with commas": "The question, the answer\nWhat is, then, a pod?\n",
    "one row": "What is a pod?\tA group.\n",
    "a table of Markdown": "| question | answer |\n|---|---|\n| What is a pod? | A group. |\n",
    "code below a line": "Run this, then that:\n\n\tdocker ps\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table(name: str) -> None:
    text, suffix = TABLES[name]
    assert table_of(text) == suffix


@pytest.mark.parametrize("name", NOTES)
def test_a_note(name: str) -> None:
    assert table_of(NOTES[name]) == ""


def test_a_table_is_called_as_its_first_question_asks() -> None:
    text, _ = TABLES["names in the first row"]
    sent = sent_as(text.encode(), text)
    assert sent is not None
    assert sent.path == "browser:what-is-a-pod.csv"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kubernetes interview prep\n\nQ: What is a pod?\n", "Kubernetes interview prep"),
        ("**Q: What is a `pod`?**\nA group.\n", "Q: What is a pod?"),
        ("---\ntags: net\n---\nText\n", "tags net Text"),
        ("word " * 40, f"{'word ' * 15}…"),
        ("!\n", "Pasted text"),
        ("Sure! Here are some common Kubernetes questions:\n\n### 1. What?\n", "Common Kubernetes questions"),
        ("Certainly!\n\nBelow is a summary of pods.\n", "Summary of pods."),
        ("Great expectations\n\nText.\n", "Great expectations"),
        ("Here documents\n\nText.\n", "Here documents"),
    ],
)
def test_a_note_without_a_title_is_called_as_its_first_line(text: str, title: str) -> None:
    assert title_of_note(text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Top 50 Docker Interview Questions (2025)\nHome > Docker\n\nQ1. What?\nAns: A.\n",
            "Top 50 Docker Interview Questions (2025)",
        ),
        ("Sure! Here are notes on pods:\n\nQ: What?\nA: A.\n", "Notes on pods"),
        ("Q: What is a pod?\nA: A group.\n", "My notes 2"),
        ("1. What is a pod?\nA group.\n", "My notes 2"),
        ("- a pod\n- a node\n", "My notes 2"),
        ("Pod: a group.\nNode: a machine.\n", "My notes 2"),
        ("A pod is a group of containers.\n\nIt runs.\n", "My notes 2"),
        ("Pods\n", "My notes 2"),
    ],
)
def test_an_uploaded_note_without_a_title_is_called_as_its_first_line_or_as_its_file(text: str, title: str) -> None:
    assert title_of_upload(text, name="my-notes-2") == title
