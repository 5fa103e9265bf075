"""The input and output of the sandbox's probe, which runs commands and reports on each. Knows no engine.

Input: a line of options, then one command a line, in base64. Output: one line for each command, in their order,
`<index> <exit code or "timeout"> <milliseconds> <1 if cut> <output>`, with the command's output in base64.
Any other output raises NoClearAnswer, so that a check neither passes nor fails by it.
"""

import base64
import binascii
import re
from collections.abc import Sequence

from quizapp.sandboxes.client import BadSandboxRequest, CommandResult, NoClearAnswer
from quizapp.sandboxes.recipe.template import GO, PROBE

COMMAND = (PROBE, "--await")
COMMANDS_MOST = 50  # in one request; no lab checks more
COMMANDS_BYTES = 64 * 1024  # of all commands in base64; a pipe holds this much until the probe reads it
EACH_S_MOST = 30.0  # of one command; a check that runs longer belongs into the lab's set-up
OUTPUT_BYTES_MOST = 64 * 1024  # of one command; more than a page or a matcher can use
RESULT_LINE = re.compile(rb"(\d{1,3}) (timeout|\d{1,3}) (\d{1,7}) ([01]) ([A-Za-z0-9+/]*={0,2})")
SLACK_S = 5.0  # for the exec itself, on a busy machine
LINE_BYTES = 40  # of a result line, without its output


def check_request(commands: Sequence[str], *, each_s: float, output_bytes: int) -> None:
    """Raises BadSandboxRequest if the probe cannot run these commands within these limits."""
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
    """The input of the probe: GO with its options, then the commands."""
    where = "--learner " if learner else ""
    return GO + f" {where}--each {each_s:g} --bytes {output_bytes}\n".encode() + encode(commands)


def encode(commands: Sequence[str]) -> bytes:
    """The commands in base64, one a line."""
    return b"".join(base64.b64encode(text.encode(errors="replace")) + b"\n" for text in commands)


def longest_answer(count: int, *, output_bytes: int) -> int:
    """The most bytes that the probe's output for `count` commands can have."""
    return count * (LINE_BYTES + 4 * (output_bytes // 3 + 1))


def longest_wait_s(count: int, *, each_s: float) -> float:
    """Seconds after which the probe must have finished `count` commands."""
    return count * each_s + SLACK_S


def decode(answer: bytes, *, count: int) -> tuple[CommandResult, ...]:
    """The results of `count` commands, in their order. Raises NoClearAnswer if a line is missing or malformed."""
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
