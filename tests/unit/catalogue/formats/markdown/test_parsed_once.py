"""Within a block a text is parsed once, and what it says is what it would say outside."""

from collections.abc import Callable

import pytest

from quizapp.catalogue.formats.markdown import parser
from quizapp.catalogue.formats.markdown.parser import each_text_once, parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable

TITLED = b"# Ports\n\n## Q: Which port has DNS?\n\n53.\n"
UNTITLED = b"Q: Which port has DNS?\nA: 53.\n"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The texts that were parsed, in their order."""
    texts: list[bytes] = []
    parse: Callable[[bytes, str], ParsedNote] = parser._parse

    def noted(data: bytes, name: str) -> ParsedNote:
        texts.append(data)
        return parse(data, name)

    monkeypatch.setattr(parser, "_parse", noted)
    return texts


def test_a_text_is_parsed_once_in_a_block_and_in_blocks_within_it(parsed: list[bytes]) -> None:
    with each_text_once():
        first = parse_note(TITLED, name="ports")
        with each_text_once():
            assert parse_note(TITLED, name="ports") is first
        assert parse_note(TITLED, name="ports") is first
    assert parsed == [TITLED]
    assert parse_note(TITLED, name="ports") == first
    assert parsed == [TITLED, TITLED], "after the block nothing is kept"


def test_only_a_note_without_a_title_is_asked_what_it_is_called(parsed: list[bytes]) -> None:
    with each_text_once():
        assert parse_note(TITLED, name="a") is parse_note(TITLED, name="b")
        assert [parse_note(UNTITLED, name=name).title for name in ("a", "b", "b")] == ["a", "b", "b"]
    assert parsed == [TITLED, UNTITLED, UNTITLED]


def test_a_note_that_is_called_as_its_title_is_parsed_for_another_name_too() -> None:
    with each_text_once():
        assert parse_note(TITLED, name="Ports") == parse_note(TITLED, name="other")


def test_what_cannot_be_read_is_refused_each_time(parsed: list[bytes]) -> None:
    with each_text_once():
        for _ in range(2):
            with pytest.raises(Unreadable):
                parse_note(b"\x00\xff\x00", name="a")


def test_a_block_keeps_few_texts(parsed: list[bytes]) -> None:
    texts = [b"# Note %d\n" % number for number in range(parser._KEPT_MOST + 1)]
    with each_text_once():
        for text in texts:
            parse_note(text)
        parse_note(texts[-1])
        assert parsed == texts
        parse_note(texts[0])
        assert parsed == [*texts, texts[0]]
