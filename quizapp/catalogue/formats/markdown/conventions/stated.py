"""What a question's own words say of how it is answered, and what an answer says before its reason. Pure."""

import re

from quizapp.catalogue.formats.markdown.languages import REMARK_FIELDS
from quizapp.catalogue.formats.markdown.wording import LINE_MAX_CHARS, unwrapped
from quizapp.catalogue.kinds.truth import Truth

_ASKS_FOR_TRUTH = re.compile(
    r"^\W*true or false\b|^\W*true\s?/\s?false\s?[)\].:]"
    r"|[(\[]\s*true\s*(?:/|or|\|)\s*false\s*\??\s*[)\]]\W*$|\btrue or false\s*\?\W*$",
    re.IGNORECASE,
)
_TRUTH = re.compile(
    r"^[*_`]{0,3}(?P<word>true|false)(?:[*_`]{0,3}[.!]?[*_`]{0,3}\s*$"
    r"|[*_`]{0,3}\s?[.,:;!\n\u2013\u2014-][*_`]{0,3}\s*(?P<why>\S.*)$)",
    re.IGNORECASE | re.DOTALL,
)
_EXPLANATION = re.compile(
    rf"^(?P<mark>\*{{0,3}}|_{{0,3}})(?:explanation|rationale|reason|{'|'.join(REMARK_FIELDS)})\s?"
    r"(?:[:\uff1a]\s?(?P=mark)|(?P=mark)\s?[:\uff1a])\s*(?=\S)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"^(?P<said>\S.*?)(?:\s+(?:[-=]{1,2}>|[-\u2013\u2014=\u2192])\s+|:\s+|\s*(?=[(\[])|(?<=[.!*_])\s+)"
    r"[(\[]?[*_]{0,3}(?P<truth>true|false)[*_]{0,3}[)\]]?(?:[.!]?\W*$|\W+(?P<why>\w.*)$)",
    re.IGNORECASE,
)
WORDS_FEWEST = 3  # of what is said; "verbose mode - true" is a setting


def said_and_truth(line: str) -> tuple[str, str] | None:
    """What a line says, and "True" or "False", which stands behind a dash or in brackets, perhaps with a reason.

    None for any other line, such as a setting.
    """
    if len(line) > LINE_MAX_CHARS or (
        "rue" not in line and "RUE" not in line and "alse" not in line and "ALSE" not in line
    ):
        return None
    found = _SAID.match(line)
    if found is None or len(found["said"].split()) < WORDS_FEWEST:
        return None
    why = (found["why"] or "").strip()
    return unwrapped(found["said"].strip()), found["truth"].capitalize() + (f". {why}" if why else "")


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
