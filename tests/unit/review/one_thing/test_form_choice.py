"""In which form a card is asked: the cheapest that still tests it, and never the same twice running."""

import pytest

from quizapp.catalogue.asking_ways import Form, Way
from quizapp.review.one_thing.form_choice import RECOGNISED_DAYS, to_ask

NUMBERS = {form: number for number, form in enumerate(Form, start=1)}


def ways(*forms: Form) -> list[Way]:
    return [Way(question_id=NUMBERS[form], form=form) for form in forms]


def asked(*forms: Form, last: Form | None = None, stability: float | None = 3.0, has_host: bool = True) -> Form:
    before = None if last is None else NUMBERS[last]
    way = to_ask(ways(*forms), last=before, stability=stability, has_host=has_host)
    assert way is not None
    return way.form


@pytest.mark.parametrize(
    ("forms", "last", "wanted"),
    [
        ((Form.CHOICE, Form.CARD, Form.HANDS_ON), None, Form.CARD),
        ((Form.CHOICE, Form.CARD, Form.HANDS_ON), Form.CARD, Form.CHOICE),
        ((Form.CHOICE, Form.CARD, Form.HANDS_ON), Form.CHOICE, Form.CARD),
        ((Form.HANDS_ON, Form.COMMAND), None, Form.COMMAND),
        ((Form.TYPED,), Form.TYPED, Form.TYPED),
    ],
)
def test_the_cheapest_form_comes_and_never_twice_running(
    forms: tuple[Form, ...], last: Form | None, wanted: Form
) -> None:
    assert asked(*forms, last=last) is wanted


def test_a_choice_tests_no_more_what_is_known_for_three_weeks() -> None:
    known = RECOGNISED_DAYS
    assert asked(Form.CARD, Form.CHOICE, Form.COMMAND, last=Form.CARD, stability=known - 0.1) is Form.CHOICE
    assert asked(Form.CARD, Form.CHOICE, Form.COMMAND, last=Form.CARD, stability=known) is Form.COMMAND
    assert asked(Form.CHOICE, stability=known) is Form.CHOICE, "it is the only form there is"


def test_rather_a_choice_than_the_same_twice_running() -> None:
    assert asked(Form.CARD, Form.CHOICE, last=Form.CARD, stability=RECOGNISED_DAYS) is Form.CHOICE


def test_without_a_free_host_the_card_is_asked_even_if_it_was_the_last() -> None:
    assert asked(Form.CARD, Form.COMMAND, last=Form.CARD) is Form.COMMAND
    assert asked(Form.CARD, Form.COMMAND, last=Form.CARD, has_host=False) is Form.CARD
    assert asked(Form.HANDS_ON, has_host=False) is Form.HANDS_ON, "it waits on its page"


def test_nothing_is_asked_without_a_way() -> None:
    assert to_ask([], last=None, stability=None, has_host=True) is None
