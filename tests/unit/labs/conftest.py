"""A small lab, and results of its commands."""

from collections.abc import Callable

import pytest

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.sandboxes.client import CommandResult


@pytest.fixture
def lab() -> LabDefinition:
    """Two checks, a typed port and a prediction of each kind."""
    return LabDefinition.model_validate(
        {
            "id": "two-ports",
            "title": "Two ports",
            "summary": "Publish one.",
            "level": 1,
            "minutes": 4,
            "task": "Publish port ${PORT}.",
            "vars": {"PORT": {"random": "8000-8999"}},
            "predict": [
                {
                    "name": "where",
                    "label": "It answers on",
                    "kind": "number",
                    "happened": "say-where",
                    "reveal": "Yes.",
                },
                {"name": "why", "label": "Since", "kind": "choice", "options": ["a", "b"], "happened": "say-why"},
            ],
            "answer": {
                "name": "port",
                "label": "Port",
                "run": "say-port",
                "compare": "int",
                "hint": "You typed {typed}, it is {seen}.",
            },
            "checks": [
                {"name": "runs", "run": "is-up", "expect": {"equals": "running"}, "hint": "Seen: {seen}."},
                {"name": "maps", "run": "map ${PORT}", "expect": {"contains": "->"}, "hint": "{seen}, not {wanted}"},
            ],
            "solutions": [{"run": "one", "answer": "say-port"}, {"run": "two", "answer": "say-port"}],
            "wrong": [{"run": "three", "why": "no"}, {"run": "four", "why": "no"}],
            "reveal": "That was it.",
        }
    )


@pytest.fixture
def printed() -> Callable[..., CommandResult]:
    """`printed("text")`: the result of a command that printed that; keywords change the rest."""

    def result(output: str, **fields: object) -> CommandResult:
        usual = {"exit_code": 0, "milliseconds": 1, "timed_out": False, "truncated": False}
        return CommandResult(**(usual | {"output": output} | fields))  # type: ignore[arg-type]

    return result
