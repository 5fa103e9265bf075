"""What the columns of a table mean where a person says it, by name or by number. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizapp.catalogue.formats.parsed import Unreadable

COLUMNS_MAX = 40  # of a table that can be mapped; question banks have up to fifteen
_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})")


class ColumnMeaning(StrEnum):
    """What a column gives a question."""

    QUESTION = "question"
    ANSWER = "answer"  # a text, a letter, a number from 1, or several letters
    OPTION = "option"  # one option; several columns are several options
    OPTIONS = "options"  # all options, with bars, line ends or semicolons between them
    EXPLANATION = "explanation"
    SECTION = "section"
    TAGS = "tags"
    LEVEL = "level"
    ID = "id"
    NOTHING = "nothing"  # it is left out
    WRONG = "wrong"  # a wrong option; several columns are several, and the answer is the right one
    WHY = "why"  # what is said of the option named before it
    KIND = "kind"  # whether something is chosen or typed


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns that a person has named. Others are left out."""

    meanings: tuple[tuple[str, ColumnMeaning], ...]
    """Each column, by its name in the first row or its number from 1, and what it means."""
    has_names: bool | None = None
    """Whether the first row names the columns and is no question; None: if it has a name that was given or is known."""

    def places(self, header: Sequence[str]) -> dict[str, int]:
        """The places of the columns, from 0, by what they mean, called as in `column_names`.

        Raises Unreadable for a column that the table has not, without a question, and for two columns of one meaning,
        of which one would be lost.
        """
        names = [cell.strip().lower() for cell in header]
        found: dict[str, int] = {}
        for column, meaning in self.meanings:
            place = _place(column, names)
            if meaning in (ColumnMeaning.OPTION, ColumnMeaning.WRONG):
                found[_next(meaning, found)] = place
            elif meaning is ColumnMeaning.WHY:
                options = sum(part.startswith("option ") for part in found)
                found[f"why {chr(ord('a') + max(options, 1) - 1)}"] = place
            elif meaning is not ColumnMeaning.NOTHING and found.setdefault(meaning.value, place) != place:
                raise Unreadable(f"Two columns are said to be the {meaning}. Choose one; only options may be several.")
        if ColumnMeaning.QUESTION not in found:
            raise Unreadable("No column is said to be the question. Choose one.")
        return found

    def names_some_of(self, header: Sequence[str]) -> bool:
        """Whether a column is given by a name of this row."""
        names = {cell.strip().lower() for cell in header}
        return any(column.strip().lower() in names for column, _ in self.meanings)


def columns_from(text: str) -> Columns:
    """What `question=2,answer=Right answer,option=3-6` says. Raises Unreadable for what is no such text."""
    meanings: list[tuple[str, ColumnMeaning]] = []
    for part in text.split(","):
        word, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or word not in list(ColumnMeaning) or not column:
            known = ", ".join(meaning for meaning in ColumnMeaning if meaning is not ColumnMeaning.NOTHING)
            raise Unreadable(f"{part.strip()!r} is no column: write MEANING=COLUMN, where MEANING is one of {known}.")
        meanings += [(one, ColumnMeaning(word)) for one in _each(column)]
    return Columns(meanings=tuple(meanings))


def _next(meaning: ColumnMeaning, found: Collection[str]) -> str:
    """The name of one more option: `option b` behind `option a`, `wrong 2` behind `wrong 1`."""
    count = sum(part.startswith(f"{meaning} ") for part in found)
    return f"option {chr(ord('a') + count)}" if meaning is ColumnMeaning.OPTION else f"wrong {count + 1}"


def _each(column: str) -> Sequence[str]:
    """The numbers of a range such as 3-6, or the column alone."""
    found = _RANGE.fullmatch(column)
    return [column] if found is None else [str(number) for number in range(int(found[1]), int(found[2]) + 1)]


def _place(column: str, names: Sequence[str]) -> int:
    if column.strip().lower() in names:
        return names.index(column.strip().lower())
    if column.isdigit() and len(column) < 4 and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise Unreadable(f"The table has no column {column[:60]!r}. It has {len(names)}: {', '.join(names)[:200]}.")


def meanings_of(places: Mapping[str, int], count: int) -> list[ColumnMeaning]:
    """What each of `count` columns means, from the places by meaning."""
    by_place = {place: part for part, place in places.items()}
    return [_meaning(by_place.get(place, "")) for place in range(count)]


def _meaning(part: str) -> ColumnMeaning:
    word = part.partition(" ")[0]  # "option a", "wrong 1", "why a"
    return ColumnMeaning(word) if word in list(ColumnMeaning) else ColumnMeaning.NOTHING
