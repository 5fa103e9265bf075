"""The name that is offered in the place of one that is none."""

import pytest

from quizapp.catalogue.bounds import SLUG_MAX_CHARS
from quizapp.catalogue.editing.lab_authoring import NO_NAME, no_name, offered_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My First Lab", "my-first-lab"),
        ("Caf\u00e9 & DNS_2", "cafe-dns-2"),
        ("-a--b-", "a-b"),
        ("a" * (SLUG_MAX_CHARS - 1) + " b", "a" * (SLUG_MAX_CHARS - 1)),
        ("\u6e2f", ""),
        ("", ""),
    ],
)
def test_a_text_comes_to_a_name(text: str, name: str) -> None:
    assert offered_name(text) == name
    assert no_name(text) == (f"{NO_NAME} Such as {name}." if name else NO_NAME)
