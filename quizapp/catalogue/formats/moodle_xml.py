"""Reads Moodle's XML for questions. Pure."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import FULL, BankAnswer, BankItem, ItemKind, foreign_key, note_of
from quizapp.catalogue.formats.decoding import decoded
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.moodle_files import left_out, with_names
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote, Unreadable
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, parsed

CONVENTION = "Moodle XML"
_KINDS = {
    "multichoice": ItemKind.CHOICE,
    "truefalse": ItemKind.TRUE_FALSE,
    "shortanswer": ItemKind.TYPED,
    "numerical": ItemKind.NUMERIC,
    "matching": ItemKind.MATCHING,
    "essay": ItemKind.ESSAY,
    "description": ItemKind.TEXT,
}
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
        elif kind in _KINDS:
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
    feedback = [_text(question.find(tag)) for tag in ("generalfeedback", "graderinfo")]
    return BankItem(
        kind=kind,
        line=1,
        stem=_text(question.find("questiontext")),
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
        text = "(any other answer)"
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
