"""Reads a learner's predictions, and compares them with what happened. Knows no run and no sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizapp.catalogue.html.rendering import in_plain_text, render_inline
from quizapp.catalogue.labs.lab_format import Prediction
from quizapp.catalogue.labs.lab_parts import Compare, PredictionKind
from quizapp.errors import Invalid
from quizapp.labs.judging import answers


class PredictionMissing(Invalid):
    """A prediction is missing, or its value is not one that the lab allows."""

    title = "Your prediction is not complete"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One prediction beside what happened."""

    subject: Markup
    """The question that the prediction answers."""
    predicted: str
    """Empty if the learner did not make this prediction."""
    happened: str | None
    """The value that the host showed, empty if it showed none; None before the pass."""
    agrees: bool | None
    """Whether both values are the same; None before the pass, and where nothing showed what became of it."""
    reveal: Markup
    """The author's explanation; may be empty."""


def read(asked: Sequence[Prediction], given: Mapping[str, str]) -> dict[str, str]:
    """The learner's predictions by name. Raises PredictionMissing for the first one that is missing or not allowed."""
    return {prediction.name: _read_one(prediction, given.get(prediction.name, "")) for prediction in asked}


def compare(
    asked: Sequence[Prediction], predicted: Mapping[str, str], happened: Mapping[str, str] | None
) -> tuple[Compared, ...]:
    """Each prediction beside what happened, which is None before the pass."""
    return tuple(_compare_one(prediction, predicted.get(prediction.name, ""), happened) for prediction in asked)


def came_true(prediction: Prediction, predicted: str, happened: str) -> bool | None:
    """Whether the predicted value is the one that happened; None if nothing that one could predict was shown.

    After a way that the author did not think of, the host may show no value, or one that is none of the options.
    """
    compare = _compare_by(prediction.kind)
    if prediction.options and not any(answers.agree(each, happened, compare=compare) for each in prediction.options):
        return None
    return answers.agree(predicted, happened, compare=compare)


def _read_one(prediction: Prediction, given: str) -> str:
    if prediction.kind is PredictionKind.CHOICE:
        if given not in prediction.options:
            raise PredictionMissing(f"“{in_plain_text(prediction.label)}”: pick one of the options.")
        return given
    compare = _compare_by(prediction.kind)
    try:
        return answers.read(given, compare=compare)
    except answers.AnswerUnreadable:
        wanted = "a whole number" if compare is Compare.INT else "what you expect"
        raise PredictionMissing(f"“{in_plain_text(prediction.label)}”: write {wanted}. A guess will do.") from None


def _compare_one(prediction: Prediction, predicted: str, happened: Mapping[str, str] | None) -> Compared:
    seen = None if happened is None else happened.get(prediction.name, "")
    return Compared(
        subject=render_inline(prediction.label),
        predicted=predicted,
        happened=seen,
        agrees=None if seen is None else came_true(prediction, predicted, seen),
        reveal=render_inline(prediction.reveal),
    )


def _compare_by(kind: PredictionKind) -> Compare:
    return Compare.INT if kind is PredictionKind.NUMBER else Compare.TEXT
