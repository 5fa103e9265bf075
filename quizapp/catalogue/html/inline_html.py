"""Decides which HTML in an author's Markdown means what it means, and which is shown as text. Pure.

What passes here is cleaned once more by `markdown_html`. Attributes never pass, so nothing can be styled or executed.
"""

import re
from html import escape, unescape

# Tags that GitHub draws too, and that change nothing but the look of the text in them.
MEANT = frozenset(
    {"br", "hr", "kbd", "sub", "sup", "b", "i", "u", "s", "strong", "em", "code", "mark", "details", "summary", "p",
     "div", "center", "blockquote", "ul", "ol", "li", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
)  # fmt: skip
# Tags that frame a text without which it says the same.
FRAMES = frozenset(
    {"span", "font", "a", "small", "big", "ins", "del", "picture", "source", "section", "figure", "figcaption", "nav"}
)
KEPT = "picture:"  # what the address of a copied picture begins with in a note's text
PICTURE_NAME = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|gif|webp)")
_PIECE = re.compile(r"<!--.*?(?:-->|$)|</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>[^<>]*)>", re.DOTALL)
_SOURCE = re.compile(
    r"""(?<=[\s"'/])(?P<name>[a-z-]+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+))""",
    re.IGNORECASE,
)


def meant(html: str) -> str:
    """HTML without comments and attributes, and with each tag that is not in MEANT as text."""
    out, at = [], 0
    for piece in _PIECE.finditer(html):
        out += [_text(html[at : piece.start()]), _tag(piece)]
        at = piece.end()
    return "".join(out) + _text(html[at:])


def picture(address: str, text: str, title: str = "") -> str:
    """A picture that an import has copied; another as a link with its text, or as its text with its path.

    Its title stands below it, as a browser shows one to a mouse alone.
    """
    below = f"<br>{escape(title)}" if title.strip() not in ("", text.strip()) else ""
    if address.startswith(KEPT) and PICTURE_NAME.fullmatch(address, len(KEPT)):
        return f'<img src="/pictures/{address.removeprefix(KEPT)}" alt="{escape(text)}" loading="lazy">{below}'
    said = escape(text or address)
    if address.startswith(("https://", "http://")):
        return f'<a href="{escape(address)}">{said}</a>{below}'
    return (f"{said} ({escape(address)})" if text else said) + below


def image_words(tag: str) -> tuple[str, str]:
    """Address and text (`src` and `alt`) of a picture's tag, each empty without."""
    found: dict[str, str] = {}
    for one in _SOURCE.finditer(tag):
        found.setdefault(one["name"].lower(), unescape(one["double"] or one["single"] or one["bare"] or "").strip())
    return found.get("src", ""), found.get("alt", "")


def _tag(piece: re.Match[str]) -> str:
    name = (piece["name"] or "").lower()
    if not name:
        return ""  # a comment
    if name == "img":
        return _image(piece[0])
    if name in FRAMES:
        return ""
    if name not in MEANT:
        return escape(piece[0])
    closing = "/" if piece[0].startswith("</") else ""
    return f"<{closing}{name}>"


def _image(tag: str) -> str:
    """A picture's tag as `picture`; one that names no file as its text, and without a text as it is written."""
    address, text = image_words(tag)
    return picture(address, text) if address else escape(text or tag)


def _text(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
