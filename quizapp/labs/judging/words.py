"""Checks that are made of words: the one command that judges all of a lab's, and the verdicts in what it prints. Pure.

The command is the sandbox image's `judge`. What it prints comes from a learner's sandbox, so it is read strictly, and
whatever is not as it must be makes every word could-not-check, which costs no try.
"""

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from quizapp.catalogue.labs.lab_format import Check, LabDefinition
from quizapp.labs.judging.checks import CheckVerdict, fill, trim, why_unclear
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

NOTE = "judge note"  # remembers, out of the learner's reach, which containers and images the set-up left
SEEN_MOST_CHARS = 1000  # of one word; `judge` says a phrase
UNREADABLE = "Your host showed something that cannot be read. Check again, or reset the host."


class Why(StrEnum):
    """Why a word could not be judged, as `judge` says it."""

    NONE = ""
    ENGINE_AWAY = "engine-away"
    ENGINE_ODD = "engine-odd"
    NOT_THE_ENGINE = "not-the-engine"
    NOTHING_NOTED = "nothing-noted"
    BUSY = "busy"
    SLOW = "slow"
    ODD_HOST = "odd-host"


_SENTENCES = {
    Why.NONE: UNREADABLE,
    Why.ENGINE_AWAY: "The Docker Engine of your host does not answer. Start it, or reset the host to get a fresh one.",
    Why.ENGINE_ODD: "The Docker Engine of your host answered with what cannot be read. Check again, or reset the host.",
    Why.NOT_THE_ENGINE: (
        "Another program than the Docker Engine answers at `/run/docker.sock`. End it and start the engine, or reset "
        "the host."
    ),
    Why.NOTHING_NOTED: "It is not known how this host began, so it cannot be compared. Reset the host.",
    Why.BUSY: "Others call too, so it cannot be told who answered. End what calls in a loop, then check again.",
    Why.SLOW: "Your host took too long to answer. Wait a moment, then check again.",
    Why.ODD_HOST: UNREADABLE,
}


class _Judged(BaseModel):
    """One object that `judge` prints."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdict
    seen: Annotated[str, Field(max_length=SEEN_MOST_CHARS)]
    why: Why


_PRINTED = TypeAdapter(list[_Judged])


@dataclass(frozen=True, kw_only=True)
class WordVerdict:
    """The verdict on a word."""

    verdict: Verdict
    seen: str
    """A phrase about what was seen, as `trim` leaves it."""
    said: str
    """Why it could not be judged, in a sentence for the learner; else empty."""


def command(checks: Iterable[Check]) -> str:
    """The command that judges the words of all these checks, in their order."""
    asked = [{"word": name} | word.asked() for check in checks for name, word in check.words.items()]
    return f"judge {shlex.quote(json.dumps(asked))}"


def must_note(lab: LabDefinition) -> bool:
    """Whether a word of the lab compares with what its set-up left."""
    return any(word.remembers for check in lab.checks for word in check.words.values())


def read(result: CommandResult, *, count: int) -> Sequence[WordVerdict]:
    """The verdicts in what the command printed for `count` words."""
    if trouble := why_unclear(result):
        return [_unknown(trouble)] * count
    try:
        printed = _PRINTED.validate_json(result.output)
    except ValidationError:
        return [_unknown(UNREADABLE)] * count
    return [_read(each) for each in printed] if len(printed) == count else [_unknown(UNREADABLE)] * count


def judge(check: Check, found: WordVerdict, *, typed: str) -> CheckVerdict:
    """The verdict of a check that is a word."""
    said = fill(check.hint, seen=found.seen, typed=typed, wanted="") if found.verdict is Verdict.FAIL else found.said
    return CheckVerdict(name=check.name, verdict=found.verdict, seen=found.seen, said=said)


def _read(judged: _Judged) -> WordVerdict:
    unknown = judged.verdict is Verdict.COULD_NOT_CHECK
    return WordVerdict(verdict=judged.verdict, seen=trim(judged.seen), said=_SENTENCES[judged.why] if unknown else "")


def _unknown(said: str) -> WordVerdict:
    return WordVerdict(verdict=Verdict.COULD_NOT_CHECK, seen="", said=said)
