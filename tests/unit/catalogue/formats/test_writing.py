"""What is written for other tools, read again: the same questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats import anki_out, tables
from quizapp.catalogue.formats.banks import gift, gift_out
from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedQuestion
from quizapp.catalogue.kinds.expected import read
from quizapp.catalogue.models import QuestionKind
from tests.builders import EXPECTED

WORDS = (
    st.text(alphabet="ab01 \\~=#{}:%->[]`*_\n.", min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda text: bool(text) and not text.startswith("//"))
)
CHOICES = st.lists(
    st.builds(ParsedChoice, text=WORDS, right=st.booleans(), why=WORDS | st.just("")), min_size=2, max_size=5
).filter(lambda choices: any(choice.right for choice in choices))


@given(prompt=WORDS, answer=WORDS, choices=CHOICES | st.just([]))
def test_gift_that_was_written_is_read_as_it_was(prompt: str, answer: str, choices: list[ParsedChoice]) -> None:
    question = ParsedQuestion(key="q-abcdefgh", line=1, prompt=prompt, answer=answer, choices=tuple(choices))
    (again,) = gift.read(gift_out.write("Net", [question]).encode(), "bank").questions
    assert (again.key, again.prompt, again.answer, again.choices) == (
        question.key, prompt, answer, question.choices,
    )  # fmt: skip


def choice(text: str, *, right: bool = False) -> ParsedChoice:
    return ParsedChoice(text=text, right=right, why="")


def test_weights_are_of_moodles_list() -> None:
    choices = (*(choice(text, right=True) for text in "abc"), choice("d"))
    written = gift_out.write("Net", [ParsedQuestion(key=None, line=1, prompt="Which?", choices=choices)])
    assert "~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d" in written


def test_what_moodle_has_no_weight_for_is_refused() -> None:
    choices = tuple(choice(str(number), right=True) for number in range(11))
    assert gift_out.refused(ParsedQuestion(key=None, line=1, prompt="Which?", choices=choices))


def test_a_blank_line_stands_behind_the_category() -> None:
    """Moodle 4.1dev swallows a question directly below $CATEGORY."""
    written = gift_out.write("Net", [ParsedQuestion(key=None, line=1, prompt="Why?", answer="So.")])
    assert written == "$CATEGORY: Net\n\n::Why?::[markdown]Why?{####So.}\n"


def test_a_table_for_anki_is_read_with_its_ids() -> None:
    question = ParsedQuestion(key="q-abcdefgh", line=1, prompt="Run `<port>`: a, b?", answer="```\na\n  b\n```")
    (again,) = tables.read((anki_out.HEADERS + anki_out.write("Net: a", [question])).encode(), "bank").questions
    assert (again.key, again.prompt, again.answer) == (question.key, question.prompt, question.answer)


def asked(kind: QuestionKind) -> ParsedQuestion:
    expected = read(kind.value, EXPECTED[kind])
    return ParsedQuestion(key="q-abcdefgh", line=1, prompt="Which?", answer="So.", expected=expected)


@pytest.mark.parametrize(
    ("kind", "braces"),
    [
        (QuestionKind.SHORT, "{=nginx =nginx\\:latest####So.}"),
        (QuestionKind.NUMBER, "(in bytes){#=1450\\:10####So.}"),
        (QuestionKind.TRUTH, "{FALSE####So.}"),
        (QuestionKind.MATCH, "{=left one -> right one =left two -> right two = -> decoy####So.}"),
    ],
)
def test_gift_has_what_is_right_of_each_kind_that_moodle_has(kind: QuestionKind, braces: str) -> None:
    assert gift_out.refused(asked(kind)) is None
    assert braces.replace("1450\\:10", "1450:10") in gift_out.write("Net", [asked(kind)])


@pytest.mark.parametrize("kind", [QuestionKind.ORDER, QuestionKind.CLOZE])
def test_what_gift_has_no_form_for_is_refused(kind: QuestionKind) -> None:
    assert gift_out.refused(asked(kind))


def test_a_star_that_is_typed_is_not_moodles_for_anything() -> None:
    question = ParsedQuestion(key=None, line=1, prompt="Which?", expected=read("short", "`SELECT *` | `a->b`"))
    assert gift_out.refused(question)
    question = ParsedQuestion(key=None, line=1, prompt="Which?", expected=read("short", "`SELECT *`"))
    assert "{=SELECT \\\\*}" in gift_out.write("Net", [question])


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_card_for_anki_has_what_is_to_be_done_and_what_is_right(kind: QuestionKind) -> None:
    front, back = anki_out.front_of(asked(kind)), anki_out.back_of(asked(kind))
    right = {"short": "nginx", "number": "1450 ± 10 bytes", "truth": "False.", "order": "third", "match": "right one"}
    assert right.get(kind, "docker0") in back
    assert "So." in back
    assert "docker0" not in front


@pytest.mark.parametrize("kind", [QuestionKind.SHORT, QuestionKind.NUMBER, QuestionKind.TRUTH, QuestionKind.MATCH])
def test_gift_that_says_what_is_right_is_read_as_it_was(kind: QuestionKind) -> None:
    (again,) = gift.read(gift_out.write("Net", [asked(kind)]).encode(), "bank").questions
    source = EXPECTED[kind].replace("`", "").replace(" bytes", "")  # GIFT has neither code nor units
    assert (again.key, again.answer, again.expected) == ("q-abcdefgh", "So.", read(kind.value, source))
