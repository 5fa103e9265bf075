"""Finds faults and likely mistakes in a lab file. Runs nothing."""

import re
from collections.abc import Iterator

from quizapp.catalogue.labs.lab_file import BadLab, LabFault, fault_at, read_with_places
from quizapp.catalogue.labs.lab_format import VARIABLE, LabDefinition
from quizapp.catalogue.yaml_text import Document

FEWEST_SOLUTIONS = 2  # of different kinds; with one, a check may depend on how it was typed
FEWEST_WRONG = 2  # with one, a check may pass after nearly every other wrong attempt
_PORT = re.compile(r"(?:\bports?\s+\W{0,2}|[0-9a-zA-Z]:)([0-9]{2,5})\b")


def lint(text: str, *, folder: str) -> tuple[LabFault, ...]:
    """The faults and likely mistakes of a lab file whose folder is called `folder`, in the order of lines."""
    try:
        lab, document = read_with_places(text, folder=folder)
    except BadLab as error:
        return error.faults
    return tuple(sorted([*_attempts(lab, document), *_ports(lab, document), *_variables(lab, document)]))


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
    for name in lab.vars:
        if f"${{{name}}}" not in everything:
            yield fault_at(document, ["vars", name], f"{name} is drawn and used nowhere.")
    for field, text in (("title", lab.title), ("summary", lab.summary), ("task", lab.task), ("reveal", lab.reveal)):
        for name in sorted(set(VARIABLE.findall(text)) - set(lab.vars)):
            yield fault_at(document, [field], f"${{{name}}} is no variable of this lab; it is shown as it stands.")
