"""Which passage of a note explains what a text asks: the one that shares most of its rare words. Pure."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

WORD_CHARS_MIN = 2  # single letters are in every text
TITLE_COUNTS = 2.0  # a word of a title says more of what a passage is about than one of its text
# Of the weight of all words that a text asks with. Of the questions of the content folder the passages that explain
# them share 0.31 and more, those in the middle 0.08 to 0.17: words that most passages have.
LEAST_SHARE = 0.25
_WORD = re.compile(r"[^\W_]+(?:[-._/:][^\W_]+)*")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of a note that explains something."""

    title: str
    text: str


def nearest(asked: str, passages: Sequence[Passage]) -> int | None:
    """The place among the passages of the one that explains what is asked; None if none does. The first of equals."""
    return all_nearest([asked], passages)[0]


def all_nearest(asked: Sequence[str], passages: Sequence[Passage]) -> list[int | None]:
    """The same for each of several texts, with the words of the passages read once."""
    words = [_words(passage.text) for passage in passages] if asked else []
    titles = [_words(passage.title) for passage in passages] if asked else []
    spread = Counter(word for title, text in zip(titles, words, strict=True) for word in title | text)
    return [_nearest(_words(text), words, titles, spread) for text in asked]


def _nearest(
    asked: set[str], words: Sequence[set[str]], titles: Sequence[set[str]], spread: Counter[str]
) -> int | None:
    """The place of the nearest passage, by the words of each, those of its title, and how many passages have each."""
    weights = {word: math.log(1 + len(words) / max(spread[word], 1)) for word in asked}
    if not weights or not words:
        return None
    scores = [
        sum(weight * (TITLE_COUNTS if word in title else word in text) for word, weight in weights.items())
        for title, text in zip(titles, words, strict=True)
    ]
    best = max(range(len(scores)), key=lambda place: scores[place])
    return best if scores[best] >= LEAST_SHARE * sum(weights.values()) else None


def _words(text: str) -> set[str]:
    """The words of a text, and the parts of those that are joined, such as `docker0` and `iptables`."""
    found = set()
    for word in _WORD.findall(text.lower()):
        found.add(word)
        found.update(re.split(r"[-._/:]", word))
    return {word for word in found if len(word) >= WORD_CHARS_MIN}
