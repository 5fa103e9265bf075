"""What is typed in the form beside a lab's text goes into the lines of its field, and the form shows what they say."""

import pytest

from quizapp.admin.labs.lab_fields import fields_of, with_fields
from quizapp.errors import Invalid
from tests.integration.catalogue.test_import_labs import LAB


def shown(text: str) -> dict[str, str]:
    return {field.name: field.value for field in fields_of(text)}


def test_the_form_shows_what_the_text_says() -> None:
    found = shown(LAB + "hints:\n  - One.\n  - |\n    Two\n    lines.\n")
    assert (found["title"], found["level"], found["concepts"]) == ("Find it", "2", "c-map")
    assert (found["tags"], found["hints"]) == ("", "One.\n---\nTwo\nlines.")
    assert shown("a: [") == {}


def test_only_what_was_changed_is_written() -> None:
    given = {f"field-{name}": value for name, value in shown(LAB).items()}
    assert with_fields(LAB, given) == LAB
    changed = with_fields(LAB, given | {"field-minutes": "8", "field-hints": "One.\r\n---\r\nTwo\r\nlines."})
    assert changed.startswith(LAB.split("minutes", maxsplit=1)[0] + "minutes: 8\n")
    assert shown(changed)["hints"] == "One.\n---\nTwo\nlines."
    assert shown(with_fields(changed, {"field-hints": " ", "field-tags": "a, b,"}))["tags"] == "a, b"


def test_what_is_no_number_is_told() -> None:
    with pytest.raises(Invalid, match="Minutes: write a whole number"):
        with_fields(LAB, {"field-minutes": "soon"})
