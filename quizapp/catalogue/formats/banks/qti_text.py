"""What both versions of QTI share: texts of elements as Markdown, and elements by name without namespace. Pure."""

from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank_answer import FULL
from quizapp.catalogue.formats.html_text import looks_like_html, markdown_of
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, name_of

GAP = "___"  # where a text asks for something


def named(element: Element, *names: str) -> Iterator[Element]:
    """Every element below with one of these names."""
    return (one for one in element.iter() if one is not element and name_of(one) in names)


def children(element: Element, *names: str) -> Iterator[Element]:
    """Those directly below."""
    return (one for one in element if name_of(one) in names)


def outside(element: Element, without: Collection[str]) -> Iterator[Element]:
    """Every element below, in order, but nothing of elements called `without`."""
    for one in element:
        if name_of(one) not in without:
            yield one
            yield from outside(one, without)


def shown(element: Element) -> str:
    """The Markdown of an element's text, with tags or without."""
    if _is_xhtml(element):
        return markdown_of(inner(element, text_is_html=False)).text
    text = inner(element).strip()
    return markdown_of(text).text if len(element) or looks_like_html(text) else plain(text)


def _is_xhtml(element: Element) -> bool:
    """Whether what is below are HTML's own elements, and so all text is text: `&lt;title&gt;` is a word there.

    json2qti 1.3.0 writes tags as text with elements between them, so beside its elements text is HTML.
    """
    around = (element.text or "", *(one.tail or "" for one in element))
    return bool(len(element)) and not "".join(around).strip()


def number(text: str | None) -> float:
    """A score as it is written; 0 for what is none."""
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        return 0.0
    return value if abs(value) < float("inf") else 0.0


def share(value: float, whole: float) -> float:
    """What an answer is worth in percent, from -100 to 100."""
    return max(-FULL, min(FULL, FULL * value / whole)) if whole > 0 else 0.0
