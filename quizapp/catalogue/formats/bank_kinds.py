"""What is right in a question of another tool, in the types of `catalogue.kinds`, where these can say it. Pure."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.kinds.expected import Expected, read
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.kinds.number import NUMBER, decimal_of

ANYTHING = "(any other answer)"  # what stands for all answers that are not named
_RANGE = re.compile(rf"(?:at least )?({NUMBER})(?: to | and at most )({NUMBER})")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_PERHAPS_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")  # 1,500: a thousand and a half, or one and a half


def typed(answers: Sequence[BankAnswer]) -> Expected | None:
    """The accepted texts; None if there is none, one of several lines, or if anything is right."""
    texts = [answer.text for answer in answers if answer.weight == FULL]
    if ANYTHING in texts or any("\n" in text for text in texts):
        return None
    return _read("short", " | ".join(map(_barless, texts)))


def number(answers: Sequence[BankAnswer], unit: str = "") -> Expected | None:
    """The number with its tolerance; None if what is right is not one stretch of numbers."""
    spans = [_span(answer) for answer in answers if answer.weight == FULL]
    whole = [span for span in spans if span is not None]
    if not whole or len(whole) != len(spans):
        return None
    low, high = min(one[0] for one in whole), max(one[1] for one in whole)
    if (low, high) not in whole:
        return None
    spread = (high - low) / 2
    value = f"{_written(low + spread)} ± {_written(spread)}"
    return _read("number", f"{value} {unit}".rstrip()) or _read("number", value)


def truth(answers: Sequence[BankAnswer]) -> Expected | None:
    """Whether it is true; None unless the answers are called true and false and one of them is right."""
    worth = {answer.text.strip().lower(): answer.weight > 0 for answer in answers}
    if sorted(worth) != ["false", "true"] or worth["true"] == worth["false"]:
        return None
    return _read("truth", "true" if worth["true"] else "false")


def order(texts: Sequence[str]) -> Expected | None:
    """The order; None for texts of several lines."""
    return _read("order", "\n".join(texts)) if not any("\n" in text for text in texts) else None


def match(pairs: Sequence[tuple[str, str]]) -> Expected | None:
    """The pairs; None for texts of several lines."""
    lines = (f"{left} \u2192 {right}" for left, right in pairs)
    return _read("match", "\n".join(lines)) if not any("\n" in side for pair in pairs for side in pair) else None


def cloze(text: str) -> Expected | None:
    """The text with gaps."""
    return _read("cloze", text)


def whys(answers: Sequence[BankAnswer]) -> Iterator[str]:
    """What is said after each answer to a statement, that after the right one first; each once."""
    said = sorted(answers, key=lambda answer: -answer.weight)
    yield from dict.fromkeys(answer.feedback for answer in said if answer.feedback)


def _read(kind: str, text: str) -> Expected | None:
    try:
        return read(kind, text)
    except NotExpected:
        return None


def _barless(text: str) -> str:
    """An answer that has a bar itself, as code: there it parts nothing."""
    return f"`{text}`" if "|" in text and "`" not in text else text


def _span(answer: BankAnswer) -> tuple[Decimal, Decimal] | None:
    """The lowest and the highest number that an answer takes for right; None if nobody can tell which these are."""
    written = answer.text.replace("\\", "").strip()
    if _PERHAPS_THOUSANDS.fullmatch(written):
        return None
    text = _DECIMAL_COMMA.sub(".", written)
    if found := _RANGE.fullmatch(text):
        return decimal_of(found[1]), decimal_of(found[2])
    if re.fullmatch(NUMBER, text) is None:
        return None
    try:
        spread = Decimal(_DECIMAL_COMMA.sub(".", answer.tolerance.strip() or "0"))
    except InvalidOperation:
        return None
    return (decimal_of(text) - spread, decimal_of(text) + spread) if spread >= 0 else None


def _written(number: Decimal) -> str:
    """A number without zeros that say nothing: 2.50 is 2.5, and 1E+3 is 1000."""
    return f"{number.normalize():f}"
