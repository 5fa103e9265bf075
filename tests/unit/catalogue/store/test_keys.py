"""Keys that the importer makes and the addresses of sections."""

import pytest

from quizapp.catalogue.store.identity import new_key
from quizapp.catalogue.store.note_plan import Anchors


def test_a_key_is_the_same_everywhere_and_never_taken_twice() -> None:
    key = new_key("q", "a note", "a print", taken=())
    assert new_key("q", "a note", "a print", taken=()) == key
    assert new_key("q", "a note", "another", taken=()) != key
    second = new_key("q", "a note", "a print", taken={key})
    assert second != key
    assert {one[:2] for one in (key, second)} == {"q-"}
    assert {len(one) for one in (key, second)} == {10}


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Veth Pairs & NAT", "s-veth-pairs-nat"),
        ("Überblick", "s-uberblick"),
        ("網路", "s-section"),
        ("main", "s-main"),
        ('"><script>', "s-script"),
        ("x" * 300, "s-" + "x" * 56),
    ],
)
def test_an_anchor_is_short_and_harmless(title: str, anchor: str) -> None:
    assert Anchors().next_for(title) == anchor


def test_two_sections_of_one_name_differ() -> None:
    anchors = Anchors()
    assert [anchors.next_for(title) for title in ("Notes 2", "Notes", "Notes", "Notes")] == [
        "s-notes-2",
        "s-notes",
        "s-notes-3",
        "s-notes-4",
    ]
