"""Reads the labels of the note format, such as `*A:*` and `*Card:*`, and ids in comments. Pure: strings only."""

import re
from dataclasses import dataclass
from itertools import pairwise

# The labels under a question or a concept. `*Note:*` is no label but a part of the text.
LABELS = (
    "A", "Answer", "Must", "Bonus", "Red flags", "Level", "Options", "Why", "Source", "As of", "Card", "Lab", "Tags",
)  # fmt: skip
LABEL = re.compile(rf"(?:(?<=\s)|^)\*({'|'.join(LABELS)}):\*(?:\s+|$)", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
# Blanks are matched from their first one on: from each of them would take the square of the time for very many.
ID_COMMENT = re.compile(rf"(?<!\s)\s*<!--\s*id:\s*({ID.pattern})\s*-->")
_ARROW = re.compile(r"(?<!\s)\s*→\s*")
_TYPED_ARROW = re.compile(r"(?<!\s)\s+(?:-->|->|=>)\s+")  # arrows that a keyboard without → can type
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_TASK = re.compile(r"^\[([ xX])\]\s+")
QUESTION_LEAD = re.compile(r"^Q\s?\d*\s*[:.)]\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A label and the text after it."""

    label: str
    """In lower case, such as "red flags"."""
    text: str


def split_labels(text: str) -> tuple[str, list[Labelled]]:
    """The text before the first label, and the labels in order: `x *Level:* 2 *Lab:* y` -> `x`, level, lab."""
    found = list(LABEL.finditer(without_code(text)))
    if not found:
        return text.strip(), []
    ends = [match.start() for match in found[1:]] + [len(text)]
    labels = [
        Labelled(label=match[1].lower(), text=text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].strip(), labels


def take_id(text: str) -> tuple[str, str | None]:
    """A text without its id comment, and the id; None if it has none."""
    found = ID_COMMENT.search(text)
    if found is None:
        return text, None
    return (text[: found.start()] + text[found.end() :]).rstrip(), found[1]


def points_of(text: str) -> tuple[str, ...]:
    """The points of a marking guide, separated by semicolons."""
    ends = [*(found.start() for found in re.finditer(";", without_code(text))), len(text)]
    points = (text[start:end].strip() for start, end in pairwise([0, *ends]))
    return tuple(point.removeprefix(";").strip() for point in points if point.removeprefix(";").strip())


def card_of(text: str) -> tuple[str, str]:
    """Front and back of a `*Card:*`; the back is empty if there is no arrow."""
    plain = without_code(text)
    arrow = _ARROW.search(plain) or _TYPED_ARROW.search(plain)
    if arrow is None:
        return text.strip(), ""
    return text[: arrow.start()].strip(), text[arrow.end() :].strip()


def without_code(text: str) -> str:
    """The text with NULs for the characters of code spans, so that matches have the same positions in both texts."""
    return _CODE.sub(lambda found: "\0" * len(found[0]), text)


def option_of(text: str) -> tuple[bool, str, str] | None:
    """Whether an option is right, its text and its why; None for an item that does not begin with `[ ]` or `[x]`."""
    task = _TASK.match(text)
    if task is None:
        return None
    body, labels = split_labels(text[task.end() :])
    why = next((label.text for label in labels if label.label == "why"), "")
    return task[1] != " ", body, why


def bold_lead(text: str) -> tuple[str, str] | None:
    """The bold words that an item begins with, without a colon after them, and the rest; None without bold words.

    The bold may hold code spans: `**The bridge (`docker0`):** text`.
    """
    if not text.startswith("**"):
        return None
    end = without_code(text).find("**", 2)
    term = text[2:end].strip().rstrip(":").strip() if end > 0 else ""
    return (term, text[end + 2 :].lstrip().removeprefix(":").lstrip()) if term else None
