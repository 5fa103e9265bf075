"""Two editors of one question: what either has changed since both opened it, and what both have.

A form keeps the marks of the texts that it was opened with, so a part that its editor did not touch is no conflict.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from quizapp.catalogue.question_wording import LABELS, ChoiceWording, Wording, tidy_tags

MARK_CHARS = 12  # of a SHA-256: enough to tell a text from the one that it was
MARKS_MAX_CHARS = 20_000  # of all marks of a form: a question has at most eight options and twenty tags

Marks = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class MergedWording:
    """The changes of two editors in one wording."""

    wording: Wording
    """Of a part that both have changed in two ways it has the own version."""
    theirs: Sequence[str]
    """The labels of the parts that only the others have changed."""
    disputed: Sequence[str]
    """The names of the parts that both have changed in two ways."""


def marks_of(wording: Wording) -> str:
    """The marks of a wording, for a form's hidden field."""
    found: dict[str, Any] = {name: _mark(getattr(wording, name)) for name in _plain_parts()}
    found["tags"] = [_mark(tag) for tag in wording.tags]
    found["choices"] = {str(choice.id): _choice_mark(choice) for choice in wording.choices}
    return json.dumps(found, separators=(",", ":"))


def read_marks(text: str) -> Marks | None:
    """The marks in a form's field; None for text that holds none, such as that of an older page."""
    if len(text) > MARKS_MAX_CHARS:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != {*_plain_parts(), "tags", "choices"}:
        return None
    has_lists = isinstance(found["tags"], list) and isinstance(found["choices"], dict)
    return found if has_lists else None


def merged(opened: Marks, *, saved: Wording, typed: Wording) -> MergedWording:
    """What `typed` has changed since the form was opened, put into what others have saved meanwhile."""
    parts: dict[str, Any] = {}
    theirs, disputed = [], []
    for name in _plain_parts():
        mine, others = getattr(typed, name), getattr(saved, name)
        is_mine, is_theirs = _mark(mine) != opened[name], _mark(others) != opened[name]
        parts[name] = mine if is_mine else others
        if is_mine and is_theirs and mine != others:
            disputed.append(name)
        elif is_theirs and mine != others:
            theirs.append(name)
    parts["tags"] = _tags(opened["tags"], saved.tags, typed.tags)
    choices, both = _choices(opened["choices"], saved.choices, typed.choices)
    parts["choices"] = choices
    theirs += [name for name in ("tags", "choices") if parts[name] != getattr(typed, name) and not both]
    return MergedWording(
        wording=replace(typed, **parts),
        theirs=[LABELS.get(name, "Options") for name in theirs],
        disputed=[*disputed, *(["choices"] if both else [])],
    )


def _plain_parts() -> list[str]:
    return [part.name for part in fields(Wording) if part.name not in ("tags", "choices")]


def _tags(opened: Sequence[str], saved: Sequence[str], typed: Sequence[str]) -> tuple[str, ...]:
    """The tags that others left or added, less those taken here, with those added here."""
    added = {tag for tag in typed if _mark(tag) not in opened}
    taken = {tag for tag in saved if _mark(tag) in opened and tag not in typed}
    return tidy_tags(iter({*saved} - taken | added))


def _choices(
    opened: Mapping[str, str], saved: Sequence[ChoiceWording], typed: Sequence[ChoiceWording]
) -> tuple[tuple[ChoiceWording, ...], bool]:
    """The options of both sides in the order of what was saved, new ones last; and whether both changed one of them."""
    mine: dict[int | None, ChoiceWording] = {choice.id: choice for choice in typed if choice.id is not None}
    kept, is_disputed = [], False
    for theirs in saved:
        own, before = mine.pop(theirs.id, None), opened.get(str(theirs.id))
        has_changed = before != _choice_mark(theirs)
        if own is None:
            if before is None or has_changed:  # theirs is new, or they changed what was removed here
                kept.append(theirs)
            is_disputed = is_disputed or (before is not None and has_changed)
        elif _choice_mark(own) == before:
            kept.append(theirs)
        else:
            kept.append(own)
            is_disputed = is_disputed or (has_changed and own != theirs)
    gone = [own for own in mine.values() if _choice_mark(own) != opened.get(str(own.id))]
    is_disputed = is_disputed or bool(gone)  # changed here, removed there
    new = [choice for choice in typed if choice.id is None]
    return (*kept, *(replace(one, id=None) for one in gone), *new), is_disputed


def _choice_mark(choice: ChoiceWording) -> str:
    return _mark([choice.text, choice.right, choice.why])


def _mark(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:MARK_CHARS]
