"""Whether two wordings of a question ask for the same fact: prompt and answer both count. Pure.

A change of words is an edit. A change of what is asked or answered (another number, name, flag or word in code, a
"not") may be another fact, which must not take over what somebody has learnt.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache

LIKE = 60  # percent; prompts of the same form ("What is a pod?", "What is a node?") are at least so much alike
KEPT_MOST = 0.8  # share of an answer's words: beyond it a number mended in a long answer is an edit
KEPT_MUCH = 0.6  # share of the words that stay in what is only reworded
SHORT_WORDS = 5  # an answer with so few words that matter is replaced by replacing one of them
TEXTS_KEPT = 20_000  # prompts and answers of 5,000 questions, in the file and stored; `forget_words` lets them go
WORDS_KEPT = 4_096  # of all texts, as they were read: a note of 4,000 texts has some thousand different words
SLENDER_WORDS, SLENDER_CHARS = 3, 16  # an answer below both, such as "Yes." or "5432", fits many questions

_CODE = re.compile(r"```.*?```|~~~.*?~~~|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_EDGES = ".,;:!?()[]{}\"'*~_\u201c\u201d\u2018\u2019\u2026\u2013\u2014"
_SYMBOLS = re.compile(r"[\d/@=$<>|\\#&%+]|\w[._:]\w|^-")
_NUMBERS = frozenset(re.findall(r"\w+", "zero one two three four five six seven eight nine ten eleven twelve"))
_DECIDES = frozenset(
    re.findall(
        r"\w+",
        "not no never without except neither nor cannot unless only always before after yes true false both first last "
        "least most more less fewer all any none maximum minimum",
    )
)
_FILLS = frozenset(  # words that say little about what is asked
    re.findall(
        r"\w+",
        "a an the of to in on at by for from with as is are was were be been being do does did has have had it its "
        "this that these those which what who whom whose when where why how and or so if then than there here you your "
        "we our i they their them he she his her can could may might must shall should will would please explain "
        "describe name give tell say also just very default normally usually typically",
    )
)
_NEGATIONS = ("un", "in", "im", "dis", "non", "ir", "il")


class Likeness(Enum):
    """How one wording of a question relates to an older one."""

    SAME = auto()  # another spelling of the same words
    REWORDED = auto()  # an edit of the same question
    DOUBTFUL = auto()  # an edit or another fact: the author knows
    OTHER = auto()


class TextChange(Enum):
    """What became of one text, a prompt or an answer."""

    NONE = auto()
    WORDS = auto()  # typos, words added or left out, a few words for others
    MEANING = auto()  # what it is about, or what it says of that
    ALL = auto()  # hardly a word of it is left


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of a text, and those of them that decide what it says."""

    sequence: tuple[str, ...]
    hard: frozenset[str]
    """Code, numbers, flags, names and words such as "not"."""

    @cached_property
    def content(self) -> Counter[str]:
        """The words that matter, with their number."""
        return Counter(word for word in self.sequence if word not in _FILLS)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A question's prompt and answer; right options count as its answer."""

    prompt: str
    answer: str

    @cached_property
    def prompt_words(self) -> Words:
        """The words of the prompt."""
        return words_of(self.prompt)

    @cached_property
    def answer_words(self) -> Words:
        """The words of the answer."""
        return words_of(self.answer)

    @property
    def core(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Equal for two wordings that differ in spelling alone: blanks, emphasis, punctuation, capitals in prose."""
        return self.prompt_words.sequence, self.answer_words.sequence

    @property
    def is_slender(self) -> bool:
        """Whether the answer is so short that it says little about which question it belongs to."""
        return sum(self.answer_words.content.values()) < SLENDER_WORDS and len(self.answer) < SLENDER_CHARS


def compare(old: Fact, new: Fact) -> Likeness:
    """How a wording relates to an older one."""
    if old.core == new.core:
        return Likeness.SAME
    answer = _answer_change(old, new)
    match prompt_change(old, new):
        case TextChange.NONE:
            return Likeness.DOUBTFUL if answer in (TextChange.MEANING, TextChange.ALL) else Likeness.REWORDED
        case TextChange.WORDS:
            return _if_reworded(old, new, answer)
        case TextChange.MEANING:
            return Likeness.DOUBTFUL
        case TextChange.ALL:
            return _if_all_new(old, new, answer)


def prompt_change(old: Fact, new: Fact) -> TextChange:
    """What became of the prompt."""
    return _change(old.prompt_words, new.prompt_words, short=0)


def _if_reworded(old: Fact, new: Fact, answer: TextChange) -> Likeness:
    """What a question is whose prompt has other words for the same."""
    if answer in (TextChange.MEANING, TextChange.ALL):
        return Likeness.DOUBTFUL
    gone, come = _replaced(old.prompt_words, new.prompt_words)
    if not gone or not come:
        return Likeness.REWORDED
    says_little = new.is_slender or answer is TextChange.WORDS
    if new.answer_words.content.keys() <= _DECIDES or (says_little and _kept(old.prompt_words, gone) < KEPT_MUCH):
        return Likeness.DOUBTFUL  # "Does UDP resend? No." and "Does UDP sort? No."
    return Likeness.REWORDED


def _if_all_new(old: Fact, new: Fact, answer: TextChange) -> Likeness:
    """What a question is whose prompt has hardly a word of the old one: the answer alone can tell."""
    if not old.answer_words.sequence or not new.answer_words.sequence:
        return Likeness.OTHER
    if answer is TextChange.NONE:
        if new.is_slender:
            shared = old.prompt_words.hard & new.prompt_words.hard
            return Likeness.DOUBTFUL if shared else Likeness.OTHER
        gone, come = _replaced(old.prompt_words, new.prompt_words)
        return Likeness.DOUBTFUL if _is_decided(old.prompt_words, new.prompt_words, gone, come) else Likeness.REWORDED
    return Likeness.OTHER


def _answer_change(old: Fact, new: Fact) -> TextChange:
    """What became of the answer. One that was not there yet, or is taken away, is no other one."""
    if not old.answer_words.sequence:
        return TextChange.NONE
    if not new.answer_words.sequence:
        return TextChange.WORDS
    return _change(old.answer_words, new.answer_words, short=SHORT_WORDS)


def _change(old: Words, new: Words, *, short: int) -> TextChange:
    """What became of a text. One of at most `short` words that matter says something else with one of them replaced."""
    if old.sequence == new.sequence:
        return TextChange.NONE
    gone, come = _replaced(old, new)
    kept = _kept(old, gone)
    if not short and not kept:
        return TextChange.ALL
    if _is_decided(old, new, gone, come) and (short == 0 or kept < KEPT_MOST or old.content.total() <= short):
        return TextChange.MEANING if short or _alike(old, new) >= LIKE else TextChange.ALL
    if not gone or not come:
        return TextChange.WORDS if kept > 0 or not gone else TextChange.ALL
    if short:
        return TextChange.WORDS if kept >= KEPT_MUCH else TextChange.MEANING
    return TextChange.WORDS if _alike(old, new) >= LIKE else TextChange.ALL


def _is_decided(old: Words, new: Words, gone: Counter[str], come: Counter[str]) -> bool:
    """Whether words that decide were replaced, or a word such as "not" was added or left out."""
    turned = any(word in _DECIDES for word in (*gone, *come))
    return turned or (any(word in old.hard for word in gone) and any(word in new.hard for word in come))


def _replaced(old: Words, new: Words) -> tuple[Counter[str], Counter[str]]:
    """The words that matter and are gone, and those that have come, without typos that were mended."""
    gone, come = old.content - new.content, new.content - old.content
    for word in list(gone):
        mended = next((other for other in come if _is_typo(word, other, hard=word in old.hard)), None)
        if mended is not None:
            count = min(gone[word], come[mended])
            gone[word] -= count
            come[mended] -= count
    return +gone, +come


def _kept(old: Words, gone: Counter[str]) -> float:
    total = old.content.total()
    return 1 - gone.total() / total if total else 1.0


def _alike(old: Words, new: Words) -> float:
    from rapidfuzz import fuzz  # not at the top: pages read what this module says of facts, and compare none

    return fuzz.ratio(" ".join(old.sequence), " ".join(new.sequence))


def _is_typo(old: str, new: str, *, hard: bool) -> bool:
    """Whether two words are spellings or forms of one: the first letter stays, and no more than one or two others."""
    short, long = sorted((old, new), key=len)
    if len(short) < 4 or _SYMBOLS.search(old + new) or {old, new} & _DECIDES or short[0] != long[0]:
        return False
    if any(long == prefix + short for prefix in _NEGATIONS):
        return False
    if long.startswith(short) and len(long) - len(short) <= 3:
        return True
    from rapidfuzz.distance import OSA

    return OSA.distance(old, new) <= (2 if len(short) >= 8 else 1) and not (hard and len(short) < 6)


@lru_cache(maxsize=TEXTS_KEPT)  # of a question that was reworded the answer is stored and in the file
def words_of(text: str) -> Words:
    """The words of a Markdown text, without blanks, emphasis and punctuation. Capitals count in code alone."""
    sequence, hard = [], set()
    for word, decides in _read(text):
        sequence.append(word)
        if decides:
            hard.add(word)
    return Words(sequence=tuple(sequence), hard=frozenset(hard))


def forget_words() -> None:
    """Forget the words of texts, once all are compared."""
    words_of.cache_clear()


def _read(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, and whether it is one that decides."""
    at = 0
    for code in _CODE.finditer(text):
        yield from _prose(text[at : code.start()])
        for word in code[0].strip("`~").split():
            yield word, True
        at = code.end()
    yield from _prose(text[at:])


def _prose(text: str) -> Iterator[tuple[str, bool]]:
    begins = True
    for raw in text.split():
        word = raw.strip(_EDGES)
        if word:
            yield _word(word, begins)
        begins = raw.endswith((".", "!", "?", ":"))


@lru_cache(maxsize=WORDS_KEPT)
def _word(word: str, begins: bool) -> tuple[str, bool]:
    """How a word of prose is compared, and whether it decides; `begins` is whether a sentence begins with it."""
    return _spelt(word), _decides(word, begins=begins)


def _spelt(word: str) -> str:
    return word if word.startswith("-") else word.casefold().replace("\u2019", "'")


def _decides(word: str, *, begins: bool) -> bool:
    small = word.casefold()
    if small in _DECIDES or small in _NUMBERS or small.endswith(("n't", "n\u2019t")) or _SYMBOLS.search(word):
        return True
    if any(letter.isupper() for letter in word[1:]):
        return True
    return word[0].isupper() and not begins and small not in _FILLS
