"""The task at the head of a terminal: plain, a line a paragraph, code untouched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.labs.hosts.motd import BOLD, PLAIN, message

TASK = """Start a container `web` with its port 80 published on port **8080** of the host, and let the neighbour open
it.

1. Write down **first** what you expect, since nothing at all is lost by being wrong about it.
2. Start it:
   - in the background

```bash
docker run -d   --name web -p 8080:80 a-very-long-image-name-that-goes-on-and-on-and-on-and-on-and-on nginx
# a comment
```

Then *check*.
"""
SHOWN = f"""Your task: One port

Start a container {BOLD}web{PLAIN} with its port 80 published on port 8080 of the host, and let the neighbour open it.

1. Write down first what you expect, since nothing at all is lost by being wrong about it.
2. Start it:
   - in the background

docker run -d   --name web -p 8080:80 a-very-long-image-name-that-goes-on-and-on-and-on-and-on-and-on nginx
# a comment

Then check.

"""


def test_the_task_is_plain_text() -> None:
    assert message("One port", TASK) == SHOWN


@pytest.mark.parametrize(
    ("task", "shown"),
    [
        ("*you* and **they**", "you and they"),
        ("a **bold *and* more** word", "a bold *and* more word"),
        ("see [the note](https://example.com/a)", "see the note"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`ss *:80 *`", f"{BOLD}ss *:80 *{PLAIN}"),
    ],
)
def test_no_mark_of_markdown_is_left(task: str, shown: str) -> None:
    assert message("T", task).strip().endswith(f"\n{shown}")


@given(st.text(alphabet="ab `*-1.\n#", max_size=200))
def test_no_word_is_lost(task: str) -> None:
    shown = message("T", task).split("Your task: T", 1)[1].replace(BOLD, "").replace(PLAIN, "")
    if "```" not in task:
        assert re.sub(r"[\s`*]", "", shown) == re.sub(r"[\s`*]", "", task)
