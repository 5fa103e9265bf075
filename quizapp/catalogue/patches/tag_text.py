"""Writes another name of a tag, or none, into the front matter of a note, in the lines of its tags alone. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.errors import Invalid

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_TAGS = re.compile(r"^tags?[ \t]*:[^\n]*\n?(?:[ \t]*-[ \t][^\n]*\n?|[ \t]+[^\n]*\n?)*", re.IGNORECASE | re.MULTILINE)

_NO_TEXTS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")  # words that YAML reads as something else


def with_tag(text: str, tag: str, to: str | None, *, name: str) -> str | None:
    """The text in which a note has the tag `to` in the place of `tag`, or without it; None for one that has it not.

    It counts only if the note, read again, has these tags and says all else as before; else Unwritable is raised.
    """
    before = parse_note(text.encode(), name=name)
    if tag not in before.tags:
        return None
    front = _FRONT_MATTER.match(text)
    found = _TAGS.search(text, 0, front.end()) if front is not None else None
    wanted = [each for each in before.tags if each != tag]
    wanted += [to] if to is not None and to not in wanted else []
    for lines in _ways(found[0], tag, None if to in before.tags else to, wanted) if found is not None else ():
        made = text[: found.start()] + lines + text[found.end() :] if found is not None else text
        if _says(parse_note(made.encode(), name=name), before, {*wanted}):
            return made
    raise Unwritable(
        f"The note “{before.title}” has “{tag}” among its tags in a way that cannot be changed here. "
        "Change it at the top of the note's text first."
    )


class Unwritable(Invalid):
    """A tag cannot be written into the text of a note that has it."""

    title = "The tag is not changed"


def _ways(lines: str, tag: str, to: str | None, wanted: Sequence[str]) -> Iterator[str]:
    """The lines of the tags with another one; or without it, and then without the line or comma that was its own.

    The last way is a new list, with quotes where YAML reads something else than a word.
    """
    word = rf"(?P<quote>[\"']?)(?<![\w-]){re.escape(tag)}(?![\w-])(?P=quote)"
    if to is not None:
        yield re.sub(word, lambda found: f"{found['quote']}{to}{found['quote']}", lines, flags=re.IGNORECASE)
        yield re.sub(word, lambda _: _quoted(to), lines, flags=re.IGNORECASE)
    else:
        yield from _without(lines, word)
    end = "\r\n" if lines.endswith("\r\n") else "\n" if lines.endswith("\n") else ""
    yield f"{lines.partition(':')[0]}: [{', '.join(_quoted(each) for each in wanted)}]{end}"


def _quoted(tag: str) -> str:
    """A tag as YAML in a list: in quotes unless it is words alone."""
    return tag if re.fullmatch(r"[^\W\d][\w -]*", tag) and tag not in _NO_TEXTS else json.dumps(tag, ensure_ascii=False)


def _without(lines: str, word: str) -> list[str]:
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
