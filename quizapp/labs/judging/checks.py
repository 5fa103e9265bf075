"""Hold one command's result against what a check expects. Knows no sandbox, no run and no other check."""

import re
from dataclasses import dataclass

from quizapp.catalogue.labs.lab_format import Check, Expect
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

SEEN_CHARS = 160  # about two lines on a phone: enough to recognise one's own output in
NOTHING = "nothing"  # how a sentence names empty output
_ENGINE_AWAY = "Cannot connect to the Docker daemon"
_PLACEHOLDER = re.compile(r"\{(seen|typed|wanted)\}")


@dataclass(frozen=True, kw_only=True)
class CheckVerdict:
    """What one check came to. `seen` is the output, trimmed; `said`, in Markdown, is for whoever did not pass."""

    name: str
    verdict: Verdict
    seen: str
    said: str


def judge(check: Check, result: CommandResult, *, typed: str = "") -> CheckVerdict:
    """The verdict of one check. `typed` is the learner's answer, for hints that quote it."""
    seen = trim(result.output)
    trouble = why_unclear(result)
    if trouble:
        return CheckVerdict(name=check.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=trouble)
    if _holds(check.expect, result):
        return CheckVerdict(name=check.name, verdict=Verdict.PASS, seen=seen, said="")
    said = fill(check.hint, seen=seen, typed=typed, wanted=_wanted(check.expect))
    return CheckVerdict(name=check.name, verdict=Verdict.FAIL, seen=seen, said=said)


def why_unclear(result: CommandResult) -> str | None:
    """Why this result proves nothing either way, in a sentence for the learner; None if it does."""
    if _ENGINE_AWAY in result.output:
        return "The Docker Engine of your host does not answer. Reset the host to get a fresh one."
    if result.timed_out or result.exit_code is None:
        return "Your host took too long to answer. Wait a moment, then check again."
    if result.truncated:
        return "Your host answered with more than can be read. Check again, or reset the host."
    return None


def trim(output: str) -> str:
    """Output as part of a sentence: one line, printable, short."""
    lines = [" ".join(_printable(line).split()) for line in output.splitlines()]
    text = ", ".join(line for line in lines if line)
    return text if len(text) <= SEEN_CHARS else text[: SEEN_CHARS - 1] + "…"


def fill(hint: str, *, seen: str, typed: str, wanted: str) -> str:
    """`hint` with its placeholders replaced once, by code spans: what a host printed is never read as Markdown."""
    values = {"seen": seen, "typed": typed, "wanted": wanted}
    return _PLACEHOLDER.sub(lambda match: _code(values[match[1]]) if values[match[1]] else NOTHING, hint)


def _code(text: str) -> str:
    """`text` as a Markdown code span, fenced by more backticks than it has in a row."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return "`" * (longest + 1) + pad + text + pad + "`" * (longest + 1)


def _holds(expect: Expect, result: CommandResult) -> bool:
    """Whether every expectation that is set holds. Outer white space never matters."""
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
    """What the author expects, as a hint may quote it."""
    texts = (expect.equals, expect.contains, expect.matches)
    return next((text.strip() for text in texts if text is not None), "")


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in line)
