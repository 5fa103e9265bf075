"""Marks a few words or a command that a learner typed. Pure.

Capitals, blanks and a full stop at the end are forgiven; in an answer that its author wrote as code, capitals are not:
`-p` and `-P` are two things. What is nearly right is told and counts for nothing, so that nobody fails by a typo.
"""

import re
import unicodedata

from quizapp.catalogue.kinds.short_text import CODE, ShortText, plain
from quizapp.errors import Invalid
from quizapp.quiz.marking import Marked
from quizapp.verdicts import Verdict

TYPED_MAX_CHARS = 500  # an accepted text has at most 300, and nobody types twice as much for it
TYPO_LETTERS = 5  # in a shorter word one other letter is another word: "tcp", "top"
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
_LETTERS = re.compile(r"[^\W\d_]")


class NearMiss(Invalid):
    """What was typed is nearly right; it is told and not counted."""


def mark(expected: ShortText, typed: str) -> Marked:
    """Mark it. Raises Invalid for nothing or too much, NearMiss for what is nearly right."""
    if not typed.strip():
        raise Invalid("Type an answer first.")
    if len(typed) > TYPED_MAX_CHARS:
        raise Invalid(f"An answer here has at most {TYPED_MAX_CHARS} characters. Say it more briefly.")
    if is_accepted(expected, typed):
        return Marked(verdict=Verdict.PASS, score=1.0)
    if (near := near_miss(expected, typed)) is not None:
        raise NearMiss(near)
    return Marked(verdict=Verdict.FAIL, score=0.0)


def is_accepted(expected: ShortText, typed: str) -> bool:
    """Whether a text is one of those that are accepted."""
    return any(_is_same(one, typed) for one in expected.accepted)


def near_miss(expected: ShortText, typed: str) -> str | None:
    """What to say of a text that is nearly right; None for one that is right or is not."""
    if any(_folded(plain(one)) == _folded(typed) for one in expected.accepted):
        return "Nearly: look at the capital letters. It was not counted; type it again."
    if any(_is_typo(_folded(plain(one)), _folded(typed)) for one in expected.accepted):
        return "Nearly: look at the spelling. It was not counted; type it again."
    return None


def _is_same(accepted: str, typed: str) -> bool:
    right = plain(accepted)
    if CODE.fullmatch(accepted):
        return _without_stop(_tidy(right)) == _without_stop(_tidy(typed))
    return _folded(right) == _folded(typed)


def _tidy(text: str) -> str:
    """A text with single blanks, plain quotes and whole letters."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())


def _folded(text: str) -> str:
    return _without_stop(_tidy(text).casefold())


def _without_stop(text: str) -> str:
    """A text without a full stop at its end; one that is only signs, such as `..`, as it is."""
    return text.rstrip(" .") or text


def _is_typo(right: str, typed: str) -> bool:
    """Whether two texts differ by one letter, or two that changed places, in a word long enough to tell.

    Digits and signs decide: another port, address or option is another answer.
    """
    from rapidfuzz.distance import (
        OSA,
    )  # with the first answer that is not right: every page about quizzes has this room

    if _LETTERS.sub("", right) != _LETTERS.sub("", typed) or OSA.distance(right, typed, score_cutoff=1) > 1:
        return False
    return any(
        len(word) >= TYPO_LETTERS and word != other for word, other in zip(_words(right), _words(typed), strict=False)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)
