"""A program's output as plain text, for pages: escape sequences and control characters are left out. Pure."""

import re

# What programs such as vim and less draw on a screen of their own, which is gone when they end.
_OWN_SCREEN = re.compile(r"\x1b\[\?(?:1049|1047|47)h.*?(?:\x1b\[\?(?:1049|1047|47)l|\Z)", flags=re.DOTALL)
# Sequences for colours, titles and cursor moves: CSI, OSC and other strings, two-character escapes.
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)|\x1b[ -/]*[0-~]", flags=re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(output: str) -> str:
    """A program's output without control sequences and characters, and without text that was overwritten."""
    lines = _SEQUENCE.sub("", _OWN_SCREEN.sub("", output)).replace("\r\n", "\n").split("\n")
    return _CONTROL.sub("", "\n".join(map(_as_it_ended, lines)))


def _as_it_ended(line: str) -> str:
    """A line without what was overwritten, as by a progress bar. A carriage return at its end overwrites nothing."""
    return line[line.rfind("\r", 0, max(len(line) - 1, 0)) + 1 :]
