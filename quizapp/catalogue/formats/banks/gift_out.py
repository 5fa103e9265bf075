"""Writes questions as GIFT that Moodle reads as it is meant. Pure.

Moodle stores nothing of a file with one question it cannot read, ends a question at a blank line, and takes signs that
are not escaped for other answers. So each text stands on one line, every sign is escaped, feedback too, each question
has a name, weights are of Moodle's list, and open questions are essays whose feedback is the answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedQuestion
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.expected import Expected
from quizapp.catalogue.kinds.matching import Matching
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth

# What Moodle lets a right answer be worth if there are so many, in percent; for other numbers it has no weight.
_WEIGHTS = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20", 6: "16.66667", 7: "14.28571", 8: "12.5",
            9: "11.11111", 10: "10", 20: "5"}  # fmt: skip
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})
_TRUTH = ["True", "False"]
BACKSLASH_STAR = "\\*"


def write(title: str, questions: Iterable[ParsedQuestion]) -> str:
    """The questions of one note as GIFT, in a category with its title."""
    category = " ".join(title.replace("/", "//").split()) or "Questions"
    blocks = [f"$CATEGORY: {category}", *(_block(question) for question in questions)]
    return "\n\n".join(blocks) + "\n"


def refused(question: ParsedQuestion) -> str | None:
    """Why a question cannot be written, None if it can."""
    right = sum(choice.right for choice in question.choices)
    if right > 1 and right not in _WEIGHTS:
        return f"Moodle has no weight for {right} right answers."
    if any(not choice.text.strip() for choice in question.choices):
        return "An option has no text."
    if isinstance(question.expected, Ordering | Cloze):
        return f"GIFT has no questions of the kind {question.expected.kind}."
    if isinstance(question.expected, ShortText) and any("->" in text for text in question.expected.typed):
        return "Moodle takes -> in a typed answer for a pair that belongs together."
    return None if question.prompt.strip() else "It has no text."


def _block(question: ParsedQuestion) -> str:
    name = question.key or " ".join(question.prompt.split())[:40]
    lines = [f"// [id:{question.key}]"] if question.key else []
    return "\n".join([*lines, f"::{_escape(name)}::[markdown]{_escape(_stem(question))}{{{_answers(question)}}}"])


def _stem(question: ParsedQuestion) -> str:
    """What is asked; a number's unit stands there, since GIFT has no place for it."""
    unit = question.expected.unit if isinstance(question.expected, NumberValue) else ""
    return f"{question.prompt} (in {unit})" if unit else question.prompt


def _answers(question: ParsedQuestion) -> str:
    general = f"####{_text(question.answer)}" if question.answer.strip() else ""
    if question.expected is not None:
        return _expected(question.expected) + general
    if not question.choices:
        return general
    if [choice.text for choice in question.choices] == _TRUTH and sum(c.right for c in question.choices) == 1:
        return f"{_truth(question.choices)}{general}"
    return " ".join(_options(question.choices)) + general


def _expected(expected: Expected) -> str:
    """What is right. In a typed answer Moodle takes `*` for anything, unless a backslash is before it."""
    match expected:
        case ShortText():
            return " ".join(f"={_text(text.replace('*', BACKSLASH_STAR))}" for text in expected.typed)
        case NumberValue():
            return f"#={expected.value}:{expected.tolerance}"
        case Truth():
            return expected.source.upper()
        case Matching():
            pairs = [*expected.pairs, *(("", decoy) for decoy in expected.decoys)]
            return " ".join(f"={_text(left)} -> {_text(right)}" for left, right in pairs)
        case Ordering() | Cloze():
            raise AssertionError("refused before")
        case _:
            assert_never(expected)


def _truth(choices: Sequence[ParsedChoice]) -> str:
    """True or false: the first feedback is for the wrong answer, the second for the right one."""
    right, wrong = sorted(choices, key=lambda choice: not choice.right)
    whys = f"#{_text(wrong.why)}#{_text(right.why)}" if wrong.why or right.why else ""
    return f"{right.text.upper()}{whys}"


def _options(choices: Sequence[ParsedChoice]) -> Iterator[str]:
    right = sum(choice.right for choice in choices)
    for choice in choices:
        mark = "~" if right > 1 or not choice.right else "="
        weight = f"%{'' if choice.right else '-'}{_WEIGHTS[right]}%" if right > 1 else ""
        why = f"#{_text(choice.why)}" if choice.why.strip() else ""
        yield f"{mark}{weight}{_text(choice.text)}{why}"


def _text(text: str) -> str:
    """An answer or feedback, with its format if it begins as a format or a weight does."""
    return f"{'[markdown]' if text.lstrip().startswith(('[', '%')) else ''}{_escape(text)}"


def _escape(text: str) -> str:
    return text.strip().translate(_ESCAPED)
