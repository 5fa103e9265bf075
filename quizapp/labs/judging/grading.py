"""Grades of a lab: which commands to run on the host, and the grade of their results. Knows no sandbox, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from quizapp.catalogue.labs.lab_format import AskedCommand, Check, LabAnswer, LabDefinition, Recording
from quizapp.labs.judging import answers, checks, effects, words
from quizapp.labs.judging.checks import CheckVerdict
from quizapp.labs.judging.effects import Difference, Effect
from quizapp.labs.judging.to_explain import ToExplain
from quizapp.sandboxes.client import CommandResult
from quizapp.verdicts import Verdict

NOTHING_TO_TELL = (
    "Your host shows no answer to this: your way to the goal is another one than the question has in mind. "
    "Nothing is wrong with it, and the question counts as answered."
)


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The result of one check of a run."""

    verdict: Verdict
    said: str
    """Markdown for the learner, of the first check that did not pass: its hint, or why it could not be checked."""
    checks: tuple[CheckVerdict, ...] = ()
    happened: Mapping[str, str] = field(default_factory=dict)
    """What the host showed for each prediction, by the prediction's name; only after a pass."""
    history: str = ""
    """The end of the host's shell history file, as shell_history.COMMAND prints it; empty if it was not read."""
    differences: Sequence[Difference] = ()
    """How a command's effect differs from the reference's; empty for other labs and after a pass."""
    ending: str = ""
    """A sentence if the grade is a fail and the learner's command failed or did not end in its time; else empty."""
    printed: str = ""
    """What the learner's command printed, if there is an `ending`; else empty."""
    recorded: bool = False
    """Whether the answer was compared with a recording and not with a host."""
    to_explain: ToExplain | None = None
    """After a right command of a lab with a question about it; else None."""


def commands(lab: LabDefinition) -> list[str]:
    """The commands of a grading, to be run in one call: of all words, the checks', the answer's, the predictions'."""
    judged = [words.command(worded)] if (worded := _worded(lab)) else []
    asked = [check.run for check in lab.checks if check.run]
    answer = [lab.answer.run] if lab.answer else []
    return judged + asked + answer + [prediction.happened for prediction in lab.predict]


def grade(lab: LabDefinition, results: Sequence[CommandResult], *, typed: str) -> Grade:
    """The grade for the results of `commands(lab)`; `typed` is the learner's answer as it was typed.

    The checks are ordered from cause to symptom, so the first that does not pass decides.
    """
    rest = list(results)
    worded = _worded(lab)
    found = list(words.read(rest.pop(0), count=len(worded))) if worded else []
    verdicts = [
        words.judge(check, found.pop(0), typed=typed)
        if check.is_word
        else checks.judge(check, rest.pop(0), typed=typed)
        for check in lab.checks
    ]
    if lab.answer:
        verdicts.append(judge_answer(lab.answer, rest.pop(0), typed=typed))
    blocking = next((each for each in verdicts if each.verdict is not Verdict.PASS), None)
    if blocking:
        return Grade(verdict=blocking.verdict, said=blocking.said, checks=tuple(verdicts))
    happened = {
        prediction.name: checks.trim(result.output) for prediction, result in zip(lab.predict, rest, strict=True)
    }
    return Grade(verdict=Verdict.PASS, said="", checks=tuple(verdicts), happened=happened)


def afterwards(lab: LabDefinition) -> list[str]:
    """The commands to run on the host of a right command: the predictions', then those of the question after a pass."""
    explain = [lab.explain.run, lab.explain.shows] if lab.explain and lab.explain.shows else []
    return [prediction.happened for prediction in lab.predict] + explain


def with_facts(passed: Grade, lab: LabDefinition, results: Sequence[CommandResult]) -> Grade:
    """The pass of a command, with what the results of `afterwards(lab)` tell."""
    happened = {each.name: checks.trim(result.output) for each, result in zip(lab.predict, results, strict=False)}
    of_question = results[len(lab.predict) :]
    to_explain = None
    if of_question:
        right, shown = (each.output for each in of_question)
        to_explain = ToExplain(shown=checks.printable(shown), right=checks.printable(right))
    return replace(passed, happened=happened, to_explain=to_explain)


def _worded(lab: LabDefinition) -> list[Check]:
    return [check for check in lab.checks if check.is_word]


def compare(command: AskedCommand, *, reference: Effect, attempt: Effect) -> Grade:
    """The grade of a learner's command by its effect: a verdict for each aspect that the question is about."""
    differences = effects.differences(reference.state, attempt.state, about=command.about)
    unlike = {each.aspect for each in differences}
    ending = _ending(attempt.exit_code)
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
        ending=ending if unlike else "",
        printed=attempt.output if unlike and ending else "",
    )


def _ending(exit_code: int | None) -> str:
    """How a command ended, in a sentence; empty if it succeeded. None stands for one that still ran at its limit."""
    if exit_code is None:
        ran = f"Your command had not ended after {effects.COMMAND_S} seconds, which is the limit"
        return f"{ran}: the hosts were compared as they were then, and it was ended with its host."
    return f"Your command failed with exit code {exit_code}." if exit_code else ""


def judge_recording(recording: Recording, *, typed: str) -> Grade:
    """The grade of an answer to a recording; could-not-check if the answer cannot be read."""
    try:
        given = answers.read(typed, compare=recording.compare, among=recording.among)
    except answers.AnswerUnreadable as error:
        return replace(not_checked(str(error)), recorded=True)
    if answers.agree(given, recording.answer, compare=recording.compare):
        return Grade(verdict=Verdict.PASS, said="", happened=recording.happened, recorded=True)
    said = checks.fill(recording.hint, seen=recording.answer, typed=checks.trim(given), wanted=recording.answer)
    return Grade(verdict=Verdict.FAIL, said=said, recorded=True)


def accepted(lab: LabDefinition) -> Grade:
    """The grade, a pass, of a command whose form was right before."""
    verdicts = tuple(CheckVerdict(name=name, verdict=Verdict.PASS, seen="", said="") for name in lab.graded)
    return Grade(verdict=Verdict.PASS, said="", checks=verdicts)


def not_checked(why: str) -> Grade:
    """The grade, could-not-check, if the host gave no results. `why` is a sentence for the learner."""
    return Grade(verdict=Verdict.COULD_NOT_CHECK, said=why)


def judge_explained(question: LabAnswer, about: ToExplain, *, typed: str) -> CheckVerdict:
    """The verdict on an answer to the question after a right command, whose host has ended."""
    kept = CommandResult(exit_code=0, output=about.right, milliseconds=0, timed_out=False, truncated=False)
    return judge_answer(question, kept, typed=typed, is_each_line_right=True)


def judge_asked_back(question: LabAnswer, result: CommandResult, *, typed: str) -> CheckVerdict:
    """The verdict on an answer to the question after a pass; also a pass where the learner's way left none to give.

    Each line that the host prints is a right answer: a container on two networks has two addresses.
    """
    verdict = judge_answer(question, result, typed=typed, is_each_line_right=True)
    if verdict.seen or checks.why_unclear(result) or result.exit_code:
        return verdict
    return replace(verdict, verdict=Verdict.PASS, said=NOTHING_TO_TELL)


def judge_answer(
    answer: LabAnswer, result: CommandResult, *, typed: str, is_each_line_right: bool = False
) -> CheckVerdict:
    """The verdict on a typed answer; could-not-check if it cannot be read, or the host gave no value.

    With `is_each_line_right` the host may have printed several right answers, one on a line.
    """
    seen = checks.trim(result.output)
    try:
        given = answers.read(typed, compare=answer.compare, among=answer.among or answer.options)
    except answers.AnswerUnreadable as error:
        return CheckVerdict(name=answer.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=str(error))
    unclear = checks.why_unclear(result)
    agree = answers.agrees_with_one if is_each_line_right else answers.agree
    agrees = None if unclear else agree(given, result.output, compare=answer.compare)
    if agrees is None:
        said = unclear or "Your host gave no value to hold your answer against. Check again, or reset the host."
        return CheckVerdict(name=answer.name, verdict=Verdict.COULD_NOT_CHECK, seen=seen, said=said)
    if agrees:
        return CheckVerdict(name=answer.name, verdict=Verdict.PASS, seen=seen, said="")
    said = checks.fill(answer.hint, seen=seen, typed=checks.trim(given), wanted=seen)
    return CheckVerdict(name=answer.name, verdict=Verdict.FAIL, seen=seen, said=said)
