"""Labels, ids and bold leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown import labels as forms
from quizapp.catalogue.formats.markdown.labels import bold_lead, card_of, option_of, points_of, split_labels, take_id


def test_labels_on_one_line_come_apart() -> None:
    before, labels = split_labels("*Must:* a; b      *Level:* 2  *Lab:* some-lab")
    assert before == ""
    assert [(label.label, label.text) for label in labels] == [("must", "a; b"), ("level", "2"), ("lab", "some-lab")]


def test_a_label_in_code_is_text() -> None:
    before, labels = split_labels("write `x *Level:* 2` there *As of:* 2026")
    assert before == "write `x *Level:* 2` there"
    assert [label.label for label in labels] == ["as of"]


@pytest.mark.parametrize(
    "text",
    [
        "*Must:* a",
        "_Must:_ a",
        "**Must:** a",
        "__Must:__ a",
        "*Must*: a",
        "**Must**: a",
        "*Must :* a",
        "Must: a",
        "must: a",
    ],
)
def test_a_label_is_one_however_a_formatter_left_it(text: str) -> None:
    before, (label,) = split_labels(text)
    assert (before, label.label, label.text) == ("", "must", "a")


@pytest.mark.parametrize("name", ["A", "Answer", "Ans", "Correct Answer", "A1", "Answer 3", "A (short)", "Solution"])
def test_an_answer_has_many_names(name: str) -> None:
    assert [label.label for label in split_labels(f"**{name}:** x")[1]] == ["a"]


@pytest.mark.parametrize("name", ["**A.**", "**A**.", "**A1.**", "**Answer.**", "__A)__", "**Ans.**"])
def test_an_answer_in_bold_may_have_a_full_stop(name: str) -> None:
    assert [(label.label, label.text) for label in split_labels(f"{name} It is 1.")[1]] == [("a", "It is 1.")]


def test_the_letter_of_an_option_in_bold_is_no_label() -> None:
    assert split_labels("**A.** tar\n**B.** gzip")[1] == []


@pytest.mark.parametrize("text", ["*Note:* look", "a*Must:*b", "x Must: a", "x **Must:** a", "Must:a", "`*Must:* a`"])
def test_what_is_no_label(text: str) -> None:
    assert split_labels(text) == (text, [])


def test_an_id_is_taken_out() -> None:
    assert take_id("Veth <!-- id: c-a91x -->") == ("Veth", "c-a91x")
    assert take_id("Veth <!-- a remark -->") == ("Veth <!-- a remark -->", None)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("front → back", ("front", "back")),
        ("a → b → c", ("a", "b → c")),
        ("What does `a → b` mean? → c", ("What does `a → b` mean?", "c")),
        ("front -> back", ("front", "back")),
        ("`80/tcp -> 0.0.0.0` is? → a mapping", ("`80/tcp -> 0.0.0.0` is?", "a mapping")),
        ("only", ("only", "")),
    ],
)
def test_a_card_parts_at_its_arrow(text: str, card: tuple[str, str]) -> None:
    assert card_of(text) == card


def test_points_part_at_semicolons_outside_code() -> None:
    assert points_of("a; `b; c`;; d ") == ("a", "`b; c`", "d")


def test_an_option_has_a_box() -> None:
    assert option_of("[x] yes  *Why:* so") == (True, "yes", "so")
    assert option_of("[ ] no") == (False, "no", "")
    assert option_of("no") is None


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("**Term:** text", ("Term", "text")),
        ("**Term**: text", ("Term", "text")),
        ("**The `a**b` thing:** text", ("The `a**b` thing", "text")),
        ("**Term**", ("Term", "")),
        ("plain **bold**", None),
        ("**open", None),
        ("****", None),
    ],
)
def test_a_bold_lead(text: str, lead: tuple[str, str] | None) -> None:
    assert bold_lead(text) == lead


@given(
    st.lists(st.sampled_from(["A", "a", "Ans", "Card", "As of", "Red flags", "B", "x", "\u2705", "1", *"*_:.-)\n (;"]))
)
def test_the_one_search_before_all_forms_of_a_label_misses_none(parts: list[str]) -> None:
    text = "".join(parts)
    head = text.split("\n", 1)[0]
    found = [form for form in forms._PATTERNS if form.match(head) or (form is not forms.LABEL and form.search(text))]
    assert not found or forms._LEAD.search(text) is not None
