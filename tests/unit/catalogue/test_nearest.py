"""Which passage of a note explains a question that names none."""

from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.nearest import Passage, nearest
from quizapp.settings import ROOT

PASSAGES = [
    Passage(title="The bridge", text="A switch on the host that carries frames."),
    Passage(title="Masquerade", text="The host rewrites the source of what leaves."),
    Passage(title="The `veth` pair", text="A cable between the host and a container."),
]
# Questions of a list at a note's end that say nothing of what they are about, each with the concept that explains it.
EXPLAINED = {"q-wz79": "c-st4t", "q-a7de": "c-n9uu", "q-b3ck": "c-3fbz", "q-5qxa": "c-6krq"}


@pytest.mark.parametrize(
    ("asked", "place"),
    [("Which source does masquerade give a packet?", 1), ("What does `veth` stand for?", 2), ("Who is the switch?", 0)],
)
def test_rare_words_tell(asked: str, place: int) -> None:
    assert nearest(asked, PASSAGES) == place


@pytest.mark.parametrize("asked", ["", "Why is the sky blue in the morning?", "Is it so?"])
def test_what_shares_nothing_but_common_words_is_near_none(asked: str) -> None:
    assert nearest(asked, PASSAGES) is None
    assert nearest("Which source?", []) is None


def test_the_list_at_the_end_of_a_whole_note_leads_into_it() -> None:
    note = parse_note(Path(ROOT / "content/notes/docker-networking.md").read_bytes(), name="note")
    concepts = [concept for section in note.sections for concept in section.concepts]
    passages = [Passage(title=concept.term, text=concept.text) for concept in concepts]
    asked = {one.key: f"{one.prompt} {one.answer}" for one in note.everything_asked if one.key in EXPLAINED}
    found = {key: nearest(text, passages) for key, text in asked.items()}
    assert {key: concepts[place].key for key, place in found.items() if place is not None} == EXPLAINED
