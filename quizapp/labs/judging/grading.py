"""Grade a lab by effect: which commands to run, and what their results say. Knows no sandbox and no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.catalogue.labs.lab_format import AskedCommand, LabAnswer, LabDefinition, Recording
from quizapp.labs.judging import answers, checks, effects
from quizapp.labs.judging.checks import CheckVerdict
from quizapp.labs.judging.effects import Difference, Effect
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What a lab came to. `said`, in Markdown, is the first thing that stands in the way, empty after a pass.

    `happened` holds what the host showed for each prediction, by name, and only after a pass. `history` is what the
    host's shell remembers of the commands typed so far. `differences` are those of a command's effect from the
    reference's, and `printed` is what the command printed if it failed. `recorded` if a recording was asked instead.
    """

    verdict: Verdict
    said: str
    checks: tuple[CheckVerdict, ...] = ()
    happened: Mapping[str, str] = field(default_factory=dict)
    history: str = ""
    differences: Sequence[Difference] = ()
    printed: str = ""
    recorded: bool = False


def commands(lab: LabDefinition) -> list[str]:
    """Every command of a grading, in one list for one round trip: checks, then the answer, then what happened."""
    answer = [lab.answer.run] if lab.answer else []
    return [check.run for check in lab.checks] + answer + [prediction.happened for prediction in lab.predict]


def grade(lab: LabDefinition, results: Sequence[CommandResult], *, typed: str) -> Grade:
    """The grade that the results of `commands(lab)` stand for; `typed` is the learner's answer as it was typed.

    The checks are ordered from cause to symptom, so the first that does not pass decides.
    """
    verdicts = [checks.judge(check, result, typed=typed) for check, result in zip(lab.checks, results, strict=False)]
    rest = list(results[len(lab.checks) :])
    if lab.answer:
        verdicts.append(judge_answer(lab.answer, rest.pop(0), typed=typed))
    blocking = next((each for each in verdicts if each.verdict is not Verdict.PASS), None)
    if blocking:
        return Grade(verdict=blocking.verdict, said=blocking.said, checks=tuple(verdicts))
    happened = {
        prediction.name: checks.trim(result.output) for prediction, result in zip(lab.predict, rest, strict=True)
    }
    return Grade(verdict=Verdict.PASS, said="", checks=tuple(verdicts), happened=happened)


def compare(command: AskedCommand, *, reference: Effect, attempt: Effect) -> Grade:
    """The grade of a learner's command by its effect: a verdict for each aspect that the question is about."""
    differences = effects.differences(reference.state, attempt.state, about=command.about)
    unlike = {each.aspect for each in differences}
    verdicts = tuple(
        CheckVerdict(
            name=aspect.value,
            verdict=Verdict.FAIL if aspect in unlike else Verdict.PASS,
            seen=checks.trim("\n".join(attempt.state[aspect])),
            said=command.hint if aspect in unlike else "",
        )
        for aspect in command.about
    )
    return Grade(
        verdict=Verdict.FAIL if unlike else Verdict.PASS,
        said=command.hint if unlike else "",
        checks=verdicts,
        differences=differences,
        printed=attempt.output if unlike and attempt.exit_code else "",
    )


def judge_recording(recording: Recording, *, typed: str) -> Grade:
    """The grade of an answer to a recording. Nothing readable typed is not a try."""
    try:
        given = answers.read(typed, compare=recording.compare)
    except answers.AnswerUnreadable as error:
        return replace(not_checked(str(error)), recorded=True)
    if answers.agree(given, recording.answer, compare=recording.compare):
        return Grade(verdict=Verdict.PASS, said="", happened=recording.happened, recorded=True)
    said = checks.fill(recording.hint, seen=recording.answer, typed=checks.trim(given), wanted=recording.answer)
    return Grade(verdict=Verdict.FAIL, said=said, recorded=True)


def accepted(lab: LabDefinition) -> Grade:
    """The grade of a command whose form was right before."""
    verdicts = tuple(CheckVerdict(name=name, verdict=Verdict.PASS, seen="", said="") for name in lab.graded)
    return Grade(verdict=Verdict.PASS, said="", checks=verdicts)


def not_checked(why: str) -> Grade:
    """The grade when the host could not even be asked."""
    return Grade(verdict=Verdict.COULD_NOT_CHECK, said=why)


def judge_answer(answer: LabAnswer, result: CommandResult, *, typed: str) -> CheckVerdict:
    """The verdict on what was typed. Nothing readable typed is not a try; everything before it has passed by then."""
    seen = checks.trim(result.output)
    try:
        given = answers.read(typed, compare=answer.compare)
    except answers.AnswerUnreadable as error:
        return CheckVerdict(name=answer.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=str(error))
    unclear = checks.why_unclear(result)
    agrees = None if unclear else answers.agree(given, result.output, compare=answer.compare)
    if agrees is None:
        said = unclear or "Your host gave no value to hold your answer against. Check again, or reset the host."
        return CheckVerdict(name=answer.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=said)
    if agrees:
        return CheckVerdict(name=answer.name, verdict=Verdict.PASS, seen=seen, said="")
    said = checks.fill(answer.hint, seen=seen, typed=checks.trim(given), wanted=seen)
    return CheckVerdict(name=answer.name, verdict=Verdict.FAIL, seen=seen, said=said)
