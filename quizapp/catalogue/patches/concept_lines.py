"""The lines of a section's text at which its concepts stand. Pure.

A concept is a list item that begins with bold words. The text as HTML is cut behind the first paragraph of each such
item, so that a page can put there what it says of the concept.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

_ITEM = re.compile(r"<li>(?=\s*(?:<p>\s*)?<strong>(.*?)</strong>)", re.DOTALL)
# What ends the first paragraph of an item.
_BLOCK = re.compile(r"</p>|<(?:ul|ol|p|div|blockquote|table|pre|h[1-6]|hr|dl|details|/li)\b")
_BETWEEN = ": "  # a heading and a term that occurs below several: see `with_distinct_terms`


@dataclass(frozen=True, kw_only=True)
class SoughtTerm:
    """A concept whose line is to be found."""

    key: str
    term_html: Markup


@dataclass(frozen=True, kw_only=True)
class SectionPiece:
    """A part of a section's text."""

    html: Markup
    concept: str | None
    """The key of the concept whose first paragraph it ends with; None for the last part."""


def element_of(concept_key: str) -> str:
    """The id of the element at a concept's line, on its note's page."""
    return f"concept-{concept_key}"


def parts_of(html: str, concepts: Sequence[SoughtTerm]) -> Sequence[SectionPiece]:
    """The text in parts, one for each concept whose line is found, and what follows the last one.

    One after the other they are the text, with an element about each of those lines.
    """
    html = str(html)  # of Markup, what is cut out would be Markup, and escape what is added to it
    parts: list[SectionPiece] = []
    begin, closing = 0, ""
    for item, key in sorted(_placed(html, concepts), key=lambda one: one[0].start()):
        end = _first_paragraph(html, item)
        opening = f'<li class="concept-item" id="{element_of(escape(key))}"><div class="concept-line"><div>'
        text = closing + html[begin : item.start()] + opening + html[item.end() : end] + "</div>"
        parts.append(SectionPiece(html=Markup(text), concept=key))  # sanitised at import
        begin, closing = end, "</div>"
    return [*parts, SectionPiece(html=Markup(closing + html[begin:]), concept=None)]


def _placed(html: str, concepts: Sequence[SoughtTerm]) -> Iterator[tuple[re.Match[str], str]]:
    """The item of each concept that has one, and the concept's key. Of equal terms the first concept has the first."""
    items: dict[str, deque[re.Match[str]]] = {}
    for item in _ITEM.finditer(html):
        items.setdefault(item[1].strip().rstrip(":").strip(), deque()).append(item)
    for concept in concepts:
        named = next((name for name in _names(concept.term_html) if items.get(name)), None)
        if named is not None:
            yield items[named].popleft(), concept.key


def _names(term: str) -> Iterator[str]:
    """What an item with this term can begin with: the term, or what follows the heading that was put before it."""
    yield term
    while _BETWEEN in term:
        term = term.partition(_BETWEEN)[2]
        yield term


def _first_paragraph(html: str, item: re.Match[str]) -> int:
    """Where the first paragraph of an item ends."""
    end = _BLOCK.search(html, item.end(1))
    if end is None:  # no item of sanitised HTML stays open
        return len(html)
    return end.end() if end[0] == "</p>" else end.start()
