"""Each word of a note is in what is read of it, and each word of that is on the page that shows it.

Lines are held to account elsewhere (`test_account`); here it is words, since a reader of Markdown leaves out the end of
a row, the title of a block or an unused link, of lines that it has read.
"""

import re
from dataclasses import fields, is_dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.html.rendering import render
from tests.examples import examples

# Each W becomes a word that stands nowhere else. Names, classes, comments and options of a block are no text.
WAYS = (
    "W W\nsecond W",
    "**W:** W W",
    "- W\n- W\n  - W W\n    more W",
    "1. W\n3. W\n   W",
    "> W\n> W\nlazy W",
    "> [!note] W\n> W",
    '!!! warning "W"\n    W\n    W',
    "::: tip W\nW\n:::",
    '```yaml title="W"\nW\n```',
    "~~~\nW\n~~~",
    "    W\n    W",
    "| W | W |\n|---|---|\n| W | W |\n| W | W | W |\n| W | `W | W` |\n| W |",
    "W | W\n--- | ---\nW | W",
    "<details><summary>W</summary>\n\nW\n\n</details>",
    "W[^a]\n\n[^a]: W W",
    '[W](https://e.example "W")',
    '![W](https://e.example/p.png "W")',
    "<https://e.example/W>",
    "W\n: W\n: W",
    "*W* __W__ ~~W~~ `W` ==W== ^W^ ~W~",
    "- [ ] W\n- [x] W",
    "***\nW\n***",
    "W\n===\nW\n---\nW",
    "###### W ######\nW",
    '<div align="center">W <b>W</b></div>',
    "<p>W</p>\n<ul><li>W</li><li>W</li></ul>",
    "<table><tr><th>W</th></tr><tr><td>W</td></tr></table>",
    "<pre>W\nW</pre>",
    '<abbr title="W">W</abbr>',
    "<dl><dt>W</dt><dd>W</dd></dl>",
    '<img src="https://e.example/a.png" alt="W">',
    "$$\nW\n$$",
    "$W$ and \\(W\\)",
    "[[W]] [[Other|W]]",
    "W :: W",
    "Q: W?\nA: W",
    "**Q: W?**\n\n*A:* W\n\nW",
    "1. W W?\n   - A) W\n   - B) W\n   Answer: B",
    "W\\\nW  \nW",
    "* W\n\n  W\n\n  ```\n  W\n  ```",
    "1) W\n2) W",
    "W&nbsp;W &lt;W&gt;",
    "<W> W </W>",
    '=== "W"\n\n    W',
    "```mermaid\ngraph W\n```",
    "http://e.example/W?a=W",
    "*Source: W*",
    "*Card:* W → W",
    '[Unused W]: https://e.example/W "W"',
    "*[W]: W",
    "> - W\n>   - W\n>\n> W",
    "\tW\n\tW",
    "- \tW\n\n1.\tW",
    "| Question | Answer |\n|---|---|\n| W? | W |\n| W? | W | W |",
)
HEADS = ("", "# T\n\n", "# T\n\n## S\n\n", "# T\n\n## Interview Questions\n\n", "---\ntitle: X\n---\n\n### S\n\n")


@pytest.mark.parametrize("way", WAYS)
def test_of_each_way_to_write(way: str) -> None:
    _hold("# T\n\n## S\n\n", [way])


@examples(60)
@given(st.sampled_from(HEADS), st.lists(st.sampled_from(WAYS), min_size=2, max_size=4))
def test_of_several_below_each_other(head: str, ways: list[str]) -> None:
    _hold(head, ways)


def _hold(head: str, ways: list[str]) -> None:
    numbers = count()
    text = head + re.sub(r"(?<![A-Za-z])W(?![A-Za-z])", lambda _: f"word{next(numbers)}x", "\n\n".join(ways)) + "\n"
    words = [f"word{number}x" for number in range(next(numbers))]
    read = list(_texts(parse_note(text.encode())))
    assert [word for word in words if not any(word in one for one in read)] == [], text
    pages = "\n".join(map(render, read))
    assert [word for word in words if word not in pages] == [], text


def _texts(value: object) -> list[str]:
    """All that is text in what is read of a note."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        value = [getattr(value, one.name) for one in fields(value)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list | tuple) else []
