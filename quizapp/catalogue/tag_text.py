"""Writes another name of a tag, or none, into the front matter of a note, in the lines of its tags alone. Pure."""

import re
from dataclasses import replace

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_TAGS = re.compile(r"^tags[ \t]*:[^\n]*\n?(?:[ \t]*-[ \t][^\n]*\n?|[ \t]+[^\n]*\n?)*", re.IGNORECASE | re.MULTILINE)


def with_tag(text: str, tag: str, to: str | None, *, name: str) -> str | None:
    """The text in which a note has the tag `to` in the place of `tag`, or without it; None where that cannot be done.

    It counts only if the note, read again, has these tags and says all else as before.
    """
    before = parse_note(text.encode(), name=name)
    front = _FRONT_MATTER.match(text)
    found = _TAGS.search(text, 0, front.end()) if front is not None else None
    if found is None or tag not in before.tags:
        return None
    wanted = {*before.tags} - {tag} | ({to} if to is not None else set())
    for lines in _ways(found[0], tag, None if to in before.tags else to):
        made = text[: found.start()] + lines + text[found.end() :]
        if _says(parse_note(made.encode(), name=name), before, wanted):
            return made
    return None


def _ways(lines: str, tag: str, to: str | None) -> list[str]:
    """The lines of the tags with another one; or without it, and then without the line or comma that was its own."""
    word = rf"(?P<quote>[\"']?)(?<![\w-]){re.escape(tag)}(?![\w-])(?P=quote)"
    if to is not None:
        return [re.sub(word, lambda found: f"{found['quote']}{to}{found['quote']}", lines, flags=re.IGNORECASE)]
    patterns = (rf"^[ \t]*-[ \t]+{word}[ \t]*(?:\r?\n|$)", rf"{word}[ \t]*,[ \t]*", rf"[ \t]*,[ \t]*{word}", word)
    return [re.sub(pattern, "", lines, flags=re.IGNORECASE | re.MULTILINE) for pattern in patterns]


def _says(after: ParsedNote, before: ParsedNote, tags: set[str]) -> bool:
    return {*after.tags} == tags and replace(after, tags=before.tags, uses=()) == _moved(before, after)


def _moved(before: ParsedNote, after: ParsedNote) -> ParsedNote:
    """The note as it was, with the lines of its items where they are now: a line of the tags may have gone."""
    by = next((one.line for one in after.sections), 0) - next((one.line for one in before.sections), 0)
    sections = []
    for section in before.sections:
        concepts = [
            replace(one, line=one.line + by, cards=tuple(replace(card, line=card.line + by) for card in one.cards))
            for one in section.concepts
        ]
        asked = [tuple(replace(one, line=one.line + by) for one in each) for each in (section.cards, section.questions)]
        sections.append(
            replace(section, line=section.line + by, concepts=tuple(concepts), cards=asked[0], questions=asked[1])
        )
    warnings = tuple(replace(one, line=one.line + by) for one in before.warnings)
    return replace(before, sections=tuple(sections), warnings=warnings, uses=())
