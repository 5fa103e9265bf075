"""Turns a field's Markdown into HTML that is safe to show. Knows no note and no question.

What does it, `markdown_html`, is loaded with the first text: its libraries would be a fifteenth of the start of the web
process and 3 MiB in each.
"""

import re

from markupsafe import Markup

# markdown-it takes seconds for 64 kB of brackets (quadratic time); at this size the worst inputs take under 300 ms.
FIELD_MAX_CHARS = 16_000
_AFTER_HEAD = re.compile(r"\n(?=\s*(?:\n|```|~~~|[-*+]\s|[>|]|#{1,6}\s|\d{1,9}[.)]\s))")


def render(text: str) -> Markup:
    """A block of Markdown as HTML, with highlighted code. HTML in it is text but for `inline_html.MEANT`."""
    from quizapp.catalogue.html import markdown_html

    return markdown_html.block(text[:FIELD_MAX_CHARS])


def render_inline(text: str) -> Markup:
    """One line of Markdown as HTML without a paragraph round it."""
    from quizapp.catalogue.html import markdown_html

    return markdown_html.line(text[:FIELD_MAX_CHARS])


def render_head(text: str) -> Markup:
    """The first paragraph of Markdown, up to a list, a table or code in it, as HTML for a line of a list."""
    return render_inline(" ".join(_AFTER_HEAD.split(text.strip(), maxsplit=1)[0].split()))


def in_plain_text(text: str) -> str:
    """One line of Markdown as its words, for a title, a label or a list, where its marks would be read as text."""
    return render_inline(text).striptags()
