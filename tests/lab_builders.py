"""A lab as an import makes it, and what a fake sandbox answers when it is done right."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from quizapp.catalogue.models import Lab, Question, QuestionKind
from quizapp.sandboxes.client import CommandResult
from quizapp.sandboxes.fake import FakeSandboxClient

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # noon in Berlin

DEFINITION: dict[str, object] = {
    "title": "Two ports",
    "summary": "Publish one.",
    "level": 1,
    "minutes": 4,
    "concepts": [],
    "vars": {"PORT": {"random": "8000-8999"}},
    "setup": "prepare ${PORT}",
    "task": "Publish port ${PORT}.",
    "predict": [
        {"name": "where", "label": "It answers on", "kind": "number", "happened": "say-where", "reveal": "Always."},
        {"name": "why", "label": "Since", "kind": "choice", "options": ["a", "b"], "happened": "say-why"},
    ],
    "answer": {"name": "port", "label": "The port", "run": "say-port", "compare": "int", "hint": "You typed {typed}."},
    "explain": {
        "name": "rule",
        "label": "The rule",
        "run": "say-rule",
        "compare": "text",
        "hint": "Not {typed}.",
    },
    "checks": [{"name": "runs", "run": "is-up", "expect": {"equals": "running"}, "hint": "Seen {seen}."}],
    "hints": ["Try ${PORT}.", "Try harder."],
    "solutions": [{"run": "start ${PORT}", "answer": "say-port"}],
    "wrong": [{"run": "true", "why": "Nothing was done."}],
    "reveal": "That was **it**.",
}
RIGHT = {"is-up": "running", "say-port": "32768", "say-where": "8080", "say-why": "b", "say-rule": "DNAT"}
PREDICTED = {"where": "80", "why": "b"}


def printed(output: str, *, exit_code: int = 0) -> CommandResult:
    """The result of a command that printed that."""
    return CommandResult(exit_code=exit_code, output=output, milliseconds=1, timed_out=False, truncated=False)


def set_right(client: FakeSandboxClient, **changed: str) -> None:
    """Let every sandbox look as if the lab were done, but for the outputs that are `changed`, `_` for `-`."""
    outputs = RIGHT | {name.replace("_", "-"): text for name, text in changed.items()}
    client.answers = {command: printed(text) for command, text in outputs.items()}


def add_lab(db: Session, *, slug: str = "two-ports", **changes: object) -> Lab:
    """A lab with its question."""
    definition = {"id": slug, **DEFINITION, **changes}
    question = Question(
        key=f"lab-{slug}",
        kind=QuestionKind.LAB,
        position=1,
        prompt=str(definition["task"]),
        answer=str(definition["reveal"]),
        level=1,
        fingerprint="0" * 64,
        updated_at=NOON,
    )
    lab = Lab(
        slug=slug,
        question=question,
        title=str(definition["title"]),
        summary=str(definition["summary"]),
        minutes=4,
        definition=definition,
        fingerprint="0" * 64,
    )
    db.add(lab)
    db.flush()
    return lab
