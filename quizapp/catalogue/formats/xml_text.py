"""Reads XML of other tools without entities, without the network, and with limits on its depth. Pure."""

import re
from html import escape
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from quizapp.catalogue.formats.parsed import Unreadable

DEPTH_MAX = 100  # of elements in one another; QTI has about 12
_NAMED = re.compile(r"(<!\[CDATA\[.*?\]\]>)|&([A-Za-z][A-Za-z0-9]{1,30};)", re.DOTALL)
_XML_OWN = ("amp;", "lt;", "gt;", "quot;", "apos;")
_TAG = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)[A-Za-z][^<>]*?(/?)>", re.DOTALL)


def parsed(text: str) -> Element:
    """The root element. Raises Unreadable, with the line, for XML that is broken, too deep or declares entities."""
    if _is_too_deep(text):
        raise Unreadable(f"The XML has more than {DEPTH_MAX} elements in one another. Is it what a tool wrote?")
    try:
        root: Element = fromstring(_with_known_entities(text).encode(), forbid_dtd=False)
    except DefusedXmlException:
        raise Unreadable("The XML declares entities, which are never read. Export it again without them.") from None
    except ParseError as error:
        raise Unreadable(f"The XML is broken: {error.msg}. Correct the line.", line=error.position[0]) from None
    return root


def inner(element: Element | None, *, text_is_html: bool = True) -> str:
    """The HTML of an element: its text with the tags within it, as a tool writes that forgets CDATA.

    Text that is not HTML itself is escaped.
    """
    if element is None:
        return ""
    pieces = [element.text or ""]
    for child in element:
        pieces += [_written(child, text_is_html=text_is_html), child.tail or ""]
    return "".join(
        piece if text_is_html or place % 2 else escape(piece, quote=False) for place, piece in enumerate(pieces)
    )


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _written(element: Element, *, text_is_html: bool) -> str:
    name = name_of(element)
    attributes = "".join(f' {key.rpartition("}")[2]}="{value}"' for key, value in element.attrib.items())
    return f"<{name}{attributes}>{inner(element, text_is_html=text_is_html)}</{name}>"


def _with_known_entities(text: str) -> str:
    """The text with HTML's named characters, such as `&nbsp;`, as characters: XML does not know them."""

    def character(found: re.Match[str]) -> str:
        if found[1] or found[2] in _XML_OWN:
            return found[0]
        return html5.get(found[2], f"&amp;{found[2]}")

    without_declaration = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    return _NAMED.sub(character, without_declaration)


def _is_too_deep(text: str) -> bool:
    depth = 0
    for found in _TAG.finditer(text):
        if found[1] is not None and not found[2]:
            depth += -1 if found[1] else 1
            if depth > DEPTH_MAX:
                return True
    return False
