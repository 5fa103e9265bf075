"""What a question's own words say of how it is answered, and what an answer says before its reason. Pure."""

import re

from quizapp.catalogue.kinds.truth import Truth

_ASKS_FOR_TRUTH = re.compile(
    r"^\W*true or false\b|[(\[]\s*true\s*(?:/|or|\|)\s*false\s*\??\s*[)\]]\W*$|\btrue or false\s*\?\W*$", re.IGNORECASE
)
_TRUTH = re.compile(
    r"^[*_`]{0,3}(?P<word>true|false)(?:[*_`]{0,3}[.!]?[*_`]{0,3}\s*$"
    r"|[*_`]{0,3}\s?[.,:;!\n\u2013\u2014-][*_`]{0,3}\s*(?P<why>\S.*)$)",
    re.IGNORECASE | re.DOTALL,
)
_EXPLANATION = re.compile(
    r"^(?P<mark>\*{0,3}|_{0,3})(?:explanation|rationale|reason)\s?(?::\s?(?P=mark)|(?P=mark)\s?:)\s*(?=\S)",
    re.IGNORECASE,
)


def truth_of(prompt: str, answer: str) -> tuple[Truth, str] | None:
    """What is right where the prompt asks whether something is true, and the reason that the answer gives.

    None where it does not ask so, or the answer says neither true nor false first.
    """
    if (found := _TRUTH.match(answer)) is None or _ASKS_FOR_TRUTH.search(prompt) is None:
        return None
    return Truth(is_true=found["word"].lower() == "true"), without_its_name((found["why"] or "").strip())


def without_its_name(explanation: str) -> str:
    """An explanation without the word "Explanation:" before it: the page on which it is shown says so itself."""
    found = _EXPLANATION.match(explanation)
    return explanation[found.end() :] if found is not None else explanation
