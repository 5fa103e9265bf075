"""The task at the head of a terminal: plain, filled, code untouched."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.labs.hosts.motd import COLUMNS, message

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
SHOWN = """Your task: One port

Start a container `web` with its port 80 published on port 8080 of the host,
and let the neighbour open it.

1. Write down first what you expect, since nothing at all is lost by being
   wrong about it.
2. Start it:
   - in the background

docker run -d   --name web -p 8080:80 a-very-long-image-name-that-goes-on-and-on-and-on-and-on-and-on nginx
# a comment

Then *check*.

"""


def test_the_task_is_plain_text() -> None:
    assert message("One port", TASK) == SHOWN


@given(st.text(alphabet="ab `*-1.\n#", max_size=200))
def test_no_word_is_lost_and_no_line_too_long(task: str) -> None:
    shown = message("T", task).split("Your task: T", 1)[1]
    if "```" not in task:
        assert shown.split() == task.replace("**", "").split()
        assert all(len(line) <= COLUMNS or " " not in line.strip() for line in shown.splitlines())
