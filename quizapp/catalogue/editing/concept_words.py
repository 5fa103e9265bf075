"""What an editor types of a concept, as its note will say it: in the form that is read back, or why it cannot be. Pure.

Blank lines between two paragraphs become one, and blanks at the end of a line that break it become a backslash: the
text looks the same, and is the text that the note's reader gives.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse, ParsedConcept
from quizapp.catalogue.html.rendering import render
from quizapp.catalogue.patches.concept_text import ITEM, ConceptWords, body_lines
from quizapp.errors import Invalid

TERM, TEXT = "term", "text"  # the fields of a concept's form
_HEAD = "# -\n\n## -\n"
_INDENT = "    "
_BREAK = re.compile(r"(?<=\S) {2,}\n(?=[ \t]*\S)")
_FENCE = re.compile(r"(^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[ \t]*$|\Z))", re.DOTALL | re.MULTILINE)
_SHOWN_CHARS = 40  # of a line that is told of
_READ_AS = {
    LineUse.QUESTION: "a question", LineUse.ANSWER: "an answer", LineUse.OPTION: "an option of a question",
    LineUse.LABEL: "a label, such as that of a card", LineUse.SECTION: "a heading", LineUse.TITLE: "a heading",
    LineUse.COMMENT: "a comment",
}  # fmt: skip


class BadWords(Invalid):
    """What was typed is no name or no text of a concept; `field` is the form's field that it was typed into."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def as_read(words: ConceptWords) -> ConceptWords:
    """The words as they are read back from a note. Raises BadWords for what a note cannot say of a concept."""
    term = _term_as_read(words.term)
    for text in dict.fromkeys((_with_breaks(words.text), words.text)):
        found, _ = _read(ConceptWords(term="-", text=text))
        if found is not None and not found.cards and render(found.text) == render(words.text):
            return ConceptWords(term=term, text=found.text)
    raise BadWords(_why_not(words.text), field=TEXT)


def _term_as_read(term: str) -> str:
    found, _ = _read(ConceptWords(term=term, text="-"))
    if found is not None and found.text == "-" and found.term == term.rstrip(": "):
        return found.term
    if "**" in term or "__" in term:
        raise BadWords("A name is bold as a whole, so it has no bold marks itself. Take ** and __ out.", field=TERM)
    if "<!--" in term:
        raise BadWords("A name has no comment. Take <!-- and what follows it out.", field=TERM)
    raise BadWords(f"A note does not read “{_shown(term)}” as a concept's name. Word it otherwise.", field=TERM)


def _why_not(text: str) -> str:
    if re.search(r"</?(?:details|summary)\b", text, re.IGNORECASE):
        return "In a note <details> hides an answer, so a concept's text has none. Write what is in it as a paragraph."
    if "<!--" in text:
        return "A comment is not kept in a concept's text. Take <!-- and what belongs to it out."
    lines = text.split("\n")
    count = bisect_left(range(1, len(lines) + 1), True, key=lambda count: not _is_read("\n".join(lines[:count]))) + 1
    if count > len(lines):
        return "A note reads this text otherwise than it stands here. Put blank lines between its parts."
    use = _read(ConceptWords(term="-", text="\n".join(lines[:count])))[1][-1]
    said = f"as {_READ_AS[use]}" if use in _READ_AS else "as something else than a part of this text"
    return f"A note reads the line “{_shown(lines[count - 1])}” {said}. Word it otherwise, or put it elsewhere."


def _is_read(text: str) -> bool:
    """Whether a note has this text as that of a concept."""
    found = _read(ConceptWords(term="-", text=text))[0]
    return found is not None and not found.cards and render(found.text) == render(text)


def _read(words: ConceptWords) -> tuple[ParsedConcept | None, Sequence[LineUse | None]]:
    """The concept that a note with these words alone has, or None; and what becomes of each of its lines."""
    said, more = body_lines(words.text)
    lines = [f"*   **{words.term}:** {said}".rstrip(), *(f"{_INDENT}{line}" if line.strip() else "" for line in more)]
    note = parse_note((_HEAD + "\n".join(lines) + "\n").encode(), name="-")
    concepts = [one for section in note.sections for one in section.concepts]
    is_alone = len(note.sections) == 1 and len(concepts) == 1 and not any(note.questions)
    return (concepts[0] if is_alone else None), note.uses[: _HEAD.count("\n") + len(lines)]


def _with_breaks(text: str) -> str:
    """The text with a backslash for the blanks that break a line, outside of code: a reader takes blanks away."""
    return "".join(part if number % 2 else _BREAK.sub("\\\\\n", part) for number, part in enumerate(_FENCE.split(text)))


def _shown(text: str) -> str:
    begin = ITEM.match(text := text.strip())
    line = text[begin.end() if begin is not None else 0 :].split("\n")[0]
    return line if len(line) <= _SHOWN_CHARS else line[: _SHOWN_CHARS - 1] + "…"
