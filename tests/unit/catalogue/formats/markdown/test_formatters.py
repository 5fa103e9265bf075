"""Our own notes after a formatter: what is asked stays the same.

What each one does was seen by running it on them: prettier 3 and dprint write `_A:_`, markdownlint and remark put
addresses between angle brackets, all of them narrow bullets.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.kinds.expected import LABEL_OF
from quizapp.catalogue.store.question_store import content_of

FOLDER = Path(__file__).parents[5] / "content" / "notes"
# Of our notes the first one and one that has every kind of question: each more is read fourteen times.
NOTES = [FOLDER / "docker-networking.md", FOLDER / "namespaces-and-cgroups.md"]
LABEL = re.compile(r"(?<![*\w])\*([A-Z][a-z]*(?: of)?):\*")
# These are labels in italics alone, see docs/content-format.md: in bold they are words.
ITALIC = re.compile(rf"\*(?:{'|'.join([*LABEL_OF.values(), 'Hint'])}):\*")


def underscores(text: str) -> str:
    return LABEL.sub(r"_\1:_", text)


def bold_labels(text: str) -> str:
    return LABEL.sub(lambda found: found[0] if ITALIC.fullmatch(found[0]) else f"**{found[1]}:**", text)


def colons_outside(text: str) -> str:
    return LABEL.sub(r"*\1*:", text)


def underlined_terms(text: str) -> str:
    return re.sub(r"^(\s*(?:\*|\d+\.)\s+)\*\*([^*`\n]+)\*\*", r"\1__\2__", text, flags=re.MULTILINE)


def brackets(text: str) -> str:
    return re.sub(r"(\*Source:\*\s+)(https://\S+)", r"\1<\2>", text)


def links(text: str) -> str:
    return re.sub(r"(\*Source:\*\s+)(https://\S+)", r"\1[the docs](\2)", text)


def narrow_bullets(text: str) -> str:
    """`*   ` becomes `- `, and what is nested goes two columns in."""
    lines = []
    for line in text.split("\n"):
        found = re.match(r"^((?:    )*)\*   (.*)$", line)
        lines.append(f"{'  ' * (len(found[1]) // 4)}- {found[2]}" if found else line)
    return "\n".join(lines)


def tabs(text: str) -> str:
    return re.sub(r"^(?:    )+(?=\*)", lambda found: "\t" * (len(found[0]) // 4), text, flags=re.MULTILINE)


def asked(note: ParsedNote) -> list[tuple[str, str | None, str]]:
    cards = [(content_of(one).fingerprint, one.key, one.prompt) for one in note.everything_asked]
    concepts = [(one.term, one.key, "") for section in note.sections for one in section.concepts]
    return [*cards, *concepts]


@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "formatter", [underscores, bold_labels, colons_outside, underlined_terms, brackets, links, tabs]
)
def test_a_formatter_changes_nothing_that_is_asked(path: Path, formatter: Callable[[str], str]) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatter(text) != text
    assert asked(parse_note(formatter(text).encode())) == asked(parse_note(text.encode()))


def test_narrow_bullets_change_nothing_that_is_asked() -> None:
    text = "## A\n*   **Term:** x\n    *   more\n    *   *Card:* a → b\n    *   *Level:* 2\n"
    assert asked(parse_note(narrow_bullets(text).encode())) == asked(parse_note(text.encode()))
