"""What the right answer of a question is, of whatever kind: its text in notes and forms, and its stored form. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any, assert_never

from pydantic import Field, TypeAdapter

from quizapp.catalogue.kinds import cloze, matching, number, ordering, short_text, truth
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.kinds.matching import Matching
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth

Expected = ShortText | NumberValue | Truth | Ordering | Matching | Cloze
EXPECTED_MAX_CHARS = 16_000  # of its text: as many as a text of a question may have
# The label of each kind in a note; the keys are `kind` of the types, and values of QuestionKind.
LABEL_OF: Mapping[str, str] = {
    "short": "Accept",
    "number": "Number",
    "truth": "True/False",
    "order": "Order",
    "match": "Match",
    "cloze": "Gaps",
}
KIND_OF = {label.lower(): kind for kind, label in LABEL_OF.items()}
_READERS: Mapping[str, Callable[[str], Expected]] = {
    "short": short_text.read,
    "number": number.read,
    "truth": truth.read,
    "order": ordering.read,
    "match": matching.read,
    "cloze": cloze.read,
}
_STORED: TypeAdapter[Expected] = TypeAdapter(Annotated[Expected, Field(discriminator="kind")])


def read(kind: str, text: str) -> Expected:
    """What a text in a note or a form says is right in a question of this kind. Raises NotExpected."""
    if len(text) > EXPECTED_MAX_CHARS:
        raise NotExpected(f"At most {EXPECTED_MAX_CHARS:,} characters fit here.")
    return _READERS[kind](text)


def to_json(expected: Expected) -> dict[str, Any]:
    """The JSON data that a question stores."""
    return asdict(expected)


def from_json(data: Mapping[str, Any]) -> Expected:
    """The right answer in JSON data. Raises pydantic's ValidationError for other data."""
    return _STORED.validate_python(data)


def with_texts(expected: Expected, change: Callable[[str], str]) -> Expected:
    """The same, in which each text that may show a picture is what `change` makes of it."""
    match expected:
        case Ordering():
            return replace(expected, items=tuple(map(change, expected.items)))
        case Matching():
            pairs = tuple((change(left), change(right)) for left, right in expected.pairs)
            return replace(expected, pairs=pairs, decoys=tuple(map(change, expected.decoys)))
        case ShortText() | NumberValue() | Truth() | Cloze():
            return expected
        case _:
            assert_never(expected)
