"""The language of the sandbox's probe: commands in, one line of result for each. Knows no engine.

In: a line of options, then one command a line, base64. Out, a line for each command, the output in base64 again:
`<index> <exit code or "timeout"> <milliseconds> <1 if cut> <output>`.
What does not fit to the letter is no result: a check built on it could neither pass nor fail.
"""

import base64
import binascii
import re
from collections.abc import Sequence

from quizapp.sandboxes.client import BadSandboxRequest, CommandResult, NoClearAnswer
from quizapp.sandboxes.recipe.template import AWAIT, GO, PROBE

COMMAND = (AWAIT, PROBE)
COMMANDS_MOST = 50  # no lab checks more in one go
COMMANDS_BYTES = 64 * 1024  # of them all; the kernel holds this much while the probe is busy with the first
EACH_S_MOST = 30.0  # a check that runs longer belongs into the lab's set-up
OUTPUT_BYTES_MOST = 64 * 1024  # of one command; more than a page or a matcher can use
RESULT_LINE = re.compile(rb"(\d{1,3}) (timeout|\d{1,3}) (\d{1,7}) ([01]) ([A-Za-z0-9+/]*={0,2})")
SLACK_S = 5.0  # for the exec itself, on a busy host
LINE_BYTES = 40  # of a result line, without its output


def check_request(commands: Sequence[str], *, each_s: float, output_bytes: int) -> None:
    """Raises BadSandboxRequest if the probe could not run this."""
    if len(commands) > COMMANDS_MOST:
        raise BadSandboxRequest(f"At most {COMMANDS_MOST} commands run in one go; send fewer.")
    if any(not text.strip() or "\0" in text for text in commands):
        raise BadSandboxRequest("A command must say something and hold no NUL; mend it.")
    if len(encode(commands)) > COMMANDS_BYTES:
        raise BadSandboxRequest(f"Commands may have {COMMANDS_BYTES * 3 // 4} bytes together; shorten them.")
    if not 0 < each_s <= EACH_S_MOST:
        raise BadSandboxRequest(f"A command may take up to {EACH_S_MOST:g} seconds; lower its limit.")
    if not 0 < output_bytes <= OUTPUT_BYTES_MOST:
        raise BadSandboxRequest(f"A command may print up to {OUTPUT_BYTES_MOST} bytes; lower its limit.")


def request(commands: Sequence[str], *, learner: bool, each_s: float, output_bytes: int) -> bytes:
    """What the probe reads."""
    where = "--learner " if learner else ""
    return GO + f" {where}--each {each_s:g} --bytes {output_bytes}\n".encode() + encode(commands)


def encode(commands: Sequence[str]) -> bytes:
    """The commands, one a line."""
    return b"".join(base64.b64encode(text.encode(errors="replace")) + b"\n" for text in commands)


def longest_answer(count: int, *, output_bytes: int) -> int:
    """Bytes that `count` results can have at most; more is not from the probe."""
    return count * (LINE_BYTES + 4 * (output_bytes // 3 + 1))


def longest_wait_s(count: int, *, each_s: float) -> float:
    """Seconds after which the probe must have finished."""
    return count * each_s + SLACK_S


def decode(answer: bytes, *, count: int) -> tuple[CommandResult, ...]:
    """The results of `count` commands, in their order. Raises NoClearAnswer."""
    lines = answer.split(b"\n")
    if lines.pop() != b"" or len(lines) != count:
        raise _unclear()
    return tuple(_result(line, index) for index, line in enumerate(lines))


def _result(line: bytes, index: int) -> CommandResult:
    match = RESULT_LINE.fullmatch(line)
    if match is None or int(match[1]) != index:
        raise _unclear()
    timed_out = match[2] == b"timeout"
    try:
        output = base64.b64decode(match[5], validate=True)
    except binascii.Error:
        raise _unclear() from None
    return CommandResult(
        exit_code=None if timed_out else int(match[2]),
        output=output.decode(errors="replace"),
        milliseconds=int(match[3]),
        timed_out=timed_out,
        truncated=match[4] == b"1",
    )


def _unclear() -> NoClearAnswer:
    return NoClearAnswer("The sandbox gave no clear answer; check again, or end it and start anew.", retry_after_s=1)
