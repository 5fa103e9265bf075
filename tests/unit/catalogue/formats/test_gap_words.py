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


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        (
            "{{c1::ip {{c2::route}}}} shows routes",
            [("[…] shows routes", "ip route"), ("ip […] shows routes", "route")],
        ),
        (
            "{{c1::a {{c2::b::a letter}} c {{c3::d}}}} e",
            [("[…] e", "a b c d"), ("a [a letter] c d e", "b"), ("a b c […] e", "d")],
        ),
        (
            "{{c1,2::ss}} shows {{c2::sockets}}",
            [("[…] shows sockets", "ss"), ("[…] shows […]", "ss, sockets")],
        ),
    ],
)
def test_gaps_in_one_another_and_of_several_numbers(text: str, gaps: list[tuple[str, str]]) -> None:
    """As Anki 26.9.3 makes cards of them, in Markdown too: marks stood on the page, and cards were missing."""
    assert [(gap.front, gap.back) for gap in gaps_of(text, marks=False)] == gaps
    cards = cards_of([text], notetype="Cloze", guid="g", deck="d", tags=[], html=True, line=1)
    assert [card.stem for card in cards] == [front for front, _ in gaps]


def test_gaps_in_code_are_none_there_either() -> None:
    assert gaps_of("`{{c1,2::ss}}` and `{{c1::a {{c2::b}}}}` are code.", marks=False) == []
