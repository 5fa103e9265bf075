"""What other programs remember of cards, beside them in the note."""

from datetime import date

import pytest

from quizapp.catalogue.formats.learnt import fsrs_state, sm2_state
from quizapp.catalogue.formats.markdown.parser import parse_note

DECK = "---\ntags: flashcards\n---\n"
DUE = date(2026, 12, 1)
STATE = sm2_state(due=DUE, interval=12, ease=2.5)
COMMENT = "<!--SR:!2026-12-01,12,250-->"
LOGSEQ = """- What is a veth? #card
  card-last-interval:: 4.0
  card-repeats:: 2
  card-ease-factor:: 2.6
  card-next-schedule:: 2026-12-01T10:00:00.000Z
  card-last-reviewed:: 2026-11-27T10:00:00.000Z
\t- A cable
- What is a bridge? #card
\t- A switch
"""


def states(text: str) -> dict[str, object]:
    note = parse_note(text.encode())
    asked = [question.prompt for question in note.everything_asked]
    return {asked[place]: state for place, state in note.states}


@pytest.mark.parametrize(
    "text",
    [
        f"veth :: a cable {COMMENT}\n",
        f"veth :: a cable\n{COMMENT}\n",
        f"- veth :: a cable\n  {COMMENT}\n",
        f"veth\n?\na cable\n{COMMENT}\n",
        f"veth\n?\na cable\n> [!sr|card-metadata]\n> {COMMENT}\n",
        f"bridge :: a switch\n\nveth\n?\n```sh\nip link\n```\n{COMMENT}\n",
    ],
)
def test_a_comment_belongs_to_the_card_before_it(text: str) -> None:
    assert states(DECK + text) == {"veth": STATE}


def test_each_card_of_a_line_has_its_part_and_a_new_one_none() -> None:
    comment = "<!--SR:!2026-12-01,12,250!2000-01-01,1,250-->"
    assert states(f"{DECK}veth ::: cable\n{comment}\n") == {"veth": STATE}
    assert states(f"{DECK}A ==veth== is a ==cable==.\n{COMMENT[:-3]}!2026-12-01,12,250-->\n") == {
        "A […] is a cable.": STATE,
        "A veth is a […].": STATE,
    }


def test_fsrs_stands_as_it_is() -> None:
    comment = "<!--SR:!fsrs,2026-12-01T00:00:00.000Z,4,3.5,6.2,2,5,1,0,2026-11-27T08:00:00.000Z-->"
    assert states(f"{DECK}veth :: a cable\n{comment}\n") == {
        "veth": fsrs_state(due=DUE, interval=4, stability=3.5, difficulty=6.2)
    }


def test_logseqs_properties_belong_to_their_block() -> None:
    assert states(LOGSEQ) == {"What is a veth?": sm2_state(due=DUE, interval=4, ease=2.6)}
    assert states(LOGSEQ.replace("repeats:: 2", "repeats:: 0")) == {}


@pytest.mark.parametrize("part", ["2026-13-01,3,250", "2026-12-01", "2026-12-01,x,250", "2026-12-01,3,0", "fsrs,a"])
def test_what_cannot_be_read_is_told_and_its_card_is_new(part: str) -> None:
    note = parse_note(f"{DECK}veth :: a cable\n<!--SR:!{part}-->\n".encode())
    assert note.states == ()
    assert [warning.line for warning in note.warnings if "cannot be read" in warning.message] == [5]


def test_a_comment_that_other_text_parts_from_the_cards_is_of_none_of_them() -> None:
    assert states(f"{DECK}veth :: a cable\n\n## Reading\n\nSome text.\n{COMMENT}\n") == {}
    assert states(f"{DECK}veth :: a cable\n\n```md\n{COMMENT}\n```\n") == {}
