"""Reads Moodle's XML for questions. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key, is_wild, note_of
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.bank_kinds import ANYTHING
from quizapp.catalogue.formats.banks.moodle_files import left_out, with_names
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, parsed
from quizapp.catalogue.kinds.short_text import CODE

CONVENTION = "Moodle XML"
_KINDS = {
    "multichoice": ItemKind.CHOICE,
    "truefalse": ItemKind.TRUE_FALSE,
    "shortanswer": ItemKind.TYPED,
    "numerical": ItemKind.NUMERIC,
    "matching": ItemKind.MATCHING,
    "ordering": ItemKind.ORDERING,
    "cloze": ItemKind.CLOZE,
    "essay": ItemKind.ESSAY,
    "description": ItemKind.TEXT,
}
FILL = "Fill the gaps."
_TEXT_GAPS = ("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC")
_NUMBER_GAPS = ("NUMERICAL", "NM")
_GAP_ESCAPED = re.compile(r"\\([}#~/\"\\])")
_GAP = re.compile(r"\{\d{0,5}:(?P<kind>[A-Z_]{1,20}):(?P<answers>(?:\\[\s\S]|[^}\\]){0,2000})\}")
_PLACE = "\ue000"  # a sign of Unicode's private use, in the place of a gap while HTML becomes Markdown
_BOLD = re.compile(r"\*\*|__")
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
        elif kind in _KINDS and (kind != "cloze" or _gapped(question)):
            yield _item(question, _KINDS[kind], section, name)
        else:
            shown = _text(question.find("questiontext"))
            yield BankItem(
                kind=ItemKind.ESSAY, line=1, stem=shown, feedback=_everything(question), section=section,
                warnings=(f"Question {number} is of the kind {kind[:40]}; all its texts are kept as its answer.",),
            )  # fmt: skip


def _item(question: Element, kind: ItemKind, section: str, name: str) -> BankItem:
    key = question.findtext("idnumber", "").strip()
    answers = tuple(_answer(answer, question) for answer in question.findall("answer"))
    if kind is ItemKind.ORDERING:  # their fractions count from 1
        answers = tuple(replace(one, weight=FULL) for one in sorted(answers, key=lambda answer: answer.weight))
    gapped = _gapped(question) if kind is ItemKind.CLOZE else ""
    feedback = [_text(question.find(tag)) for tag in ("generalfeedback", "graderinfo")]
    return BankItem(
        kind=kind,
        line=1,
        stem=_text(question.find("questiontext")) if not gapped else FILL,
        gapped=gapped,
        has_wildcards=kind is ItemKind.TYPED and any(map(is_wild, _typed_in(question))),
        key=foreign_key(f"moodle/{name}", key) if key else None,
        title=inner(question.find("name/text")).strip(),
        answers=answers if kind not in (ItemKind.ESSAY, ItemKind.TEXT) else (),
        pairs=tuple(
            (_text(pair), plain(inner(pair.find("answer/text")).strip())) for pair in question.findall("subquestion")
        ),
        one_right=question.findtext("single", "true").strip() not in _OFF,
        feedback="\n\n".join(text for text in feedback if text),
        tags=tuple(tag.strip() for tag in (inner(one) for one in question.findall("tags/tag/text")) if tag.strip()),
        section=section,
        warnings=tuple(_said(question, kind)),
    )


def _typed_in(question: Element) -> Iterator[str]:
    """The accepted texts of a question, but for the one that stands for all others."""
    texts = (inner(answer.find("text")).strip() for answer in question.findall("answer"))
    return (text for text in texts if text != "*")


def _gapped(question: Element) -> str:
    """The text of a cloze whose gaps are all to be typed into, each in bold with its right answers; else empty."""
    element = question.find("questiontext")
    written = with_names(inner(element.find("text")).strip(), element) if element is not None else ""
    gaps = [_gap(found) for found in _GAP.finditer(written)]
    if not gaps or not all(gaps):
        return ""
    marked = _GAP.sub(lambda found: _PLACE, written)
    first, *rest = _without_bold(markdown_of(marked).text).split(_PLACE)
    return first + "".join(f"**{gap}**{text}" for gap, text in zip(gaps, rest, strict=False))


def _without_bold(text: str) -> str:
    """A text without bold words, which would be gaps as well; code stays."""
    parts, at = [], 0
    for found in CODE.finditer(text):
        parts += [_BOLD.sub("", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, _BOLD.sub("", text[at:])])


def _gap(found: re.Match[str]) -> str:
    """What is accepted in a gap, between bars; empty for one to choose in."""
    if found["kind"] not in (*_TEXT_GAPS, *_NUMBER_GAPS):
        return ""
    right = []
    for answer in re.split(r"(?<!\\)~", found["answers"]):
        text = re.sub(r"^(?:=|%100%)", "", answer)
        if text != answer:
            words = _GAP_ESCAPED.sub(r"\1", re.split(r"(?<!\\)#", text)[0])
            right.append(plain((words.split(":")[0] if found["kind"] in _NUMBER_GAPS else words).strip()))
    return " | ".join(one for one in right if one)


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
    texts = (inner(one).strip() for one in question.iter("text"))
    return "\n\n".join(markdown_of(text).text for text in texts if text)
