"""Puts texts together that were read one by one, and takes off what they are framed with. Pure: strings only."""

import re
from collections.abc import Sequence

HALVES_MAX = 4  # at the end of a text: each takes a look at all of it
_HALF = re.compile(r"<(?P<closes>/?)div\b[^<>]*>\s*$")


def without_halves(text: str) -> str:
    """A text without `<div …>` or `</div>` at its end whose other half stands elsewhere."""
    if "div" not in text:
        return text
    for _ in range(HALVES_MAX):
        found = _HALF.search(text)
        if found is None:
            break
        opened, closed = text.count("<div"), text.count("</div")
        if (closed <= opened) if found["closes"] else (opened <= closed):
            break
        text = text[: found.start()].rstrip()
    return text


def is_quoted(text: str) -> bool:
    """Whether a text is quotations alone, which then are only the way in which answers are set off, and no callout."""
    lines = [line for line in text.split("\n") if line.strip()]
    return (
        bool(lines)
        and all(line.startswith(">") for line in lines)
        and not any(">[!" in line.replace(" ", "") for line in lines)
    )


def joined(parts: Sequence[tuple[str, bool]]) -> str:
    """Texts one below the other, with a blank line between them unless both are items of one list."""
    text, before = "", False
    for part, tight in parts:
        if part.strip():
            text += ("\n" if tight and before else "\n\n") + part.rstrip() if text else part.rstrip()
            before = tight
    return text
