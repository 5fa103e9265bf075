"""What a timeline keeps: each kind comes back as it was, also as earlier versions kept it, and is told in words."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

import pytest

from quizapp.labs.runs import events, timeline
from quizapp.labs.runs.events import EventData, EventKind, from_json, kind_of, to_json
from quizapp.verdicts import Verdict

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FAILED = events.Checked(
    verdict=Verdict.FAIL,
    said="The port is **not** published.",
    typed="docker run nginx",
    checks=(events.CheckResult(name="published", verdict=Verdict.FAIL),),
    differences=(events.AspectDifference(aspect="ports", missing=("80/tcp on any address",), extra=()),),
    ending="Your command failed with exit code 125.",
    printed="docker: invalid reference format.",
    recorded=True,
)
HAPPENED: tuple[EventData, ...] = (
    events.Predicted(given={"port": "8080"}),
    events.Started(sandbox="5f"),
    events.Ready(),
    events.NotReady(reason="The lab could not be set up on this host."),
    events.Lost(reason="It stopped by itself."),
    events.Typed(command="docker ps"),
    FAILED,
    events.Hinted(hint=2),
    events.Shown(),
    events.Ended(),
    events.Closed(),
    events.Explained(verdict=Verdict.PASS, said="", typed="172.17.0.1", seen="172.17.0.1"),
    events.Commanded(command="docker run nginx", twins={"reference": "a", "attempt": "b"}),
)
AS_KEPT_BEFORE = (
    (EventKind.PREDICTED, {"port": "8080"}, events.Predicted(given={"port": "8080"})),
    (EventKind.READY, {}, events.Ready()),
    (
        EventKind.CHECKED,
        {"verdict": "pass", "said": "", "typed": "", "checks": [{"name": "published", "verdict": "pass"}]},
        events.Checked(
            verdict=Verdict.PASS,
            said="",
            typed="",
            checks=(events.CheckResult(name="published", verdict=Verdict.PASS),),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Noted:
    data: EventData
    sequence: int = 1
    happened_at: datetime = NOW


def sentence(data: EventData) -> str:
    (moment,) = timeline.moments([Noted(data=data)])
    return moment.text


def test_every_kind_is_tried_here() -> None:
    assert {type(data) for data in HAPPENED} == set(get_args(EventData))
    assert {kind_of(data) for data in HAPPENED} == set(EventKind)


@pytest.mark.parametrize("data", HAPPENED, ids=kind_of)
def test_what_is_kept_comes_back(data: EventData) -> None:
    assert from_json(kind_of(data), to_json(data)) == data


@pytest.mark.parametrize(("kind", "kept", "data"), AS_KEPT_BEFORE, ids=str)
def test_what_earlier_versions_kept_is_read(kind: EventKind, kept: dict[str, object], data: EventData) -> None:
    assert from_json(kind, kept) == data
    assert to_json(data) == kept


@pytest.mark.parametrize("data", HAPPENED, ids=kind_of)
def test_every_kind_is_told_in_a_sentence(data: EventData) -> None:
    assert len(sentence(data).split()) > 1


def test_trouble_in_the_set_up_is_not_told_as_a_lost_host() -> None:
    told = sentence(events.NotReady(reason="The lab could not be set up on this host (exit code 3). Reset the host."))
    assert told == "The set-up failed: The lab could not be set up on this host (exit code 3). Reset the host."


def test_a_grading_is_shown_with_what_differs() -> None:
    shown = timeline.graded(FAILED)
    assert [(each.aspect, each.missing) for each in shown.contrasts] == [
        ("published ports", ("80/tcp on any address",))
    ]
    assert "<strong>not</strong>" in shown.said
