"""What the lab editor shows of a verification: each attempt with its verdict, beside the line that it comes from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_file import BadLab, read_with_places
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.models import Lab
from quizapp.catalogue.yaml_text import Document
from quizapp.labs.proof import verification
from quizapp.labs.proof.models import LabVerification, VerificationState
from quizapp.labs.proof.proof import AttemptKind

WAITING = "not yet"  # in place of a verdict


@dataclass(frozen=True, kw_only=True)
class AttemptRow:
    """An attempt of a verification."""

    line: int
    """Where it stands in the text that is verified, from 1."""
    label: str
    verdict: str
    """A Verdict, or WAITING."""
    is_right: bool
    """Whether the verdict is the one that it must have, and nothing else is wrong."""
    seconds: float
    troubles: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class VerificationPage:
    """The newest verification of a lab."""

    is_running: bool
    is_ok: bool
    is_stopped: bool
    is_broken: bool
    is_stopping: bool
    is_of_text: bool
    """Whether it is of the text that is stored now."""
    begun_at: datetime
    attempts: Sequence[AttemptRow]
    said: Sequence[str]
    """What is wrong beside single attempts, or why it broke off."""

    @property
    def made(self) -> int:
        """How many attempts have ended."""
        return sum(attempt.verdict != WAITING for attempt in self.attempts)

    @property
    def as_json(self) -> str:
        """What the editor's margin shows: a word at each line that an attempt comes from."""
        if not self.is_of_text or not self.attempts:
            return "[]"
        words = [""] * max(attempt.line for attempt in self.attempts)
        for attempt in self.attempts:
            words[attempt.line - 1] = (
                "…" if attempt.verdict == WAITING else "✓ as due" if attempt.is_right else "✗ not so"
            )
        return json.dumps(words)


def verification_page(db: Session, *, lab: Lab, text: str, now: datetime) -> VerificationPage | None:
    """The newest verification of a lab whose stored text is `text`; None if there was none."""
    row = verification.latest(db, lab_id=lab.id)
    if row is None:
        return None
    is_lost = verification.is_lost(row, now=now)
    state = VerificationState.BROKEN if is_lost else row.state
    is_running = state is VerificationState.RUNNING
    return VerificationPage(
        is_running=is_running,
        is_ok=row.is_ok,
        is_stopped=state is VerificationState.STOPPED,
        is_broken=state is VerificationState.BROKEN,
        is_stopping=is_running and row.is_to_stop,
        is_of_text=row.digest == verification.digest_of(text),
        begun_at=row.begun_at,
        attempts=tuple(_attempts(row, slug=lab.slug, is_running=is_running)),
        said=[verification.INTERRUPTED] if is_lost else row.said.splitlines(),
    )


def _attempts(row: LabVerification, *, slug: str, is_running: bool) -> Iterator[AttemptRow]:
    try:
        lab, document = read_with_places(row.text, folder=slug)
    except BadLab:  # a format that has changed since
        return
    made = {(AttemptKind(each["kind"]), each["number"]): each for each in row.attempts}
    for kind, number in _described(lab):
        if is_running or (kind, number) in made:
            yield _row(lab, document, kind, number, made.get((kind, number)))


def _described(lab: LabDefinition) -> Iterator[tuple[AttemptKind, int]]:
    yield AttemptKind.UNTOUCHED, 0
    yield from ((AttemptKind.SOLUTION, number) for number in range(len(lab.solutions)))
    yield from ((AttemptKind.WRONG, number) for number in range(len(lab.wrong)))


def _row(
    lab: LabDefinition, document: Document, kind: AttemptKind, number: int, made: Mapping[str, Any] | None
) -> AttemptRow:
    path: list[str | int]
    match kind:
        case AttemptKind.UNTOUCHED:
            path, label = ["task"], "Nothing is done: must fail"
        case AttemptKind.SOLUTION:
            name = lab.solutions[number].name
            path, label = ["solutions", number], f"Solution {number + 1}{f', {name}' if name else ''}: must pass"
        case AttemptKind.WRONG:
            fails = lab.wrong[number].fails
            path, label = ["wrong", number], f"Wrong attempt {number + 1}: must fail{f' at {fails}' if fails else ''}"
        case _:
            assert_never(kind)
    line, _ = document.place_of(path)
    if made is None:
        return AttemptRow(line=line, label=label, verdict=WAITING, is_right=False, seconds=0, troubles=())
    troubles = tuple(made["troubles"])
    return AttemptRow(
        line=line,
        label=label,
        verdict=made["verdict"],
        is_right=not troubles,
        seconds=made["seconds"],
        troubles=troubles,
    )
