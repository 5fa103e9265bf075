"""Gaps in the texts of Moodle's questions: typed into, chosen in, or filled with words that are dragged there. Pure."""

import re
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.banks.gapped import FILL, PLACE, filled
from quizapp.catalogue.formats.banks.gapped import task as task_of
from quizapp.catalogue.formats.banks.moodle_files import with_names
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner

CLOZE_KINDS = ("cloze", "multianswer")
WORD_KINDS = ("ddwtos", "gapselect")  # their words stand beside the text, which has their numbers
_TEXT_GAPS = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC")
_NUMBER_GAPS = ("NUMERICAL", "NM")
_GAP_ESCAPED = re.compile(r"\\([}#~/\"\\])")
_GAP = re.compile(r"\{\d{0,5}:(?P<kind>[A-Z_]{1,20}):(?P<answers>(?:\\[\s\S]|[^}\\]){0,2000})\}")
_GAP_BEGINS = re.compile(r"\{\d{0,5}:[A-Z_]{1,20}:")
GAPS_MAX = 500  # of one text; of more none is read, as each is looked for up to 2,000 signs ahead
_WORD_GAP = re.compile(r"\[\[(\d{1,3})\]\]")


def gapped(question: Element) -> str:
    """The text of a question whose gaps can all be typed into, each in bold with its right answers; else empty."""
    written = _written(question)
    if question.get("type") in WORD_KINDS:
        words = [plain(word) for word in _words(question)]
        gaps = [_word(words, int(found[1])) for found in _WORD_GAP.finditer(written)]
        pattern = _WORD_GAP
    else:
        gaps = [_typed(found) for found in _gaps(written)]
        pattern = _GAP
    if not gaps or not all(gaps):
        return ""
    return filled(markdown_of(pattern.sub(lambda found: PLACE, written)).text, gaps)


def task(question: Element) -> str:
    """What a learner is asked to do with a text with gaps: the words to choose from, in an order that tells nothing."""
    return task_of(plain(word) for word in _words(question)) if question.get("type") in WORD_KINDS else FILL


def shown_choices(question: Element) -> tuple[str, str]:
    """The text of a cloze in which something is to be chosen, with what may be chosen, and the same with what is right.

    Both are empty for a text without gaps.
    """
    written = _written(question)
    found = _gaps(written)
    gaps = [_choices(one) for one in found]
    if not gaps:
        return "", ""
    first, *rest = markdown_of(_GAP.sub(lambda found: PLACE, written)).text.split(PLACE)
    asked = first + "".join(f"{_offered(one)}{text}" for one, text in zip(found, rest, strict=False))
    solved = first + "".join(f"**{_right(gap)}**{text}" for gap, text in zip(gaps, rest, strict=False))
    said = "\n".join(f"- {'; '.join(_said(one) for one in gap)}" for gap in gaps)
    return asked, f"{solved}\n\n{said}"


def _written(question: Element) -> str:
    element = question.find("questiontext")
    return with_names(inner(element.find("text")).strip(), element) if element is not None else ""


def _gaps(written: str) -> list[re.Match[str]]:
    """The gaps of a cloze; none of a text with more than GAPS_MAX."""
    begun = sum(1 for _ in islice(_GAP_BEGINS.finditer(written), GAPS_MAX + 1))
    return [*_GAP.finditer(written)] if begun <= GAPS_MAX else []


def _words(question: Element) -> list[str]:
    tags = ("dragbox", "selectoption")
    return [markdown_of(inner(one.find("text")).strip()).text for one in question if one.tag in tags]


def _word(words: list[str], number: int) -> str:
    return words[number - 1] if 1 <= number <= len(words) else ""


def _typed(found: re.Match[str]) -> str:
    """What is accepted in a gap, between bars; empty for one to choose in."""
    if found["kind"] not in (*_TEXT_GAPS, *_NUMBER_GAPS):
        return ""
    return " | ".join(plain(text) for text, weight, _ in _choices(found) if weight == "100" and text)


def _choices(found: re.Match[str]) -> list[tuple[str, str, str]]:
    """Each answer of a gap: its text, what it is worth in percent, its feedback."""
    return list(_answers(found["answers"], is_number=found["kind"] in _NUMBER_GAPS))


def _answers(written: str, *, is_number: bool) -> Iterator[tuple[str, str, str]]:
    for answer in re.split(r"(?<!\\)~", written):
        weight = re.match(r"=|%(-?[\d.]{1,9})%", answer)
        text, _, said = answer[weight.end() if weight else 0 :].replace("\\#", PLACE).partition("#")
        words = _GAP_ESCAPED.sub(r"\1", text.replace(PLACE, "#"))
        worth = "0" if weight is None else weight[1] or "100"
        yield (
            (words.split(":")[0] if is_number else words).strip(),
            worth,
            _GAP_ESCAPED.sub(r"\1", said.replace(PLACE, "#")).strip(),
        )


def _offered(found: re.Match[str]) -> str:
    """What stands in the place of a gap: what may be chosen there, in an order that tells nothing."""
    if found["kind"] in (*_TEXT_GAPS, *_NUMBER_GAPS):
        return "\\_\\_\\_"
    return f"[{' / '.join(sorted((plain(text) for text, _, _ in _choices(found)), key=str.lower))}]"


def _right(gap: list[tuple[str, str, str]]) -> str:
    best = max((float(weight) for _, weight, _ in gap), default=0.0)
    return ", ".join(plain(text) for text, weight, _ in gap if float(weight) == best)


def _said(answer: tuple[str, str, str]) -> str:
    text, weight, feedback = answer
    return f"{plain(text)} ({weight} %{f': {plain(feedback)}' if feedback else ''})"
