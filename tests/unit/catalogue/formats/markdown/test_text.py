"""A note's bytes before they are read as Markdown."""

import time
from contextlib import suppress

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.markdown.text import decode
from quizapp.catalogue.formats.parsed import NOTE_MAX_BYTES, Unreadable
from quizapp.catalogue.html.markdown_html import render_document


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"", 1, "empty"),
        (b" \n\t\n", 1, "empty"),
        (b"# Title\n\ncaf\xe9\n", 3, "UTF-8"),
        ("# Title\n".encode("utf-16"), 1, "UTF-8"),
        (b"# Title\n\nnul \0 here\n", 3, "NUL"),
        (b"x" * 5_000_000, 1, "4,883 KiB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data: bytes, line: int, word: str) -> None:
    with pytest.raises(Unreadable, match=word) as refused:
        decode(data)
    assert refused.value.line == line


def test_the_largest_note_is_read() -> None:
    assert len(decode(b"x" * NOTE_MAX_BYTES)) == NOTE_MAX_BYTES


def test_all_line_ends_become_one() -> None:
    assert decode(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


HOSTILE = {
    "pictures that never end": "![a" * 4_000 + "\n\n",
    "brackets": "[" * 15_000 + "\n\n",
    "bullets": "- a\n",
    "long bullets": "- some words of text\n",
    "a long table": "|a|b|\n",
    "a wide table": "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n" + ("|" + "b|" * 20_000 + "\n"),
    "broken fences": "## H\n\n```sh\n" + "some text in it\n" * 1_000,
    "quotes": ">" * 3_000 + " a\n",
    "comments": "a <!-- b\n\n",
    "details": "<details><summary>a</summary>\n\n",
    "pairs": "Q: a\nA: b\n\n",
    "gaps": "{{c1::a}} " * 1_000 + "\n\n",
    "signs": "<" * 10_000 + "\n\n",
    "links": "[a](http://b.c/d) " * 800 + "x\n\n",
    "definitions of links": "[r]: http://a.b/\n",
    "marks": "==x== " * 30 + "\n",
    "deep lists": "".join(f"{'  ' * depth}- a b c\n" for depth in range(31)),
    "cards on lines": "#flashcards aaaa :: bbbb\n\n",
    "questions": "## What is this here?\n" + "a" * 80 + "\n\n",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_of_the_full_size_is_soon_taken_or_refused(kind: str) -> None:
    piece = HOSTILE[kind].encode()
    data = (piece * (NOTE_MAX_BYTES // len(piece)))[:NOTE_MAX_BYTES]
    started = time.process_time()
    with suppress(Unreadable):
        render_document(*(section.body for section in parse_note(data).sections))
    assert time.process_time() - started < 6  # at most 2 s on an idle machine
