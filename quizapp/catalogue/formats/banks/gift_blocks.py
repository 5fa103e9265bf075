"""Cuts a GIFT file into its questions: where each begins and ends, its comments, its title, its answers. Pure.

Moodle's own reader ends a question at each blank line. This one lets blank lines stand in braces, and ends a question
where the next one begins, since people write files by hand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from quizapp.catalogue.formats.parsed import NoteWarning

# What an escaped sign is while the signs that are not escaped are looked for: one private character each.
_ESCAPES = {"\\": "\ue000", "~": "\ue001", "=": "\ue002", "#": "\ue003", "{": "\ue004", "}": "\ue005", ":": "\ue006",
            "n": "\ue007"}  # fmt: skip
_SIGNS = {private: "\n" if sign == "n" else sign for sign, private in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
LITERAL_STAR = f"{_ESCAPES[chr(92)]}*"  # in a typed answer, a star that stands for itself: `\\*` in the file
_PRIVATE = re.compile("[\ue000-\ue007]")
_TITLE = re.compile(r"::(.*?)::", re.DOTALL)
_ADDRESS_TITLE = re.compile(r"::[0-9A-Fa-f]{1,4} .*? ::(?=[0-9A-Fa-f])", re.DOTALL)  # "::1 and ::2 are addresses"
_CATEGORY = "$CATEGORY:"
_TAG = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])+)\]")
_ANSWERS = re.compile(r"\s*(?:[=~#]|(?:T|TRUE|F|FALSE)\s*(?:#.*)?$|$)", re.DOTALL)
QUESTION_MAX_CHARS = 128 * 1024  # eight times what a page shows of a text
JOINED_MAX = 200  # blocks that an open brace may hold together; more is a brace that is never closed


@dataclass(frozen=True, kw_only=True)
class GiftBlock:
    """A question as it is written; escaped signs are private characters until `unescaped`."""

    line: int
    category: str
    head: str
    """The text before the answers, without title."""
    answers: str | None
    """What is within the braces; None if there are none."""
    tail: str
    """The text behind the answers."""
    title: str = ""
    key: str | None = None
    tags: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    """Lines between blank lines, without comments."""

    line: int
    text: str
    comments: tuple[str, ...]
    hidden: int
    """How many comments stand within its text."""


def unescaped(text: str) -> str:
    """The text with its escaped signs as they are meant."""
    return _PRIVATE.sub(lambda found: _SIGNS[found[0]], text)


def blocks(text: str) -> Iterator[GiftBlock | NoteWarning]:
    """Every question of a file in order, and a warning in the place of what is none."""
    category = ""
    for chunk in _joined(list(_chunks(_PRIVATE.sub("", text)))):
        if chunk.text.lstrip().startswith(_CATEGORY):
            lines = chunk.text.lstrip().split("\n")
            named = list(takewhile(lambda line: line.lstrip().startswith(_CATEGORY), lines))
            category = _category(named[-1].lstrip())
            chunk = replace(chunk, line=chunk.line + len(named), text="\n".join(lines[len(named) :]))
        if len(chunk.text) > QUESTION_MAX_CHARS:
            message = (
                f"A question has more than {QUESTION_MAX_CHARS:,} characters and is left out. Are its braces closed?"
            )
            yield NoteWarning(line=chunk.line, message=message)
        elif chunk.text.strip():
            yield from (_block(part, category) for part in _questions(chunk))


def _category(line: str) -> str:
    """The last part of a category's path that says something; `$course$/top/` are Moodle's own words."""
    path = unescaped(line.removeprefix(_CATEGORY)).strip()
    names = [name.strip() for name in re.split(r"(?<!/)/(?!/)", path)]
    return " / ".join(name.replace("//", "/") for name in names if name and name not in ("$course$", "top"))


def _chunks(text: str) -> Iterator[_Chunk]:
    first, lines, comments, hidden, pending = 0, list[str](), list[str](), 0, 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            pending += bool(lines) and _TAG.search(line) is None
        elif line.strip():
            first, hidden, pending = first or number, hidden + pending, 0
            lines.append(line)
        elif lines:
            yield _chunk(first, lines, comments, hidden)
            first, lines, comments, hidden, pending = 0, [], [], 0, 0
    if lines:
        yield _chunk(first, lines, comments, hidden)


def _chunk(line: int, lines: Sequence[str], comments: Sequence[str], hidden: int) -> _Chunk:
    text = _ESCAPED.sub(lambda found: _ESCAPES[found[1]], "\n".join(lines))
    return _Chunk(line=line, text=text, comments=tuple(comments), hidden=hidden)


def _joined(chunks: Sequence[_Chunk]) -> Iterator[_Chunk]:
    """The chunks, those put together again whose braces are open at a blank line and closed behind it."""
    at = 0
    while at < len(chunks):
        whole, end = chunks[at], at + 1
        open_braces = _depth(whole.text)
        if open_braces > 0:
            parts, depth = [whole], open_braces
            for follower in chunks[end : end + JOINED_MAX]:
                if follower.text.startswith(("::", _CATEGORY)) or _begins_anew(follower.text):
                    break
                parts.append(follower)
                depth += _depth(follower.text)
                if depth <= 0:
                    whole, end = _together(parts), at + len(parts)
                    break
        yield whole
        at = end


def _begins_anew(text: str) -> bool:
    """Whether a chunk opens a brace before it closes one, so that it is a question of its own."""
    opened, closed = text.find("{"), text.find("}")
    return opened >= 0 and (closed < 0 or opened < closed)


def _together(parts: Sequence[_Chunk]) -> _Chunk:
    return _Chunk(
        line=parts[0].line,
        text="\n\n".join(part.text for part in parts),
        comments=tuple(comment for part in parts for comment in part.comments),
        hidden=sum(part.hidden for part in parts),
    )


def _depth(text: str) -> int:
    return text.count("{") - text.count("}")


def _questions(chunk: _Chunk) -> Iterator[_Chunk]:
    """The chunk, or its parts if several of them are questions with answers at the end of a line."""
    if "}\n" not in chunk.text.replace(" \n", "\n"):  # none but the last line ends one
        yield chunk
        return
    parts: list[list[str]] = [[]]
    since: list[str] = []  # the lines since all braces were closed at the end of one
    depth, is_asked = 0, False
    for line in chunk.text.split("\n"):
        if is_asked:
            parts.append([])
        parts[-1].append(line)
        since.append(line)
        depth += _depth(line)
        is_closed = depth == 0 and line.rstrip().endswith("}")
        is_asked = is_closed and _holds_answers("\n".join(since))
        since = [] if is_closed else since
    if len(parts) > 1 and not _holds_answers("\n".join(parts[-1])):
        parts[-2:] = [parts[-2] + parts[-1]]
    line_number = chunk.line
    for number, lines in enumerate(parts):
        whole = replace(chunk, text="\n".join(lines), line=line_number)
        yield whole if number == 0 else replace(whole, comments=(), hidden=0)
        line_number += len(lines)


def _holds_answers(text: str) -> bool:
    """Whether a text has braces with something that answers."""
    group = _answer_group(text)
    if group is None or not text[group[0] + 1 : group[1]].strip():
        return False
    return _ANSWERS.match(text, group[0] + 1, group[1]) is not None


def _block(chunk: _Chunk, category: str) -> GiftBlock | NoteWarning:
    title, text, said = _titled(chunk.text.strip())
    if chunk.hidden:
        said.append("Lines that begin with // are comments in GIFT and are left out here.")
    group = _answer_group(text)
    opened = text.find("{")
    if group is None and (opened >= 0 or "}" in text):
        shown = unescaped(text[:80]).replace("\n", " ")
        return NoteWarning(
            line=chunk.line, message=f"The braces of this question do not match: it is left out: {shown}"
        )
    head, answers, tail = (text, None, "") if group is None else (text[: group[0]], text[group[0] + 1 : group[1]],
                                                                  text[group[1] + 1 :])  # fmt: skip
    if any(brace in head + tail for brace in "{}"):
        said.append("Its text has braces that are not escaped; they are taken as text.")
    key, tags = _named(chunk.comments)
    return GiftBlock(
        line=chunk.line, category=category, head=head, answers=answers, tail=tail, title=title, key=key, tags=tags,
        warnings=tuple(said),
    )  # fmt: skip


def _titled(text: str) -> tuple[str, str, list[str]]:
    """Title and rest of a question, and a warning where `::` is no title."""
    if _ADDRESS_TITLE.match(text):
        return "", text, ["It begins with :: and has no title; Moodle would take its first words for one."]
    found = _TITLE.match(text)
    return (unescaped(found[1]).strip(), text[found.end() :].lstrip("\n"), []) if found else ("", text, [])


def _answer_group(text: str) -> tuple[int, int] | None:
    """The places of the braces round the answers: the first pair that holds answers, else the first pair."""
    groups, begun, depth = list[tuple[int, int]](), -1, 0
    for place in (found.start() for found in re.finditer("[{}]", text)):
        if text[place] == "{":
            begun, depth = (place, 1) if depth == 0 else (begun, depth + 1)
        elif depth > 0:
            depth -= 1
            if depth == 0:
                groups.append((begun, place))
    if depth > 0 and text.rstrip().endswith("}"):  # a brace of an answer is not escaped
        groups.append((begun, text.rstrip().rfind("}")))
    holding = (pair for pair in groups if _ANSWERS.match(text, pair[0] + 1, pair[1]))
    return next(holding, groups[0] if groups else None)


def _named(comments: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The id and the tags that comments give."""
    found = [(name, re.sub(r"\\(.)", r"\1", value)) for comment in comments for name, value in _TAG.findall(comment)]
    keys = [value for name, value in found if name == "id"]
    return (keys[0] if keys else None, tuple(value for name, value in found if name == "tag"))
