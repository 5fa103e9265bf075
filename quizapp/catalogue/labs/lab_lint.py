"""Finds faults and likely mistakes in a lab file. Runs nothing."""

import re
from collections.abc import Iterator

from quizapp.catalogue.labs.drawn_values import shown_values
from quizapp.catalogue.labs.lab_file import BadLab, LabFault, fault_at, read_with_places
from quizapp.catalogue.labs.lab_format import NOTHING_DONE, VARIABLE, LabDefinition
from quizapp.catalogue.labs.shown_commands import stale_marks
from quizapp.catalogue.yaml_text import Document

FEWEST_SOLUTIONS = 2  # of different kinds; with one, a check may depend on how it was typed
FEWEST_WRONG = 2  # with one, a check may pass after nearly every other wrong attempt
_WEAK = (  # what a check rests on, how it is seen in its command, and what to do instead
    (
        "a call from the host alone",
        re.compile(r"(?m)(?:^|[;|&(]|\bdo\b|\bthen\b)\s*(?:curl|http_code)\s"),
        "Any program of the host may answer it: look who answered.",
    ),
    (
        "a file in the learner's reach",
        re.compile(r"/proc/1/root/(?:var|etc|run|root|home)/"),
        "The learner may write it: compare with the engine's id, or with a value of the lab.",
    ),
    (
        "a rule's text",
        re.compile(r"iptables(?:-save)?\b[^|\n]*(?:-S|-save|-n?v?x?L)\b.*\|\s*(?:grep|awk|sed)"),
        "A rule that is listed may be dead: send a packet of its kind and see what becomes of it.",
    ),
)
_RIGHT = re.compile(r"\{(?:seen|wanted)\}")
_PORT = re.compile(r"(?:\bports?\s+\W{0,2}|[0-9a-zA-Z]:)([0-9]{2,5})\b")


def lint(text: str, *, folder: str) -> tuple[LabFault, ...]:
    """The faults and likely mistakes of a lab file whose folder is called `folder`, in the order of lines."""
    try:
        lab, document = read_with_places(text, folder=folder)
    except BadLab as error:
        return error.faults
    found = [_attempts, _ports, _variables, _solution, _telling_hints, _marks, _drawn_once]
    return tuple(sorted(fault for each in found for fault in each(lab, document)))


def weak_checks(text: str, *, folder: str) -> tuple[LabFault, ...]:
    """The checks that a learner can meet without doing the task, in the order of lines. Raises BadLab.

    A page that the host alone asked for may come from any program; a file on the learner's host can be written by the
    learner; a rule that is listed may be dead, since another one comes before it.
    """
    lab, document = read_with_places(text, folder=folder)
    return tuple(
        fault_at(document, ["checks", index, "run"], f"{check.name} rests on {what}. {mend}")
        for index, check in enumerate(lab.checks)
        for what, pattern, mend in _WEAK
        if pattern.search(check.run or "")
    )


def _attempts(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    if len(lab.solutions) < FEWEST_SOLUTIONS:
        yield fault_at(document, ["solutions"], "There is one solution. Add one that differs in kind.")
    if len(lab.wrong) < FEWEST_WRONG:
        yield fault_at(document, ["wrong"], "There is one wrong attempt. Add one that fails for another reason.")
    for index, attempt in enumerate(lab.wrong):
        if attempt.fails is None:
            yield fault_at(document, ["wrong", index], "This wrong attempt does not say which check it fails.")
    if not lab.hints:
        yield fault_at(document, ["task"], "There are no hints. Add one or two steps.")


def _solution(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault if the first solution, which learners are shown, does nothing by which the answer is found."""
    if lab.solutions[0].run.strip() == NOTHING_DONE:
        message = "The solution that is shown does nothing. Type there what shows the answer."
        yield fault_at(document, ["solutions", 0, "run"], message)


def _telling_hints(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault for each hint after a wrong answer that quotes the right one."""
    for field, asked in (("answer", lab.answer), ("explain", lab.explain), ("recorded", lab.recorded)):
        if asked is not None and _RIGHT.search(asked.hint):
            message = "This hint tells the right answer after the first wrong one. Say where it is to be read."
            yield fault_at(document, [field, "hint"], message)


def _marks(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault for each command that is marked under `shown` and that no text shows."""
    for command in stale_marks(lab):
        yield fault_at(document, ["shown"], f"No text of this lab shows: {command}")


def _drawn_once(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault for each number that a text shows as it was on one host, where each run draws another."""
    for found in shown_values(lab):
        message = f"{found.text} is shown where other texts have ${{{found.variable}}}. Write the variable."
        yield fault_at(document, [found.field], message)


def _ports(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault for each port that the task names, but no set-up, check or other command has."""
    looked_at = "\n".join([lab.setup, *(_everything_run(lab))])
    for port in sorted(set(_PORT.findall(lab.task))):
        if not re.search(rf"(?<![0-9]){port}(?![0-9])", looked_at):
            yield fault_at(document, ["task"], f"The task names port {port}, which no check looks at.")


def _everything_run(lab: LabDefinition) -> Iterator[str]:
    for check in lab.checks:
        yield from (word.model_dump_json() for word in check.words.values())
        if check.run and check.expect:
            yield from (check.run, *(text for text in (check.expect.equals, check.expect.contains) if text))
            yield check.expect.matches or ""
    if lab.answer:
        yield lab.answer.run
    if lab.command:
        yield lab.command.reference
    yield from (prediction.happened for prediction in lab.predict)


def _variables(lab: LabDefinition, document: Document) -> Iterator[LabFault]:
    """A fault for each variable that is never used, and for each `${NAME}` in a text that is no variable."""
    everything = lab.model_dump_json(exclude={"vars"})
    drawn = {name: variable.names(name) for name, variable in lab.vars.items()}
    for name, given in drawn.items():
        if not any(f"${{{each}}}" in everything for each in given):
            yield fault_at(document, ["vars", name], f"{name} is drawn and used nowhere.")
    for field, text in (("title", lab.title), ("summary", lab.summary), ("task", lab.task), ("reveal", lab.reveal)):
        for name in sorted(set(VARIABLE.findall(text)) - {each for given in drawn.values() for each in given}):
            yield fault_at(document, [field], f"${{{name}}} is no variable of this lab; it is shown as it stands.")
