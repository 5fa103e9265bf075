"""Texts of other tools with gaps, as a cloze has them: each gap in bold, with what is right in it. Pure."""

import re
from collections.abc import Iterable, Sequence

from quizapp.catalogue.kinds.short_text import CODE

FILL = "Fill the gaps."
PLACE = "\ue000"  # a sign of Unicode's private use, in the place of a gap while a text becomes Markdown
_BOLD = re.compile(r"\*\*|__")


def filled(marked: str, gaps: Sequence[str]) -> str:
    """The Markdown `marked`, which has a PLACE for each gap, with what is right in them; empty if nothing is in one.

    A gap has its accepted answers with bars between them.
    """
    if not gaps or not all(gaps) or marked.count(PLACE) != len(gaps):
        return ""
    first, *rest = _without_bold(marked).split(PLACE)
    return first + "".join(f"**{gap}**{text}" for gap, text in zip(gaps, rest, strict=True))


def task(words: Iterable[str]) -> str:
    """What a learner is asked to do, with the words to choose from in an order that tells nothing, if there are any."""
    ordered = sorted(dict.fromkeys(filter(None, words)), key=str.lower)
    return f"{FILL} Words: {', '.join(ordered)}." if ordered else FILL


def _without_bold(text: str) -> str:
    """A text without bold words, which would be gaps as well; code stays."""
    parts, at = [], 0
    for found in CODE.finditer(text):
        parts += [_BOLD.sub("", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, _BOLD.sub("", text[at:])])
