"""Reads the HTML that Notion exports: each toggle asks, and what it folds is the answer. Pure.

A toggle that folds a list with boxes is a question with options, of which the ticked ones are right. A toggle within a
toggle is a question of its own; in the answer of the outer one it is a line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.catalogue.formats.bank import BankItem, ItemKind, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.parsed import ParsedNote

CONVENTION = "Notion toggles"
OPTIONS_MIN = 2
_HEAD_CHARS = 64 * 1024  # in which the title of a page stands
_TAG = re.compile(r"<(/?)(details|summary)\b[^<>]{0,500}>", re.IGNORECASE)
_TITLE = re.compile(r"<h1\b[^<>]{0,500}\bpage-title\b[^<>]{0,500}>(.{0,1000}?)</h1>", re.IGNORECASE | re.DOTALL)
_BOX = re.compile(r"<div class=\"checkbox checkbox-(on|off)\">\s*</div>\s*<span\b[^<>]{0,200}>")
_LIST_OF_BOXES = re.compile(r"<ul\b[^<>]{0,200}\bto-do-list\b[^<>]{0,200}>")
_PAGE = re.compile(r"<article\b[^<>]{0,500}\bpage\b|class=\"page-body\"")


@dataclass
class _Toggle:
    """A toggle that is open: the HTML of its summary and of what it folds."""

    place: int
    """Among all toggles, in the order in which they begin."""
    line: int
    summary: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def looks_like_notion(text: str) -> bool:
    """Whether a text is a page of Notion with a toggle."""
    return _PAGE.search(text) is not None and _TAG.search(text) is not None


def read(data: bytes, name: str) -> ParsedNote:
    """A page of Notion as a note, called as the page or else `name`. Raises Unreadable."""
    html = decoded(data)
    title = _TITLE.search(html[:_HEAD_CHARS])
    called = markdown_of(title[1]).text if title is not None else ""
    toggles = sorted(_toggles(html), key=lambda one: one.place)
    return note_of(map(_item, toggles), title=called or name, convention=CONVENTION)


def _toggles(html: str) -> Iterator[_Toggle]:
    """All toggles, each when it ends; one that never ends is none."""
    opened: list[_Toggle] = []
    at, line, in_summary = 0, 1, False
    for place, tag in enumerate(_TAG.finditer(html)):
        _add(opened, html[at : tag.start()], in_summary=in_summary)
        line += html.count("\n", at, tag.end())
        at = tag.end()
        match tag[2].lower(), bool(tag[1]):
            case "details", False:
                opened.append(_Toggle(place=place, line=line))
                in_summary = False
            case "details", True if opened:
                ended, in_summary = opened.pop(), False
                if opened:
                    opened[-1].body.append(f"<p>{''.join(ended.summary)}</p>")
                yield ended
            case "summary", is_end:
                in_summary = not is_end


def _add(opened: list[_Toggle], html: str, *, in_summary: bool) -> None:
    if opened:
        (opened[-1].summary if in_summary else opened[-1].body).append(html)


def _item(toggle: _Toggle) -> BankItem:
    body, stem = "".join(toggle.body), markdown_of("".join(toggle.summary)).text
    boxes = [(found[1] == "on", markdown_of(html).text) for found, html in _each(_BOX, "</span>", body)]
    is_choice = len(boxes) >= OPTIONS_MIN and any(ticked for ticked, _ in boxes)
    for _, html in _each(_LIST_OF_BOXES, "</ul>", body) if is_choice else ():
        body = body.replace(html, "", 1)
    rest = markdown_of(body).text
    if not is_choice:
        return BankItem(kind=ItemKind.ESSAY, line=toggle.line, stem=stem, feedback=rest)
    options = tuple(BankAnswer(text=text, weight=FULL if ticked else 0) for ticked, text in boxes)
    several = sum(ticked for ticked, _ in boxes) > 1
    return BankItem(
        kind=ItemKind.CHOICE, line=toggle.line, stem=stem, answers=options, one_right=not several, feedback=rest
    )


def _each(begin: re.Pattern[str], end: str, html: str) -> Iterator[tuple[re.Match[str], str]]:
    """What stands between each beginning and the next end, in time by the length of the whole."""
    at = 0
    while found := begin.search(html, at):
        at = html.find(end, found.end())
        if at < 0:
            return
        yield found, html[found.end() : at]
