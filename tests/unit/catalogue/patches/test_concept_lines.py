"""Where in a section's HTML its concepts stand."""

from collections.abc import Sequence

from markupsafe import Markup

from quizapp.catalogue.html.rendering import render, render_inline
from quizapp.catalogue.patches.concept_lines import SectionPiece, SoughtTerm, parts_of


def parts(text: str, *terms: str) -> Sequence[SectionPiece]:
    """The parts of a text whose concepts have these terms; a concept's key is its term's first letter."""
    sought = [SoughtTerm(key=term.strip("`")[0].lower(), term_html=render_inline(term)) for term in terms]
    return parts_of(render(text), sought)


def whole(found: Sequence[SectionPiece]) -> str:
    """The text of all parts, without what was put about the lines."""
    html = "".join(part.html for part in found)
    return " ".join(Markup(html).striptags().split())


def test_a_part_ends_behind_the_first_paragraph_of_its_concept() -> None:
    found = parts(
        "* **The `veth` pair:** a cable\n    * with two ends\n* **Bridge** joins", "The `veth` pair", "Bridge"
    )
    assert [part.concept for part in found] == ["t", "b", None]
    assert found[0].html.endswith(
        'id="concept-t"><div class="concept-line"><div><strong>The <code>veth</code> pair:</strong> a cable\n</div>'
    )
    assert found[1].html.startswith("</div><ul>\n<li>with two ends")


def test_nothing_of_the_text_is_lost_and_every_element_is_closed() -> None:
    text = "Before\n\n* **A:** one\n\n    ```\n    code\n    ```\n\n* **B** two\n\n* no concept\n\nAfter"
    found = parts(text, "A", "B")
    html = "".join(part.html for part in found)
    assert whole(found) == " ".join(render(text).striptags().split())
    assert [html.count(f"<{tag}") for tag in ("div", "li", "p>")] == [
        html.count(f"</{tag}") for tag in ("div", "li", "p>")
    ]
    assert "<p><strong>A:</strong> one</p></div>" in html


def test_of_equal_terms_each_concept_has_its_own_line() -> None:
    found = parts("* **Use** one\n\n## B\n* **Use** two", "A: Use", "B: Use")
    assert [part.concept for part in found] == ["a", "b", None]
    assert "two" in found[1].html


def test_a_concept_whose_line_is_not_there_has_no_part() -> None:
    assert parts("Prose with a **Term** in it", "Term")[0].concept is None
    assert whole(parts("", "Term")) == ""
