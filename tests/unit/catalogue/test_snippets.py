"""Snippets of a note: which blocks are marked, what their commands are, and when an output is the one that it says."""

import pytest

from quizapp.catalogue.snippets import SnippetStep, snippets

NOTE = """\
```console
$ echo shown, and not proved
```

```console prove
$ echo one
one
$ printf '%s\\n' a \\
> b
a
b
$ cd /tmp
```
"""


def test_a_block_with_the_mark_holds_commands_and_what_they_print() -> None:
    (found,) = snippets(NOTE)
    assert [(step.line, step.command, step.printed) for step in found.steps] == [
        (6, "echo one", ("one",)),
        (8, "printf '%s\\n' a \\\nb", ("a", "b")),
        (12, "cd /tmp", ()),
    ]


def test_a_fence_in_a_longer_fence_is_text() -> None:
    assert list(snippets("````md\n```console prove\n$ echo no\n```\n````\n")) == []


@pytest.mark.parametrize(
    ("printed", "output", "holds"),
    [
        (("one",), "one \n", True),
        (("one",), "one\ntwo\n", False),
        ((), "", True),
        ((), "\n", True),
        ((), "one\n", False),
        (("id …, done",), "id 4f2a, done\n", True),
        (("id …",), "id 4f2a\nmore\n", False),
        (("first", "…", "last"), "first\nlast\n", True),
        (("first", "…", "last"), "first\na\nb\nlast\n", True),
        (("a.c",), "abc\n", False),
    ],
)
def test_an_output_is_held_against_the_note(printed: tuple[str, ...], output: str, holds: bool) -> None:
    assert SnippetStep(line=1, command="x", printed=printed).holds(output) is holds
