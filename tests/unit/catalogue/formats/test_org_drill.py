"""Cards of org-drill, with what it remembers of them; and Org's marks in Markdown."""

from datetime import date

import pytest

from quizapp.catalogue.formats.learnt import Sm2Memory, StateElsewhere
from quizapp.catalogue.formats.org_drill import looks_like_drill, read
from quizapp.catalogue.formats.org_text import markdown_of
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable

CAPITAL = """\
#+TITLE: Drill
* Geography
** Item                                   :drill:
SCHEDULED: <2026-12-20 sön>
:PROPERTIES:
:ID: 4714db59
:DRILL_LAST_INTERVAL: 12.3
:DRILL_EASE: 2.5
:END:
What is the capital of Estonia?

*** Svar
Tallinn.
"""


def note(text: str) -> ParsedNote:
    return read(text.encode(), "cards")


def cards(text: str) -> list[tuple[str, str]]:
    return [(one.prompt, one.answer) for one in note(text).everything_asked]


def test_a_deeper_heading_of_any_name_has_the_answer() -> None:
    read_of = note(CAPITAL)
    assert (read_of.title, [section.title for section in read_of.sections]) == ("Drill", ["Geography"])
    assert cards(CAPITAL) == [("What is the capital of Estonia?", "Tallinn.")]


def test_its_schedule_comes_along() -> None:
    kept = StateElsewhere(due=date(2026, 12, 20), interval_days=12, memory=Sm2Memory(ease=2.5))
    assert note(CAPITAL).states == ((0, kept),)


def test_its_id_stays_the_same_when_its_text_is_changed() -> None:
    keys = {one.key for text in (CAPITAL, CAPITAL.replace("Which", "What")) for one in note(text).everything_asked}
    assert len(keys) == 1


def test_brackets_are_gaps_but_for_links_dates_and_what_follows_a_word() -> None:
    text = (
        "* Item :drill:\n[Tallinn] is in [Estonia||country], arr[0], [2026-01-01], [[https://x.org][there]], =a[1]=.\n"
    )
    assert cards(text) == [
        (
            "[…] is in [country], arr[0], [2026-01-01], [there](<https://x.org>), `a[1]`.",
            "**Tallinn** is in **Estonia**, arr[0], [2026-01-01], [there](<https://x.org>), `a[1]`.",
        )
    ]


def test_two_sides_are_asked_both_ways() -> None:
    text = "* Word :drill:\n:PROPERTIES:\n:DRILL_CARD_TYPE: twosided\n:END:\n** English\ndog\n** Swedish\nhund\n"
    assert cards(text) == [("dog", "hund"), ("hund", "dog")]


def test_a_heading_that_asks_is_the_question_and_an_empty_item_a_draft() -> None:
    text = "* What is x? :drill:\n** A\ny\n* Empty :drill:\n* Not a card\ntext\n"
    assert cards(text) == [("What is x?", "y"), ("Empty", "")]


@pytest.mark.parametrize(
    ("org", "markdown"),
    [
        ("*b* /i/ =c= ~d~ +s+", "**b** *i* `c` `d` ~~s~~"),
        ("2*3*4 and a/b/c", "2\\*3\\*4 and a/b/c"),
        ("- term :: what it is", "- **term**: what it is"),
        ("a\n#+begin_src sh\nls *\n#+end_src\nb", "a\n\n```sh\nls *\n```\n\nb"),
        ("#+begin_quote\nsaid\n#+end_quote", "> said"),
        ("| a | b |\n|---+---|\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (": ls\n: pwd", "```\nls\npwd\n```"),
        ("# a comment\n#+LABEL: x\ntext", "text"),
        ("<image> and __init__", "\\<image> and \\_\\_init\\_\\_"),
    ],
)
def test_marks_of_org_in_markdown(org: str, markdown: str) -> None:
    assert markdown_of(org.split("\n")) == markdown


def test_only_a_heading_with_the_tag_makes_a_file_one() -> None:
    assert looks_like_drill("* Item :work:drill:\n")
    assert not looks_like_drill("* Item\nabout :drill:\n")


def test_cards_of_other_programs_of_emacs() -> None:
    text = (
        "* Net\n** Layers\n:PROPERTIES:\n:ANKI_DECK: Net::Layers\n:ANKI_NOTE_TYPE: Basic\n:END:\n"
        "*** Front\nWhat is TCP?\n*** Back\nA *protocol*.\n"
        "** What is UDP?\n:PROPERTIES:\n:ANKI_NOTE_TYPE: Basic (and reversed card)\n:END:\nAnother.\n"
        "** What is IP? :fc:\n:PROPERTIES:\n:FC_TYPE: normal\n:END:\nThe third.\n"
        "** Ports :fc:\n:PROPERTIES:\n:FC_TYPE: cloze\n:END:\nHTTPS has {{443}@0}.\n"
    )
    note = read(text.encode(), "net")
    *cards, gap = ((one.prompt, one.answer) for one in note.everything_asked)
    assert cards == [
        ("What is TCP?", "A **protocol**."),
        ("What is UDP?", "Another."),
        ("Another.", "What is UDP?"),
        ("What is IP?", "The third."),
    ]
    assert (gap[0].startswith("HTTPS has"), "443" in gap[0], gap[1]) == (True, False, "HTTPS has 443.")
    assert [section.title for section in note.sections] == ["Net / Layers", "Net"]


def test_a_file_of_very_many_headings_is_refused_before_they_are_read() -> None:
    with pytest.raises(Unreadable, match=r"more than 40,000 headings\. Split it"):
        read(b"* a :drill:\n" * 40_001, "net")
