"""Reads the items of QTI 1.2, as Canvas, text2qti and others write it. Pure.

What is right stands in conditions: each says which answers it is about, what they score and which texts are shown.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizapp.catalogue.formats.bank import BankItem, ItemKind, foreign_key
from quizapp.catalogue.formats.bank_answer import FULL, BankAnswer
from quizapp.catalogue.formats.banks.gapped import PLACE, filled, task
from quizapp.catalogue.formats.banks.qti_text import children, named, number, outside, share, shown
from quizapp.catalogue.formats.html_text import image, markdown_of
from quizapp.catalogue.formats.wording import plain
from quizapp.catalogue.formats.xml_text import inner, name_of

_CHOSEN, _TYPED = ("response_lid",), ("response_str", "response_num")
_OTHER = ("response_grp", "response_xy", "response_extension", "itemproc_extension")
_NUMBERS = ("decimal", "integer", "scientific")  # what a field for typing may be said to take
_COMPARED = {"vargte": "at least", "vargt": "more than", "varlte": "at most", "varlt": "less than"}
# Canvas' kinds with `[name]` in their text for each response; of the first every label is accepted.
_BLANKS, _DROPDOWNS = "fill_in_multiple_blanks_question", "multiple_dropdowns_question"
_UNNAMED = ("root_section", "main", "section", "")  # titles of sections that tools write for all
_SAID = {"correct_fb": "Right: ", "general_incorrect_fb": "Wrong: "}
_FILES = ("mataudio", "matvideo", "matapplet", "matapplication")


@dataclass(frozen=True, kw_only=True)
class _Demand:
    """A value that a condition asks of one response, and how it compares."""

    response: str
    how: str
    value: str


@dataclass(frozen=True, kw_only=True)
class _Condition:
    """A condition on what a learner answers."""

    score: float
    demands: tuple[_Demand, ...]
    """Those that are not negated."""
    feedback: tuple[str, ...]
    """The ids of the texts that it shows."""


def items(root: Element, name: str) -> Iterator[BankItem]:
    """The questions of a file of the bank called `name`."""
    return _below(root, name, section="")


def _below(element: Element, name: str, *, section: str) -> Iterator[BankItem]:
    for one in element:
        match name_of(one):
            case "assessment" | "section" | "objectbank":
                title = one.get("title", "").strip()
                yield from _below(one, name, section=section if title.lower() in _UNNAMED else plain(title))
            case "item":
                yield _item(one, name, section=section)


def _item(item: Element, name: str, *, section: str) -> BankItem:
    chosen, typed = [*named(item, *_CHOSEN)], [*named(item, *_TYPED)]
    conditions = [_condition(one) for one in named(item, "respcondition")]
    texts = {one.get("ident", ""): _material(one) for one in named(item, "itemfeedback")}
    kind = _kind(item, chosen, typed, conditions)
    answers: Sequence[BankAnswer] = ()
    if kind in (ItemKind.CHOICE, ItemKind.TRUE_FALSE, ItemKind.ORDERING):
        answers = _options(chosen[0], conditions, texts)
    elif kind in (ItemKind.TYPED, ItemKind.NUMERIC):
        answers = [*_typed(conditions, texts)]
    ordered = kind is ItemKind.ORDERING
    stem = _material(*children(item, "presentation"), without=(*_CHOSEN, *_TYPED, *_OTHER))
    gapped = _gapped(item, stem, chosen, conditions)
    pairs = [*_pairs([*chosen, *typed], conditions)] if kind is ItemKind.MATCHING and not gapped else []
    if gapped:
        kind, answers, stem = ItemKind.CLOZE, (), task(_offered(item, chosen))
    return BankItem(
        kind=kind,
        line=1,
        stem=stem,
        gapped=gapped,
        key=foreign_key(f"qti/{name}", item.get("ident", "")) if item.get("ident") else None,
        title=plain(item.get("title", "").strip()),
        answers=tuple(_in_order(answers, chosen[0], conditions) if ordered else answers),
        pairs=(*pairs, *_misleading(item, chosen, pairs)),
        one_right=not chosen or chosen[0].get("rcardinality", "Single").lower() == "single",
        feedback=_feedback(item, texts, conditions, kind),
        section=section,
        warnings=tuple(_said(item, kind)),
    )


def _kind(
    item: Element, chosen: Sequence[Element], typed: Sequence[Element], conditions: Sequence[_Condition]
) -> ItemKind:
    called = _called(item)
    if len(chosen) + len(typed) > 1:
        return ItemKind.MATCHING
    if chosen:
        if chosen[0].get("rcardinality", "").lower() == "ordered":
            return ItemKind.ORDERING
        return ItemKind.TRUE_FALSE if called == "true_false_question" else ItemKind.CHOICE
    if typed and any(demand.value for condition in conditions for demand in condition.demands):
        fields = {one.get("fibtype", "").lower() for one in named(typed[0], "render_fib")}
        is_number = called == "numerical_question" or name_of(typed[0]) == "response_num" or fields & {*_NUMBERS}
        return ItemKind.NUMERIC if is_number else ItemKind.TYPED
    return ItemKind.TEXT if called == "text_only_question" else ItemKind.ESSAY


def _called(item: Element) -> str:
    """What Canvas calls the kind of a question; empty if the file does not say."""
    for one in named(item, "qtimetadatafield"):
        fields = {name_of(field): inner(field).strip() for field in one}
        if fields.get("fieldlabel") == "question_type":
            return fields.get("fieldentry", "")
    return ""


def _condition(element: Element) -> _Condition:
    scores = [number(inner(one)) for one in named(element, "setvar")]
    where = next(children(element, "conditionvar"), None)
    shows = (one.get("linkrefid", "") for one in named(element, "displayfeedback"))
    return _Condition(
        score=max(scores, default=0.0) if any(score > 0 for score in scores) else min(scores, default=0.0),
        demands=tuple(_demands(where)) if where is not None else (),
        feedback=tuple(shows),
    )


def _demands(where: Element) -> Iterator[_Demand]:
    for one in outside(where, without=("not",)):
        if (how := name_of(one)) in ("varequal", "varsubstring", "varsubset", *_COMPARED):
            yield _Demand(response=one.get("respident", ""), how=how, value=inner(one).strip())


def _options(response: Element, conditions: Sequence[_Condition], texts: Mapping[str, str]) -> Sequence[BankAnswer]:
    """The options of a response, each with what it is worth and its own feedback."""
    labels = [*named(response, "response_label")]
    worth, said = dict.fromkeys(range(len(labels)), 0.0), dict.fromkeys(range(len(labels)), "")
    scoring = [one for one in conditions if one.score and one.demands]
    is_one_sum = len([one for one in scoring if one.score > 0]) > 1 and response.get("rcardinality") == "Multiple"
    positive = [one.score for one in scoring if one.score > 0]
    whole = sum(positive) if is_one_sum else max(positive, default=0.0)
    for condition in conditions:
        places = [place for demand in condition.demands if (place := _place(labels, demand, response)) is not None]
        for place in places:
            if condition.score:
                worth[place] = share(condition.score, whole or FULL)
            if len(places) == 1:
                said[place] = said[place] or "\n\n".join(
                    texts[one] for one in condition.feedback if texts.get(one) and one not in (*_SAID, "general_fb")
                )
    return [
        BankAnswer(text=_material(label), weight=worth[place], feedback=said[place])
        for place, label in enumerate(labels)
    ]


def _place(labels: Sequence[Element], demand: _Demand, response: Element) -> int | None:
    """The place of the option that a demand names; None if it names none of this response."""
    if demand.response not in ("", response.get("ident", "")) or demand.how in _COMPARED:
        return None
    names = [label.get("ident", "") for label in labels]
    return names.index(demand.value) if demand.value in names else None


def _in_order(
    answers: Sequence[BankAnswer], response: Element, conditions: Sequence[_Condition]
) -> Sequence[BankAnswer]:
    """The answers in the order that the condition with the highest score asks for."""
    best = max(conditions, key=lambda one: one.score, default=None)
    labels = [*named(response, "response_label")]
    places = [_place(labels, demand, response) for demand in best.demands] if best is not None else []
    order = [place for place in dict.fromkeys(places) if place is not None]
    return [answers[place] for place in [*order, *(place for place in range(len(answers)) if place not in order)]]


def _typed(conditions: Sequence[_Condition], texts: Mapping[str, str]) -> Iterator[BankAnswer]:
    """What may be typed, each with what it is worth."""
    whole = max((one.score for one in conditions), default=0.0)
    for condition in conditions:
        if condition.demands and condition.score > 0:
            exact = [demand.value for demand in condition.demands if demand.how not in _COMPARED]
            bounds = [one for one in condition.demands if one.how in _COMPARED and one.value not in exact]
            spread = [f"{_COMPARED[one.how]} {one.value}" for one in bounds]
            said = "\n\n".join(texts[one] for one in condition.feedback if one not in _SAID and texts.get(one))
            for text in filter(None, (*exact, " and ".join(spread))):
                worth = share(condition.score, whole)
                yield BankAnswer(text=plain(text), weight=worth, feedback=said)


def _pairs(responses: Sequence[Element], conditions: Sequence[_Condition]) -> Iterator[tuple[str, str]]:
    """What belongs together: each response, and what is right for it."""
    for response in responses:
        labels = {one.get("ident", ""): _material(one) for one in named(response, "response_label")}
        wanted = [
            labels.get(demand.value) or plain(demand.value)
            for condition in conditions
            for demand in condition.demands
            if condition.score > 0 and demand.response == response.get("ident")
        ]
        left = _material(response, without=("render_choice", "render_fib", "response_label"))
        yield left or plain(response.get("ident", "").removeprefix("response_")), " / ".join(dict.fromkeys(wanted))


def _misleading(item: Element, chosen: Sequence[Element], pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What belongs to nothing in a matching question of Canvas, each without a left side."""
    labels = (_material(label) for one in chosen for label in named(one, "response_label"))
    taken = {right for _, right in pairs}
    unused = dict.fromkeys(label for label in labels if label and label not in taken)
    return [("", label) for label in unused] if _called(item) == "matching_question" else []


def _gapped(item: Element, stem: str, chosen: Sequence[Element], conditions: Sequence[_Condition]) -> str:
    """The text of a question that has `[name]` for each of its responses, with what is right there; else empty."""
    called = _called(item)
    if called not in (_BLANKS, _DROPDOWNS):
        return ""
    gaps = {}
    for one, (name, right) in zip(chosen, _pairs(chosen, conditions), strict=True):
        labels = [_material(label) for label in named(one, "response_label")]
        gaps[name] = " | ".join(dict.fromkeys(filter(None, labels))) if called == _BLANKS else right
    places = [found for found in re.finditer(r"\\?\[([^\[\]\\]{1,100})\\?\]", stem) if found[1] in gaps]
    if {found[1] for found in places} != {*gaps}:
        return ""
    marked, at = "", 0
    for found in places:
        marked, at = f"{marked}{stem[at : found.start()]}{PLACE}", found.end()
    return filled(marked + stem[at:], [gaps[found[1]] for found in places])


def _offered(item: Element, chosen: Sequence[Element]) -> list[str]:
    """The words that may be chosen in the gaps of a question; none where they are typed."""
    labels = (label for one in chosen for label in named(one, "response_label"))
    return [_material(label) for label in labels] if _called(item) == _DROPDOWNS else []


def _feedback(item: Element, texts: Mapping[str, str], conditions: Sequence[_Condition], kind: ItemKind) -> str:
    """What is shown whatever was answered, and after right and wrong answers; of an unknown kind all that is said."""
    own = {
        name
        for condition in conditions
        if len(condition.demands) == 1 and kind in (ItemKind.CHOICE, ItemKind.TRUE_FALSE)
        for name in condition.feedback
        if name not in (*_SAID, "general_fb")
    }
    said = [f"{_SAID.get(name, '')}{text}" for name, text in texts.items() if text and name not in own]
    said += [_material(one) for one in named(item, *_OTHER)]
    return "\n\n".join(text for text in said if text)


def _said(item: Element, kind: ItemKind) -> Iterator[str]:
    called = _called(item)
    if any(True for _ in named(item, *_OTHER)) or (kind is ItemKind.ESSAY and "file_upload" in called):
        yield f"It is of the kind {called or 'that asks for a place or a program'}; it becomes an open question."
    files = [one.get("uri", "") or name_of(one) for one in named(item, *_FILES)]
    if files:
        yield f"Its files are not imported: {', '.join(files[:3])} ({len(files)} in all)."


def _material(*elements: Element, without: Sequence[str] = ()) -> str:
    """The texts of elements as Markdown."""
    parts = (
        one for element in elements for one in outside(element, without) if name_of(one) in ("mattext", "matimage")
    )
    return "\n\n".join(text for text in map(_text, parts) if text)


def _text(mattext: Element) -> str:
    if name_of(mattext) == "matimage":
        address = mattext.get("uri", "")
        return image(address, mattext.get("label") or address) if address else ""
    written = inner(mattext).strip()
    match mattext.get("texttype", "").lower():
        case "text/html":
            return markdown_of(written).text
        case "text/plain":
            return plain(written)
        case _:
            return shown(mattext)
