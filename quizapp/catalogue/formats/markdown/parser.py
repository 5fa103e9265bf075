"""Reads a note's bytes: sections, concepts, questions with their labels. Knows no database.

The structure comes from a Markdown parser's tokens and not from the text of lines: a shell comment in a code block is
no heading, and bold words in a paragraph are no concept.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as date_type

from markdown_it.tree import SyntaxTreeNode

from quizapp.catalogue.formats.markdown.items import (
    LISTS,
    TERM_MAX_CHARS,
    Source,
    concept_of,
    first_text,
    heading_questions,
    is_label,
    label_lines,
    paragraph_questions,
    question_of,
)
from quizapp.catalogue.formats.markdown.labels import ID, QUESTION_LEAD, bold_lead, take_id, without_code
from quizapp.catalogue.formats.markdown.text import NoteText, decode, find_date, prepare
from quizapp.catalogue.formats.parsed import (
    NoteWarning,
    ParsedConcept,
    ParsedDate,
    ParsedNote,
    ParsedQuestion,
    ParsedSection,
)
from quizapp.catalogue.rendering import parse

_NUMBERED_DAY = re.compile(r"^Day\s+(\d{1,4})\s*[:.\-\u2013\u2014]\s*", re.IGNORECASE)
_NUMBERED_SECTION = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)[.)]\s+")
_DATE_LINE = re.compile(r"^\**Date:?\**:?\s*", re.IGNORECASE)
_HTML = re.compile(r"</?(script|iframe|object|embed|style|link|meta|form|img|svg)\b", re.IGNORECASE)
# Words in headings of sections that ask and do not teach.
_ASKING = re.compile(r"\b(interview|questions?|quiz|q\s?&\s?a|check yourself|flashcards?)\b", re.IGNORECASE)


@dataclass
class _OpenSection:
    """A heading of the first or second level and the blocks under it, collected so far."""

    title: str
    line: int
    nodes: list[SyntaxTreeNode] = field(default_factory=list)


def parse_note(data: bytes) -> ParsedNote:
    """Read a file's bytes as a note. Raises Unreadable, with the line, if that is not possible."""
    text = prepare(decode(data))
    nodes = list(SyntaxTreeNode(parse("\n".join(text.lines))).children)
    title, number, parts, date = _outline(nodes)
    source = Source(lines=text.lines)
    sections = [_section(part, source) for part in parts]
    conventions = [convention for _, convention in sections if convention]
    note = ParsedNote(
        key=_id_of(text, source),
        title=_text_of(text, "title") or title or "Untitled",
        number=number if number is not None else _number_of(text, "day"),
        date=date or find_date(_text_of(text, "date") or ""),
        tags=_tags(text),
        convention=max(conventions, key=conventions.count) if conventions else "note",
        sections=tuple(section for section, _ in sections if section.body or section.concepts or section.questions),
        warnings=(*text.warnings, *source.warnings, *_html_warnings(nodes)),
    )
    return _with_distinct_terms(_without_duplicate_ids(note))


def _outline(
    nodes: Sequence[SyntaxTreeNode],
) -> tuple[str, int | None, list[_OpenSection], ParsedDate | None]:
    """Title, day number, the parts under headings of the first two levels, and the date."""
    title, number, date = "", None, None
    parts = [_OpenSection(title="", line=1)]
    for node in nodes:
        content = _inline(node)
        if node.type == "heading" and node.tag == "h1" and not title:
            found = _NUMBERED_DAY.match(content)
            number = int(found[1]) if found else None
            title = content[found.end() :] if found else content
        elif node.type == "heading" and node.tag in ("h1", "h2"):
            parts.append(_OpenSection(title=content, line=_line(node)))
        elif len(parts) == 1 and date is None and (found_date := _date_line(content)):
            date = found_date
        elif node.type != "hr":
            parts[-1].nodes.append(node)
    if not title:
        title = next((part.title for part in parts if part.title), "")
    return title, number, parts, date


def _date_line(content: str) -> ParsedDate | None:
    """The date in a paragraph that is only a date line, such as "Date: 21st November"; None for other text."""
    return find_date(content) if "\n" not in content and _DATE_LINE.match(content) else None


def _section(part: _OpenSection, source: Source) -> tuple[ParsedSection, str | None]:
    """A section, and the convention that its questions follow; None if it has no questions."""
    title, number = part.title, None
    if found := _NUMBERED_SECTION.match(title):
        title, number = title[found.end() :], found[1]
    concepts: list[ParsedConcept] = []
    questions: list[ParsedQuestion] = []
    drop: set[int] = set()
    for heading, item in _top_items(part.nodes):
        lead = bold_lead(take_id(first_text(item))[0])
        if lead is None:
            continue
        if QUESTION_LEAD.match(lead[0]):
            questions.append(question_of(item, source))
            drop |= _lines_of(item)
        else:
            concepts.append(replace(concept_of(item, source), under=heading))
            drop |= label_lines(item)
    convention = "bold questions" if questions else None
    if not questions:
        pairs, paired_lines = paragraph_questions(part.nodes, source)
        headed, headed_lines = heading_questions(part.title, part.line, part.nodes, source)
        questions, convention = (pairs, "Q: and A:") if pairs else (headed, "heading questions" if headed else None)
        drop |= paired_lines if pairs else headed_lines
    body = source.markdown(part.nodes, drop=drop | _asking_headings(part.nodes, drop))
    teaches = bool(body or concepts) and not (questions and (not concepts or _ASKING.search(title) is not None))
    section = ParsedSection(
        line=part.line,
        number=number,
        title=take_id(title)[0],
        body=body,
        teaches=teaches,
        concepts=tuple(concepts),
        questions=tuple(questions),
    )
    return section, convention


def _asking_headings(nodes: Sequence[SyntaxTreeNode], dropped: set[int]) -> set[int]:
    """The lines of subheadings under which no text is left once the questions are taken out."""
    empty: set[int] = set()
    heading: SyntaxTreeNode | None = None
    seen, kept = False, False  # whether the last heading has text under it, and whether any of that is left
    for node in [*nodes, None]:
        if node is None or node.type == "heading":
            if heading is not None and seen and not kept:
                empty |= _lines_of(heading)
            heading, seen, kept = node, False, False
        else:
            seen, kept = True, kept or not _is_dropped(node, dropped)
    return empty


def _is_dropped(node: SyntaxTreeNode, dropped: set[int]) -> bool:
    """Whether all lines of a block are dropped; of a list, those of its items, whatever is between them."""
    if _lines_of(node) <= dropped:
        return True
    return node.type in LISTS and all(_lines_of(item) <= dropped for item in node.children)


def _top_items(nodes: Sequence[SyntaxTreeNode]) -> Iterator[tuple[str, SyntaxTreeNode]]:
    """The items of a section's own lists, without labels, each with the subheading above it (empty if none)."""
    heading = ""
    for node in nodes:
        if node.type == "heading":
            heading = _inline(node)
        elif node.type in LISTS:
            yield from ((heading, item) for item in node.children if not is_label(item))


def _with_distinct_terms(note: ParsedNote) -> ParsedNote:
    """The note, with the heading put before terms that occur more than once, such as "Use Case"."""
    terms = Counter(concept.term for section in note.sections for concept in section.concepts)

    def distinct(section: ParsedSection, concept: ParsedConcept) -> ParsedConcept:
        if terms[concept.term] == 1:
            return concept
        return replace(concept, term=f"{concept.under or section.title}: {concept.term}"[:TERM_MAX_CHARS])

    return replace(
        note,
        sections=tuple(
            replace(section, concepts=tuple(distinct(section, concept) for concept in section.concepts))
            for section in note.sections
        ),
    )


def _html_warnings(nodes: Sequence[SyntaxTreeNode]) -> list[NoteWarning]:
    """A warning for each line with HTML outside code, which is shown as text and never executed."""
    found: dict[int, str] = {}
    for inner in (inner for node in nodes for inner in node.walk() if inner.type == "inline"):
        for tag in _HTML.finditer(without_code(inner.content)):
            found.setdefault(_line(inner) + inner.content[: tag.start()].count("\n"), f"{tag[0]}>")
    sentence = "HTML is shown as text, not executed: {}. Put it in backticks if it is an example."
    return [NoteWarning(line=line, message=sentence.format(tag)) for line, tag in found.items()]


def _without_duplicate_ids(note: ParsedNote) -> ParsedNote:
    """The note, in which only the first item with an id keeps it; each other one loses it and gets a warning."""
    first: dict[str, int] = {}
    warnings: list[NoteWarning] = []

    def unique(key: str | None, line: int) -> str | None:
        if key is None or key not in first:
            if key is not None:
                first[key] = line
            return key
        message = f"The id {key} is used in line {first[key]} already. This item gets a new one; correct the comment."
        warnings.append(NoteWarning(line=line, message=message))
        return None

    sections = tuple(
        replace(
            section,
            concepts=tuple(replace(one, key=unique(one.key, one.line)) for one in section.concepts),
            questions=tuple(replace(one, key=unique(one.key, one.line)) for one in section.questions),
        )
        for section in note.sections
    )
    everything = sorted((*note.warnings, *warnings), key=lambda warning: (warning.line, warning.message))
    return replace(note, sections=sections, warnings=tuple(everything))


def _inline(node: SyntaxTreeNode) -> str:
    return node.children[0].content if node.type in ("heading", "paragraph") and node.children else ""


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map is not None else 1


def _lines_of(node: SyntaxTreeNode) -> set[int]:
    return set(range(*node.map)) if node.map is not None else set()


def _id_of(text: NoteText, source: Source) -> str | None:
    """The note's id from its front matter; None and a warning if it cannot be part of an address."""
    value = _text_of(text, "id")
    if value is None or ID.fullmatch(value):
        return value
    source.warn(1, "The id in the front matter is not used: write letters, digits and hyphens, 63 at most.")
    return None


def _text_of(text: NoteText, name: str) -> str | None:
    value = text.front_matter.get(name)
    return str(value).strip() or None if isinstance(value, str | int | date_type) else None


def _number_of(text: NoteText, name: str) -> int | None:
    value = text.front_matter.get(name)
    return value if isinstance(value, int) and 0 <= value < 10_000 else None


def _tags(text: NoteText) -> tuple[str, ...]:
    value = text.front_matter.get("tags")
    return tuple(str(tag).strip().lower() for tag in value if str(tag).strip()) if isinstance(value, list) else ()
