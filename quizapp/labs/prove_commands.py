"""`flask content prove`: what notes show of commands, held against what they print. Uses no database."""

from collections.abc import Iterator
from pathlib import Path

import click

from quizapp.catalogue import content_files
from quizapp.catalogue.content_files import FileKind
from quizapp.catalogue.formats.markdown.text import decode
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.lint_commands import content
from quizapp.catalogue.snippets import Snippet, snippets
from quizapp.errors import Invalid, QuizappError
from quizapp.labs.commands import keep_quiet
from quizapp.labs.proof.note_snippets import Astray, SnippetsProof, prove_snippets
from quizapp.labs.wiring import workshop
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.templating import plural

SEEN_LINES = 12  # of an output that is shown; a whole one has up to 16 KiB

__all__ = ["content"]


@content.command("prove")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(path_type=Path))
@plain_errors
def prove(paths: tuple[Path, ...]) -> None:
    """Run the snippets of notes that are marked with `prove` on a host, and hold what they print against the note.

    Takes files and folders; without any the content folder. Each note has a host of its own, on which its snippets are
    run in their order. Exits with 1 if one prints something else, or a file could not be read.
    """
    keep_quiet()
    asked = {file: tuple(snippets(text)) for path in paths or _all_notes() for file, text in _notes(path)}
    all_ok, count = True, 0
    with workshop() as client:
        for file, found in asked.items():
            if not found:
                continue
            try:
                made = prove_snippets(client, found)
            except QuizappError as error:  # go on with the other notes
                made = _unproved(found, str(error))
            all_ok, count = all_ok and not made.astray, count + made.proved
            click.echo(_as_text(file, made))
    click.echo(f"{plural(count, 'snippet')} proved.")
    if not all_ok:
        raise click.exceptions.Exit(1)


def _all_notes() -> tuple[Path, ...]:
    return (current_settings().content_dir,)


def _notes(path: Path) -> Iterator[tuple[Path, str]]:
    """The note at `path`, or all notes below the folder at `path`, with their texts. Raises Invalid."""
    try:
        for file in content_files.find(path):
            if file.kind is FileKind.NOTE:
                yield file.path, decode(content_files.read(file))
    except Unreadable as error:
        raise Invalid(f"{path}: {error}") from None


def _unproved(found: tuple[Snippet, ...], why: str) -> SnippetsProof:
    """That of a note whose host failed: its first command is the one that is told."""
    return SnippetsProof(proved=0, astray=(Astray(step=found[0].steps[0], seen=why),), seconds=0)


def _as_text(file: Path, made: SnippetsProof) -> str:
    head = f"{'no' if made.astray else 'ok':4}{file}: {plural(made.proved, 'snippet')} proved, {made.seconds:.1f} s"
    return "\n".join([head, *(line for one in made.astray for line in _lines_of(file, one))])


def _lines_of(file: Path, one: Astray) -> Iterator[str]:
    """Where a command printed something else, and what."""
    yield f"    {file}:{one.step.line}: $ {one.step.command}"
    yield from (f"      wanted | {line}" for line in one.step.printed or ("nothing",))
    yield from (f"      seen   | {line}" for line in one.seen.strip("\n").split("\n")[:SEEN_LINES])
