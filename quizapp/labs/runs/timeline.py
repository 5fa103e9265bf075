"""The events of a run as sentences, in the order of their times. Knows no database and no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import assert_never

from markupsafe import Markup

from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.labs.lab_parts import ASPECT_NAMES
from quizapp.labs.runs import events
from quizapp.labs.runs.events import AspectDifference, Checked, CheckResult, Event, EventData
from quizapp.verdicts import Verdict

EXPLAINED_AS = {
    Verdict.PASS: "right.",
    Verdict.FAIL: "not so.",
    Verdict.COULD_NOT_CHECK: "it could not be checked.",
}


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """How a command's effect differs from the reference's, in one aspect."""

    aspect: str
    """The aspect's name on pages."""
    missing: Sequence[str]
    """Facts that only the reference brought about."""
    extra: Sequence[str]
    """Facts that only the learner's command brought about."""


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A grading of a run, as pages show it."""

    verdict: Verdict
    said: Markup
    """The hint, or why it could not be checked; empty after a pass."""
    typed: str
    """The learner's answer or command; empty if the lab asks for neither."""
    checks: Sequence[CheckResult]
    contrasts: Sequence[Contrast]
    """Empty for labs that ask for no command, and after a pass."""
    ending: str
    """How a command ended that failed or ran too long, in a sentence; else empty. Old results have none."""
    printed: str
    """What such a command printed; else empty."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One entry of a run's timeline, as a sentence."""

    at: datetime
    text: Markup
    graded: Graded | None
    """None if the entry is no grading."""
    typed: events.Typed | None
    """None if the entry is no typed command."""
    networks: str
    """The newest networks of the host that are kept, as of this entry; empty if there are none."""


def moments(happened: Sequence[Event]) -> Sequence[Moment]:
    """The events in the order of their times. They were added in another one: typed commands are read at each check."""
    in_time = sorted(happened, key=lambda event: (event.happened_at, event.sequence))
    said = [event.data for event in in_time]
    kept = list(accumulate(said, lambda before, data: events.networks_after(data, before), initial=""))[1:]
    return tuple(
        Moment(
            at=event.happened_at,
            text=_sentence(data),
            graded=graded(data) if isinstance(data, Checked) else None,
            typed=data if isinstance(data, events.Typed) else None,
            networks=networks,
        )
        for event, data, networks in zip(in_time, said, kept, strict=True)
    )


def graded(checked: Checked) -> Graded:
    """A grading as a page shows it."""
    return Graded(
        verdict=checked.verdict,
        said=render_inline(checked.said),
        typed=checked.typed,
        checks=checked.checks,
        contrasts=tuple(map(_contrast, checked.differences)),
        ending=checked.ending,
        printed=checked.printed,
    )


def _contrast(difference: AspectDifference) -> Contrast:
    return Contrast(aspect=ASPECT_NAMES[difference.aspect], missing=difference.missing, extra=difference.extra)


def _sentence(data: EventData) -> Markup:
    """A sentence for an event."""
    match data:
        case events.Predicted():
            return Markup("You predicted.")
        case events.Started():
            return Markup("You asked for a host.")
        case events.Ready():
            return Markup("The host was ready.")
        case events.NotReady(reason=reason):
            return Markup("The set-up failed: {}").format(reason)
        case events.Lost(reason=reason):
            return Markup("The host was gone. {}").format(reason)
        case Checked():
            said = _checked(data.verdict, data.said)
            return Markup("On the recording. {}").format(said) if data.recorded else said
        case events.Hinted(hint=number):
            return Markup("You took hint {}.").format(number)
        case events.Shown():
            return Markup("You looked at the solution.")
        case events.Ended():
            return Markup("You ended the host.")
        case events.Closed():
            return Markup("You left it to begin anew.")
        case events.Typed(command=command, boxed=boxed):
            return Markup("You ran <code>{}</code>" if boxed else "You typed <code>{}</code>").format(command)
        case events.Commanded(command=command):
            return Markup("You gave <code>{}</code>").format(command)
        case events.Explained(typed=typed, verdict=verdict):
            return Markup("You explained {}: {}").format(typed, EXPLAINED_AS[verdict])
        case _:
            assert_never(data)


def _checked(verdict: Verdict, said: str) -> Markup:
    match verdict:
        case Verdict.PASS:
            return Markup("Checked: right.")
        case Verdict.FAIL:
            return Markup("Checked: not yet. {}").format(render_inline(said))
        case Verdict.COULD_NOT_CHECK:
            return Markup("Could not be checked. {}").format(render_inline(said))
        case _:
            assert_never(verdict)
