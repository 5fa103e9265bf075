"""Reads Moodle's XML for questions. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key, is_wild, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.bank_kinds import ANYTHING
from quizapp.catalogue.formats.banks import moodle_gaps
from quizapp.catalogue.formats.banks.moodle_files import left_out, with_names
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, parsed

CONVENTION = "Moodle XML"
_KINDS = {
    "multichoice": ItemKind.CHOICE,
    "multichoiceset": ItemKind.CHOICE,
    "oumultiresponse": ItemKind.CHOICE,
    "truefalse": ItemKind.TRUE_FALSE,
    "shortanswer": ItemKind.TYPED,
    "numerical": ItemKind.NUMERIC,
    "matching": ItemKind.MATCHING,
    "ddmatch": ItemKind.MATCHING,
    "ordering": ItemKind.ORDERING,
    **dict.fromkeys((*moodle_gaps.CLOZE_KINDS, *moodle_gaps.WORD_KINDS), ItemKind.CLOZE),
    "essay": ItemKind.ESSAY,
    "description": ItemKind.TEXT,
}
_ALL_RIGHT = ("multichoiceset", "oumultiresponse")  # kinds of several choices, which do not say so
_USUAL = re.compile(r"your answer is (?:partially )?(?:in)?correct\.?", re.IGNORECASE)  # as Moodle fills it in
_TOLD = (
    ("correctfeedback", "What is said of right answers"),
    ("partiallycorrectfeedback", "What is said of answers that are partly right"),
    ("incorrectfeedback", "What is said of wrong answers"),
    ("responsetemplate", "The text to begin an answer with"),
)
_OFF = ("false", "0", "")  # all that Moodle takes for off; `False` and `no` are on


def looks_like_moodle(text: str) -> bool:
    """Whether a text is Moodle's XML."""
    return "<quiz" in text and "<question" in text


def read(data: bytes, name: str) -> ParsedNote:
    """A Moodle XML file as a note called `name`. Raises Unreadable."""
    root = parsed(decoded(data))
    if root.tag != "quiz":
        raise Unreadable(f"The XML begins with {root.tag[:40]}, not with quiz: it is none of Moodle's.")
    warnings: list[NoteWarning] = []
    return note_of(_items(root, name, warnings), title=name, convention=CONVENTION, warnings=warnings)


def _items(root: Element, name: str, warnings: list[NoteWarning]) -> Iterator[BankItem]:
    section = ""
    for number, question in enumerate(root.iter("question"), start=1):
        kind = question.get("type", "")
        if kind == "category":
            path = question.findtext("category/text", "").strip()
            section = " / ".join(part for part in path.split("/") if part not in ("", "$course$", "top"))
            if about := _text(question.find("info")):
                yield BankItem(kind=ItemKind.TEXT, line=1, stem=about, section=section)
        elif kind in _KINDS and (_KINDS[kind] is not ItemKind.CLOZE or moodle_gaps.gapped(question)):
            yield _item(question, _KINDS[kind], section, name)
        else:
            yield _unknown(question, f"Question {number} is of the kind {kind[:40]}", section)


def _unknown(question: Element, named: str, section: str) -> BankItem:
    """A question of a kind that quizapp has not, as an open one."""
    shown, solved = "", ""
    if question.get("type") in moodle_gaps.CLOZE_KINDS:
        shown, solved = moodle_gaps.shown_choices(question)
    return BankItem(
        kind=ItemKind.ESSAY,
        line=1,
        stem=shown or _text(question.find("questiontext")),
        feedback="\n\n".join(text for text in (solved, _everything(question)) if text),
        section=section,
        warnings=(f"{named}; all its texts are kept as its answer.",),
    )


def _item(question: Element, kind: ItemKind, section: str, name: str) -> BankItem:
    key = question.findtext("idnumber", "").strip()
    answers = tuple(_answer(answer, question) for answer in question.findall("answer"))
    if kind is ItemKind.ORDERING:  # their fractions count from 1
        answers = tuple(replace(one, weight=FULL) for one in sorted(answers, key=lambda answer: answer.weight))
    gapped = moodle_gaps.gapped(question) if kind is ItemKind.CLOZE else ""
    feedback = [_text(question.find(tag)) for tag in ("generalfeedback", "graderinfo")]
    return BankItem(
        kind=kind,
        line=1,
        stem=_text(question.find("questiontext")) if not gapped else moodle_gaps.task(question),
        gapped=gapped,
        has_wildcards=kind is ItemKind.TYPED and any(map(is_wild, _typed_in(question))),
        key=foreign_key(f"moodle/{name}", key) if key else None,
        title=inner(question.find("name/text")).strip(),
        answers=answers if kind not in (ItemKind.ESSAY, ItemKind.TEXT) else (),
        pairs=tuple(
            (_text(pair), plain(inner(pair.find("answer/text")).strip())) for pair in question.findall("subquestion")
        ),
        one_right=question.get("type") not in _ALL_RIGHT and question.findtext("single", "true").strip() not in _OFF,
        unit=_unit(question),
        feedback="\n\n".join(text for text in feedback if text),
        tags=tuple(tag.strip() for tag in (inner(one) for one in question.findall("tags/tag/text")) if tag.strip()),
        section=section,
        warnings=tuple(_said(question, kind)),
    )


def _typed_in(question: Element) -> Iterator[str]:
    """The accepted texts of a question, but for the one that stands for all others."""
    texts = (inner(answer.find("text")).strip() for answer in question.findall("answer"))
    return (text for text in texts if text != "*")


def _unit(question: Element) -> str:
    """The unit of a number, where it is shown or asked for; empty without one."""
    if question.findtext("showunits", "0").strip() == "3":
        return ""
    factors = {inner(one.find("unit_name")).strip(): one.findtext("multiplier", "") for one in question.iter("unit")}
    return next((name for name, factor in factors.items() if factor.strip().rstrip("0").rstrip(".") == "1"), "")


def _said(question: Element, kind: ItemKind) -> Iterator[str]:
    texts = [inner(answer.find("text")).strip() for answer in question.findall("answer")]
    if kind is ItemKind.TRUE_FALSE and sorted(texts) != ["false", "true"]:
        yield "Its answers are not named true and false; Moodle takes the first one for true."
    if any(len(text) for text in question.iter("text")):
        yield "A text has tags without CDATA, which Moodle refuses; they are kept here."
    files = left_out(question)
    if files:
        yield f"Its files are not imported: {', '.join(files[:3])} ({len(files)} in all)."
    for hint in question.findall("hint"):
        yield f"A hint is not imported: {_text(hint)[:200]}"
    units = [inner(one).strip() for one in question.iter("unit_name")]
    if units and [*units] != [_unit(question)]:
        yield f"Its units are not all imported: {', '.join(units)[:200]}."
    for tag, named in _TOLD:
        text = _text(question.find(tag))
        if text and not _USUAL.fullmatch(text):
            yield f"{named} is not imported: {text[:200]}"


def _answer(answer: Element, question: Element) -> BankAnswer:
    text = _text(answer, inherited=question.get("type", "") in ("shortanswer", "numerical", "truefalse"))
    if question.get("type") == "truefalse":
        text = text.capitalize()
    elif text == "\\*":
        text = ANYTHING
    elif question.get("type") == "shortanswer":
        text = text.replace("\\\\\\*", "\\*")  # a star that stands for itself has a backslash in Moodle
    try:
        weight = float(answer.get("fraction", "0"))
    except ValueError:
        weight = 0.0
    weight = min(FULL, max(-FULL, weight)) if weight == weight else 0.0
    tolerance = answer.findtext("tolerance", "").strip()
    return BankAnswer(text=text, weight=weight, feedback=_text(answer.find("feedback")), tolerance=tolerance)


def _text(element: Element | None, *, inherited: bool = False) -> str:
    """A text in the format that its element names; `inherited` for those that have none and are plain."""
    if element is None:
        return ""
    written = with_names(inner(element.find("text")).strip(), element)
    match element.get("format", "plain_text" if inherited else "html"):
        case "markdown":
            return written
        case "plain_text":
            return plain(written)
        case _:
            return markdown_of(written).text


def _everything(question: Element) -> str:
    """All texts of a question but for its name and what it asks."""
    texts = (
        inner(one).strip()
        for part in question
        if part.tag not in ("name", "questiontext", "tags")
        for one in part.iter("text")
    )
    return "\n\n".join(markdown_of(text).text for text in texts if text)
