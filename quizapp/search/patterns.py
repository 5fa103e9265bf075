r"""The regular expressions of a search, `re:eth\d+`, looked for in time that grows with the text alone. Pure.

Python's own tries one way after the other, so that `(a+)+b` takes minutes over forty letters. Here all ways are gone at
once, from letter to letter, and each step that was made is remembered. So nothing that looks back is understood: no
`\1`, no `(?=…)`. Letters count in either case, as in every search; a line break counts as a blank.
"""

from collections.abc import Iterable

from quizapp.search.pattern_reader import Edge, Letters, Ways, is_of, program_of

STEPS_MAX = 10_000_000  # of one search; a letter takes one. Some three seconds
STEPS_A_PLACE = 15  # that a place takes which is looked up for a move that is new
_MOVES_KEPT = 20_000  # then all that is remembered is forgotten, so that no text fills the memory


class TooLong(Exception):
    """More steps would be needed than are left."""


class Steps:
    """The steps that may still be taken for one search."""

    def __init__(self, left: int = STEPS_MAX) -> None:
        self._left = left

    def take(self, steps: int) -> None:
        """Take so many. Raises TooLong."""
        self._left -= steps
        if self._left < 0:
            raise TooLong


class _Stand(dict[str, "_Stand"]):
    """Where an expression may be after a letter: the states that follow, by the next letter, as far as known."""

    def __init__(self, places: frozenset[int], after_word: bool | None) -> None:
        super().__init__()
        self.places = places
        self.after_word = after_word
        """Whether the letter before is of a word; None at the beginning of the text."""


class Pattern:
    """An expression that can be looked for."""

    def __init__(self, written: str, steps: Steps) -> None:
        """`steps` are those that may be taken, in all texts together. Raises BadPattern."""
        self._program = program_of(written)
        self._steps, self._moves = steps, 0
        self._found = _Stand(frozenset(), None)
        self._states: dict[tuple[frozenset[int], bool | None], _Stand] = {}

    def finds(self, text: str) -> bool:
        """Whether it stands somewhere in a folded text. Raises TooLong."""
        self._steps.take(len(text))
        state = self._state(frozenset(), None)
        for letter in text:
            following = state.get(letter)
            state = self._moved(state, letter) if following is None else following
            if state is self._found:
                return True
        return self._end in self._reached(state, None)

    @property
    def _end(self) -> int:
        return len(self._program)

    def _state(self, places: frozenset[int], after_word: bool | None) -> _Stand:
        key = places, after_word
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = _Stand(*key)
        return found

    def _moved(self, state: _Stand, letter: str) -> _Stand:
        is_word = is_of(letter, "w")
        reached = self._reached(state, is_word)
        if self._end in reached:
            following = self._found
        else:
            following = self._state(frozenset(self._after(reached, letter)), is_word)
        self._moves += 1
        if self._moves > _MOVES_KEPT:
            self._moves = 0
            self._states.clear()
        else:
            state[letter] = following
        return following

    def _after(self, reached: Iterable[int], letter: str) -> Iterable[int]:
        for place in reached:
            instruction = self._program[place]
            if isinstance(instruction, Letters) and instruction.has(letter):
                yield place + 1

    def _reached(self, state: _Stand, is_word: bool | None) -> set[int]:
        """Where the expression is before a letter that is of a word or not; None: before the end of the text."""
        seen, left = set[int](), [0, *state.places]
        while left:
            place = left.pop()
            if place in seen:
                continue
            seen.add(place)
            instruction = self._program[place] if place < self._end else None
            if isinstance(instruction, Ways):
                left += (place + instruction.one, place + instruction.other)
            elif isinstance(instruction, Edge) and _is_at(instruction, state.after_word, is_word):
                left.append(place + 1)
        self._steps.take(len(seen) * STEPS_A_PLACE)
        return seen


def _is_at(edge: Edge, before: bool | None, after: bool | None) -> bool:
    match edge:
        case Edge.BEGIN:
            return before is None
        case Edge.END:
            return after is None
        case Edge.WORD:
            return bool(before) is not bool(after)
        case Edge.NO_WORD:
            return bool(before) is bool(after)
