"""`flask labs`, for authors: check lab files, prove labs on real hosts, grade attempts."""

import json
import logging
import random
import shlex
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import click
from flask.cli import AppGroup

from quizapp.catalogue import content_files
from quizapp.catalogue.content_files import LAB_FILE, LABS_FOLDER, ContentFile, FileKind
from quizapp.catalogue.editing.lab_authoring import no_name
from quizapp.catalogue.formats.markdown.text import decode
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.labs.lab_example import example
from quizapp.catalogue.labs.lab_file import BadLab, LabFault, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition, substitute
from quizapp.catalogue.labs.lab_lint import lint, weak_checks
from quizapp.catalogue.syncing.file_writing import write_new
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.labs.proof import proof
from quizapp.labs.proof.attempt import TypedAttempt, attempt_at, with_values
from quizapp.labs.proof.proof import LabProof
from quizapp.labs.proof_of_drafts import verify_draft
from quizapp.labs.trials import twins
from quizapp.labs.wiring import workshop
from quizapp.sandboxes.client import SandboxClient
from quizapp.verdicts import Verdict
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.templating import plural

BY_COMMAND = "$ "  # before an answer that is a command
JOBS = 2  # attempts at a time; on a small machine more of them are no faster
EXIT_CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.COULD_NOT_CHECK: 2}

labs = AppGroup("labs", help="Check lab files, prove labs on real hosts, grade attempts. For authors.")


@labs.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@plain_errors
def check(paths: tuple[Path, ...]) -> None:
    """Read lab files, or those in folders, and say in which line and column something is wrong or looks wrong.

    Starts no host. Exits with 1 if there is a finding. Doubts, about checks that may be met without doing the task, are
    for the author to weigh, and change no exit code.
    """
    files = [file for path in paths for file in _lab_files(path)]
    found = [(file, fault) for file in files for fault in _lint(file)]
    for file, fault in found:
        click.echo(f"{file}:{fault.line}:{fault.column}: {fault.message}")
    for file, doubt in [(each, doubt) for each in files for doubt in _doubts(each)]:
        click.echo(f"{file}:{doubt.line}:{doubt.column}: doubt: {doubt.message}")
    click.echo(f"{plural(len(files), 'file')}, {plural(len(found), 'finding')}.")
    if found:
        raise click.exceptions.Exit(1)


@labs.command()
@click.argument("name", metavar="NAME")
@plain_errors
def new(name: str) -> None:
    """Make the file of a new lab called NAME in the content folder: one that works as it stands, to be changed."""
    path = _folder() / Path(name).name / LAB_FILE
    text = example(name)
    try:
        read_lab(text, folder=path.parent.name)
        write_new(path, text.encode())
    except BadLab:
        raise Invalid(no_name(name)) from None
    except FileExistsError:
        raise Invalid(f"There is a lab at {path}. Choose another name.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {(error.strerror or 'unknown reason').lower()}.") from None
    click.echo(f"{path}\nIt works as it stands: flask labs verify {name}, then flask content import {path}")


@labs.command()
@click.argument("names", nargs=-1, metavar="[LAB...]")
@click.option("--jobs", default=JOBS, show_default=True, type=click.IntRange(1, 16), help="Hosts at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a lab, a line each.")
@click.option("--draft", "of_drafts", is_flag=True, help="Their texts under Content, which may be published after it.")
@plain_errors
def verify(names: tuple[str, ...], jobs: int, as_json: bool, of_drafts: bool) -> None:
    """Prove labs of the content folder, all of them without a name, on hosts that are made for it and ended.

    Untouched a lab must fail; it must pass after each solution, typed into a terminal, and fail after each wrong
    attempt, each with other values; with the host's engine stopped it must be could-not-check. Exits with 1 if one
    is not so.
    """
    keep_quiet()
    all_ok = True
    if of_drafts and not names:
        raise Invalid("Say which labs: flask labs verify --draft LAB...")
    with workshop() as client, ThreadPoolExecutor(jobs) as pool:
        for name in names or _all_names():
            try:
                row = verify_draft(client, name, jobs=jobs) if of_drafts else _proved(client, name, pool)
            except (Invalid, Conflict, NotFound) as error:  # go on with the other labs
                all_ok = False
                click.echo(
                    json.dumps({"lab": name, "ok": False, "troubles": [str(error)]}) if as_json else f"no  {error}"
                )
                continue
            all_ok = all_ok and row.ok
            click.echo(json.dumps(_as_json(row), ensure_ascii=False) if as_json else _as_text(row))
    if not all_ok:
        raise click.exceptions.Exit(1)


@labs.command()
@click.argument("name", metavar="LAB")
@click.option("--script", required=True, type=click.File(encoding="utf-8"), help="What is typed on the host.")
@click.option("--answer", default="", metavar="TEXT", help="What is answered; '$ COMMAND' for what it prints there.")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A variable's value, instead of a drawn one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@plain_errors
def grade(name: str, script: TextIO, answer: str, given: tuple[str, ...], as_json: bool) -> None:
    """Grade an attempt at a lab: run the script on a fresh host, as the learner's root, and check.

    The values that a lab draws are in the script's environment: ${PORT} for a lab that draws PORT. Exits with 0 after
    a pass, with 1 after a fail and with 2 if it could not be checked.
    """
    keep_quiet()
    lab, values = with_values(_lab(name), rng=random.Random(), given=_given(given))
    attempt = _attempt(_scripted(lab, script.read(), values), answer)
    with workshop() as client:
        outcome = attempt_at(client, lab, attempt)
    if not outcome.ended:
        click.echo(f"The script: {proof.NOT_OVER} It was graded all the same.", err=True)
    checks = [{"name": each.name, "verdict": each.verdict.value, "seen": each.seen} for each in outcome.grade.checks]
    verdict = outcome.grade.verdict
    if as_json:
        row = {"lab": lab.id, "verdict": verdict.value, "checks": checks, "seconds": outcome.seconds}
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        for each in checks:
            click.echo(f"{each['verdict']:16}{each['name']}: {each['seen']}")
        click.echo(f"{lab.id}: {verdict.value}, {outcome.seconds:.1f} s. {outcome.grade.said}".rstrip())
    raise click.exceptions.Exit(EXIT_CODES[verdict])


def _proved(client: SandboxClient, name: str, pool: ThreadPoolExecutor) -> LabProof:
    """The proof of a lab of the content folder. Raises Invalid."""
    return proof.prove(client, _lab(name), pool=pool, rng=random.Random())


def _given(pairs: tuple[str, ...]) -> Mapping[str, str]:
    """The values of `NAME=VALUE`, by name. Raises Invalid."""
    if odd := next((pair for pair in pairs if not pair.partition("=")[2]), None):
        raise Invalid(f"--set takes NAME=VALUE, and {odd} has no value.")
    return dict(pair.split("=", 1) for pair in pairs)


def _attempt(script: str, answer: str) -> TypedAttempt:
    """The attempt; an answer that begins with a dollar sign and a blank is a command that prints it on the host."""
    command = answer.removeprefix(BY_COMMAND)
    return TypedAttempt(run=script, typed=answer) if command == answer else TypedAttempt(run=script, answer=command)


def _scripted(lab: LabDefinition, script: str, values: Mapping[str, str]) -> str:
    """The text to type on the host: a shell that runs the script, or the command itself for a lab that asks for one."""
    if lab.command:
        return twins.readable(substitute(script, values))
    given = shlex.join(f"{name}={value}" for name, value in values.items())
    return f"env {given} bash -c {shlex.quote(script)}"


def keep_quiet() -> None:
    """Log no starts and ends of hosts, as sandboxd does: the lines would stand between the results."""
    logging.getLogger("quizapp.sandboxes").setLevel(logging.WARNING)


def _as_json(row: LabProof) -> dict[str, Any]:
    return {**asdict(row), "ok": row.ok}


def _as_text(row: LabProof) -> str:
    passed = f"{plural(len(row.solutions), 'solution')}, {plural(len(row.wrong), 'wrong attempt')}"
    head = f"{'ok' if row.ok else 'no':4}{row.lab}: {passed}, {row.seconds:.1f} s"
    return "\n".join((head, *(f"      {trouble}" for trouble in row.troubles)))


def _all_names() -> list[str]:
    return sorted(path.parent.name for path in _folder().glob(f"*/{LAB_FILE}"))


def _folder() -> Path:
    return current_settings().content_dir / LABS_FOLDER


def _lab(name: str) -> LabDefinition:
    """The lab called `name` in the content folder. Raises Invalid, with every fault of the file."""
    path = _folder() / Path(name).name / LAB_FILE
    try:
        return read_lab(_text(path), folder=path.parent.name)
    except BadLab as error:
        raise Invalid(
            "\n".join(f"{path}:{fault.line}:{fault.column}: {fault.message}" for fault in error.faults)
        ) from None


def _lab_files(path: Path) -> Iterator[Path]:
    """The lab file at `path`, or all lab files below the folder at `path`."""
    if path.is_file():
        yield path
    else:
        yield from (file.path for file in content_files.find(path) if file.kind is FileKind.LAB)


def _lint(path: Path) -> tuple[LabFault, ...]:
    try:
        return lint(_text(path), folder=path.absolute().parent.name)
    except Unreadable as error:
        return (LabFault(line=error.line, column=1, message=str(error)),)


def _doubts(path: Path) -> tuple[LabFault, ...]:
    """The checks of a lab file that may be met without doing the task; none if the file cannot be read."""
    try:
        return weak_checks(_text(path), folder=path.absolute().parent.name)
    except (Unreadable, BadLab):
        return ()


def _text(path: Path) -> str:
    if not path.is_file():
        raise Invalid(f"There is no lab file at {path}.")
    return decode(content_files.read(ContentFile(path=path, kind=FileKind.LAB, root=None)))
