"""What is typed of a concept is written so that it is read back, or it is said what of it no note reads so."""

import pytest

from quizapp.catalogue.editing.concept_words import TERM, TEXT, BadWords, as_read
from quizapp.catalogue.html.rendering import render
from quizapp.catalogue.patches.concept_text import ConceptSpot, ConceptWords, with_concept, with_words

NOTE = "# P\n\n## S\n* **DNAT:** The kernel.\n    * *Card:* a → b\n* **Proxy**: Docker.\n\nText\n"


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n\nb", "a  \nb", "a\n> quote", "> quote", "a\n- b\n- c", "- b\n- c", "| a |\n|---|\n| 1 |",
        "a\n\n    code",
        "```sh\nls  \n\n\nx\n```", "a  \n- b", "**bold** first", "Answer: x", "x &amp; <b>y</b>",
    ],
)  # fmt: skip
def test_a_text_that_looks_the_same_is_taken(text: str) -> None:
    words = as_read(ConceptWords(term="DNAT", text=text))
    assert render(words.text) == render(text)
    assert with_words(NOTE, ConceptSpot(section=0, place=0), words, name="p") is not None
    assert with_concept(NOTE, section=0, words=ConceptWords(term="New", text=words.text), name="p") is not None


@pytest.mark.parametrize(
    ("term", "text", "field", "said"),
    [
        ("a **b** c", "x", TERM, "no bold marks"),
        ("Q: what", "x", TERM, "“Q: what”"),
        ("a", "<details>\nx\n</details>", TEXT, "<details> hides an answer"),
        ("a", "b <!-- c -->", TEXT, "comment"),
        ("a", "b\n\n* *Card:* x → y", TEXT, "“*Card:* x → y” as a label"),
        ("a", "b\n\nQ: what?\nA: that", TEXT, "“Q: what?” as a question"),
        ("a", "b\n===", TEXT, "“===” as a heading"),
    ],
)
def test_what_no_note_reads_so_is_told_at_its_field(term: str, text: str, field: str, said: str) -> None:
    with pytest.raises(BadWords) as refused:
        as_read(ConceptWords(term=term, text=text))
    assert refused.value.field == field
    assert said in str(refused.value)
