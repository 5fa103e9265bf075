"""The text of a question as it stands in a link. Pure."""

import re
from textwrap import shorten

from markupsafe import Markup, escape

LINK_CHARS = 200  # of a question that is more than one paragraph: about two lines of the page
_PARAGRAPH = re.compile(r"<p(?: dir=\"auto\")?>")
_LINK = re.compile(r"</?a\b[^>]*>")


def for_a_link(html: Markup) -> Markup:
    """One paragraph with its marks, but for links, which cannot stand in one; of more than that the first words."""
    text = html.strip()
    begin = _PARAGRAPH.match(text)
    if begin is not None and text.find("</p>") == len(text) - len("</p>"):
        return Markup(_LINK.sub("", text[begin.end() : -len("</p>")]))  # rendered and sanitised
    return escape(shorten(html.striptags(), LINK_CHARS, placeholder="…"))
