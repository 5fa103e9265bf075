"""The tokens of a text, by which shell text is found: `-p`, `--rm`, `resolv.conf`, `tcp/443`, `ip_forward`. Pure.

The parsers of SQLite and PostgreSQL drop signs, read `-p` as "not p", and differ. So both store and compare tokens
made here, in letters that neither cuts, and give the same results.

The rule: a text is folded and split at blanks. In such a piece an atom is a run of letters and digits, or a run of one
repeated sign; each run of up to ATOMS_MAX neighbouring atoms is a token. So `/etc/resolv.conf` has the tokens `/etc`,
`resolv.conf`, `conf` and others, but none of `resol`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

ATOMS_MAX = 12  # a run's; a path or an address of more parts is found by any twelve that follow each other
TOKEN_MAX_CHARS = 60  # of a token, so that its letters stay under PostgreSQL's 2 kB a word
# Of one document's codes and their places: PostgreSQL refuses more than 1 MiB, and stores some bytes with each.
CODES_MAX_BYTES = 900_000
PLACE_BYTES = 8
PIECES_KEPT = 20_000  # whose codes are remembered: words repeat
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
# A run of letters and digits with what is combined with them, or a run of one sign.
_ATOM = re.compile(r"[^\W_]+|([\W_])\1*")


def folded(text: str) -> str:
    """The text without differences of case and of how letters are composed, its pieces apart by one blank."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", composed).split())


def codes_of(text: str) -> str:
    """The codes of all tokens of a text, each once, with a blank before and after each; "" for none.

    Of a text so long that PostgreSQL would refuse it, those of its beginning.
    """
    found: dict[str, None] = {}
    room = CODES_MAX_BYTES
    for piece in folded(text).split():
        for code in _codes(piece):
            if code in found:
                continue
            room -= len(code) + PLACE_BYTES
            if room < 0:
                return _joined(found)
            found[code] = None
    return _joined(found)


def words_of(text: str) -> str:
    """The atoms of a text in their order, so that a phrase in it is a part of this, from atom to atom.

    The signs by which Markdown says what is code or strong are left out.
    """
    plain = folded(text.replace("`", "").replace("**", ""))
    return " ".join("\t".join(["", *_atoms(piece), ""]) for piece in plain.split())


def wanted_codes(piece: str) -> tuple[str, ...]:
    """The codes that a document has if it has the piece, which is folded: of one token, or of each run of the longest.

    With the last code as a prefix, the document has a piece that begins so.
    """
    atoms = _atoms(piece)
    if len(atoms) <= ATOMS_MAX:
        return (_code("".join(atoms)),)
    starts = range(len(atoms) - ATOMS_MAX + 1)
    return tuple(_code("".join(atoms[start : start + ATOMS_MAX])) for start in starts)


def _joined(codes: dict[str, None]) -> str:
    return f" {' '.join(codes)} " if codes else ""


@lru_cache(maxsize=PIECES_KEPT)
def _codes(piece: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(token) for token in _tokens(piece)))


def _tokens(piece: str) -> Iterator[str]:
    atoms = _atoms(piece)
    for start in range(len(atoms)):
        for end in range(start + 1, min(start + ATOMS_MAX, len(atoms)) + 1):
            yield "".join(atoms[start:end])


def _atoms(piece: str) -> list[str]:
    """The atoms of a piece. A mark that is combined with a letter belongs to it, wherever that letter stands."""
    atoms: list[str] = []
    for found in _ATOM.finditer(piece):
        atom = found[0]
        is_word = found[1] is None or unicodedata.category(atom[0]).startswith("M")
        if is_word and atoms and _ends_in_a_word(atoms[-1]):
            atoms[-1] += atom
        else:
            atoms.append(atom)
    return atoms


def _ends_in_a_word(atom: str) -> bool:
    return unicodedata.category(atom[-1])[0] in "LMN"


def _code(token: str) -> str:
    """A token in the letters a to p: the hex digits of its bytes. A token's beginning has the code's beginning."""
    return token[:TOKEN_MAX_CHARS].encode().hex().translate(_LETTERS)
