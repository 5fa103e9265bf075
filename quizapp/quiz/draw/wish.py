"""What a learner asks for when they begin a quiz session. Knows no database.

It is stored with the quiz session, so that "Again" asks for the same, and results of the same are compared.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from pydantic import TypeAdapter

from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.draw.selection import Length


class Only(StrEnum):
    """Which questions, by what the learner has done with them."""

    MISSED = "missed"  # missed in the newest quiz session that asked them
    DUE = "due"  # those of which a card is due
    UNSEEN = "unseen"  # neither answered in a quiz session nor reviewed


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What the questions have in common. Of notes, concepts and tags one of each that has any is enough."""

    notes: tuple[str, ...] = ()
    """The keys of notes, in their order."""
    concepts: tuple[str, ...] = ()
    """The keys of concepts, in their order."""
    tags: tuple[str, ...] = ()
    """Names, in their order."""
    level: int | None = None
    kind: QuestionKind | None = None
    only: Only | None = None


EVERYTHING = Narrowed()
USUAL_LENGTH = Length(questions=10)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a learner asks for. A field that is added needs a default, for those that are stored."""

    narrowed: Narrowed = EVERYTHING
    length: Length = field(default=USUAL_LENGTH)
    suits: bool = False
    """Whether the questions are to suit the learner: such that about three of four are expected to be right."""
    certainty: bool = False
    """Whether answers are marked by how sure the learner was of them."""
    of_misses: bool = False
    """Whether only those are asked again that were missed in one quiz session."""


@cache
def _stored() -> TypeAdapter[Wish]:
    """Made with the first quiz."""
    return TypeAdapter(Wish)


def to_text(wish: Wish) -> str:
    """The text that is stored: equal for equal wishes."""
    return json.dumps(_stored().dump_python(wish, mode="json"), sort_keys=True, separators=(",", ":"))


def from_text(text: str) -> Wish:
    """The Wish in such a text of this or another version. Raises pydantic's ValidationError for another text."""
    return _stored().validate_json(text)
