"""What a gap hides and what is its hint, where `::` can be either."""

import pytest

from quizapp.catalogue.formats.cards import cards_of
from quizapp.catalogue.formats.gap_words import words_and_hint
from quizapp.catalogue.formats.markdown.conventions.gaps import Gap, gaps_of


@pytest.mark.parametrize(
    ("words", "hint", "parted"),
    [
        ("port 53", None, ("port 53", "")),
        ("port 53", "of a name server", ("port 53", "of a name server")),
        ("", "1", ("::1", "")),
        ("fe80", "1", ("fe80::1", "")),
        ("fe80", "/10", ("fe80::/10", "")),
        ("`fe80", "1%eth0`", ("`fe80::1%eth0`", "")),
        ("2001:db8", "1::of the documentation", ("2001:db8::1", "of the documentation")),
        ("2001:db8::1", "of the documentation", ("2001:db8::1", "of the documentation")),
        ("AWS", "EC2::Instance", ("AWS::EC2::Instance", "")),
        ("AWS", "EC2::Instance::a type", ("AWS::EC2::Instance", "a type")),
        ("10:30", "a time", ("10:30", "a time")),
        ("std", "vector", ("std", "vector")),  # as Anki has it: nothing tells it from words and their hint
    ],
)
def test_an_address_and_a_type_are_hidden_whole(words: str, hint: str | None, parted: tuple[str, str]) -> None:
    assert words_and_hint(words, hint) == parted


def test_a_gap_shows_its_hint() -> None:
    assert gaps_of("Names go to {{c1::53::a port}}, `::1` is {{c2::::1}}.", marks=False) == [
        Gap(front="Names go to [a port], `::1` is ::1.", back="53"),
        Gap(front="Names go to 53, `::1` is […].", back="::1"),
    ]


def test_a_card_of_anki_hides_an_address_whole() -> None:
    """Anki 26.9.3 shows `[1]` and then `fe80`; see findings/."""
    text = "Link-local: {{c1::fe80::1}}, a port: {{c2::53::a number}}"
    first, second = cards_of([text], notetype="Cloze", guid="g", deck="d", tags=[], html=True, line=1)
    assert (first.stem, second.stem) == ("Link-local: […], a port: 53", "Link-local: fe80::1, a port: [a number]")
    assert first.feedback == second.feedback == "Link-local: fe80::1, a port: 53"
