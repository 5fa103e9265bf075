"""A note of ours, data/own.md, as formatters left it: what is asked is the same.

data/formatted has what they made of it: prettier 3.9.6, remark-cli 12.0.1 with remark-gfm 4.0.1 and
remark-frontmatter 5.0.0 (`remark-alone` is without these two, when it escapes the boxes of options and takes the front
matter apart), markdownlint-cli2 0.22.1 --fix and dprint 0.57.4 with @dprint/markdown 0.28.1, all of npm; mdformat
1.0.0 with mdformat-gfm 1.0.0 and mdformat-frontmatter 2.2.0; pandoc 3.9, which writes comments as code of HTML, read
and written as its own Markdown and as GitHub's, with --wrap=none. To run them in each test would need the network.
"""

import re
from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote

DATA = Path(__file__).parent / "data"
FORMATTED = sorted((DATA / "formatted").glob("*.md"))


def read(path: Path) -> ParsedNote:
    return parse_note(path.read_bytes(), name="own")


def same_marks(text: str) -> str:
    """A text with the signs for lists and code blocks that all of them could have chosen."""
    return re.sub(r"^``` +(?=\w)", "```", re.sub(r"^[*+](?= )", "-", text, flags=re.MULTILINE), flags=re.MULTILINE)


def asked(note: ParsedNote) -> list[object]:
    return [
        (
            one.key,
            one.prompt,
            same_marks(one.answer),
            one.choices,
            one.must,
            one.level,
            one.source_url,
            one.as_of,
            one.lab,
        )
        for one in note.everything_asked
    ]


def concepts(note: ParsedNote) -> list[tuple[str | None, str]]:
    return [(one.key, one.term) for section in note.sections for one in section.concepts]


@pytest.mark.parametrize("path", FORMATTED, ids=lambda path: path.stem)
def test_a_formatted_note_asks_and_explains_the_same(path: Path) -> None:
    own, formatted = read(DATA / "own.md"), read(path)
    assert asked(formatted) == asked(own)
    assert concepts(formatted) == concepts(own)
    assert formatted.warnings == own.warnings == ()


@pytest.mark.parametrize("path", FORMATTED, ids=lambda path: path.stem)
def test_a_formatted_note_has_its_title_and_sections(path: Path) -> None:
    own, formatted = read(DATA / "own.md"), read(path)
    assert (formatted.heading, formatted.date) == (own.heading, own.date)
    assert formatted.tags == own.tags or path.stem == "remark-alone"
    titles = [[section.title for section in note.sections if section.title] for note in (own, formatted)]
    assert titles[0] == titles[1]
