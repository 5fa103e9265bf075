"""Finds the stored item of a parsed one, and says where the author alone can know; makes keys for new ones. Pure.

Learners' cards refer to stored questions, so a wrong pair gives a card another fact. A position, and a number that is
printed before a question, decide nothing.
"""

import base64
import hashlib
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from quizapp.catalogue.store.likeness import LIKE, Fact, Likeness, TextChange, compare, forget_words, prompt_change

KEY_BYTES = 5  # of a hash, 8 letters: among 10,000 items two are equal in one of 20,000 cases; the second gets another
CANDIDATES_MAX = 8  # stored questions that one is compared with word by word, the most alike first
COMPARED_MAX = 4_000_000  # prompts compared letter by letter, a second of them; a note may have 5,000 questions
MARGIN = 5  # percent: of two candidates that are so close, neither is taken without asking
TOKEN_CHARS = 12  # of a fingerprint, 48 bits: it only has to tell the questions of one import apart


@dataclass(frozen=True, kw_only=True)
class Known:
    """A stored question, or concept."""

    id: int
    key: str
    fingerprint: str
    tell: Callable[[], Fact] = field(compare=False, repr=False)
    """Asked for no more than the questions that their content does not find."""
    group: str
    """Its section or concept; empty for a retired one, which no likeness finds."""
    edited: bool = False
    """Whether the browser has changed it, so that another answer in the file is a conflict and no doubt."""

    @cached_property
    def fact(self) -> Fact:
        """What it asks."""
        return self.tell()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A question of the file, or concept."""

    key: str | None
    """The id that the author gave it; None without one."""
    fingerprint: str
    tell: Callable[[], Fact] = field(compare=False, repr=False)
    group: str

    @cached_property
    def fact(self) -> Fact:
        """What it asks."""
        return self.tell()


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What the author says of doubtful questions: which of them are edits, so that they keep what was learnt."""

    all: bool = False
    tokens: frozenset[str] = frozenset()
    """Some `PairDoubt.token`s."""

    def holds(self, token: str) -> bool:
        """Whether the author says that this is an edit."""
        return self.all or token in self.tokens


@dataclass(frozen=True, kw_only=True)
class PairDoubt:
    """A question of the file that may be an edit of a stored one, or another fact in its place."""

    place: int
    """Its place among the wanted ones."""
    known: Known
    token: str
    """Names the two: the same in each import until one of them changes."""
    is_kept: bool
    """Whether the author said that it is an edit; then they are a pair."""


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """The stored question of each wanted one, None for a new one, and what is doubtful."""

    found: Sequence[Known | None]
    doubts: Sequence[PairDoubt]


@dataclass(frozen=True, kw_only=True)
class _Edge:
    """A wanted question that may be a stored one."""

    place: int
    known: Known
    likeness: Likeness
    score: float


@dataclass(kw_only=True)
class _Work:
    """What is paired so far, and what is free."""

    wanted: Sequence[Wanted]
    free: dict[int, Known]
    found: list[Known | None] = field(default_factory=list)

    def take(self, place: int, known: Known) -> None:
        self.found[place] = self.free.pop(known.id)

    def open(self) -> Iterator[tuple[int, Wanted]]:
        """The wanted questions without a pair, with their places."""
        return ((place, one) for place, one in enumerate(self.wanted) if self.found[place] is None)

    def is_free(self, edge: _Edge) -> bool:
        return self.found[edge.place] is None and edge.known.id in self.free


def pair(wanted: Sequence[Wanted], known: Iterable[Known], *, keep: Keep) -> Pairing:
    """Pair questions; no stored one is paired twice.

    In order: the same id; the same content; the same words in another spelling; an edit within the group, then one of
    another group with the same answer, if no other candidate is as close. A question whose id is not stored is never
    paired by likeness, since its author says that it is new. What remains doubtful is a pair if `keep` holds it.
    """
    work = _Work(wanted=wanted, free={one.id: one for one in known}, found=[None] * len(wanted))
    by_key = {one.key: one for one in work.free.values()}
    for place, one in enumerate(wanted):
        if one.key is not None and (same := by_key.get(one.key)) is not None and same.id in work.free:
            work.take(place, same)
    _take_equal(work, lambda one: one.fingerprint, exact=True)
    edges = _take_alike(work) if work.free and any(work.open()) else []
    return Pairing(found=work.found, doubts=_doubts(work, edges, keep))


def _take_alike(work: _Work) -> list[_Edge]:
    """Pair what has other words than any stored question; returns what was compared within groups."""
    _take_equal(work, lambda one: one.fact.core, exact=False)
    edges = list(_edges(work, within_groups=True))
    _take_edits(work, edges)
    _take_edits(work, [edge for edge in _edges(work, within_groups=False) if _is_proved(edge, work.wanted)])
    forget_words()
    return edges


def _take_equal(work: _Work, trait: Callable[[Wanted | Known], Hashable], *, exact: bool) -> None:
    """Pair what has the same trait: first within a group, then wherever it is, in the given order.

    If the trait is not `exact`, more stored items than wanted ones with it, or fewer, are left for the author.
    """
    for grouped in (True, False):
        stored: dict[Hashable, list[Known]] = {}
        if not work.free or all(one is not None for one in work.found):
            return
        for one in work.free.values():
            stored.setdefault((trait(one), one.group if grouped else ""), []).append(one)
        places: dict[Hashable, list[int]] = {}
        for place, item in work.open():
            places.setdefault((trait(item), item.group if grouped else ""), []).append(place)
        for shared, some in places.items():
            same = stored.get(shared, [])
            if exact or len(same) == len(some):
                for place, one in zip(some, same, strict=False):
                    work.take(place, one)


def _edges(work: _Work, *, within_groups: bool) -> Iterator[_Edge]:
    """The pairs among what is free that are not certainly different questions."""
    groups: dict[str, list[Known]] = {}
    for one in work.free.values():
        if one.group:
            groups.setdefault(one.group if within_groups else "", []).append(one)
    open_: dict[str, list[tuple[int, Wanted]]] = {}
    for place, item in work.open():
        if item.key is None:
            open_.setdefault(item.group if within_groups else "", []).append((place, item))
    for group, stored in groups.items():
        items = open_.get(group, [])
        prompts = [one.fact.prompt for one in stored] if 0 < len(items) * len(stored) <= COMPARED_MAX else []
        by_words: dict[Hashable, list[Known]] = {}
        for one in stored:
            by_words.setdefault((0, one.fact.prompt_words.sequence), []).append(one)
            by_words.setdefault((1, one.fact.answer_words.sequence), []).append(one)
        for place, item in items:
            yield from _edges_of(place, item, stored, prompts, by_words)


def _edges_of(
    place: int,
    item: Wanted,
    stored: Sequence[Known],
    prompts: Sequence[str],
    by_words: dict[Hashable, list[Known]],
) -> Iterator[_Edge]:
    """The stored questions that one may be: those with its prompt or its answer, else with a prompt like its own."""
    from rapidfuzz import fuzz, process  # with the first note that is read: pages need the names of this module alone

    fact = item.fact
    same = by_words.get((0, fact.prompt_words.sequence), [])[:CANDIDATES_MAX]
    if fact.answer_words.sequence:
        same = [*same, *by_words.get((1, fact.answer_words.sequence), [])[:CANDIDATES_MAX]]
    near = {one.id: one for one in same}
    for _, _, number in process.extract(
        fact.prompt, prompts, scorer=fuzz.ratio, score_cutoff=LIKE, limit=CANDIDATES_MAX
    ):
        near.setdefault(stored[number].id, stored[number])
    for one in near.values():
        likeness = _likeness(one, item)
        if likeness is not Likeness.OTHER:
            yield _Edge(place=place, known=one, likeness=likeness, score=_score(one.fact, fact))


def _likeness(known: Known, item: Wanted) -> Likeness:
    likeness = compare(known.fact, item.fact)
    if known.edited and likeness is Likeness.DOUBTFUL and prompt_change(known.fact, item.fact) is TextChange.NONE:
        return Likeness.REWORDED
    return likeness


def _score(old: Fact, new: Fact) -> float:
    """How much alike two wordings are, in percent; a prompt counts as much as its answer."""
    from rapidfuzz import fuzz

    answer = fuzz.ratio(old.answer, new.answer) if old.answer and new.answer else 0.0
    return (fuzz.ratio(old.prompt, new.prompt) + answer) / 2


def _take_edits(work: _Work, edges: Sequence[_Edge]) -> None:
    """Pair what is certainly an edit and has no other candidate as close."""
    sure = [edge for edge in edges if edge.likeness is not Likeness.DOUBTFUL and work.is_free(edge)]
    sure.sort(key=lambda edge: (-edge.score, edge.place, edge.known.id))
    of: dict[tuple[str, int], list[_Edge]] = {}
    for edge in sure:
        of.setdefault(("wanted", edge.place), []).append(edge)
        of.setdefault(("known", edge.known.id), []).append(edge)
    contested: set[tuple[str, int]] = set()
    for edge in sure:
        ends = (("wanted", edge.place), ("known", edge.known.id))
        if not work.is_free(edge) or contested.intersection(ends):
            continue
        near = (one for end in ends for one in of[end] if one is not edge and work.is_free(one))
        rivals = [one for one in near if one.score >= edge.score - MARGIN]
        if rivals:
            contested.update(ends)
            contested.update(("wanted", one.place) for one in rivals)
            contested.update(("known", one.known.id) for one in rivals)
        else:
            work.take(edge.place, edge.known)


def _is_proved(edge: _Edge, wanted: Sequence[Wanted]) -> bool:
    """Whether the answer is still the same, which must be so for an item that moved to another group."""
    answer = wanted[edge.place].fact.answer_words.sequence
    return bool(answer) and answer == edge.known.fact.answer_words.sequence


def _doubts(work: _Work, edges: Iterable[_Edge], keep: Keep) -> list[PairDoubt]:
    """What is left undecided, the likeliest first; pairs what `keep` holds."""
    left = sorted(
        (edge for edge in edges if work.is_free(edge)),
        key=lambda edge: (edge.likeness is Likeness.DOUBTFUL, -edge.score, edge.place, edge.known.id),
    )
    doubts = []
    for edge in left:
        token = f"{edge.known.key}:{work.wanted[edge.place].fingerprint[:TOKEN_CHARS]}"
        kept = work.is_free(edge) and keep.holds(token)
        if kept:
            work.take(edge.place, edge.known)
        doubts.append(PairDoubt(place=edge.place, known=edge.known, token=token, is_kept=kept))
    settled_places = {one.place for one in doubts if one.is_kept}
    settled_ids = {one.known.id for one in doubts if one.is_kept}
    return [
        one for one in doubts if one.is_kept or (one.place not in settled_places and one.known.id not in settled_ids)
    ]


def new_key(prefix: str, *parts: str, taken: Container[str]) -> str:
    """A key such as `q-7f3kx2ma`, from a hash of `parts`, that is not in `taken`. Equal `parts` give equal keys."""
    for number in count():
        digest = hashlib.sha256("\0".join((*parts, str(number))).encode()).digest()
        key = f"{prefix}-{base64.b32encode(digest[:KEY_BYTES]).decode().lower()}"
        if key not in taken:
            return key
    raise AssertionError("counting ends nowhere")
