"""A text without signs is not given to the parser of lines: here it is, and finds nothing in it."""

import string

import pytest
from markdown_it.token import Token

from quizapp.catalogue.html import markdown_html
from quizapp.catalogue.html.markdown_html import render_document

FORMS = "a{0}b", "{0}b", "a{0}", "a {0} b {0}", "a{0}{0}b{0}{0}", "{0} a {0}{0} b"
OTHERS = "\t\x0b\x0c\x85\u00a0\u00e4\u2003\u2028\u20ac\ufeff\U0001f600"


@pytest.mark.parametrize("letter", sorted({*string.printable, *OTHERS}), ids=ascii)
def test_the_parser_finds_nothing_in_a_text_without_signs(letter: str) -> None:
    parser = markdown_html._line_parser()
    for text in (form.format(letter) for form in FORMS):
        if markdown_html._SIGNS.search(text) is None:
            made: list[Token] = []
            parser.inline.parse(text, parser, {}, made)
            assert [(one.type, one.content, one.level) for one in made] == [("text", text, 0)]


def test_most_letters_are_no_signs() -> None:
    plain = [letter for letter in string.printable if markdown_html._SIGNS.search(letter) is None]
    assert {*string.ascii_letters, *string.digits, *" .,;'\"?()/"} <= set(plain)


def test_a_text_without_signs_is_shown_as_one_with_some() -> None:
    (html,) = render_document("# Ports, 53\n\n| Name | Use |\n|---|---|\n| dig | asks `DNS` |\n")
    assert "Ports, 53" in html
    assert "<td>dig</td>" in html
    assert "<code>DNS</code>" in html
