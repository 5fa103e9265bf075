"""Reads a note's concepts and questions: list items with labels, `Q:`/`A:` paragraphs, headings that ask. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent

from markdown_it.tree import SyntaxTreeNode

from quizapp.catalogue.bounds import LEVELS, SLUG_MAX_CHARS, SLUG_PATTERN
from quizapp.catalogue.formats.markdown.labels import (
    ID_COMMENT,
    LABEL,
    QUESTION_LEAD,
    Labelled,
    bold_lead,
    card_of,
    option_of,
    points_of,
    split_labels,
    take_id,
)
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedChoice, ParsedConcept, ParsedQuestion
from quizapp.catalogue.rendering import FIELD_MAX_CHARS

TERM_MAX_CHARS = 300
LISTS = ("bullet_list", "ordered_list")
# Texts in the place of an answer that is still to be written.
_PLACEHOLDERS = frozenset({"", "todo", "tbd", "to be completed", "answer here", "-", "?"})
_PAIR = re.compile(r"^\**Q\s?\d*[:.]\**\s*(?P<q>.+?)(?:\n\**A\s?\d*[:.]\**\s*(?P<a>.+))?$", re.DOTALL)
_ANSWER = re.compile(r"^\**A(?:nswer)?\s?\d*[:.]\**\s*", re.IGNORECASE)
_HEADED = re.compile(r"^(?:(?:Q\s?\d*|\d{1,3})\s*[:.)]\s*)?(?P<q>.+\?)$|^Q\s?\d*\s*[:.)]\s*(?P<plain>.+)$")


@dataclass
class Source:
    """A note's lines, and the warnings collected while they are read."""

    lines: Sequence[str]
    warnings: list[NoteWarning] = field(default_factory=list)

    def warn(self, line: int, message: str) -> None:
        """Add a warning for the author; `line` counts from 1."""
        self.warnings.append(NoteWarning(line=line, message=message))

    def markdown(self, nodes: Sequence[SyntaxTreeNode], *, drop: set[int]) -> str:
        """The Markdown of some blocks, without the lines in `drop` (numbers from 0) and without id comments."""
        kept = []
        for node in nodes:
            if node.map is None:
                continue
            block = [
                line if node.type == "fence" else ID_COMMENT.sub("", line)
                for number, line in enumerate(self.lines[slice(*node.map)], start=node.map[0])
                if number not in drop
            ]
            if any(line.strip() for line in block):
                kept.append("\n".join(block).rstrip())
        return "\n\n".join(kept)

    def capped(self, text: str, line: int) -> str:
        """`text`, cut to FIELD_MAX_CHARS; adds a warning if it is cut."""
        if len(text) <= FIELD_MAX_CHARS:
            return text
        self.warn(line, f"This text has more than {FIELD_MAX_CHARS:,} characters; the rest is left out. Split it.")
        return text[:FIELD_MAX_CHARS]


def first_text(item: SyntaxTreeNode) -> str:
    """The Markdown of an item's first paragraph."""
    if item.children and item.children[0].type == "paragraph" and item.children[0].children:
        return item.children[0].children[0].content
    return ""


def is_label(item: SyntaxTreeNode) -> bool:
    """Whether an item is a label, such as `*A:* …`, and not text of its own."""
    return LABEL.match(first_text(item)) is not None


def label_lines(item: SyntaxTreeNode) -> set[int]:
    """The lines, counted from 0, of the label items under `item`."""
    return {number for label in _label_items(item) if label.map is not None for number in range(*label.map)}


def concept_of(item: SyntaxTreeNode, source: Source) -> ParsedConcept:
    """The concept of an item that begins with bold words; each `*Card:*` label becomes a flashcard."""
    line = item.map[0] + 1 if item.map is not None else 1
    text, key = take_id(first_text(item))
    lead = bold_lead(text)
    assert lead is not None
    term, rest = lead
    labels = _labels(item)
    body = "\n\n".join(part for part in (rest, _below(item, source)) if part)
    return ParsedConcept(
        key=key,
        line=line,
        term=term[:TERM_MAX_CHARS],
        text=source.capped(body, line),
        cards=tuple(_cards(labels, source, line, origin=_Origin.read(labels, source, line))),
    )


def question_of(item: SyntaxTreeNode, source: Source) -> ParsedQuestion:
    """The question of an item that begins with a bold `Q:`."""
    line = item.map[0] + 1 if item.map is not None else 1
    text, key = take_id(first_text(item))
    lead = bold_lead(text)
    assert lead is not None
    asked = QUESTION_LEAD.sub("", lead[0])
    prompt = f"{asked} {lead[1]}".strip()
    labels = _labels(item)
    named = {label.label: label.text for label in labels}
    origin = _Origin.read(labels, source, line)
    answer = named.get("a") or named.get("answer", "")
    if not answer:
        answer = _below(item, source)
    return ParsedQuestion(
        key=key,
        line=line,
        prompt=source.capped(prompt, line),
        answer=source.capped(real_answer(answer), line),
        must=points_of(named.get("must", "")),
        bonus=points_of(named.get("bonus", "")),
        red_flags=points_of(named.get("red flags", "")),
        choices=_choices(item, source),
        level=origin.level,
        source_url=origin.source_url,
        as_of=origin.as_of,
        lab=origin.lab,
    )


def real_answer(text: str) -> str:
    """`text`, or an empty text if it only says that the answer is still to be written, such as "TODO"."""
    return "" if text.strip().strip("*_.…").strip().lower() in _PLACEHOLDERS else text.strip()


@dataclass(frozen=True, kw_only=True)
class _Origin:
    """The values of an item's labels Level, Source, As of and Lab; None without the label, or with a bad value."""

    level: int | None
    source_url: str | None
    as_of: str | None
    """When the source was last checked, such as 2026-11."""
    lab: str | None
    """The slug of the lab in which the item can be tried."""

    @classmethod
    def read(cls, labels: Sequence[Labelled], source: Source, line: int) -> "_Origin":
        """Read the values from labels; adds a warning for each bad value."""
        named = {label.label: label.text for label in labels}
        level, url, as_of, lab = (named.get(name) for name in ("level", "source", "as of", "lab"))
        if level is not None and not (level.isascii() and level.isdigit() and int(level) in LEVELS):
            source.warn(line, f"A level is a number from {LEVELS[0]} to {LEVELS[-1]}, not {level[:20]}.")
            level = None
        if url is not None and not url.startswith(("https://", "http://")):
            source.warn(line, "A source is an address that begins with https://.")
            url = None
        if lab is not None and (len(lab) > SLUG_MAX_CHARS or not re.fullmatch(SLUG_PATTERN, lab)):
            source.warn(line, "A lab is named by its folder, such as publish-or-publish-all.")
            lab = None
        return cls(
            level=int(level) if level else None,
            source_url=url[:1024] if url else None,
            as_of=as_of[:16] if as_of else None,
            lab=lab,
        )


def _labels(item: SyntaxTreeNode) -> list[Labelled]:
    """Every label under an item, in order; a label's further lists and paragraphs are not part of it."""
    return [label for node in _label_items(item) for label in split_labels(first_text(node))[1]]


def _label_items(item: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [inner for child in item.children if child.type in LISTS for inner in child.children if is_label(inner)]


def _below(item: SyntaxTreeNode, source: Source) -> str:
    """The Markdown below an item's first paragraph, without labels and without indentation."""
    drop = label_lines(item)
    below = source.markdown(item.children[1:], drop=drop)
    first, _, rest = below.partition("\n")
    # The first line of a nested block keeps the item's indentation, so all lines have it and `dedent` removes it.
    return dedent(f"{first}\n{rest}").strip()


def _choices(item: SyntaxTreeNode, source: Source) -> tuple[ParsedChoice, ...]:
    """The options listed under the `*Options:*` label."""
    found = []
    for label in _label_items(item):
        if not first_text(label).lower().startswith("*options:*"):
            continue
        for node in (inner for child in label.children if child.type in LISTS for inner in child.children):
            option = option_of(first_text(node))
            if option is None:
                source.warn((node.map or (0, 0))[0] + 1, "An option begins with [x] if it is right, [ ] if it is not.")
                continue
            right, text, why = option
            found.append(ParsedChoice(text=text, right=right, why=why))
    return tuple(found)


def _cards(labels: Sequence[Labelled], source: Source, line: int, *, origin: _Origin) -> list[ParsedQuestion]:
    cards = []
    for label in labels:
        if label.label != "card":
            continue
        front, back = card_of(label.text)
        line = _line_containing(source, label.text, line)
        if not back:
            source.warn(line, "A card is written front → back; this one has no back and is kept as a draft.")
        cards.append(
            ParsedQuestion(
                key=None,
                line=line,
                prompt=front,
                answer=back,
                flashcard=True,
                level=origin.level,
                source_url=origin.source_url,
                as_of=origin.as_of,
                lab=origin.lab,
            )
        )
    return cards


def _line_containing(source: Source, text: str, since: int) -> int:
    """The first line from `since` on, both from 1, that has the beginning of a label's text; `since` if none has."""
    start = text.split("\n", 1)[0]
    return next((number for number in range(since, len(source.lines) + 1) if start in source.lines[number - 1]), since)


def paragraph_questions(nodes: Sequence[SyntaxTreeNode], source: Source) -> tuple[list[ParsedQuestion], set[int]]:
    """The questions of `Q: …` paragraphs, with `A: …` on the next line or in the next paragraph; and their lines."""
    found: list[ParsedQuestion] = []
    lines: set[int] = set()
    for index, node in enumerate(nodes):
        match = _PAIR.match(_content(node)) if node.type == "paragraph" else None
        if match is None or node.map is None:
            continue
        lines |= set(range(*node.map))
        answer = match["a"] or ""
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        if not answer and following is not None and _ANSWER.match(_content(following)) and following.map is not None:
            answer = _ANSWER.sub("", _content(following))
            lines |= set(range(*following.map))
        found.append(_written_question(match["q"], answer, node.map[0] + 1, source))
    return found, lines


def heading_questions(
    title: str, line: int, nodes: Sequence[SyntaxTreeNode], source: Source
) -> tuple[list[ParsedQuestion], set[int]]:
    """The questions of headings that ask, with the text below each as its answer; and the lines of both."""
    found: list[ParsedQuestion] = []
    lines: set[int] = set()
    asked: str | None = _asked_by(title)
    asked_line = line
    answer: list[SyntaxTreeNode] = []
    for node in [*nodes, None]:
        if node is None or node.type == "heading":
            if asked is not None and (answer or asked_line != line):
                found.append(_written_question(asked, source.markdown(answer, drop=set()), asked_line, source))
                lines |= {number for one in answer if one.map is not None for number in range(*one.map)}
            if node is not None and node.map is not None:
                asked, asked_line, answer = _asked_by(_content(node)), node.map[0] + 1, []
                lines |= set(range(*node.map)) if asked is not None else set()
        else:
            answer.append(node)
    return found, lines


def _asked_by(heading: str) -> str | None:
    match = _HEADED.match(heading.strip())
    return (match["q"] or match["plain"]) if match is not None else None


def _written_question(prompt: str, answer: str, line: int, source: Source) -> ParsedQuestion:
    text, key = take_id(prompt)
    return ParsedQuestion(
        key=key,
        line=line,
        prompt=source.capped(text.strip().strip("*").strip(), line),
        answer=source.capped(real_answer(_ANSWER.sub("", answer)), line),
    )


def _content(node: SyntaxTreeNode) -> str:
    return node.children[0].content if node.type in ("paragraph", "heading") and node.children else ""
