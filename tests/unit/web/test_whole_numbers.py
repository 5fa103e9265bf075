"""The field of a whole number: one sentence, with the range, for whatever else is typed."""

import importlib
import pkgutil

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

import quizapp
from quizapp.web.whole_numbers import WholeNumber


class Numbers(Form):
    """Both kinds."""

    minutes = WholeNumber("Minutes", least=5, most=600)
    limit = WholeNumber("Limit", least=0, most=9, may_be_empty=True)


def sent(**typed: str) -> Numbers:
    form = Numbers(MultiDict({"minutes": "30", "limit": "", **typed}))
    form.validate()
    return form


@pytest.mark.parametrize("typed", ["", " ", "abc", "4", "601", "-30", "1.5", "1e2", "1_0", "٣٠", "9" * 5000, "30 min"])
def test_whatever_is_no_number_in_the_range_is_told_once_with_it(typed: str) -> None:
    assert sent(minutes=typed).minutes.errors == ["Enter a whole number from 5 to 600."]


@pytest.mark.parametrize(("typed", "number"), [("5", 5), (" 600 ", 600), ("+30", 30), ("007", 7)])
def test_a_number_in_the_range_is_taken(typed: str, number: int) -> None:
    form = sent(minutes=typed)
    assert (form.errors, form.minutes.data) == ({}, number)


def test_what_may_be_empty_is_none_then_and_what_was_typed_stays_in_the_field() -> None:
    assert (sent().limit.data, sent().errors) == (None, {})
    wrong = sent(limit="ten").limit
    assert wrong.errors == ["Enter a whole number from 0 to 9, or nothing."]
    assert 'value="ten"' in wrong()
    assert 'min="0"' in wrong()
    assert 'max="9"' in wrong()


def test_no_form_of_the_product_has_another_field_for_numbers() -> None:
    """WTForms 3.3.2's own says "Not a valid integer value." and no range. A hidden one is filled in by the page."""
    names = [one.name for one in pkgutil.walk_packages(quizapp.__path__, "quizapp.") if one.name.endswith("forms")]
    others = [
        f"{name}.{form.__name__}.{field}"
        for name in names
        for form in vars(importlib.import_module(name)).values()
        if isinstance(form, type) and issubclass(form, Form)
        for field, made in vars(form).items()
        if isinstance(made, UnboundField) and issubclass(made.field_class, IntegerField)
        if made.field_class is not WholeNumber and not isinstance(made.kwargs.get("widget"), HiddenInput)
    ]
    assert len(names) >= 8
    assert others == []
