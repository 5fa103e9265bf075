"""What a learner expects before anything is started, and how it compares. Knows no run and no sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizapp.catalogue.labs.lab_format import Compare, Prediction, PredictionKind
from quizapp.catalogue.rendering import render_inline
from quizapp.errors import Invalid
from quizapp.labs.judging import answers


class PredictionMissing(Invalid):
    """A prediction is missing or is none of those that can be made."""

    title = "Your prediction is not complete"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One prediction beside what happened; `happened` and `agrees` are None while nothing has."""

    subject: Markup
    predicted: str
    happened: str | None
    agrees: bool | None
    reveal: Markup


def read(asked: Sequence[Prediction], given: Mapping[str, str]) -> dict[str, str]:
    """The learner's predictions by name. Raises PredictionMissing, which names the first that is not one."""
    return {prediction.name: _read_one(prediction, given.get(prediction.name, "")) for prediction in asked}


def compare(
    asked: Sequence[Prediction], predicted: Mapping[str, str], happened: Mapping[str, str] | None
) -> tuple[Compared, ...]:
    """Each prediction beside what happened."""
    return tuple(_compare_one(prediction, predicted.get(prediction.name, ""), happened) for prediction in asked)


def came_true(prediction: Prediction, predicted: str, happened: str) -> bool:
    """Whether what was predicted is what happened. Nothing that one could have predicted agrees with nobody."""
    return bool(answers.agree(predicted, happened, compare=_compare_by(prediction.kind)))


def _read_one(prediction: Prediction, given: str) -> str:
    if prediction.kind is PredictionKind.CHOICE:
        if given not in prediction.options:
            raise PredictionMissing(f"“{prediction.label}”: pick one of the options.")
        return given
    compare = _compare_by(prediction.kind)
    try:
        return answers.read(given, compare=compare)
    except answers.AnswerUnreadable:
        wanted = "a whole number" if compare is Compare.INT else "what you expect"
        raise PredictionMissing(f"“{prediction.label}”: write {wanted}. A guess will do.") from None


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
