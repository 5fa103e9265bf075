"""The word diff."""

import time

from hypothesis import given
from hypothesis import strategies as st

from quizapp.admin.diff import COMPARED_WORDS_MAX, CONTEXT_WORDS, Piece, PieceKind, shortened, word_diff

WORDY = st.text(alphabet="ab \n", max_size=60)


@given(WORDY, WORDY)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.part is not PieceKind.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.part is not PieceKind.GONE) == after
    assert all(piece.text for piece in pieces)


def test_one_word_among_many_is_one_change() -> None:
    words = [f"w{n}" for n in range(4 * COMPARED_WORDS_MAX)]
    changed = [*words]
    changed[COMPARED_WORDS_MAX] = "other"
    pieces = word_diff(" ".join(words), " ".join(changed))
    assert [piece.text for piece in pieces if piece.part is not PieceKind.SAME] == [f" w{COMPARED_WORDS_MAX}", " other"]


def test_a_word_added_at_the_end_changes_no_other() -> None:
    assert word_diff("one two", "one two three") == [
        Piece(part=PieceKind.SAME, text="one two"),
        Piece(part=PieceKind.NEW, text=" three"),
    ]


def test_two_long_texts_that_share_nothing_in_order_stay_quick() -> None:
    before, after = "a b " * 4_000, "b a " * 4_000
    began = time.thread_time()
    word_diff(f"x {before} x", f"y {after} y")
    assert time.thread_time() - began < 0.5  # seconds of the processor; the matcher alone would take minutes


def test_long_unchanged_stretches_are_cut_to_the_words_next_to_a_change() -> None:
    text = " ".join(f"w{n}" for n in range(100))
    pieces = shortened(word_diff(f"{text} old {text}", f"{text} new {text}"))
    first, gone, new, last = pieces
    assert first.text.startswith("… w")
    assert (gone, new) == (Piece(part=PieceKind.GONE, text=" old"), Piece(part=PieceKind.NEW, text=" new"))
    assert first.text.split() == ["…", *(f"w{n}" for n in range(100 - CONTEXT_WORDS, 100))]
    assert last.text.split() == [*(f"w{n}" for n in range(CONTEXT_WORDS)), "…"]


def test_short_unchanged_stretches_stay_whole() -> None:
    pieces = word_diff("one two old", "one two new")
    assert shortened(pieces) == pieces
