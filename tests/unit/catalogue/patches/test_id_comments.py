"""Ids in files: only the comments are new, byte for byte, and the reader finds each."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.patches.id_comments import items_of, with_ids
from tests.examples import examples

NOTES = Path(__file__).parents[4] / "content" / "notes"
NOTE = """\
# Ports

## 1. Kinds
*   **Host port:** Where it listens.
\t*   *Card:* Which side is first? → The host's.  *Level:* 2
    *   *Card:* Which is second?  → The container's.\t

## 2. Questions
1.  **Q: What does `-P` do?**
    *   *A:* It publishes all.
2.  **Q: And `-p`?** <!-- id: q-mine -->
    *   *A:* One."""


def keys(data: bytes) -> list[str]:
    return [f"x-{number}" for number, _ in enumerate(items_of(parse_note(data)))]


def comments_taken_out(data: bytes) -> bytes:
    for key in keys(data):
        data = data.replace(f" <!-- id: {key} -->".encode(), b"")
    return data


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_all_else_stays_byte_for_byte(end: str, mark: bytes) -> None:
    data = mark + NOTE.replace("\n", end).encode()
    made = with_ids(data, keys(data), name="n")
    assert comments_taken_out(made.data) == data
    assert (made.count, list(made.without)) == (4, [])


def test_each_item_has_the_id_that_was_meant_for_it() -> None:
    made = with_ids(NOTE.encode(), ["c-1", "q-1", "q-2", "q-3", "q-4"], name="n")
    assert [item.key for item in items_of(parse_note(made.data))] == ["c-1", "q-1", "q-2", "q-3", "q-mine"]
    assert with_ids(made.data, ["x"] * 5, name="n").data == made.data


def test_blanks_at_a_lines_end_stay_there() -> None:
    made = with_ids(b"# T\n\n## Q\n\nQ: Why so?  \nA: Because.\n", ["q-1"], name="n")
    assert b"Q: Why so? <!-- id: q-1 -->  \n" in made.data


@pytest.mark.parametrize("path", sorted(NOTES.rglob("*.md")), ids=lambda path: path.stem)
def test_the_products_own_notes_take_ids_and_are_read_as_before(path: Path) -> None:
    data = path.read_bytes()
    made = with_ids(data, keys(data), name=path.stem)
    assert comments_taken_out(made.data) == data
    assert list(made.without) == []


def test_two_of_one_line_are_left_alone() -> None:
    data = b"# T\n\n- The {{c1::host}} comes before the {{c2::container}} #flashcards\n"
    made = with_ids(data, keys(data), name="n")
    assert made.data == data
    assert set(made.without) == {3}


PIECES = st.sampled_from(
    ["# T\n", "## Q\n", "\n", "Q: Why?\nA: So.\n", "1. **Q: What?** \n    * *A:* That.\n", "front :: back\n",
     "* **Term:** text\n    * *Card:* a → b\n", "| Question | Answer |\n|---|---|\n| What? | That. |\n",
     "### Why is that? ##\n\nSo.\n", "```\ncode\n```\n", "<details><summary>How?</summary>\n\nSo.\n\n</details>\n"]
)  # fmt: skip


@examples(60)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join).filter(str.strip), st.sampled_from(["\n", "\r\n"]))
def test_no_note_is_read_otherwise_with_ids(text: str, end: str) -> None:
    data = text.replace("\n", end).encode()
    made = with_ids(data, keys(data), name="n")
    assert comments_taken_out(made.data) == data
    assert len(list(items_of(parse_note(made.data, name="n")))) == len(list(items_of(parse_note(data, name="n"))))
