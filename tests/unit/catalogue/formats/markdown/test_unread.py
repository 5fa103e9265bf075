"""What a note has that is not read as its author most likely meant it: it stays visible, and a warning has its line."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode())


def told(text: str) -> list[tuple[int, str]]:
    return [(warning.line, warning.message) for warning in parse(text).warnings]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("What is <img src=x onerror=alert(1)> for", "What is x for"),
        ('The <img src="b.png" alt="bridge"> of it', "The bridge of it"),
        ('<img src="logo.png" width="20"> Networks', "Networks"),
    ],
)
def test_a_picture_between_the_words_of_a_title_leaves_its_text_or_address(heading: str, title: str) -> None:
    assert parse(f"# Note\n\n## {heading}\n\nText.\n").sections[-1].title == title


def test_the_tags_behind_a_card_between_percent_signs_are_told() -> None:
    assert "is not kept" in dict(told("# Deck\n\nFront\n\n%\n\nBack\n\n%\n\nnet, dns\n"))[11]
