"""Reads a note's bytes: sections, concepts, questions with their labels. Knows no database.

The structure comes from a Markdown parser's tokens and not from the text of lines: a shell comment in a code block is
no heading, and bold words in a paragraph are no concept. One after the other: the text is prepared (`text`), comments
and `<details>` are taken out (`regions`), the rest becomes blocks (`blocks`), the note's ways of writing questions are
decided (`decision`), each question gets what belongs to it (`segments`, `body`), and what is left is what the sections
say (`sections`).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date as date_type
from typing import Any

from quizapp.catalogue.formats.banks.data_bank import questions_in
from quizapp.catalogue.formats.markdown import decision, titles
from quizapp.catalogue.formats.markdown.answers import folded_lines
from quizapp.catalogue.formats.markdown.as_meant.components import held_by_components
from quizapp.catalogue.formats.markdown.blocks import (
    Block,
    as_indented,
    split_bullets,
    split_paragraphs,
    texts_of,
    tree,
)
from quizapp.catalogue.formats.markdown.conventions import answers_apart, decks
from quizapp.catalogue.formats.markdown.conventions.answer_key import (
    AnswerKey,
    announces_key,
    key_of,
    remarks_of,
    unshown_headings,
    with_folds,
    with_key,
)
from quizapp.catalogue.formats.markdown.conventions.bank_titles import says_what_is_asked
from quizapp.catalogue.formats.markdown.conventions.dates import find_date
from quizapp.catalogue.formats.markdown.conventions.field_names import fields_of
from quizapp.catalogue.formats.markdown.conventions.remembered import with_states
from quizapp.catalogue.formats.markdown.labels import ID, forget_texts
from quizapp.catalogue.formats.markdown.lazy import answers_taken_out, questions_taken_out
from quizapp.catalogue.formats.markdown.mixed import left_unread
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.options import options_joined
from quizapp.catalogue.formats.markdown.regions import Cleared, cleared
from quizapp.catalogue.formats.markdown.sections import (
    section_of,
    with_definitions,
    with_distinct_terms,
    without_duplicate_ids,
)
from quizapp.catalogue.formats.markdown.segments import Splitter
from quizapp.catalogue.formats.markdown.source import Source, reference_name
from quizapp.catalogue.formats.markdown.text import NoteText, decode, prepare, refuse_deep
from quizapp.catalogue.formats.markdown.trouble import doubtful_questions, html_warnings, near_misses, table_warnings
from quizapp.catalogue.formats.markdown.unread import empty_sides, lost_summaries, no_questions, unread_cards
from quizapp.catalogue.formats.parsed import LineUse, NoteWarning, ParsedNote, ParsedQuestion, ParsedSection
from quizapp.catalogue.html.markdown_html import parse_document

_KEPT_MOST = 6  # notes of one block: two may be changed at once, and each is read before, on the way and after
_kept: ContextVar[dict[bytes, tuple[str, ParsedNote]] | None] = ContextVar("kept", default=None)


@contextmanager
def each_text_once() -> Iterator[None]:
    """Parse a text once in this block, however often it is asked for; what was parsed is forgotten after it.

    To change one concept, several rooms look at the note as it is and as it would be: of a note of 2,400 concepts that
    was six times half a second.
    """
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


REMARK_SHOWN = 200  # characters of a line that is left out, in its warning


def parse_note(data: bytes, *, name: str = "") -> ParsedNote:
    """Read a file's bytes as a note; one without a title is called `name`. Raises Unreadable, with the line."""
    kept = _kept.get()
    if kept is None:
        return _parse(data, name)
    called, note = kept.get(data, (None, None))
    if note is None or (called != name and note.title == called):  # a note with a title of its own is asked no name
        note = _parse(data, name)
        if len(kept) == _KEPT_MOST:
            del kept[next(iter(kept))]
        kept[data] = name, note
    return note


def _parse(data: bytes, name: str) -> ParsedNote:
    text = prepare(decode(data))
    held = held_by_components(text.lines, text.code)
    lines = text.lines
    if held.lines:
        lines = ["" if number in held.lines else line for number, line in enumerate(lines)]
    clear = cleared(lines, code=text.code)
    same = clear.lines == text.lines
    document = text.document if same else parse_document("\n".join(clear.lines))
    refuse_deep(document)
    borders = {line for one in clear.details for line in (one.first, one.last)}
    indented = as_indented(tree(document.blocks, clear.lines), clear.lines, borders)
    whole = questions_taken_out(indented, clear.lines)
    whole = answers_taken_out(whole, clear.lines)
    whole = split_bullets(split_paragraphs(whole, borders), [range(one.first, one.last) for one in clear.details])
    blocks = options_joined(whole)
    source = Source(
        lines=clear.lines,
        shown=clear.shown,
        details=clear.details,
        footnotes=clear.footnotes,
        references={
            reference_name(label): (link["href"], link.get("title", "")) for label, link in document.references.items()
        },
    )
    try:
        source.use(held.lines, LineUse.QUESTION)
        return _with_held(_read(text, clear, blocks, source, name), held.questions)
    finally:
        forget_texts()


def _read(text: NoteText, clear: Cleared, blocks: Sequence[Block], source: Source, name: str) -> ParsedNote:
    _use_what_is_no_text(text, clear, source)
    source.fields = fields_of(blocks)
    headed_by = _text_of(text, "title") or _text_of(text, "name")
    heading = titles.title_of([block for block in blocks if block.first not in source.fields], named=headed_by)
    written = heading is not None and heading.level == 1
    title, number = titles.day_of(heading.text) if heading is not None else ("", None)
    own_title = headed_by or (title if written else "")
    date_line = titles.date_line_of(blocks, heading)
    found_openings, note = _openings(text, clear, blocks, source, heading, own_title or title or name)
    key = _key_of(blocks, found_openings, source)
    if key is not None:
        found_openings = [one for one in found_openings if one.line not in key.again]
        source.details = [one for one in source.details if one not in key.folds]
    asks = heading is not None and any(one.line == heading.first for one in found_openings)
    apart = {
        id(block) for block in (heading if not asks else None, date_line, *(key.blocks if key is not None else ()))
    }
    body = [block for block in blocks if id(block) not in apart]
    _use_what_stands_apart(source, heading, date_line, key)
    levels = titles.section_levels([block for block in body if block.first not in source.fields], found_openings)
    headed = bool(levels) or any(one.convention is Convention.HEADINGS for one in found_openings)
    bold = titles.bold_titles(note, body, found_openings) if not headed else {}
    parts = Splitter(note, found_openings, levels).split(body, bold)
    alone = sum(part.heading is not None for part in parts) == 0
    read = [section_of(part, source, alone=alone, asked=bool(found_openings)) for part in parts]
    read = with_definitions(with_key(read, key) if key is not None else read, source)
    read = titles.without_subtitle(read, blocks, heading, found_openings)
    conventions = [one.convention for one in found_openings]
    parsed = ParsedNote(
        key=_id_of(text, source),
        title=_text_of(text, "title") or titles.shown(title) or _text_of(text, "name") or name or "Untitled",
        number=number if number is not None else _number_of(text, "day"),
        date=(find_date(date_line.text) if date_line is not None else None) or find_date(_text_of(text, "date") or ""),
        tags=_tags(text),
        convention=max(conventions, key=conventions.count) if conventions else Convention.NONE,
        sections=tuple(one for one in read if one.title or one.body or one.concepts or one.cards or one.questions),
        warnings=(
            *text.warnings,
            *clear.warnings,
            *titles.hidden_title(heading, named=_text_of(text, "title")),
            *_told(note, found_openings, read, text.lines),
        ),
    )
    parsed = with_states(replace(parsed, uses=_account(text, source)), text.lines)
    if _holds_records(text.front_matter):
        parsed = _with_questions_above(parsed, text)
    return with_distinct_terms(without_duplicate_ids(parsed))


def _use_what_stands_apart(source: Source, heading: Block | None, date: Block | None, key: AnswerKey | None) -> None:
    source.use(heading.lines if heading is not None else (), LineUse.TITLE)
    for lines in key.lines if key is not None else ():
        source.use(lines, LineUse.ANSWER)
    source.use(date.lines if date is not None else (), LineUse.TITLE)


def _key_of(blocks: Sequence[Block], openings: Sequence[Opening], source: Source) -> AnswerKey | None:
    """The answers that stand apart from their questions; None without any."""
    asked = [one.line for one in openings]
    if not asked or not announces_key(blocks, source.details):
        return None
    key = answers_apart.key_of(blocks, asked, source) or key_of(blocks, asked)
    if key is None:
        return None
    for remark in (*remarks_of(key), *unshown_headings(key, blocks)):
        source.warn(remark.first + 1, f"This line above the answers is left out: {remark.text[:REMARK_SHOWN]}")
    return with_folds(key, source.details)


def _use_what_is_no_text(text: NoteText, clear: Cleared, source: Source) -> None:
    source.use(text.frame, LineUse.LABEL)
    source.use(range(text.front_matter_lines), LineUse.FRONT_MATTER)
    source.use(clear.comments | text.comments, LineUse.COMMENT)
    source.use(clear.footnote_lines | clear.frames | text.marks, LineUse.LABEL)
    source.use(clear.memories, LineUse.MEMORY)


def _with_questions_above(parsed: ParsedNote, text: NoteText) -> ParsedNote:
    """The note with the questions that its front matter holds, in a section before all others."""
    held = questions_in(text.front_matter, "\n".join(text.original[: text.front_matter_lines]))
    if not held:
        return parsed
    first = ParsedSection(line=held[0].line, number=None, title="", body="", teaches=False, questions=held)
    return replace(parsed, sections=(first, *parsed.sections), convention=Convention.FRONT_MATTER)


def _with_held(parsed: ParsedNote, held: Sequence[ParsedQuestion]) -> ParsedNote:
    """The note with the questions of its components, each in the section in which it stands."""
    if not held:
        return parsed
    sections = list(parsed.sections)
    if not sections or sections[0].line > held[0].line:
        first = ParsedSection(line=held[0].line, number=None, title="", body="", teaches=False)
        sections.insert(0, first)
    begun = [section.line for section in sections]
    for question in held:
        place = bisect_right(begun, question.line) - 1
        own = sorted((*sections[place].questions, question), key=lambda one: one.line)
        sections[place] = replace(sections[place], questions=tuple(own))
    convention = Convention.COMPONENTS if parsed.convention == Convention.NONE else parsed.convention
    return replace(parsed, sections=tuple(sections), convention=convention)


def _holds_records(front_matter: Mapping[str, Any]) -> bool:
    """Whether a front matter has more in it than words, numbers and lists of them: few have, and these may ask."""
    inner = [one for value in front_matter.values() for one in (value if isinstance(value, list) else (value,))]
    return any(isinstance(one, dict) for one in inner)


def _told(
    note: Reading, openings: Sequence[Opening], read: Sequence[ParsedSection], lines: Sequence[str]
) -> tuple[NoteWarning, ...]:
    """What there is to tell of how a note was read; `lines` are its own, as they were written."""
    texts = texts_of(note.blocks)
    return (
        *note.source.warnings,
        *html_warnings(texts),
        *(table_warnings(note.blocks) if "|" in note.source.text else ()),
        *near_misses(note.source, texts),
        *doubtful_questions(question for one in read for question in (*one.cards, *one.questions)),
        *unread_cards(note, texts),
        *empty_sides(note, openings, texts),
        *left_unread(note, openings),
        *lost_summaries(note.source, lines, read),
        *no_questions(note, openings, sum(_asked(one) for one in read)),
    )


def _asked(section: ParsedSection) -> int:
    """How many flashcards and questions a section has."""
    return len(section.questions) + len(section.cards) + sum(len(concept.cards) for concept in section.concepts)


def _openings(
    text: NoteText, clear: Cleared, blocks: Sequence[Block], source: Source, heading: Block | None, title: str
) -> tuple[list[Opening], Reading]:
    """Where the questions begin, and the note as the detectors see it."""
    asked = decision.asks_by_title(title) or decision.asks_by_first_line(blocks, heading)
    asked = asked or (decision.names_asking(title) and says_what_is_asked(blocks, heading))
    end = len(clear.lines)
    note = Reading(
        source=source,
        blocks=blocks,
        title=heading,
        tags=frozenset((*_tags(text), *titles.hash_tags(blocks, source.text))),
        memories=frozenset(clear.memories),
        cards=decks.lines_of_cards(blocks, clear.lines),
        details=[one.first for one in source.details],
        in_folded_answers=folded_lines(source.details),
        is_about_asking=decision.names_asking(title),
        asking=decision.asking_lines(blocks, heading, asked=asked, end=end),
    )
    return decision.openings(note), note


def _account(text: NoteText, source: Source) -> tuple[LineUse | None, ...]:
    """What became of each line of the file. What nothing else took, a section shows."""
    return tuple(
        source.uses.get(number, LineUse.SECTION) if line.strip() or number in source.uses else None
        for number, line in enumerate(text.original)
    )


def _id_of(text: NoteText, source: Source) -> str | None:
    """The note's id from its front matter; None and a warning if it cannot be part of an address."""
    value = _text_of(text, "id")
    if value is None or ID.fullmatch(value):
        return value
    source.warn(1, "The id in the front matter is not used: write letters, digits and hyphens, 63 at most.")
    return None


def _text_of(text: NoteText, name: str) -> str | None:
    value = text.front_matter.get(name)
    return str(value).translate(titles.TURNS).strip() or None if isinstance(value, str | int | date_type) else None


def _number_of(text: NoteText, name: str) -> int | None:
    value = _text_of(text, name)
    return int(value) if value is not None and value.isascii() and value.isdigit() and int(value) < 10_000 else None


def _tags(text: NoteText) -> tuple[str, ...]:
    """The tags of the front matter, a list or words between commas, in lower case and without `#`."""
    value = text.front_matter.get("tags") or text.front_matter.get("tag")
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(tag for name in names if (tag := str(name).strip().lstrip("#").lower()))
