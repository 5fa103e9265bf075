"""`flask content lint`: what looks wrong with the questions of note files. Uses no database."""

from collections.abc import Iterator
from pathlib import Path

import click

from quizapp.catalogue import content_files
from quizapp.catalogue.content_files import FileKind
from quizapp.catalogue.file_commands import content
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.lint.note_lint import LintFinding, lint_note
from quizapp.errors import Invalid
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.templating import plural

__all__ = ["content"]


@content.command("lint")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(path_type=Path))
@plain_errors
def lint(paths: tuple[Path, ...]) -> None:
    """Say in which line a question or card of a note could be better, by which rule, and how.

    Takes files and folders; without any the content folder. Imports nothing. Exits with 1 if there is a finding.
    """
    found = [(file, one) for path in paths or (current_settings().content_dir,) for file, one in _findings(path)]
    for file, one in found:
        click.echo(f"{file}:{one.line}: {one.rule}: {one.message}")
    click.echo(f"{plural(len(found), 'finding')}.")
    if found:
        raise click.exceptions.Exit(1)


def _findings(path: Path) -> Iterator[tuple[Path, LintFinding]]:
    """The findings of the note at `path`, or of all notes below the folder at `path`. Raises Invalid."""
    try:
        for file in content_files.find(path):
            if file.kind is FileKind.NOTE:
                yield from ((file.path, one) for one in lint_note(parse_note(content_files.read(file))))
    except Unreadable as error:
        raise Invalid(f"{path}: {error}") from None
