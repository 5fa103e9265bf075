"""The language of a search: words as they stand in shells, and Anki's terms where they fit. Pure.

Pieces are apart by blanks, and all must hold; `or` between them, brackets, `-` before a term. What is no term is text:
`-p`, `root:root` and `*.log` are looked for as they stand, where Anki would exclude `p` and refuse `root:`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from quizapp.errors import Invalid
from quizapp.search.terms import ACCENTS_APART, EXPRESSION, IN_TEXTS, NAMES, BadTerm, Term, checked, term_of
from quizapp.search.tokens import folded, unaccented

QUERY_MAX_CHARS = 1_000  # no one types more
PIECES_MAX = 100  # each is a condition of the statement
DEPTH_MAX = 20  # of brackets in brackets
LONELY = "Something must stand on both sides of this, and within brackets; in quotation marks it is text"
ALONE = "A minus alone looks for nothing. Put something after it, as in -p or -is:due, or set it in quotation marks."
_ESCAPABLE = frozenset('-:*_"()\\')
_FIELD = re.compile(r"([A-Za-z]+):")


class NotUnderstood(Invalid):
    """A search that cannot be read, with where that is."""

    def __init__(self, message: str, *, at: int, part: str) -> None:
        super().__init__(f"{message} ({part!r}, at character {at + 1})" if part else message)
        self.at = at
        """The place of `part` in the query, from 0."""
        self.part = part


@dataclass(frozen=True, kw_only=True)
class Text:
    """Documents that have a piece of text."""

    piece: str
    """Folded, without blanks."""
    is_prefix: bool
    """Whether what begins so is enough."""


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Documents that have pieces of text next to each other."""

    text: str
    """Folded, with one blank between pieces."""


@dataclass(frozen=True, kw_only=True)
class AccentsApart:
    """As Text, or as Phrase if there are blanks in it, with or without accents."""

    text: str
    """Folded, without accents."""
    is_prefix: bool


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Documents in whose text a regular expression is found; see `patterns`."""

    written: str


@dataclass(frozen=True, kw_only=True)
class All:
    """What fulfils every part; everything, if there is none."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True)
class Either:
    """What fulfils at least one part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True)
class Not:
    """What does not fulfil the part."""

    part: "Node"


Node: TypeAlias = Text | Phrase | AccentsApart | Expression | Term | All | Either | Not


class _Sign(Enum):
    OPEN = auto()
    CLOSE = auto()
    OR = auto()
    AND = auto()
    NOT = auto()


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A part of the query: a sign between terms, or a term."""

    at: int
    written: str
    means: _Sign | Node


def in_address(query: str) -> str | None:
    """A query as an address has it: of one that is too long as much as shows that it is. None for an empty one."""
    return query[: QUERY_MAX_CHARS + 1] or None


def parse(query: str) -> Node:
    """What a query asks for. Raises NotUnderstood, which says where and why."""
    if len(query) > QUERY_MAX_CHARS:
        raise NotUnderstood(f"A search has at most {QUERY_MAX_CHARS} characters.", at=0, part="")
    if query.strip() == "-":
        raise NotUnderstood(ALONE, at=query.index("-"), part="-")
    pieces = list(_pieces(query.replace("\0", " ")))
    if len(pieces) > PIECES_MAX:
        raise NotUnderstood(f"A search has at most {PIECES_MAX} words and terms.", at=0, part="")
    reader = _QueryReader(pieces)
    found = reader.any_of(depth=0)
    if reader.left:
        raise _at(reader.left[0], "This bracket closes none")
    return found


class _QueryReader:
    """Reads pieces from left to right: `or` binds less than what merely stands side by side."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self.left = list(pieces)

    def any_of(self, *, depth: int, opened: _Piece | None = None) -> Node:
        if depth > DEPTH_MAX:
            raise NotUnderstood(f"Brackets are at most {DEPTH_MAX} deep.", at=0, part="")
        parts = [self.all_of(depth=depth, opened=opened)]
        while self.left and self.left[0].means is _Sign.OR:
            before = self.left.pop(0)
            parts.append(self.all_of(depth=depth, opened=before))
        return parts[0] if len(parts) == 1 else Either(parts=tuple(parts))

    def all_of(self, *, depth: int, opened: _Piece | None) -> Node:
        parts: list[Node] = []
        while self.left and self.left[0].means not in (_Sign.OR, _Sign.CLOSE):
            piece = self.left.pop(0)
            if piece.means is _Sign.AND:
                self._between(piece, before=bool(parts))
                continue
            parts.append(self._one(piece, depth=depth))
        if not parts and (opened is not None or self._is_or()):
            raise _at(opened or self.left[0], LONELY)
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def _is_or(self) -> bool:
        return bool(self.left) and self.left[0].means is _Sign.OR

    def _between(self, piece: _Piece, *, before: bool) -> None:
        after = bool(self.left) and self.left[0].means not in (_Sign.OR, _Sign.AND, _Sign.CLOSE)
        if not before or not after:
            raise _at(piece, LONELY)

    def _one(self, piece: _Piece, *, depth: int) -> Node:
        if piece.means is _Sign.NOT:
            return Not(part=self._one(self.left.pop(0), depth=depth))
        if piece.means is not _Sign.OPEN:
            assert not isinstance(piece.means, _Sign)  # the others end all_of
            return piece.means
        found = self.any_of(depth=depth + 1, opened=piece)
        if not self.left:
            raise _at(piece, "This bracket is never closed")
        self.left.pop(0)
        return found


def _at(piece: _Piece, message: str) -> NotUnderstood:
    return NotUnderstood(f"{message}.", at=piece.at, part=piece.written)


def _pieces(query: str) -> Iterator[_Piece]:
    """The parts of a query, from left to right. Raises NotUnderstood."""
    at, open_brackets = 0, 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        negates = query[at] == "-" and _begins_a_term(query, at + 1)
        if negates:
            yield _Piece(at=at, written="-", means=_Sign.NOT)
            at += 1
        if query[at] == "(" and _opens(query, at):
            yield _Piece(at=at, written="(", means=_Sign.OPEN)
            at, open_brackets = at + 1, open_brackets + 1
            continue
        if query[at] == ")" and open_brackets:
            yield _Piece(at=at, written=")", means=_Sign.CLOSE)
            at, open_brackets = at + 1, open_brackets - 1
            continue
        end = _end(query, at, in_brackets=open_brackets > 0)
        yield _meant(query[at:end], at)
        at = end


def _opens(query: str, at: int) -> bool:
    """Whether a bracket at the beginning of a piece opens a group: not where it is closed within, as in `(){`."""
    return query[at : at + 2] != "()" or not query[at + 2 : at + 3].strip()


def _begins_a_term(query: str, at: int) -> bool:
    """Whether what stands here can be negated: a quotation, a bracket, or a term. `-p` and `-it` are text."""
    if query[at : at + 1] == '"':
        return True
    if query[at : at + 1] == "(":
        return _opens(query, at)
    field = _FIELD.match(query, at)
    return field is not None and field[1].lower() in NAMES


def _end(query: str, at: int, *, in_brackets: bool) -> int:
    """Where the piece that begins here ends: at a blank that is not quoted, or at a bracket that closes a group."""
    field = _FIELD.match(query, at)
    begins = field.end() if field is not None and field[1].lower() in NAMES else at
    if query[begins : begins + 1] == '"':
        return _end_of_quotation(query, at, begins)
    depth = 0
    for place in range(at, len(query)):
        sign = query[place]
        if sign.isspace():
            return place
        if query[place - 1] == "\\" and place > at:
            continue
        depth += (sign == "(") - (sign == ")")
        if depth < 0 and in_brackets:
            return place
        depth = max(depth, 0)
    return len(query)


def _end_of_quotation(query: str, at: int, begins: int) -> int:
    place = begins + 1
    while place < len(query) and query[place] != '"':
        place += 2 if query[place] == "\\" else 1
    if place >= len(query):
        raise NotUnderstood("This quotation mark is never closed.", at=begins, part=query[begins:])
    return place + 1


def _meant(written: str, at: int) -> _Piece:
    """The term or text of a piece; of one without text, as `""`, what is always so."""
    sign = {"or": _Sign.OR, "and": _Sign.AND}.get(written.lower())
    if sign is not None:
        return _Piece(at=at, written=written, means=sign)
    field = _FIELD.match(written)
    if field is not None and field[1].lower() in IN_TEXTS and written[field.end() :]:
        return _Piece(at=at, written=written, means=_in_texts(field[1].lower(), written, field.end(), at))
    if field is not None and field[1].lower() in NAMES:
        return _Piece(at=at, written=written, means=_term(field[1].lower(), written, field.end(), at))
    return _Piece(at=at, written=written, means=_text(written))


def _text(written: str) -> Node:
    """The text of a piece as it is looked for."""
    quoted = written.startswith('"')
    text = folded(_unescaped(written[1:-1] if quoted else written))
    is_prefix = not quoted and len(written) > 1 and written.endswith("*") and not written.endswith(("\\*", "**"))
    if is_prefix:
        text = text[:-1]
    found: Node = Phrase(text=text) if " " in text else Text(piece=text, is_prefix=is_prefix)
    return found if text else All(parts=())


def _in_texts(name: str, written: str, begins: int, at: int) -> Node:
    """What is looked for in texts, as the name before it says."""
    value = written[begins:]
    if name == EXPRESSION:
        quoted = value.startswith('"')
        try:
            return Expression(written=checked(value[1:-1].replace('\\"', '"') if quoted else value))
        except BadTerm as error:
            raise NotUnderstood(str(error), at=at, part=written) from None
    found = _text(value)
    if name != ACCENTS_APART or not isinstance(found, Text | Phrase):
        return found
    is_prefix = isinstance(found, Text) and found.is_prefix
    text = unaccented(found.text if isinstance(found, Phrase) else found.piece)
    return AccentsApart(text=text, is_prefix=is_prefix)


def _term(name: str, written: str, begins: int, at: int) -> Term:
    value = written[begins:]
    if value.startswith('"'):
        value = value[1:-1]
    elif value.count(")") > value.count("("):
        raise NotUnderstood("This bracket closes none.", at=at, part=written)
    try:
        found = term_of(name, _unescaped(value))
    except BadTerm as error:
        raise NotUnderstood(str(error), at=at, part=written) from None
    assert found is not None  # the name is one of NAMES
    return found


def _unescaped(text: str) -> str:
    r"""The text without the backslashes that take a sign's meaning away, as in `is\:due`; others stay.

    So do two before a letter, as in `\\server\share`.
    """
    made, place = [], 0
    while place < len(text):
        escaped, behind = text[place + 1 : place + 2], text[place + 2 : place + 3]
        if text[place] == "\\" and escaped in _ESCAPABLE and (escaped != "\\" or behind in _ESCAPABLE):
            place += 1
        made.append(text[place])
        place += 1
    return "".join(made)
