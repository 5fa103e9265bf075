"""Predictions: complete or refused by name, and compared with what happened."""

import pytest

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.labs.runs.predictions import PredictionMissing, compare, read


def test_complete_predictions_are_read(lab: LabDefinition) -> None:
    assert read(lab.predict, {"where": " 8080 ", "why": "b", "csrf_token": "x"}) == {"where": "8080", "why": "b"}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, "It answers on"),
        ({"where": "eighty", "why": "a"}, "whole number"),
        ({"where": "80"}, "Since"),
        ({"where": "80", "why": "c"}, "Since"),
        ({"where": "8" * 500, "why": "a"}, "It answers on"),
    ],
)
def test_an_incomplete_prediction_is_named(lab: LabDefinition, given: dict[str, str], names: str) -> None:
    with pytest.raises(PredictionMissing, match=names):
        read(lab.predict, given)


def test_a_question_is_quoted_without_its_marks(lab: LabDefinition) -> None:
    asked = [lab.predict[0].model_copy(update={"label": "What `-P` **takes**"})]
    with pytest.raises(PredictionMissing, match="“What -P takes”: write a whole number"):
        read(asked, {})


def test_nothing_has_happened_yet(lab: LabDefinition) -> None:
    first, second = compare(lab.predict, {"where": "80", "why": "b"}, None)
    assert (first.predicted, first.happened, first.agrees) == ("80", None, None)
    assert second.agrees is None


def test_prediction_beside_what_happened(lab: LabDefinition) -> None:
    first, second = compare(lab.predict, {"where": "80", "why": "B"}, {"where": "8080", "why": "b"})
    assert (first.predicted, first.happened, first.agrees) == ("80", "8080", False)
    assert second.agrees is True
    assert first.reveal == "Yes."


@pytest.mark.parametrize("shown", [{"where": "", "why": ""}, {"where": "none", "why": "c"}, {}])
def test_what_nothing_became_of_is_neither_true_nor_false(lab: LabDefinition, shown: dict[str, str]) -> None:
    first, second = compare(lab.predict, {"where": "80", "why": "b"}, shown)
    assert first.agrees is None
    assert second.agrees is None
