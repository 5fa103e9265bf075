"""What happened in a run, told in sentences and in its order. Knows no database and no sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from quizapp.catalogue.labs.lab_format import Aspect
from quizapp.catalogue.rendering import render_inline
from quizapp.labs.runs.events import Event, EventKind
from quizapp.verdicts import Verdict

ASPECT_NAMES = {aspect.value: aspect.value for aspect in Aspect} | {"ports": "published ports", "nat": "NAT rules"}
EXPLAINED_AS = {
    Verdict.PASS: "right.",
    Verdict.FAIL: "not so.",
    Verdict.COULD_NOT_CHECK: "it could not be checked.",
}


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of a grading, by the name that its author gave it."""

    name: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """In what a command's effect differs from the reference's, in one aspect: what only one of the two has."""

    aspect: str
    missing: Sequence[str]
    extra: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A grading of a run. `contrasts` and `printed`, what a command that failed said, are of a command."""

    verdict: Verdict
    said: Markup
    typed: str
    checks: Sequence[CheckResult]
    contrasts: Sequence[Contrast]
    printed: str


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One entry of a run's timeline, in a sentence; `graded` if it was a check."""

    at: datetime
    text: Markup
    graded: Graded | None


def moments(events: Sequence[Event]) -> Sequence[Moment]:
    """The events in the order in which they happened, which is another than that in which they were noted."""
    in_time = sorted(events, key=lambda event: (event.happened_at, event.sequence))
    return tuple(
        Moment(at=event.happened_at, text=_sentence(event.kind, event.data), graded=_graded_in(event))
        for event in in_time
    )


def graded(data: Mapping[str, Any]) -> Graded:
    """The grading that a timeline keeps so."""
    return Graded(
        verdict=Verdict(data["verdict"]),
        said=render_inline(data["said"]),
        typed=data["typed"],
        checks=tuple(CheckResult(name=each["name"], verdict=Verdict(each["verdict"])) for each in data["checks"]),
        contrasts=tuple(_contrast(each) for each in data.get("differences", ())),
        printed=data.get("printed", ""),
    )


def _graded_in(event: Event) -> Graded | None:
    return graded(event.data) if event.kind is EventKind.CHECKED else None


def _contrast(data: Mapping[str, Any]) -> Contrast:
    return Contrast(aspect=ASPECT_NAMES[data["aspect"]], missing=data["missing"], extra=data["extra"])


def _sentence(kind: EventKind, data: Mapping[str, Any]) -> Markup:
    """What happened, for the timeline."""
    match kind:
        case EventKind.PREDICTED:
            return Markup("You predicted.")
        case EventKind.STARTED:
            return Markup("You asked for a host.")
        case EventKind.READY:
            return Markup("The host was ready.")
        case EventKind.NOT_READY | EventKind.LOST:
            return Markup("The host was lost: {}").format(data["reason"])
        case EventKind.CHECKED:
            said = _checked(Verdict(data["verdict"]), data["said"])
            return Markup("On the recording. {}").format(said) if data.get("recorded") else said
        case EventKind.HINTED:
            return Markup("You took hint {}.").format(data["hint"])
        case EventKind.SHOWN:
            return Markup("You looked at the solution.")
        case EventKind.ENDED:
            return Markup("You ended the host.")
        case EventKind.CLOSED:
            return Markup("You left it to begin anew.")
        case EventKind.TYPED:
            return Markup("You typed <code>{}</code>").format(data["command"])
        case EventKind.COMMANDED:
            return Markup("You gave <code>{}</code>").format(data["command"])
        case EventKind.EXPLAINED:
            return Markup("You explained {}: {}").format(data["typed"], EXPLAINED_AS[Verdict(data["verdict"])])


def _checked(verdict: Verdict, said: str) -> Markup:
    match verdict:
        case Verdict.PASS:
            return Markup("Checked: right.")
        case Verdict.FAIL:
            return Markup("Checked: not yet. {}").format(render_inline(said))
        case Verdict.COULD_NOT_CHECK:
            return Markup("Could not be checked. {}").format(render_inline(said))
