"""The recording of a lab, taken from a run in which an editor has tried its draft. Asks no sandbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from quizapp.catalogue.labs.drawn_values import put_back
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import TEXT_MAX_CHARS, Compare
from quizapp.errors import Invalid
from quizapp.labs.runs.events import Checked, Explained, Typed
from quizapp.labs.runs.models import LabRun
from quizapp.verdicts import Verdict

PROMPT = "# "  # of the host's root, before a command


def recording_of(run: LabRun) -> Mapping[str, Any]:
    """The field `recorded` of the draft: what was typed and printed, what came true, and the question that was asked.

    Numbers that were drawn for the run are its variables again, as each reader has others. The answer is empty where
    none was given, and so is all of the question in a lab that asks for no value: its author writes it; see `lacking`.
    Raises Invalid for a run that was not passed, or in which nothing was typed.
    """
    happened = [event.data for event in run.events]
    lines = [_shown(data) for data in happened if isinstance(data, Typed)]
    if run.tried is None or run.verdict is not Verdict.PASS or not lines:
        raise Invalid("A recording is taken of a draft that was tried and passed, with its commands typed on the host.")
    lab = LabDefinition.model_validate(run.tried)

    def general(text: str) -> str:
        return put_back(lab, text, run.values)

    found = {"transcript": general("\n".join(lines))[:TEXT_MAX_CHARS]}
    answered = [data.typed for data in happened if isinstance(data, Checked) and data.verdict is Verdict.PASS]
    told = [data for data in happened if isinstance(data, Explained) and data.verdict is Verdict.PASS]
    explained = [data.seen.splitlines()[0] for data in told if data.seen]  # each line is a right answer
    question: dict[str, Any] = {"label": "", "answer": "", "compare": Compare.TEXT.value, "hint": ""}
    asks = [(lab.explain, explained), (lab.answer, answered)]
    for asked, values in sorted(asks, key=lambda ask: bool(ask[1])):  # the last one stands: one that was answered
        if asked is None or asked.compare is Compare.ORDER:
            continue
        question = {"label": asked.label, "answer": general(values[-1]) if values else ""}
        question |= {"compare": asked.compare.value, "hint": asked.hint}
        question |= {"among": list(asked.among)} if asked.among else {}
    came_true = {each.name: general((run.happened or {}).get(each.name, "")) for each in lab.predict}
    return found | question | ({"happened": came_true} if came_true else {})


def lacking(recording: Mapping[str, Any]) -> Sequence[str]:
    """The names of the fields that its author has yet to write."""
    return [name for name in ("label", "answer", "hint") if not recording[name]]


def _shown(typed: Typed) -> str:
    return f"{PROMPT}{typed.command}\n{typed.printed.rstrip()}".rstrip()
