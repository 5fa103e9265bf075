"""The labels of the note format, such as `*A:*` and `*Card:*`, and ids in comments. Pure string work."""

import re
from dataclasses import dataclass

# Labels under a question or a concept. `Note` belongs to the text and is not one of them.
LABELS = (
    "A", "Answer", "Must", "Bonus", "Red flags", "Level", "Options", "Why", "Source", "As of", "Card", "Lab", "Tags",
)  # fmt: skip
LABEL = re.compile(rf"(?:(?<=\s)|^)\*({'|'.join(LABELS)}):\*(?:\s+|$)", re.IGNORECASE)
ID_COMMENT = re.compile(r"\s*<!--\s*id:\s*([A-Za-z0-9][A-Za-z0-9_-]{0,62})\s*-->")
ARROW = re.compile(r"\s*(?:→|-->|->|=>)\s*")
_TASK = re.compile(r"^\[([ xX])\]\s+")
QUESTION_LEAD = re.compile(r"^Q\s?\d*\s*[:.)]\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A label and the text behind it."""

    label: str
    text: str


def split_labels(text: str) -> tuple[str, list[Labelled]]:
    """The text before the first label, and the labels in order: `x *Level:* 2 *Lab:* y` -> `x`, level, lab."""
    found = list(LABEL.finditer(text))
    if not found:
        return text.strip(), []
    ends = [match.start() for match in found[1:]] + [len(text)]
    labels = [
        Labelled(label=match[1].lower(), text=text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]
    return text[: found[0].start()].strip(), labels


def take_id(text: str) -> tuple[str, str | None]:
    """A text without its id comment, and the id."""
    found = ID_COMMENT.search(text)
    if found is None:
        return text, None
    return (text[: found.start()] + text[found.end() :]).rstrip(), found[1]


def points_of(text: str) -> tuple[str, ...]:
    """The points of a marking guide, separated by semicolons."""
    return tuple(point.strip() for point in text.split(";") if point.strip())


def card_of(text: str) -> tuple[str, str]:
    """Front and back of a `*Card:*`; the back is empty where the arrow is missing."""
    parts = ARROW.split(text, maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) == 2 else ""


def option_of(text: str) -> tuple[bool, str, str] | None:
    """Whether an option is right, its text and its why; None for an item that is not a task."""
    task = _TASK.match(text)
    if task is None:
        return None
    body, labels = split_labels(text[task.end() :])
    why = next((label.text for label in labels if label.label == "why"), "")
    return task[1] != " ", body, why


def bold_lead(text: str) -> tuple[str, str] | None:
    """The bold words that an item begins with, without a closing colon, and the rest; None if it begins otherwise.

    The bold may hold code spans: `**The bridge (`docker0`):** text`.
    """
    if not text.startswith("**"):
        return None
    end = _bold_end(text)
    if end is None:
        return None
    return text[2:end].strip().rstrip(":").strip(), text[end + 2 :].lstrip().removeprefix(":").lstrip()


def _bold_end(text: str) -> int | None:
    """Where the bold that opens a text closes, skipping stars inside code spans."""
    in_code = False
    for index in range(2, len(text) - 1):
        if text[index] == "`":
            in_code = not in_code
        elif not in_code and text.startswith("**", index):
            return index
    return None
