"""The fields of a question that has several, or words to choose between, as its page shows them. Reads nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from markupsafe import Markup

from quizapp.catalogue.html.rendering import in_plain_text, render, render_inline
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.expected import Expected
from quizapp.catalogue.kinds.matching import Matching
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth
from quizapp.quiz.kinds import cloze, matching, ordering

# Signs of Unicode's private use, which stand for a gap while the text round it becomes HTML.
_GAP, _GAPS = "\ue000{}\ue001", re.compile("\ue000\\d+\ue001")


@dataclass(frozen=True, kw_only=True)
class ShownField:
    """One of several things that are asked in a question, with what was given for it."""

    html: Markup
    """What it is about; of a gap, the text before it, whose elements may be left open."""
    name: str
    """The same in plain text, for who does not see where it stands."""
    options: Sequence[str] = ()
    """What can be chosen, in plain text; its number from 1 is sent. Empty for a field to type into."""
    given: str = ""
    """What was sent, or its text after the verdict; empty before."""
    is_right: bool | None = None
    """None before the verdict."""
    right: str = ""
    """What is right, in plain text."""


@dataclass(frozen=True, kw_only=True)
class ShownFields:
    """All of them."""

    fields: Sequence[ShownField] = ()
    tail: Markup = field(default_factory=Markup)
    """The text behind the last gap."""


def shown_fields(
    expected: Expected | None, *, order: Sequence[int], parts: Sequence[str], is_marked: bool
) -> ShownFields:
    """The fields of a question; `parts` is what was sent for each, or nothing."""
    match expected:
        case Ordering():
            shown = ShownFields(fields=_to_order(expected, order))
            right = ordering.are_right(parts, order=order)
        case Matching():
            shown = ShownFields(fields=_to_match(expected))
            right = matching.are_right(expected, parts)
        case Cloze():
            shown = _gaps(expected)
            right = cloze.are_right(expected, parts)
        case ShortText() | NumberValue() | Truth() | None:
            return ShownFields()
        case _:
            assert_never(expected)
    given = [*parts, *[""] * (len(shown.fields) - len(parts))]
    if not is_marked:
        fields = [replace(one, given=said) for one, said in zip(shown.fields, given, strict=False)]
    else:
        rights = [*right, *[False] * (len(shown.fields) - len(right))]
        fields = [
            replace(one, given=_as_text(one, said), is_right=is_right)
            for one, said, is_right in zip(shown.fields, given, rights, strict=False)
        ]
    return replace(shown, fields=fields)


def _to_order(expected: Ordering, order: Sequence[int]) -> list[ShownField]:
    numbers = [str(number) for number in range(1, len(expected.items) + 1)]
    return [
        ShownField(
            html=render_inline(expected.items[place]),
            name=in_plain_text(expected.items[place]),
            options=numbers,
            right=str(place + 1),
        )
        for place in order
        if place < len(expected.items)
    ]


def _to_match(expected: Matching) -> list[ShownField]:
    rights = [in_plain_text(right) for right in expected.rights]
    return [
        ShownField(html=render_inline(left), name=in_plain_text(left), options=rights, right=in_plain_text(right))
        for left, right in expected.pairs
    ]


def _gaps(expected: Cloze) -> ShownFields:
    """The gaps in their text. Where Markdown swallows one, as in an address, they stand below the text."""
    gaps = expected.gaps
    pieces = _GAPS.split(render(expected.filled([_GAP.format(number) for number in range(len(gaps))])))
    if len(pieces) != len(gaps) + 1:
        pieces = [str(render(expected.task)), *[""] * len(gaps)]
    fields = [
        ShownField(
            html=Markup(piece), name=f"Gap {number}", right=in_plain_text(gap.accepted[0])
        )  # rendered and sanitised
        for number, (piece, gap) in enumerate(zip(pieces, gaps, strict=False), start=1)
    ]
    return ShownFields(fields=fields, tail=Markup(pieces[-1]))


def _as_text(shown: ShownField, sent: str) -> str:
    """What was chosen, in its words."""
    if not shown.options:
        return sent
    number = ordering.numbers_of([sent])[0]
    return shown.options[number - 1] if 1 <= number <= len(shown.options) else ""
