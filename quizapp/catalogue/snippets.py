"""Snippets of a note that show commands with what they print, and are to be proved on a host. Pure: strings only.

A fenced block whose words behind the fence have `prove` among them: lines that begin with `$ ` are commands, those with
`> ` go on with one, and what stands below is what it prints. `…` in a line stands for any words, a line of it alone for
any lines, also none. Blanks at the end of a line don't matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MARK = "prove"
COMMAND, GOES_ON = "$ ", "> "
ANYTHING = "…"
_FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<words>[^`\n]*)$")


@dataclass(frozen=True, kw_only=True)
class SnippetStep:
    """A command, and what the note says that it prints."""

    line: int
    """The number of the command's line in the note, from 1."""
    command: str
    printed: tuple[str, ...] = ()

    def holds(self, output: str) -> bool:
        """Whether the command printed what the note says."""
        lines = [line.rstrip() for line in output.strip("\n").split("\n")] if output.strip() else []
        return self._pattern.fullmatch("".join(f"{line}\n" for line in lines)) is not None

    @property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("".join(_as_pattern(line.rstrip()) for line in self.printed))


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """Commands that are run in one shell, in their order."""

    steps: tuple[SnippetStep, ...]


def snippets(text: str) -> Iterator[Snippet]:
    """The snippets of a note's text that are marked to be proved; those without a command are none."""
    block: list[tuple[int, str]] = []
    fence, proved = "", False
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FENCE.fullmatch(line.strip())
        if not fence:
            if found is not None:
                fence, block, proved = found["fence"], [], MARK in found["words"].split()[1:]
        elif found is not None and found["fence"].startswith(fence) and not found["words"].strip():
            if proved and (steps := tuple(_steps(block))):
                yield Snippet(steps=steps)
            fence = ""
        else:
            block.append((number, line))


def _steps(block: list[tuple[int, str]]) -> Iterator[SnippetStep]:
    """The commands of a block with what stands below each; what stands above the first is left out."""
    printed: list[str] = []
    at, command = 0, ""
    for number, line in block:
        if line.startswith(COMMAND):
            if command:
                yield SnippetStep(line=at, command=command, printed=tuple(printed))
            at, command, printed = number, line.removeprefix(COMMAND), []
        elif line.startswith(GOES_ON) and command and not printed:
            command += "\n" + line.removeprefix(GOES_ON)
        else:
            printed.append(line)
    if command:
        yield SnippetStep(line=at, command=command, printed=tuple(printed))


def _as_pattern(line: str) -> str:
    """The expression of one line of output."""
    if line.strip() == ANYTHING:
        return r"(?:.*\n)*?"
    return ".*?".join(map(re.escape, line.split(ANYTHING))) + r"\n"
