"""Compares one command's result with what a check expects. Knows no sandbox, no run and no other check."""

import re
from dataclasses import dataclass

from quizapp.catalogue.labs.lab_format import Check, Expect
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

SEEN_CHARS = 160  # about two lines on a phone: enough for learners to recognise their own output
KEPT_CHARS = 2_000  # of what is shown with the question after a right command: some twenty rules
NOTHING = "nothing"  # stands for empty output in a sentence
_ENGINE_AWAY = "Cannot connect to the Docker daemon"
_PLACEHOLDER = re.compile(r"\{(seen|typed|wanted)\}")


@dataclass(frozen=True, kw_only=True)
class CheckVerdict:
    """The verdict of one check."""

    name: str
    """The name that the author gave the check, the answer or the aspect."""
    verdict: Verdict
    seen: str
    """The command's output, as `trim` leaves it."""
    said: str
    """Markdown for the learner: the hint, or why it could not be checked; empty after a pass."""


def judge(check: Check, result: CommandResult, *, typed: str = "") -> CheckVerdict:
    """The verdict of a check that is a command. `typed` is the learner's answer, which hints may quote."""
    assert check.expect is not None  # a command has one
    seen = trim(result.output)
    trouble = why_unclear(result)
    if trouble:
        return CheckVerdict(name=check.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=trouble)
    if _holds(check.expect, result):
        return CheckVerdict(name=check.name, verdict=Verdict.PASS, seen=seen, said="")
    said = fill(check.hint, seen=seen, typed=typed, wanted=_wanted(check.expect))
    return CheckVerdict(name=check.name, verdict=Verdict.FAIL, seen=seen, said=said)


def why_unclear(result: CommandResult) -> str | None:
    """Why this result allows no verdict, in a sentence for the learner; None if it allows one."""
    if _ENGINE_AWAY in result.output:
        return "The Docker Engine of your host does not answer. Reset the host to get a fresh one."
    if result.timed_out or result.exit_code is None:
        return "Your host took too long to answer. Wait a moment, then check again."
    if result.truncated:
        return "Your host answered with more than can be read. Check again, or reset the host."
    return None


def trim(output: str) -> str:
    """Output for use in a sentence: on one line, printable, at most SEEN_CHARS characters."""
    lines = [" ".join(_printable(line).split()) for line in output.splitlines()]
    text = ", ".join(line for line in lines if line)
    return text if len(text) <= SEEN_CHARS else text[: SEEN_CHARS - 1] + "…"


def printable(output: str) -> str:
    """Output to be kept and shown: lines without what cannot be printed, at most KEPT_CHARS characters."""
    return "\n".join(_printable(line) for line in output.strip().splitlines())[:KEPT_CHARS]


def fill(hint: str, *, seen: str, typed: str, wanted: str) -> str:
    """`hint` with its placeholders replaced by code spans, once, so that no output of a host is read as Markdown."""
    values = {"seen": seen, "typed": typed, "wanted": wanted}
    return _PLACEHOLDER.sub(lambda match: _code(values[match[1]]) if values[match[1]] else NOTHING, hint)


def _code(text: str) -> str:
    """`text` as a Markdown code span, between more backticks than it has in a row."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return "`" * (longest + 1) + pad + text + pad + "`" * (longest + 1)


def _holds(expect: Expect, result: CommandResult) -> bool:
    """Whether every expectation that is set holds. White space before and after the output is ignored."""
    output = result.output.strip()
    return all(
        (
            expect.exit is None or result.exit_code == expect.exit,
            expect.equals is None or output == expect.equals.strip(),
            expect.contains is None or expect.contains in output,
            expect.not_contains is None or expect.not_contains not in output,
            expect.matches is None or re.search(expect.matches, output, re.MULTILINE) is not None,
        )
    )


def _wanted(expect: Expect) -> str:
    """The expected text, which a hint may quote; empty if only an exit code or `not_contains` is expected."""
    texts = (expect.equals, expect.contains, expect.matches)
    return next((text.strip() for text in texts if text is not None), "")


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in line)
