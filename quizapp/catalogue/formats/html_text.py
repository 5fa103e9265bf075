"""Turns HTML of other tools into Markdown: what Markdown has stays, the words of everything else stay too. Pure.

nh3 makes well-formed HTML of any text in linear time, so what reads it here needs no care for broken or hostile HTML.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from html.parser import HTMLParser

import nh3

from quizapp.catalogue.formats.wording import code, fenced, plain

HTML_MAX_CHARS = 32_000  # twice what a page shows; nh3 0.3.8 takes quadratic time for entities and for lists
NESTING_MAX = 200  # tags in one another; of a deeper text the words alone are kept
DEPTH_MAX = 40  # of lists and quotes in one another; deeper ones go on at this depth
_BLOCKS = frozenset(
    ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "table", "tr", "dl", "dt", "dd"]
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_RAISED = {"sup": "^", "sub": "_"}  # each with what stands for it in code
_OTHERS = frozenset(["br", "hr", "pre", "code", "tt", "kbd", "samp", "a", "img", "td", "th"])
_KEPT = _BLOCKS | _OTHERS | _MARKS.keys() | _RAISED.keys()
# Tags whose words stay without them; all other `<word>` are text, such as <image> and <port>.
_DROPPED = frozenset(
    ["span", "font", "u", "small", "big", "center", "tbody", "thead", "tfoot", "section", "article", "details",
     "summary", "label", "mark", "abbr", "cite", "q", "var", "ins", "figure", "figcaption",
     "caption", "colgroup", "col", "nobr",
     "header", "footer", "main", "nav", "wbr", "acronym", "address"]
)  # fmt: skip
# Tags that bring nothing to read, or nothing that may be shown.
_SILENT = frozenset(
    ["script", "style", "title", "head", "iframe", "object", "embed", "video", "audio", "svg", "math", "form", "input",
     "button", "html", "body", "meta", "link", "base", "template", "noscript", "o:p"]
)  # fmt: skip
_TAG_LIKE = re.compile(r"<(?=/?([A-Za-z][\w:-]*))|<(?!/?[A-Za-z]|!--)")
KNOWN_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_KEPT | _DROPPED))})(?:\s[^<>]*|\s*/)?>", re.IGNORECASE)
_NESTING = re.compile(r"<(/?)(?!/?(?:p|li|br|hr|img|td|th|tr|dt|dd)\b)[A-Za-z]")  # without those that need no end
_LONE_AND = re.compile(r"&(?!#?\w{1,32};)")  # with many of them nh3 0.3.8 takes quadratic time
_IN_ADDRESS = {ord(sign): f"%{ord(sign):02x}" for sign in " ()<>"}  # they would end an address in Markdown
_ANY_TAG = re.compile(r"<[^<>]*>")
_NO_PLAIN_TEXT = re.compile(r"[<>&\0]")  # what nh3 and a reader of HTML are needed for
# Marks that open and close, each with the blanks that do not belong within.
_OPENED = re.compile(r"\x01(\*\*|\*|~~)([ \n]*)")
_CLOSED = re.compile(r"([ \n]*)\x02(\*\*|\*|~~)")
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")


@dataclass(frozen=True, kw_only=True)
class Converted:
    """The Markdown of an HTML text, and the files that it shows or plays."""

    text: str
    media: tuple[str, ...] = ()
    """The addresses of its images, as they are written."""


def looks_like_html(text: str) -> bool:
    """Whether a text has a tag that HTML knows."""
    return KNOWN_TAG.search(text) is not None


def image(address: str, label: str) -> str:
    """A picture in Markdown."""
    without_brackets = label.translate({ord("["): "(", ord("]"): ")", ord("\n"): " "})
    return f"![{plain(without_brackets)}]({address.translate(_IN_ADDRESS)})"


def markdown_of(html: str) -> Converted:
    """The Markdown of an HTML text. A `<word>` that HTML does not know is text."""
    writer = _Writer()
    if len(html) <= HTML_MAX_CHARS and not _NO_PLAIN_TEXT.search(html):
        writer.handle_data(html)
        return Converted(text=writer.result())
    escaped = _LONE_AND.sub("&amp;", _TAG_LIKE.sub(_known_or_text, html.replace("\0", "")))
    if len(escaped) > HTML_MAX_CHARS or _is_too_deep(escaped):
        return Converted(text=plain(unescape(_ANY_TAG.sub(" ", escaped))))
    writer.feed(_cleaner().clean(escaped))
    writer.close()
    return Converted(text=writer.result(), media=tuple(dict.fromkeys(writer.media)))


@cache
def _cleaner() -> nh3.Cleaner:
    """Made once: for each of a thousand short texts that takes as long as to clean it."""
    return nh3.Cleaner(
        tags=set(_KEPT),
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "code": {"class"}, "pre": {"class"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _is_too_deep(html: str) -> bool:
    """Whether tags stand in one another so deeply that reading them takes quadratic time; people write no such text."""
    depth = 0
    for found in _NESTING.finditer(html):
        depth += -1 if found[1] else 1
        if depth > NESTING_MAX:
            return True
    return False


def _known_or_text(found: re.Match[str]) -> str:
    name = (found[1] or "").lower()
    return "<" if name in _KEPT or name in _DROPPED or name in _SILENT else "&lt;"


@dataclass
class _List:
    """A list that is open: the number of its next item, or None for one with bullets."""

    number: int | None


@dataclass
class _State:
    """What is open at this place of the HTML."""

    lists: list[_List] = field(default_factory=list)
    quotes: int = 0
    link: str | None = None
    code: list[str] | None = None
    """The text of the code that is open; None outside of code."""
    pre: bool = False


class _Writer(HTMLParser):
    """Collects blocks of Markdown, each with its indentation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.media: list[str] = []
        self._blocks: list[str] = []
        self._words: list[str] = []
        self._state = _State()
        self._bullet = ""
        self._row: list[str] | None = None
        self._rows: list[list[str]] = []

    def result(self) -> str:
        """All that was read."""
        self._end_block()
        return "\n\n".join(self._blocks).replace("\n\n\0", "\n").replace("\0", "").strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._state.code is not None and tag in _BLOCKS:
            self._end_line_of_code()
        elif self._state.pre and tag not in _RAISED and tag not in ("br", "img"):
            return
        elif tag in _BLOCKS:
            self._open_block(tag, given)
        elif tag in _MARKS:
            self._words.append(f"\1{_MARKS[tag]}")
        elif tag in _RAISED:
            self._raise(tag, f"<{tag}>")
        elif tag == "pre" or (tag in ("code", "tt", "kbd", "samp") and self._state.code is None):
            self._open_code(tag)
        elif tag in ("td", "th"):
            if self._row is None:
                self._end_block()
            self._words = []
        elif tag == "a":
            self._state.link = given.get("href")
            self._words.append("[" if self._state.link else "")
        else:
            self._single(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._state.code is not None and tag in _BLOCKS:
            self._end_line_of_code()
        elif self._state.pre:
            if tag == "pre":
                self._close_code()
        elif tag in _MARKS:
            self._words.append(f"\2{_MARKS[tag]}")
        elif tag in _RAISED and self._state.code is None:
            self._words.append(f"</{tag}>")
        elif tag in ("code", "tt", "kbd", "samp") and self._state.code is not None:
            self._close_code()
        elif tag == "a" and self._state.link:
            self._words.append(f"]({self._state.link.replace(' ', '%20').replace(')', '%29')})")
            self._state.link = None
        elif tag in ("td", "th") and self._row is not None:
            self._row.append(self._taken())
        elif tag in _BLOCKS:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        if self._state.code is not None:
            self._state.code.append(data)
        else:
            self._words.append(_escaped(_BLANKS.sub(" ", data)))

    def _raise(self, tag: str, written: str) -> None:
        """What is raised or lowered begins: without a sign of it 2<sup>16</sup> would be 216. Code has no such tags."""
        if self._state.code is not None:
            self._state.code.append(_RAISED[tag])
        else:
            self._words.append(written)

    def _single(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            if self._state.code is not None:
                self._state.code.append("\n")
            else:
                self._words.append("\n")
        elif tag == "hr":
            self._end_block()
            self._blocks.append("---")
        elif tag == "img" and given.get("src"):
            self.media.append(given["src"])
            self._words.append(image(given["src"], given.get("alt") or given["src"]))

    def _open_block(self, tag: str, given: dict[str, str]) -> None:
        if self._row is not None and tag != "tr":  # a cell is one line
            self._words.append(" ")
            return
        if tag not in ("dt", "dd") or self._words:
            self._end_block()
        if tag in ("ul", "ol"):
            start = given.get("start", "1")
            number = int(start) if start.isdigit() and len(start) < 7 else 1
            self._state.lists.append(_List(number=number if tag == "ol" else None))
        elif tag == "li" and self._state.lists:
            self._bullet = self._next_bullet(self._state.lists[-1])
        elif tag == "blockquote":
            self._state.quotes += 1
        elif tag == "tr":
            self._row = []
        elif len(tag) == 2 and tag[1].isdigit():
            self._words.append("\3")

    def _close_block(self, tag: str) -> None:
        if self._row is not None and tag == "tr":
            self._rows.append(self._row)
            self._row = None
            return
        if self._row is not None:
            return
        self._end_block()
        if tag in ("ul", "ol") and self._state.lists:
            self._state.lists.pop()
            self._bullet = ""
        elif tag == "blockquote":
            self._state.quotes = max(0, self._state.quotes - 1)
        elif tag == "table":
            self._end_table()

    def _next_bullet(self, one: _List) -> str:
        if one.number is None:
            return "- "
        one.number += 1
        return f"{one.number - 1}. "

    def _open_code(self, tag: str) -> None:
        if tag == "pre":
            if self._row is None:
                self._end_block()
            self._state.pre = True
        self._state.code = []

    def _end_line_of_code(self) -> None:
        """A block within code is a line of it, as a page has it whose code is numbered: two commands are never one."""
        text = self._state.code
        if text and not text[-1].endswith("\n"):
            text.append("\n")

    def _close_code(self) -> None:
        text, self._state.code = "".join(self._state.code or []), None
        if not self._state.pre:
            self._words.append(code(text.rstrip("\n") or text))
        elif self._row is not None and "\n" not in text.strip():
            self._words.append(code(text.strip()))
        elif text.strip():
            self._leave_row()
            self._add(fenced(text))
        self._state.pre = False

    def _leave_row(self) -> None:
        """Makes blocks of a row that has lines of code: as a cell, which is one line, two commands would be one."""
        if self._row is None:
            return
        cells, self._row = [*self._row, self._taken()], None
        self._end_table()
        for cell in filter(None, cells):
            self._add(cell)

    def _taken(self) -> str:
        """The words since the last block, as Markdown: marks stand at words, never beside blanks."""
        text = "".join(self._words)
        self._words = []
        text = _OPENED.sub(r"\2\1", text) if "\1" in text else text
        text = _CLOSED.sub(r"\2\1", text) if "\2" in text else text
        text = re.sub(r"(\*\*|~~)\1(?=\s|$)", "", text) if "****" in text or "~~~~" in text else text
        lines = [line.strip() for line in text.replace("\1", "").replace("\2", "").split("\n")]
        if self._row is not None:
            return " ".join(line for line in lines if line).replace("|", "\\|")
        joined = "  \n".join(_opening_escaped(line) if line else "" for line in lines).strip("\n ")
        return re.sub(r"(?:  \n){2,}", "\n\n", joined) if "\n" in joined else joined

    def _end_block(self) -> None:
        if not self._words:
            return
        heading = "\3" in self._words
        text = self._taken().replace("\3", "").strip()
        if text:
            self._add(f"**{text}**" if heading and "*" not in text and "\n" not in text else text)

    def _add(self, text: str) -> None:
        depth = min(len(self._state.lists), DEPTH_MAX)
        indent = "    " * (depth - 1) if depth else ""
        first, rest = (f"{indent}{self._bullet:<4}", f"{indent}    ") if depth else ("", "")
        if depth and not self._bullet:
            first = rest
        quote = "> " * min(self._state.quotes, DEPTH_MAX)
        lines = text.split("\n")
        whole = [
            f"{quote}{first}{lines[0]}",
            *(f"{quote}{rest}{line}" if line else quote.rstrip() for line in lines[1:]),
        ]
        tight = "\0" if self._bullet and self._blocks and depth else ""
        self._blocks.append(tight + "\n".join(whole))
        self._bullet = ""

    def _end_table(self) -> None:
        rows, self._rows = [row for row in self._rows if row], []
        if not rows:
            return
        width = max(len(row) for row in rows)
        filled = [[*row, *[""] * (width - len(row))] for row in rows]
        drawn = [f"| {' | '.join(row)} |" for row in filled]
        self._add("\n".join([drawn[0], "|" + " --- |" * width, *drawn[1:]]))


def _escaped(text: str) -> str:
    """Text between tags as Markdown within a line."""
    head = " " if text.startswith(" ") else ""
    tail = " " if text.endswith(" ") and text.strip() else ""
    return f"{head}{plain(text.strip(' '))}{tail}" if text.strip() else head


def _opening_escaped(line: str) -> str:
    """A line, once all its parts are together, so that it begins no block by accident."""
    if line[:1].isdigit():
        return re.sub(r"^(\d{1,9})([.)])(?=\s)", r"\1\\\2", line)
    return re.sub(r"^([-+>]|#{1,6})(?=\s)", r"\\\1", line) if line[:1] in "-+>#" else line
