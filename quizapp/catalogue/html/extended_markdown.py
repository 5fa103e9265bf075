"""Writes what some programs add to Markdown in Markdown: callouts between `:::` or below `!!!`, and footnotes. Pure.

Code keeps what it says: there it is an example.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
# `!!! note "Title"` of MkDocs, which with `???` is one to open; its text is indented by four columns.
_BELOW = re.compile(
    r"^(?:!!!|\?\?\?\+?)\s+(?P<kind>[A-Za-z][\w-]{0,20})(?:\s+inline(?:\s+end)?)?\s*(?:\"(?P<title>[^\"]*)\")?\s*$"
)
# `:::note Title` or `:::note[Title]` of Docusaurus and others, up to a line of colons.
_BETWEEN = re.compile(
    r"^(?P<mark>:{3,})\s*\{?\.?(?P<kind>[A-Za-z][\w-]{0,20})\}?\s*(?:\[(?P<box>[^\]]*)\]|(?P<title>.*))?$"
)
_FOOTNOTE = re.compile(r"^\[\^([\w-]{1,40})\]:[ \t]+(\S.*)$")
_NOTED = re.compile(r"\[\^([\w-]{1,40})\](?!:)")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
INDENT = 4  # columns of the text below `!!!`


def in_plain_markdown(text: str) -> str:
    """The text with such callouts as quotations that begin with `[!kind]`, and with footnotes as raised numbers."""
    if "[^" in text:
        text = _with_footnotes(text)
    if ":::" in text or "!!!" in text or "???" in text:
        text = "\n".join(_with_quotes(text.split("\n")))
    return text


def _with_quotes(lines: list[str]) -> Iterator[str]:
    at, fence = 0, ""
    while at < len(lines):
        line = lines[at]
        fence = _after(fence, line)
        begun = _BELOW.match(line) if not fence else None
        between = _BETWEEN.match(line) if not fence and begun is None else None
        end = _end_of_indented(lines, at) if begun else _end_of_marked(lines, at, between["mark"]) if between else None
        if end is None or (found := begun or between) is None:
            yield line
            at += 1
            continue
        title = (found.groupdict().get("box") or found["title"] or "").strip()
        yield f"> [!{found['kind']}] {title}".rstrip()
        yield ">"
        inner = [text[INDENT:] if begun else text for text in lines[at + 1 : end]]
        yield from (f"> {text}".rstrip() for text in inner)
        yield ""
        at = end if begun else end + 1


def _end_of_indented(lines: list[str], at: int) -> int:
    """The line after the last one that is indented below a line."""
    last = at + 1
    for number in range(at + 1, len(lines)):
        if lines[number].startswith(" " * INDENT):
            last = number + 1
        elif lines[number].strip():
            break
    return last


def _end_of_marked(lines: list[str], at: int, mark: str) -> int | None:
    """The line that closes a callout; None for one that is never closed or holds another."""
    fence = ""
    for number in range(at + 1, len(lines)):
        fence = _after(fence, lines[number])
        if not fence and lines[number].strip() == mark:
            return number
        if not fence and lines[number].startswith(mark):
            return None
    return None


def _after(fence: str, line: str) -> str:
    """The mark of the code block that is open after a line; empty if none is. `fence` is that before it."""
    opened = _FENCE.match(line)
    if opened is None:
        return fence
    return ("" if opened[1].startswith(fence) else fence) if fence else opened[1]


def _with_footnotes(text: str) -> str:
    """The text with numbers for footnotes, which stand at its end."""
    texts: dict[str, str] = {}
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        fence = _after(fence, line)
        note = _FOOTNOTE.match(line) if not fence else None
        if note is not None and note[1] not in texts:
            texts[note[1]] = note[2]
        else:
            kept.append(line)
    numbers: dict[str, int] = {}
    plain = "\n".join(kept)
    hidden = [(code.start(), code.end()) for code in _CODE.finditer(plain)]
    out, at, place = [], 0, 0
    for noted in _NOTED.finditer(plain):
        while place < len(hidden) and hidden[place][1] <= noted.start():
            place += 1
        in_code = place < len(hidden) and hidden[place][0] <= noted.start()
        if noted[1] in texts and not in_code:
            number = numbers.setdefault(noted[1], len(numbers) + 1)
            out += [plain[at : noted.start()], f"<sup>{number}</sup>"]
            at = noted.end()
    notes = [f"<sup>{number}</sup> {texts[name]}" for name, number in numbers.items()]
    unused = [f"[^{name}]: {said}" for name, said in texts.items() if name not in numbers]
    return "\n\n".join(["".join(out) + plain[at:], *notes, *(one.replace("]:", "]\\:") for one in unused)])
