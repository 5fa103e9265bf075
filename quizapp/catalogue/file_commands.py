"""`flask content ids`: what writes into note files."""

from pathlib import Path

import click

from quizapp import clock
from quizapp.catalogue.commands import content
from quizapp.catalogue.naming import NamedFile, write_ids
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

__all__ = ["content"]


@content.command("ids")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--write", is_flag=True, help="Write the ids into the files; without it, only say how many there would be."
)
@plain_errors
def ids(paths: tuple[Path, ...], write: bool) -> None:
    """Give every concept, card and question of notes (*.md) an id of its own, in a comment at the end of its line.

    With an id an item keeps what was learnt of it, however it is reworded or moved. Everything else in the file stays
    byte for byte. Exits with 1 if a file could not be read or written.
    """
    files = write_ids(get_db(), paths, root=current_settings().content_dir, now=clock.now(), write=write)
    for file in files:
        click.echo(_as_text(file, write=write))
    if any(file.error is not None for file in files):
        raise click.exceptions.Exit(1)


def _as_text(file: NamedFile, *, write: bool) -> str:
    if file.error is not None:
        return f"{file.path}: left as it is. {file.error}"
    lines = [f"{file.path}: {plural(file.count, 'id')} {'written' if write else 'to write'}"]
    lines += [f"  line {line}: no id fits here, so this is known by its words alone" for line in file.without]
    lines += [f"  {warning}" for warning in file.warnings]
    return "\n".join(lines)
