"""Which commands a lab's texts show, for a proof to run."""

import pytest

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.shown_commands import shown, stale_marks


def lab(**texts: object) -> LabDefinition:
    """A lab with these texts."""
    parts = {
        "id": "a-lab",
        "title": "A lab",
        "summary": "It shows commands.",
        "level": 1,
        "minutes": 1,
        "task": "Do it.",
        "checks": [{"name": "done", "run": "true", "expect": {"exit": 0}, "hint": "Not yet."}],
        "solutions": [{"run": "touch done"}],
        "wrong": [{"run": "true", "why": "Nothing was done."}],
        "reveal": "That was it.",
    }
    return LabDefinition.model_validate(parts | texts)


def test_lines_of_a_block_and_spans_of_code_are_commands() -> None:
    text = "See `docker port web`.\n\n```bash\n# both\nip link\ndocker run \\\n  nginx\n```\n"
    assert shown(lab(reveal=text)).afterwards == ("ip link", "docker run nginx", "docker port web")


def test_a_variable_of_the_lab_is_no_blank() -> None:
    """Else a command would be run once it has its value, and be none while its result is looked up."""
    assert shown(lab(task="`docker run -p ${PORT}:80 nginx`")).on_the_way == ("docker run -p ${PORT}:80 nginx",)


@pytest.mark.parametrize(
    "code",
    [
        *("`-p 80:80`", "`eth0`", "`docker run`", "`docker network connect --alias`", "`tcpdump -ni`"),
        *("`docker exec NAME ip link`", "`docker run -d … nginx`", "`docker network connect NETWORK web`"),
        "```text\ndocker ps -a now\n```",
    ],
)
def test_what_names_a_tool_or_leaves_a_blank_is_no_command(code: str) -> None:
    assert shown(lab(task=f"Look at\n\n{code}\n")).on_the_way == ()


def test_hints_and_the_task_are_on_the_way_each_command_once() -> None:
    found = shown(lab(task="It fails: `ping -c 1 db`.", hints=["Try `ping -c 1 db`.", "Then `docker logs db`."]))
    assert found.on_the_way == ("ping -c 1 db", "docker logs db")
    assert found.afterwards == ()


def test_a_marked_command_is_left_out_and_a_mark_for_no_command_is_told() -> None:
    marked = lab(reveal="See `docker logs db`.", shown={"skip": ["docker logs db"], "fail": ["docker logs app"]})
    assert shown(marked).afterwards == ()
    assert stale_marks(marked) == ("docker logs app",)
