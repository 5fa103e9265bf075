"""A text with gaps, into each of which a learner types what is missing. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.kinds.short_text import CODE, ShortText
from quizapp.catalogue.kinds.short_text import read as read_text

GAPS_MAX = 12  # of one text; with more nobody sees the sentence
BLANK = "_____"
_GAP = re.compile(r"(?<![*\\])\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\*)|(?<![_\\\w])__(?=\S)(.+?)(?<=\S)__(?![_\w])", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Cloze:
    """A text in Markdown whose gaps are its bold words, each perhaps several between bars."""

    text: str
    kind: Literal["cloze"] = "cloze"

    @property
    def gaps(self) -> tuple[ShortText, ...]:
        """What is accepted in each gap."""
        return tuple(read_text(self.text[start + 2 : end - 2]) for start, end in self._spans)

    @property
    def _spans(self) -> list[tuple[int, int]]:
        """Where each gap begins and ends; two signs of code are none."""
        plain = CODE.sub(lambda found: "\0" * len(found[0]), self.text)
        return [found.span() for found in _GAP.finditer(plain)]

    @property
    def parts(self) -> tuple[str, ...]:
        """The texts before, between and behind the gaps: one more than there are gaps."""
        begins, ends = [0, *(end for _, end in self._spans)], [*(start for start, _ in self._spans), len(self.text)]
        return tuple(self.text[begin:end] for begin, end in zip(begins, ends, strict=True))

    @property
    def source(self) -> str:
        """The text from which `read` makes it."""
        return self.text

    @property
    def solution(self) -> str:
        """What is right, in Markdown."""
        return self.filled([f"**{gap.accepted[0]}**" for gap in self.gaps])

    @property
    def task(self) -> str:
        """What a learner is told of it before the answer, in Markdown."""
        return self.filled(["\\_" * len(BLANK)] * len(self.gaps))

    def filled(self, words: Sequence[str]) -> str:
        """The text with these words in its gaps."""
        first, *rest = self.parts
        return first + "".join(f"{word}{part}" for word, part in zip(words, rest, strict=True))


def read(text: str) -> Cloze:
    """A text with at least one bold word. Raises NotExpected."""
    found = Cloze(text=text.strip())
    if not 1 <= len(found.gaps) <= GAPS_MAX:
        raise NotExpected(f"Set what is to be filled in in bold: 1 to {GAPS_MAX} **words** of the text.")
    return found
