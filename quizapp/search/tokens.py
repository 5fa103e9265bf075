"""The tokens of a text, by which shell text is found: `-p`, `--rm`, `resolv.conf`, `tcp/443`, `ip_forward`. Pure.

The parsers of SQLite and PostgreSQL drop signs, read `-p` as "not p", and differ. So both store and compare tokens
made here, in letters that neither cuts, and give the same results.

The rule: a text is folded and split at blanks. In such a piece an atom is a run of letters and digits, or a run of one
repeated sign; each run of up to ATOMS_MAX neighbouring atoms is a token. So `/etc/resolv.conf` has the tokens `/etc`,
`resolv.conf`, `conf` and others, but none of `resol`.

Chinese, Japanese and Thai have no blanks between words, and Korean words have endings. There each letter is an atom,
and a token has at most UNSPACED_MAX of them: longer parts are found by all pairs in them, and looked for in the words.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

ATOMS_MAX = 12  # a run's; a path or an address of more parts is found by any twelve that follow each other
UNSPACED_MAX = 2  # letters of such a script in a token: with twelve, a page of Chinese would be over CODES_MAX_BYTES
TOKEN_MAX_CHARS = 60  # of a token, so that its letters stay under PostgreSQL's 2 kB a word
# Of one document's codes and their places: PostgreSQL refuses more than 1 MiB, and stores some bytes with each.
CODES_MAX_BYTES = 900_000
PLACE_BYTES = 8
PIECES_KEPT = 20_000  # whose codes are remembered: words repeat
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
# The letters of scripts without blanks between words: Thai to Myanmar, Khmer, kana, bopomofo, Han, Hangul.
_UNSPACED = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED += "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
# One letter of such a script, a run of other letters and digits, or a run of one sign.
_ATOM = re.compile(rf"(?=[^\W_])(?:[{_UNSPACED}]|[^\W_{_UNSPACED}]+)|([\W_])\1*")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_DOTTED_I = "i\u0307"  # what the Turkish capital is folded to; its own small letter is a plain i


def folded(text: str) -> str:
    """The text without differences of case and of how letters are composed, its pieces apart by one blank."""
    return " ".join(folded_letters(text).split())


def folded_letters(text: str) -> str:
    """The text without differences of case and of how letters are composed, its blanks as they are."""
    composed = unicodedata.normalize("NFC", text).casefold().replace(_DOTTED_I, "i")
    return unicodedata.normalize("NFC", composed)


def unaccented(text: str) -> str:
    """A text without the marks that letters have: accents, and what is written above and below."""
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")


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
    atoms, ends = _atoms(piece), [0]
    codes = list[str]()
    for start in range(len(atoms)):
        end = _end_of_token(atoms, start)
        if end > ends[-1]:  # else it is within the one before
            codes.append(_code("".join(atoms[start:end])))
            ends.append(end)
    return tuple(codes)


def plain_of(words: str) -> str:
    """The text, folded, of which `words_of` made these words."""
    return words.replace("\t", "")


def _joined(codes: dict[str, None]) -> str:
    return f" {' '.join(codes)} " if codes else ""


@lru_cache(maxsize=PIECES_KEPT)
def _codes(piece: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(token) for token in _tokens(piece)))


def _tokens(piece: str) -> Iterator[str]:
    atoms = _atoms(piece)
    for start in range(len(atoms)):
        for end in range(start + 1, _end_of_token(atoms, start) + 1):
            yield "".join(atoms[start:end])


def _end_of_token(atoms: Sequence[str], start: int) -> int:
    """Where the longest token ends that begins with this atom."""
    end, most = start, min(start + ATOMS_MAX, len(atoms))
    unspaced = 0
    while end < most:
        unspaced += _IS_UNSPACED.match(atoms[end]) is not None
        if unspaced > UNSPACED_MAX:
            break
        end += 1
    return end


def _atoms(piece: str) -> list[str]:
    """The atoms of a piece. A mark that is combined with a letter belongs to it, wherever that letter stands."""
    atoms: list[str] = []
    for found in _ATOM.finditer(piece):
        atom = found[0]
        if atoms and (_is_mark(atom[0]) or _goes_on(atom, after=atoms[-1])):
            atoms[-1] += atom
        else:
            atoms.append(atom)
    return atoms


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def _goes_on(atom: str, *, after: str) -> bool:
    """Whether a word goes on here after a mark that its last letter has."""
    if not _is_mark(after[-1]) or _IS_UNSPACED.match(after) or _IS_UNSPACED.match(atom):
        return False
    return unicodedata.category(atom[0])[0] in "LN"


def _code(token: str) -> str:
    """A token in the letters a to p: the hex digits of its bytes. A token's beginning has the code's beginning."""
    return token[:TOKEN_MAX_CHARS].encode().hex().translate(_LETTERS)
