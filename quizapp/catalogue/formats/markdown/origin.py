"""Reads the labels that say where an item comes from: level, source, date of the source, lab. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.catalogue.bounds import LEVELS, SLUG_MAX_CHARS, SLUG_PATTERN
from quizapp.catalogue.formats.markdown.conventions.dates import AS_OF_MAX_CHARS, fitting, iso_date
from quizapp.catalogue.formats.markdown.labels import ID, Labelled
from quizapp.catalogue.formats.markdown.source import Source

GUIDES = ("must", "bonus", "red flags")
_ADDRESS = re.compile(r"^<?(https?://[^\s<>]+)>?$")
_LINKED = re.compile(r"^\[[^\[\]]*\]\(<?(https?://[^\s<>]+?)>?(?:\s+\"[^\"]*\")?\)\.?$")
_DATED = re.compile(r"^\d{4}(?:-\d{2}){0,2}$")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """The values of an item's labels Level, Source, As of and Lab; None without the label, or with a bad value."""

    level: int | None
    source_url: str | None
    as_of: str | None
    """When the source was last checked, such as 2026-11; a text that is no date as it is written."""
    lab: str | None
    """The slug of the lab in which the item can be tried."""


_UNSAID = Origin(level=None, source_url=None, as_of=None, lab=None)  # by most questions


def read_origin(labels: Sequence[Labelled], source: Source) -> Origin:
    """Read the values from labels; adds a warning for each bad value. Their lines count from the note's first."""
    if not labels:
        return _UNSAID
    named = {label.label: label.text for label in labels}
    at = {label.label: label.line + 1 for label in labels if label.label not in ("card", "same as", *GUIDES)}
    for label in labels:
        if label.label in at and label.line + 1 != at[label.label] and label.label != "tags":
            source.warn(label.line + 1, f"There is a second label {label.label} below; this one is not used.")
    level, url, as_of, lab = (named.get(name) for name in ("level", "source", "as of", "lab"))
    if level is not None and not _is_level(level):
        source.warn(at["level"], f"A level is a number from {LEVELS[0]} to {LEVELS[-1]}, not {level[:20]}.")
        level = None
    address = read_source(source.resolved(url)) if url is not None else None
    if url is not None and address is None:
        source.warn(at["source"], "A source is an address that begins with https://, or a link to one.")
    if lab is not None and not _is_slug(lab):
        source.warn(at["lab"], "A lab is named by its folder, such as publish-or-publish-all.")
        lab = None
    return Origin(
        level=int(level) if level else None,
        source_url=address[:1024] if address else None,
        as_of=_as_of(as_of, at["as of"], source) if as_of else None,
        lab=lab,
    )


def first_said(origins: Sequence[Origin]) -> Origin:
    """What the first of several says, and of what it leaves out the next one that does. A date goes with its source."""
    url = next((one.source_url for one in origins if one.source_url is not None), None)
    dates = (one.as_of for one in origins if one.as_of is not None and one.source_url in (None, url))
    return Origin(
        level=next((one.level for one in origins if one.level is not None), None),
        source_url=url,
        as_of=next(dates, None),
        lab=next((one.lab for one in origins if one.lab is not None), None),
    )


def _as_of(text: str, line: int, source: Source) -> str:
    """When a source was last checked, as it is stored. Warns of a text that is no date, and is shown all the same."""
    shown = fitting(text)
    if len(shown) > AS_OF_MAX_CHARS:
        shown = f"{text[: AS_OF_MAX_CHARS - 1]}\u2026"
    if iso_date(text) is None:
        source.warn(line, f'As of is a year, a month or a day, such as 2026-11. Here it is shown as "{shown}".')
    return shown


def read_same_as(labels: Sequence[Labelled], source: Source) -> str | None:
    """The id of the question that an item tests the same as; None without the label, or with a warning for no id."""
    named = [label for label in labels if label.label == "same as"]
    if not named:
        return None
    if ID.fullmatch(named[0].text) is None:
        source.warn(named[0].line + 1, "Same as names the id of another question or card, such as q-nu7n.")
        return None
    return named[0].text


def read_source(text: str) -> str | None:
    """The address of a source: bare, between angle brackets, or of a link. None for any other text."""
    found = _ADDRESS.match(text.strip()) or _LINKED.match(text.strip())
    return found[1] if found is not None else None


def is_value(label: Labelled) -> bool:
    """Whether a label's text is what the label asks for, so that it is one in bold or without emphasis too."""
    match label.label:
        case "level":
            return _is_level(label.text)
        case "source":
            return read_source(label.text) is not None
        case "as of":
            return _DATED.match(label.text) is not None or iso_date(label.text) is not None
        case "lab":
            return _is_slug(label.text)
        case "same as":
            return ID.fullmatch(label.text) is not None
        case _:
            return False


def _is_level(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) in LEVELS


def _is_slug(text: str) -> bool:
    return len(text) <= SLUG_MAX_CHARS and re.fullmatch(SLUG_PATTERN, text) is not None
