"""Two editors of one text, line by line."""

from quizapp.catalogue.patches.line_merge import DisputedLines, merged_lines

BEFORE = "one\ntwo\nthree\nfour\n"


def test_what_either_has_changed_is_put_together() -> None:
    both = merged_lines(BEFORE, mine="one\n2\nthree\nfour\n", theirs="one\ntwo\nthree\nfour\nfive\n")
    assert both.text == "one\n2\nthree\nfour\nfive\n"
    assert both.disputed == []


def test_what_either_has_taken_away_stays_away() -> None:
    both = merged_lines(BEFORE, mine="two\nthree\nfour\n", theirs="one\ntwo\nthree\n")
    assert both.text == "two\nthree\n"


def test_lines_that_both_have_changed_are_told_and_the_own_ones_are_in_the_text() -> None:
    both = merged_lines(BEFORE, mine="one\n2\nthree\nfour\n", theirs="one\nII\nthree\nIV\n")
    assert both.text == "one\n2\nthree\nIV\n"
    assert both.disputed == [DisputedLines(before="two\n", mine="2\n", theirs="II\n")]


def test_the_same_change_of_both_is_no_dispute() -> None:
    both = merged_lines(BEFORE, mine="one\n2\nthree\nfour\n", theirs="one\n2\nthree\nfour\n")
    assert (both.text, both.disputed) == ("one\n2\nthree\nfour\n", [])


def test_what_both_have_added_at_one_place_is_a_dispute() -> None:
    both = merged_lines("one\n", mine="one\nmine\n", theirs="one\ntheirs\n")
    assert both.disputed == [DisputedLines(before="", mine="mine\n", theirs="theirs\n")]


def test_texts_without_anything_in_common_are_one_dispute() -> None:
    both = merged_lines("", mine="mine", theirs="theirs")
    assert both.text == "mine"
    assert len(both.disputed) == 1
