"""Writes questions that were made in the browser into a note's text, each in the note's own way of writing. Pure.

A question is written as one of its kind that the note has already, with other words; where there is none, or its way
holds less than the question says, in the labels of our own format. Each is proved as in `note_patch`: it counts only if
the note then asks that question, at that place, and says all else as before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, ParsedSection
from quizapp.catalogue.kinds.expected import LABEL_OF
from quizapp.catalogue.patches.note_patch import LINE_END, LISTED, edited_lines, frame_of, lines_of, said_of

_ID = re.compile(r"[ \t]*<!--\s*id:.*?-->")
_NUMBER = re.compile(r"\d+(?!.*\d)")
_HEADING = re.compile(r" {0,3}(#{2,6})[ \t]")
# What its author has put beside a question and what is that question's alone: a coloured dot for its level, a star, the
# anchor of a heading, what another program has noted in a comment.
_OWN_MARKS = re.compile(r"[ \t]*<!--.*?-->|[ \t]*\{#[^}]*\}|[\u2600-\u27bf\u2b50\ufe0f\U0001f300-\U0001faff]+[ \t]*")
_SIBLINGS_MAX = 4  # ways that are tried: a note has one way of writing, and each trial reads the whole note


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """A question that a note is to have."""

    question: ParsedQuestion
    """With its key."""
    section: int
    """The place, from 0, of its section in the note."""
    concept: str | None
    """The term of the concept that a flashcard belongs to; None for none."""


@dataclass(frozen=True, kw_only=True)
class Inserted:
    """A note's text with more questions, and those that could not be written."""

    text: str
    refused: Sequence[str]
    """Their keys."""


def with_questions(text: str, new: Sequence[NewQuestion], *, name: str) -> Inserted:
    """The text with these questions, each behind those that its section has."""
    refused = []
    for one in new:
        made = _with_one(text, one, name=name)
        if made is None:
            refused.append(one.question.key or "")
        text = made if made is not None else text
    return Inserted(text=text, refused=refused)


def _with_one(text: str, new: NewQuestion, *, name: str) -> str | None:
    before = parse_note(text.encode(), name=name)
    if new.section >= len(before.sections):
        return None
    parts = LINE_END.split(text)
    lines, usual = parts[0::2], next(iter(parts[1::2]), "\n")
    for at, block in _ways(before, lines, new):
        for blank in ([""], []):
            whole = _joined(parts, at, [*blank, *block], usual)
            if _is_as_meant(whole, before, new, name=name):
                return whole
    return None


def _joined(parts: Sequence[str], at: int, block: Sequence[str], end: str) -> str:
    """The text with more lines before line `at`, counted from 0."""
    head, tail = "".join(parts[: 2 * at]), "".join(parts[2 * at :])
    if head and not head.endswith(("\n", "\r")):
        head += end
    after = end if tail.strip() and tail.lstrip(" \t")[:1] not in ("\n", "\r") and block[0] == "" else ""
    return f"{head}{end.join(block)}{end}{after}{tail}"


def _ways(note: ParsedNote, lines: Sequence[str], new: NewQuestion) -> Iterator[tuple[int, list[str]]]:
    """Where its lines may stand, and what they may be; the best way first."""
    section = note.sections[new.section]
    own = [one for one in _asked(section, new.concept) if _is_alike(one, new.question)]
    end = _end_of(note, lines, new)
    for sibling in reversed(own[-_SIBLINGS_MAX:]):
        for block in _like(note, lines, sibling, new.question):
            yield lines_of(note, sibling, lines)[1], block
    if not own:
        others = [one for one in note.everything_asked if _is_alike(one, new.question)]
        for sibling in others[-1:]:
            for block in _like(note, lines, sibling, new.question):
                yield end, block
    for found in (_HEADING.match(lines[one.line - 1]) for one in [*section.questions, *note.everything_asked][:1]):
        if found is not None:
            yield end, list(_below_a_heading(new.question, found[1]))
    count = len(section.questions) + 1
    yield end, list(_in_our_labels(new.question, count, indent="    " if new.concept is not None else ""))


def _asked(section: ParsedSection, term: str | None) -> list[ParsedQuestion]:
    """What is asked of a concept, or in a section beside its concepts."""
    if term is not None:
        return [card for concept in section.concepts if concept.term == term for card in concept.cards]
    return [*section.cards, *section.questions]


def _is_alike(one: ParsedQuestion, other: ParsedQuestion) -> bool:
    """Whether two questions are of one kind, as a note writes them."""
    kinds = [
        (each.flashcard, bool(each.choices), each.expected.kind if each.expected is not None else "")
        for each in (one, other)
    ]
    return kinds[0] == kinds[1]


def _end_of(note: ParsedNote, lines: Sequence[str], new: NewQuestion) -> int:
    """The line, from 0, behind the last one of the concept or section."""
    section = note.sections[new.section]
    begins = [one.line - 1 for one in note.sections if one.line > section.line]
    last = min(begins, default=len(lines))
    terms = [one for one in section.concepts if one.term == new.concept]
    if terms:
        later = [one.line - 1 for one in section.concepts if one.line > terms[0].line]
        later += [one.line - 1 for one in chain(section.questions, section.cards) if one.line > terms[0].line]
        last = min([last, *later])
    while last > 0 and not lines[last - 1].strip():
        last -= 1
    return last


def _like(
    note: ParsedNote, lines: Sequence[str], sibling: ParsedQuestion, question: ParsedQuestion
) -> Iterator[list[str]]:
    """The lines of another question with this one's words, without and with the marks that it has.

    Nothing if its words are not found in them.
    """
    first, last = lines_of(note, sibling, lines)
    block = [_ID.sub("", lines[first]), *lines[first + 1 : last]]
    made = edited_lines("\n".join(block), sibling, question)
    if made is None:
        return
    head, *rest = made.split("\n")
    before, words, after = head.partition(question.prompt.split("\n")[0])
    if not words:
        yield [_named(head, question), *rest]
        return
    before = _NUMBER.sub(lambda found: str(int(found[0]) + 1), before)
    plain = f"{_OWN_MARKS.sub('', before)}{words}{_OWN_MARKS.sub('', after)}"
    for one in dict.fromkeys((plain, f"{before}{words}{after}")):
        yield [_named(one, question), *rest]


def _below_a_heading(question: ParsedQuestion, level: str) -> Iterator[str]:
    """The lines of a question in a note whose questions are headings: what it says stands below."""
    head, *more = question.prompt.split("\n")
    yield _named(f"{level} {head}", question)
    said = question.answer if not question.choices else ""
    for text in ("\n".join(more), said):
        if text.strip():
            yield ""
            yield from text.split("\n")
    if question.choices:
        yield ""
    for choice in question.choices:
        why = f"  *Why:* {choice.why}" if choice.why else ""
        yield f"- [{'x' if choice.right else ' '}] {choice.text}{why}"
    facts = [f"*A:* {question.answer}"] if question.answer and not said else []
    facts += [*(f"*Hint:* {hint}" for hint in question.hints), *_facts(question)]
    if facts:
        yield ""
    yield from (f"*   {fact}" for fact in facts)


def _named(line: str, question: ParsedQuestion) -> str:
    return f"{line.rstrip()} <!-- id: {question.key} -->"


def _in_our_labels(question: ParsedQuestion, number: int, *, indent: str) -> Iterator[str]:
    """The lines of a question in the labels of our own format."""
    head, *more = question.prompt.split("\n")
    if question.flashcard:
        back, *rest = question.answer.split("\n")
        facts = "".join(f"   {fact}" for fact in _facts(question))
        yield _named(f"{indent}*   *Card:* {' '.join([head, *more])} → {back}{facts}", question)
        yield from _indented(rest, f"{indent}    ")
        return
    yield _named(f"{number}.  **Q: {head}**", question)
    yield from _indented(more, "    ")
    if question.answer:
        first, *rest = question.answer.split("\n")
        yield f"    *   *A:* {first}"
        yield from _indented(rest, "        ")
    yield from _what_is_right(question)
    for label, points in (("Must", question.must), ("Bonus", question.bonus), ("Red flags", question.red_flags)):
        if points:
            yield f"    *   *{label}:* {'; '.join(points)}"
    for text in (*(f"*Hint:* {hint}" for hint in question.hints), *_facts(question)):
        yield f"    *   {text}"


def _what_is_right(question: ParsedQuestion) -> Iterator[str]:
    if question.choices:
        yield "    *   *Options:*"
        for choice in question.choices:
            why = f"  *Why:* {choice.why}" if choice.why else ""
            yield f"        - [{'x' if choice.right else ' '}] {choice.text}{why}"
    if question.expected is None:
        return
    label, source = LABEL_OF[question.expected.kind], question.expected.source
    if question.expected.kind not in LISTED:
        yield f"    *   *{label}:* {source}"
        return
    yield f"    *   *{label}:*"
    yield from (f"        {number}. {line}" for number, line in enumerate(source.split("\n"), start=1))


def _facts(question: ParsedQuestion) -> Iterator[str]:
    if question.level is not None:
        yield f"*Level:* {question.level}"
    if question.source_url:
        yield f"*Source:* {question.source_url}"
    if question.as_of:
        yield f"*As of:* {question.as_of}"


def _indented(lines: Sequence[str], indent: str) -> Iterator[str]:
    yield from (f"{indent}{line}" if line.strip() else "" for line in lines)


def _is_as_meant(text: str, before: ParsedNote, new: NewQuestion, *, name: str) -> bool:
    """Whether the note asks the question at its place, and everything else says what it said."""
    after = parse_note(text.encode(), name=name)
    if len(after.sections) != len(before.sections):
        return False
    key = new.question.key
    asked = [one for one in after.everything_asked if one.key == key]
    if len(asked) != 1 or said_of(asked[0], file=new.question) != said_of(new.question, file=new.question):
        return False
    if key not in {one.key for one in _asked(after.sections[new.section], new.concept)}:
        return False
    others = [one for one in after.everything_asked if one.key != key]
    told = list(before.everything_asked)
    same = len(others) == len(told) and all(
        said_of(one, file=was) == said_of(was, file=was) for one, was in zip(others, told, strict=True)
    )
    return same and _without_teaching(frame_of(after)) == _without_teaching(frame_of(before))


def _without_teaching(note: ParsedNote) -> ParsedNote:
    """A note in which no section is known to explain or only to ask: its first question may decide that."""
    return replace(note, sections=tuple(replace(section, teaches=True) for section in note.sections))
