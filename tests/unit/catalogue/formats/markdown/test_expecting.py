"""The labels that say what is right, in the shapes in which people and formatters write them."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse, ParsedNote, ParsedQuestion
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.matching import Matching
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth

STEPS = Ordering(items=("build it", "push it", "run it"))


def parsed(below: str, *, before: str = "# Quiz\n\n1.  **Q: What is it?**\n") -> ParsedNote:
    return parse_note(f"{before}{below}".encode())


def question(below: str) -> ParsedQuestion:
    note = parsed(below)
    assert note.warnings == ()
    (only,) = note.questions
    return only


@pytest.mark.parametrize("label", ["*Accept:*", "_Accept:_", "*accept*:", "*ACCEPT :*"])
def test_accepted_texts_stand_between_bars(label: str) -> None:
    one = question(f"    *   {label} nginx | `nginx:latest`\n    *   *A:* The web server.\n")
    assert (one.expected, one.answer) == (ShortText(accepted=("nginx", "`nginx:latest`")), "The web server.")


def test_labels_stand_on_one_line_with_others() -> None:
    one = question("    *   *Number:* 1450 ± 10 bytes   *Level:* 2\n")
    assert (one.expected, one.level) == (NumberValue(value="1450", tolerance="10", unit="bytes"), 2)
    assert one.answered


def test_what_stands_behind_it_is_the_explanation() -> None:
    one = question("    *   *True/False:* false\n    *   Only user-defined networks have one.\n")
    assert (one.expected, one.answer) == (Truth(is_true=False), "*   Only user-defined networks have one.")


@pytest.mark.parametrize(
    "below",
    [
        "    *   *Order:*\n        1. build it\n        2. push it\n        3. run it\n",
        "    *   *Order:*\n        1.  build it\n        1.  push\n            it\n        1.  run it\n",
        "    *   _Order:_\n\n        - build it\n        - push it\n        - run it\n",
        "\n    *Order:*\n\n    1. build it\n    2. push it\n    3. run it\n",
    ],
)
def test_the_order_is_that_of_the_list_below(below: str) -> None:
    assert question(below).expected == STEPS


def test_below_a_heading_the_label_stands_alone() -> None:
    note = parsed(
        "*Order:*\n\n1. build it\n2. push it\n3. run it\n\nThat is the way.\n", before="### Q1: In which order?\n\n"
    )
    (one,) = note.questions
    assert (one.expected, one.answer) == (STEPS, "That is the way.")


def test_pairs_have_an_arrow_and_what_misleads_has_no_left_side() -> None:
    one = question(
        "    *   *Match:*\n        - bridge → one host\n        - overlay -> many hosts\n        - → no host\n"
    )
    pairs = (("bridge", "one host"), ("overlay", "many hosts"))
    assert one.expected == Matching(pairs=pairs, decoys=("no host",))


def test_gaps_are_the_bold_words_of_a_text() -> None:
    one = question("    *   *Gaps:* The bridge is **docker0** and its\n        subnet **172.17.0.0/16 | 172.17/16**.\n")
    assert isinstance(one.expected, Cloze)
    assert [gap.accepted[0] for gap in one.expected.gaps] == ["docker0", "172.17.0.0/16"]


@pytest.mark.parametrize(
    "below",
    [
        "    *   *Number:* about five\n",
        "    *   *Order:*\n        1. word\n",
        "    *   *Order:*\n    *   *A:* word\n",
        "    *   *Order:*\n        1. word\n\n            ```\n            code\n            ```\n        2. words\n",
        "    *   *Match:*\n        - word\n        - words\n",
        "    *   *Gaps:* word\n",
        "    *   *Accept:* one\n    *   *Number:* 5\n",
        "    *   *Options:*\n        - [x] word\n        - [ ] words\n    *   *Accept:* one\n",
        "    *   *Accept:* word\n    *   *Options:*\n        - [x] one\n        - [ ] words\n",
    ],
)
def test_what_says_nothing_is_told_and_stays_a_text(below: str) -> None:
    note = parsed(below)
    (one,) = note.questions
    said = "\n".join([one.prompt, one.answer, *(choice.text for choice in one.choices)])
    assert [word for word in ("word", "words", "about five", "code") if word in below and word not in said] == []
    assert "read as text" in note.warnings[0].message


@pytest.mark.parametrize("text", ["Order: first this", "**Order:** first this", "**Number:** 5", "Accept: all of it"])
def test_these_words_in_bold_or_bare_are_words(text: str) -> None:
    one = question(f"    *   *A:* It is.\n\n        {text}\n")
    assert (one.expected, one.answer) == (None, f"It is.\n\n{text}")


def test_each_line_of_a_label_is_told_to_be_one() -> None:
    note = parsed("    *   *Order:*\n        1. build it\n        2. push it\n    *   *A:* So.\n")
    assert note.uses[3:7] == (LineUse.LABEL, LineUse.LABEL, LineUse.LABEL, LineUse.ANSWER)


def test_hints_are_shown_in_the_order_in_which_they_stand() -> None:
    one = question("    *   *Hint:* Think of `nat`.\n    *   *A:* It is so.\n    *   _Hint:_ It is\n        a table.\n")
    assert (one.hints, one.answer) == (("Think of `nat`.", "It is a table."), "It is so.")


def test_a_hint_in_bold_is_a_text() -> None:
    assert question("    *   *A:* It is so.\n\n        **Hint:** think\n").hints == ()
