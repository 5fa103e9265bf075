"""Reads an item of QTI 2.1: what is right stands beside the texts, and each interaction asks for one thing. Pure.

An item of 3.0 comes here by the names of 2.1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.banks import qti_3
from quizapp.catalogue.formats.banks.gapped import PLACE, filled, task
from quizapp.catalogue.formats.banks.qti_text import GAP, children, named, number, share, shown
from quizapp.catalogue.formats.html_text import markdown_of
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, name_of

_CHOICES = ("simpleChoice", "inlineChoice", "hottext", "simpleAssociableChoice", "gapText")
_CHOOSING = ("choiceInteraction", "hottextInteraction")
_PAIRING = ("matchInteraction", "associateInteraction")
_FILLING = "gapMatchInteraction"
_WRITING = ("textEntryInteraction", "extendedTextInteraction", "sliderInteraction")
_INLINE = ("textEntryInteraction", "inlineChoiceInteraction", "gap")
# Where a word is to be put, and where one is to be written or chosen, until it is said how that is shown.
_NAMED_GAP, _INLINE_GAP = "\ue001", "\ue002"
OTHER_GAP = "\u2026"  # in a question about one gap of several, the place of the others
_FILES = ("object", "audio", "video")


@dataclass(frozen=True, kw_only=True)
class _Declared:
    """What an item says about one response."""

    right: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    """What values are worth, where the item says it."""
    is_one: bool = True
    is_number: bool = False


def items(root: Element, name: str) -> Iterator[BankItem]:
    """The item as a question for each of its interactions."""
    declared = {one.get("identifier", ""): _declared(one) for one in named(root, "responseDeclaration")}
    body = next(children(root, "itemBody"), root)
    stem = markdown_of(_stem(body)).text
    feedback = "\n\n".join(text for one in named(root, "modalFeedback", "rubricBlock") if (text := shown(one)))
    asked = [one for one in body.iter() if name_of(one).endswith("Interaction")]
    inline = [one for one in asked if name_of(one) in _INLINE]
    for place, one in enumerate(asked or [body]):
        ident = root.get("identifier", "") + (f"/{one.get('responseIdentifier', place)}" if place else "")
        base = BankItem(
            kind=ItemKind.TEXT if not asked else ItemKind.ESSAY,
            line=1,
            stem=_with_gap(stem, inline.index(one) if one in inline else None),
            key=foreign_key(f"qti/{name}", ident) if ident else None,
            title=plain(root.get("title", "").strip()),
            feedback=feedback,
            warnings=tuple(_said(root, one)),
        )
        yield _asked(base, one, declared.get(one.get("responseIdentifier", ""), _Declared()))


def _with_gap(stem: str, asked: int | None) -> str:
    """The stem with a gap in the place of the interaction that is asked, by its number from 0; a sign for others."""
    first, *rest = stem.split(_INLINE_GAP)
    return first + "".join(f"{GAP if asked in (None, place) else OTHER_GAP}{text}" for place, text in enumerate(rest))


def _declared(element: Element) -> _Declared:
    right = tuple(inner(value).strip() for one in named(element, "correctResponse") for value in named(one, "value"))
    return _Declared(
        right=right,
        scores={one.get("mapKey", ""): number(one.get("mappedValue")) for one in named(element, "mapEntry")},
        is_one=element.get("cardinality", "single") == "single",
        is_number=element.get("baseType") in ("float", "integer"),
    )


def _asked(base: BankItem, one: Element, declared: _Declared) -> BankItem:
    match name_of(one):
        case kind if kind in _CHOOSING or kind == "inlineChoiceInteraction":
            is_one = _takes_one(one, declared)
            return replace(base, kind=ItemKind.CHOICE, answers=_options(one, declared), one_right=is_one)
        case "orderInteraction":
            texts = _texts(one)
            answers = tuple(BankAnswer(text=texts[name], weight=FULL) for name in declared.right if name in texts)
            return replace(base, kind=ItemKind.ORDERING, answers=answers)
        case kind if kind in _PAIRING:
            return replace(base, kind=ItemKind.MATCHING, pairs=tuple(_pairs(one, declared)))
        case "gapMatchInteraction":
            return _gap_match(base, one, declared)
        case kind if kind in _WRITING and (declared.right or declared.scores):
            typed = ItemKind.NUMERIC if declared.is_number else ItemKind.TYPED
            return replace(base, kind=typed, answers=tuple(_typed(declared)))
        case _:
            return base


def _takes_one(one: Element, declared: _Declared) -> bool:
    return declared.is_one and one.get("maxChoices", "1") in ("1", "")


def _options(one: Element, declared: _Declared) -> tuple[BankAnswer, ...]:
    """The options: worth what the item maps them to, else all if they are right."""
    positive = [score for score in declared.scores.values() if score > 0]
    whole = max(positive, default=0.0) if _takes_one(one, declared) else sum(positive)
    return tuple(
        BankAnswer(
            text=_without_feedback(choice),
            weight=share(declared.scores.get(name, 0.0), whole)
            if positive
            else (FULL if name in declared.right else 0.0),
            feedback="\n\n".join(shown(said) for said in named(choice, "feedbackInline")),
        )
        for choice in named(one, *_CHOICES)
        for name in [choice.get("identifier", "")]
    )


def _without_feedback(choice: Element) -> str:
    return markdown_of(_written(choice, without=("feedbackInline",))).text


def _texts(one: Element) -> dict[str, str]:
    return {choice.get("identifier", ""): _without_feedback(choice) for choice in named(one, *_CHOICES)}


def _pairs(one: Element, declared: _Declared) -> Iterator[tuple[str, str]]:
    """What belongs together, then what of the second set belongs to nothing. A pair is two names with a blank."""
    texts, taken = _texts(one), set[str]()
    for value in declared.right or tuple(key for key, score in declared.scores.items() if score > 0):
        left, _, right = value.partition(" ")
        taken.add(right.strip())
        yield texts.get(left, plain(left)), texts.get(right.strip(), plain(right.strip()))
    sets = [*named(one, "simpleMatchSet")]
    for name, text in _texts(sets[1]).items() if len(sets) > 1 and taken else ():
        if name not in taken and text:
            yield "", text


def _gap_match(base: BankItem, one: Element, declared: _Declared) -> BankItem:
    """Words that are put into gaps: a text with gaps, or pairs of the gaps' names where a gap takes none."""
    texts = _texts(one)
    names = [gap.get("identifier", "") for gap in named(one, "gap")]
    right = {gap: texts.get(word, "") for word, _, gap in (value.partition(" ") for value in declared.right)}
    gapped = filled(base.stem.replace(_NAMED_GAP, PLACE), [right.get(name, "") for name in names])
    stem = base.stem.replace(_NAMED_GAP, GAP)
    if not gapped:
        return replace(base, kind=ItemKind.MATCHING, stem=stem, pairs=tuple(_pairs(one, declared)))
    return replace(base, kind=ItemKind.CLOZE, stem=task(texts.values()), gapped=gapped)


def _typed(declared: _Declared) -> Iterator[BankAnswer]:
    whole = max(declared.scores.values(), default=0.0)
    for text in dict.fromkeys((*declared.right, *declared.scores)):
        is_full = text in declared.right or not declared.scores
        yield BankAnswer(text=plain(text), weight=FULL if is_full else share(declared.scores[text], whole))


def _said(root: Element, one: Element) -> Iterator[str]:
    kind = name_of(one)
    known = (
        *_CHOOSING,
        *_PAIRING,
        _FILLING,
        *_WRITING,
        "inlineChoiceInteraction",
        "orderInteraction",
        "itemBody",
        name_of(root),
    )
    if kind not in known:
        texts = ", ".join(text for text in map(_without_feedback, named(one, *_CHOICES)) if text)
        yield f"It is of the kind {kind[:40]}; it becomes an open question. {texts[:200]}".strip()
    files = [one.get("src") or one.get("data") or "" for one in named(root, *_FILES)]
    if files:
        yield f"Its files are not imported: {', '.join(files[:3])} ({len(files)} in all)."
    for file in qti_3.texts_elsewhere(root):
        yield f"What is to be read with it stands in another file, {file[:100]}. Add that text to the question."


def _stem(body: Element) -> str:
    """The text that asks, as HTML: without what is to be chosen, and with a gap where something is to be written."""
    return _written(body, without=(*_CHOICES, "rubricBlock", "modalFeedback", "inlineChoiceInteraction"))


def _written(element: Element, *, without: Sequence[str]) -> str:
    text = escape(element.text or "", quote=False)
    for one in element:
        name = name_of(one)
        if name in _INLINE:
            text += _NAMED_GAP if name == "gap" else _INLINE_GAP
        elif name == "hottext":
            text += _written(one, without=without)
        elif name in ("prompt", "itemBody", "div"):
            text += f"<p>{_written(one, without=without)}</p>"
        elif name.endswith("Interaction") or name in ("simpleMatchSet", "feedbackBlock"):
            text += _written(one, without=without)
        elif name == "img":
            text += f'<img src="{escape(one.get("src", ""))}" alt="{escape(one.get("alt", ""))}">'
        elif name not in without:
            text += f"<{name}>{_written(one, without=without)}</{name}>"
        text += escape(one.tail or "", quote=False)
    return text
