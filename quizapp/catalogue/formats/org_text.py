"""Turns text of Emacs' Org into Markdown: blocks of code, quotes, tables, links and marks of emphasis. Pure."""

import re
from collections.abc import Iterator, Sequence

from quizapp.catalogue.formats.wording import code, fenced, plain

_BLOCK = re.compile(r"\s*#\+begin_(src|example|quote|verse|center)\b[ \t]*(\S*)", re.IGNORECASE)
_CODE_LINE = re.compile(r"\s*: ?(.*)$")
_KEYWORD = re.compile(r"\s*#(?:\+\w[\w-]*:|\s|$)")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|[-+|\s]+\|?\s*$")
_ITEM = re.compile(r"(\s*(?:[-+]|\d{1,4}[.)])\s+(?:\[[ xX-]\]\s+)?)(\S.*)$")
# In the order in which they are looked for: links, code, and then words with marks on both sides.
_SPAN = re.compile(
    r"\[\[(?P<url>[^\[\]]{1,1000})\](?:\[(?P<label>[^\[\]]{1,1000})\])?\]"
    r"|(?<![\w])(?P<code>[=~])(?=\S)(?P<inner>[^=~\n]{1,500}?)(?<=\S)(?P=code)(?!\w)"
    r"|(?<![\w*/+])(?P<mark>[*/+])(?=[^\s*/+])(?P<words>[^*/+\n]{1,500}?)(?<=\S)(?P=mark)(?![\w*/+])"
)
_BLANKS = re.compile(r"\n{3,}")
_MARKS = {"*": "**", "/": "*", "+": "~~"}


def markdown_of(lines: Sequence[str]) -> str:
    """The Markdown of lines of Org. Comments and settings (`#+…`) are left out."""
    return _BLANKS.sub("\n\n", "\n".join(_lines(lines))).strip("\n")


def _lines(lines: Sequence[str]) -> Iterator[str]:
    number = 0
    while number < len(lines):
        line = lines[number]
        if block := _BLOCK.match(line):
            end = _end_of(lines, number, f"#+end_{block[1].lower()}")
            yield from ("", *_block(block, lines[number + 1 : end]), "")
            number = end + 1
        elif _ROW.match(line):
            end = _behind(lines, number, _ROW)
            yield from ("", *_table(lines[number:end]), "")
            number = end
        elif _CODE_LINE.match(line):
            end = _behind(lines, number, _CODE_LINE)
            yield from ("", fenced("\n".join(one.strip()[2:] for one in lines[number:end])), "")
            number = end
        else:
            if not _KEYWORD.match(line):
                yield _line(line)
            number += 1


def _behind(lines: Sequence[str], begin: int, like: re.Pattern[str]) -> int:
    """The first line behind those that are alike."""
    return next((at for at in range(begin, len(lines)) if not like.match(lines[at])), len(lines))


def _end_of(lines: Sequence[str], begin: int, mark: str) -> int:
    """The line that ends a block, or the one behind the last."""
    return next((at for at in range(begin + 1, len(lines)) if lines[at].strip().lower() == mark), len(lines))


def _block(begin: re.Match[str], inside: Sequence[str]) -> Iterator[str]:
    kind = begin[1].lower()
    if kind in ("src", "example"):
        yield fenced("\n".join(inside), begin[2] if kind == "src" else "")
    else:  # what is within is taken line by line, so that no depth of blocks takes long
        mark = "> " if kind == "quote" else ""
        yield from (f"{mark}{_line(line)}".rstrip() for line in inside)


def _table(rows: Sequence[str]) -> Iterator[str]:
    """A table with its first row as its head, as Markdown has none without one."""
    cells = [
        [_words(cell.strip()) for cell in row.strip().strip("|").split("|")] for row in rows if not _RULE.match(row)
    ]
    width = max((len(row) for row in cells), default=0)
    for number, row in enumerate(cells):
        yield f"| {' | '.join([*row, *[''] * (width - len(row))])} |"
        if number == 0:
            yield "|" + " --- |" * width


def _line(line: str) -> str:
    item = _ITEM.match(line)
    if item is None:
        return _words(line.strip())
    term, split, text = item[2].partition(" :: ")
    return f"{item[1]}**{_words(term)}**: {_words(text)}" if split else f"{item[1]}{_words(item[2])}"


def _words(text: str) -> str:
    """Words within a line."""
    at, out = 0, []
    for found in _SPAN.finditer(text):
        out += [_plain(text[at : found.start()]), _span(found)]
        at = found.end()
    return "".join([*out, _plain(text[at:])])


def _span(found: re.Match[str]) -> str:
    if found["url"] is not None:
        return f"[{plain(found['label'])}](<{found['url']}>)" if found["label"] else f"<{found['url']}>"
    if found["code"] is not None:
        return code(found["inner"])
    mark = _MARKS[found["mark"]]
    return f"{mark}{plain(found['words'])}{mark}"


def _plain(text: str) -> str:
    """Text between marks; the blanks at its ends stay."""
    if not text.strip():
        return text
    inner = text.strip()
    before = text[: len(text) - len(text.lstrip())]
    return f"{before}{plain(inner)}{text[len(before) + len(inner) :]}"
