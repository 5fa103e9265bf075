"""Makes a note's sections: what each says, explains and asks. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.catalogue.formats.markdown.answers import is_way_back
from quizapp.catalogue.formats.markdown.as_meant.copied_blocks import with_copied_blocks
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.concepts import TERM_MAX_CHARS, concept_of, is_concept, loose_cards
from quizapp.catalogue.formats.markdown.conventions.bank_titles import (
    APART,
    CLOSES,
    INTRODUCTION,
    all_lead_down,
    is_for_candidates,
)
from quizapp.catalogue.formats.markdown.decision import asks_by_title
from quizapp.catalogue.formats.markdown.labels import bold_lead, take_id, without_id
from quizapp.catalogue.formats.markdown.openings import Convention
from quizapp.catalogue.formats.markdown.questions import questions_of
from quizapp.catalogue.formats.markdown.segments import Portion
from quizapp.catalogue.formats.markdown.source import Source, reference_name
from quizapp.catalogue.formats.markdown.titles import shown
from quizapp.catalogue.formats.markdown.wording import is_contents, plain, undecorated, unwrapped
from quizapp.catalogue.formats.parsed import (
    LineUse,
    NoteWarning,
    ParsedConcept,
    ParsedNote,
    ParsedQuestion,
    ParsedSection,
)

_NUMBERED_SECTION = re.compile(r"^(\d{1,3}(?:\.\d{1,3})?)[.)]\s+")
_SCENE = re.compile(r"(?:scenario|question|case|problem|task|exercise|challenge|practice|q)\b", re.IGNORECASE)
_ABOUT_QUESTIONS = re.compile(r"\bquestions?\b", re.IGNORECASE)  # "Question distribution", above a table of figures
WORDS_OF_SENTENCE = 9  # of a heading; a longer one is written as a text that somebody wanted large
_OF_QUESTIONS = re.compile(
    r"\b(?:this|these|est[ae]s?|thes?e)\s(?:\w+\s){0,2}?(?:documents?|guides?|repo\w*|collections?|questions?|preguntas|documento|gu\u00eda)\b",
    re.IGNORECASE,
)
_DEFINITION = re.compile(r"[ >]{0,12}\[([^\[\]]{1,200})\]:")
_IN_BRACKETS = re.compile(r"\[([^\[\]]{1,200})\]")
_OF_COMMENTS = frozenset({"", "#"})  # `[//]: # (words)` is how one writes a comment in Markdown
_HEADINGS = re.compile(r"^#{3,6}\s.*$", re.MULTILINE)
# Each part is kept as it was first found (`++`, `*+`): to try all divisions of many links takes more than a lifetime.
_ONLY_LINKS = re.compile(
    r"(?:\s|[-*+|\u00b7\u2022,/]|\d+[.)]|!?\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]\([^()]*+(?:\([^()]*+\)[^()]*+)?+\)"
    r"|<https?://[^<>]*+>|https?://\S+)++"
)


def section_of(part: Portion, source: Source, *, alone: bool, asked: bool) -> ParsedSection:
    """A section. `alone`: it is all of the note; `asked`: the note has questions, in this section or another."""
    title, number = _title_of(part.heading)
    questions: list[ParsedQuestion] = []
    taken: set[int] = set()
    for segment in part.segments:
        found, lines = questions_of(segment, source)
        questions += found
        taken |= lines
    concepts, cards, labels = _concepts_and_cards(part, source, taken)
    drop = taken | labels
    announced = {line for line in part.lines if source.uses.get(line) is LineUse.LABEL}
    body = _body(part, source, drop=drop)
    if part.heading is not None:
        source.use(part.heading.lines, LineUse.SECTION)
    return ParsedSection(
        line=part.heading.first + 1 if part.heading is not None else 1,
        number=number,
        title=title,
        body=with_copied_blocks(source.resolved(body)),
        teaches=_teaches(
            part,
            title,
            body,
            concepts,
            questions if _asks_below(part) else (),
            drop | announced,
            alone=alone,
            asked=asked,
        ),
        concepts=tuple(concepts),
        cards=tuple(cards),
        questions=tuple(questions),
    )


def with_definitions(sections: list[ParsedSection], source: Source) -> list[ParsedSection]:
    """The sections, with what is defined and shown in none of them below the last one.

    That is a footnote to which only titles refer, as a title shows none, and a link that nothing refers to.
    """
    left = [f"[^{name}]: {text}" for name, text in source.footnotes.items() if name not in source.noted]
    left += _unused_links(source)
    if not left:
        return sections
    *before, last = sections or [ParsedSection(line=1, number=None, title="", body="", teaches=False)]
    return [*before, replace(last, body="\n\n".join(filter(None, (last.body, *left))))]


def _unused_links(source: Source) -> Iterator[str]:
    """A line for each link that the note defines and has nowhere else in brackets."""
    labels: dict[str, str] = {}
    said: set[str] = set()
    for line in source.shown if source.references else ():
        defined = _DEFINITION.match(line)
        if defined is not None:
            labels.setdefault(reference_name(defined[1]), defined[1])
        said.update(map(reference_name, _IN_BRACKETS.findall(line, defined.end() if defined is not None else 0)))
    for name, label in labels.items():
        address, title = source.references.get(name, ("", ""))
        if name not in said and address not in _OF_COMMENTS:
            yield f"[{label}](<{address}>)" + (f": {title}" if title else "")


def _title_of(heading: Block | None) -> tuple[str, str | None]:
    """The title without number and id, and the number."""
    if heading is None:
        return "", None
    title = unwrapped(take_id(heading.text)[0])
    if heading.kind is Kind.PARAGRAPH:
        title = unwrapped(undecorated(title)).rstrip(":")
    found = _NUMBERED_SECTION.match(title)
    title, number = (title[found.end() :], found[1]) if found else (title, None)
    return shown(title), number


def _concepts_and_cards(
    part: Portion, source: Source, taken: set[int]
) -> tuple[list[ParsedConcept], list[ParsedQuestion], set[int]]:
    """The concepts and loose cards of what no question has taken, and the lines of their labels."""
    concepts: list[ParsedConcept] = []
    cards: list[ParsedQuestion] = []
    labels: set[int] = set()
    under = ""
    for block in part.blocks:
        if block.kind is Kind.HEADING and block.first not in taken:
            under = block.text
        pieces = block.children if block.kind in LISTS else [block]
        for piece in pieces:
            if piece.first in taken or _only_asks(piece, taken) or source.uses.get(piece.first) is LineUse.LABEL:
                continue
            if piece.kind is Kind.ITEM and is_concept(piece):
                concept, lines = concept_of(piece, source, under=take_id(under)[0])
                concepts.append(concept)
            else:
                whole = replace(block, children=[piece]) if piece is not block else block
                inner, found, lines = loose_cards(whole, source)
                concepts += inner
                cards += found
            labels |= lines
    return concepts, cards, labels


def _only_asks(piece: Block, taken: set[int]) -> bool:
    """Whether all that stands below an item's first block are questions, so that it is their title and no concept."""
    below = piece.children[1:] if piece.kind is Kind.ITEM else []
    return bool(below) and all(line in taken for block in below for item in _items(block) for line in item.lines)


def _items(block: Block) -> list[Block]:
    return block.children if block.kind in LISTS else [block]


def _body(part: Portion, source: Source, *, drop: set[int]) -> str:
    """What a section says: its blocks without the lines in `drop`, and the `<details>` between them."""
    own = [(block.first, block.last, block.kind) for block in part.blocks if block.kind is not Kind.RULE]
    rules = {block.first for block in part.blocks if block.kind is Kind.RULE}
    chunks = []
    for first, last, kind in sorted([*own, *_between(part, source, drop, rules)], key=lambda one: one[:2]):
        kept = [
            line if kind is Kind.CODE else without_id(line)
            for number, line in enumerate(source.shown[first:last], start=first)
            if number not in drop
        ]
        if any(line.strip() for line in kept):
            chunks.append("\n".join(kept).rstrip())
    return "\n\n".join(chunks)


def _between(part: Portion, source: Source, drop: set[int], rules: set[int]) -> list[tuple[int, int, Kind]]:
    """The lines of `<details>` tags, which are in no block."""
    if not source.details:
        return []
    inside = {line for block in part.blocks for line in block.lines}
    first = part.heading.last if part.heading is not None else 0
    tags = sorted(
        line
        for one in source.details
        for line in one.lines
        if first <= line < part.last and line not in inside and line not in drop and line not in rules
    )
    return [(line, line + 1, Kind.PARAGRAPH) for line in tags]


def _names_questions(block: Block) -> bool:
    """Whether a line only says that questions follow, such as "CSS questions:" or "124. Interview questions"."""
    alone = block.children[0].children[:2] if block.kind is Kind.NUMBERS and len(block.children) == 1 else [block]
    text = alone[0].text.rstrip("*_ ") if len(alone) == 1 and alone[0].kind is Kind.PARAGRAPH else ""
    is_short = "\n" not in text and len(text.split()) < WORDS_OF_SENTENCE
    return is_short and (text.endswith(":") or alone[0] is not block) and asks_by_title(text)


def _teaches(
    part: Portion,
    title: str,
    body: str,
    concepts: Sequence[ParsedConcept],
    questions: Sequence[ParsedQuestion],
    drop: set[int],
    *,
    alone: bool,
    asked: bool,
) -> bool:
    """Whether a section explains something: no list of links, no preamble, and not only questions."""
    if not body and not concepts:
        return False
    if part.heading is None and (asked or not alone):
        return any(concept.text for concept in concepts) and not questions
    if (
        is_contents(title)
        or (CLOSES.match(plain(undecorated(title))) and not questions)
        or (asked and not questions and (APART.match(plain(undecorated(title))) or is_for_candidates(title)))
        or (asked and not questions and not concepts and _ABOUT_QUESTIONS.search(title))
        or (asked and not questions and INTRODUCTION.match(title) and _OF_QUESTIONS.search(body))
        or (not concepts and (_is_index(body) or ("](#" in body and _only_leads_down(part, drop))))
    ):
        return False
    if not questions:
        return any(not is_way_back(block) for block in part.blocks if block.first not in drop) or bool(concepts)
    if asks_by_title(title) or APART.match(plain(undecorated(title))):
        return False
    closing = next((block.first for block in part.blocks if _closes(block, drop)), part.last)
    left = [
        block
        for block in part.blocks
        if block.first not in drop
        and block.first < closing
        and block.kind not in (Kind.HEADING, Kind.RULE)
        and not is_way_back(block)
        and not _names_questions(block)
        and not (block.kind in LISTS and any(line in drop for line in block.lines))  # its items are titles of questions
    ]
    if len(questions) == 1 and left and left[0].first < questions[0].line - 1 and _tells(title, left[0]):
        return True
    asked_from = next(
        (block.first for block in part.blocks if block.kind is Kind.HEADING and _announces(block, drop)), 0
    )
    return (
        bool(concepts)
        or len(left) > 1
        or any(block.kind is not Kind.PARAGRAPH or block.first < asked_from for block in left)
    )


def _tells(title: str, block: Block) -> bool:
    """Whether the paragraph above the only question of a section says something, and sets no scene for it."""
    return bold_lead(block.text) is None and _SCENE.match(plain(undecorated(title))) is None


def _closes(block: Block, drop: set[int]) -> bool:
    """Whether a heading or line such as "**Conclusion**" says that what follows closes the note."""
    short = block.kind is Kind.HEADING or (block.kind is Kind.PARAGRAPH and len(block.text) <= TERM_MAX_CHARS)
    return short and block.first not in drop and CLOSES.match(plain(undecorated(block.text))) is not None


def _asks_below(part: Portion) -> bool:
    """Whether the questions of a section are below its heading, and not headings of the same level that follow it."""
    if not part.segments or part.heading is None or part.heading.kind is not Kind.HEADING:
        return True
    first = part.segments[0].opening
    return first.convention is not Convention.HEADINGS or first.level > part.heading.level


def _is_index(body: str) -> bool:
    """Whether a text is links alone, below headings or as headings; headings that are sentences are a text."""
    said = [line for line in _HEADINGS.findall(body) if len(line.split()) >= WORDS_OF_SENTENCE and "](" not in line]
    return not said and _ONLY_LINKS.fullmatch(_HEADINGS.sub("", body)) is not None


def _only_leads_down(part: Portion, drop: set[int]) -> bool:
    """Whether a section is a table of contents, whatever it is called, beside what stands in the lines of `drop`."""
    own = (block for block in part.blocks if block.first not in drop and block.kind is not Kind.RULE)
    told = [block for block in own if not is_way_back(block)]
    return bool(told) and all(map(all_lead_down, told))


def _announces(heading: Block, drop: set[int]) -> bool:
    """Whether a heading below that of a section says that questions follow; what is above it then teaches."""
    return heading.first not in drop and asks_by_title(heading.text)


def with_distinct_terms(note: ParsedNote) -> ParsedNote:
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


def without_duplicate_ids(note: ParsedNote) -> ParsedNote:
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

    def apart(questions: tuple[ParsedQuestion, ...]) -> tuple[ParsedQuestion, ...]:
        return tuple(replace(one, key=unique(one.key, one.line)) for one in questions)

    sections = note.sections
    if _has_duplicate_ids(note):
        sections = tuple(
            replace(
                section,
                concepts=tuple(
                    replace(one, key=unique(one.key, one.line), cards=apart(one.cards)) for one in section.concepts
                ),
                cards=apart(section.cards),
                questions=apart(section.questions),
            )
            for section in sections
        )
    everything = sorted((*note.warnings, *warnings), key=lambda warning: (warning.line, warning.message))
    return replace(note, sections=sections, warnings=tuple(everything))


def _has_duplicate_ids(note: ParsedNote) -> bool:
    keys = [concept.key for section in note.sections for concept in section.concepts if concept.key is not None]
    keys += [question.key for question in note.everything_asked if question.key is not None]
    return len(keys) > len(set(keys))
