"""Runs migrations for `flask up` and `flask db`: copies the SQLite file, migrates without foreign keys, checks them."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import click
from alembic.runtime.migration import MigrationContext, MigrationStep
from alembic.util import CommandError
from flask import Flask, current_app
from flask.cli import ScriptInfo
from flask_alembic import Alembic
from flask_alembic.cli import cli as library_commands
from sqlalchemy import Table, TypeDecorator
from sqlalchemy.engine.reflection import Inspector

from quizapp import clock
from quizapp.db import Base, check_foreign_keys, create_migration_engine, sqlite_file
from quizapp.one_at_a_time import Alone, turn
from quizapp.settings import ROOT
from quizapp.web.cli import plain_errors
from quizapp.web.database_file import refuse_lost
from quizapp.web.migration_copies import keep_copy

OF_NO_MODEL = ("search_index", "ix_search_document_codes")

Revisions = str | list[str] | tuple[str, ...]


class _OneTable(Inspector):
    """Reads what a SQLite file has of a table, without the tables that it refers to and those that they refer to.

    Of these Alembic needs the names alone to rebuild a table, and to read them took half of the time of all migrations.
    """

    def reflect_table(
        self,
        table: Table,
        include_columns: Collection[str] | None,
        exclude_columns: Collection[str] = (),
        resolve_fks: bool = True,
        *given: Any,
        **named: Any,
    ) -> None:
        """See Inspector."""
        super().reflect_table(table, include_columns, exclude_columns, False, *given, **named)


class Migrations(Alembic):
    """Flask-Alembic on an engine for migrations alone, with a copy of the SQLite file before anything is changed.

    Upgrade, downgrade and stamp all call `run_migrations`, as `flask` commands and as methods.
    """

    def __init__(self, database_url: str) -> None:
        engine = self._engine = create_migration_engine(database_url)
        self._file = sqlite_file(database_url)
        if self._file is not None:
            engine.dialect.inspector = _OneTable  # type: ignore[attr-defined]  # Alembic reads tables by it
        super().__init__(run_mkdir=False, command_name="", metadatas=Base.metadata, engines=engine)

    def run_migrations(self, fn: Callable[[Revisions, MigrationContext], list[MigrationStep]], **kwargs: Any) -> None:
        """Run the steps that `fn` returns, in one transaction. Raises CopyFailed, BrokenReferences and DatabaseLost."""
        if self._file is not None:
            refuse_lost(self._file, may_be_new=True)

        def copied_first(revisions: Revisions, context: MigrationContext) -> list[MigrationStep]:
            steps = list(fn(revisions, context))
            if steps and revisions:
                revision = revisions if isinstance(revisions, str) else "+".join(revisions)
                _keep_copy(self._file, revision=revision)
            return steps

        # Two first starts would both make Alembic's own table. Alembic's connection may be in its transaction already.
        with turn(self._engine, Alone.MIGRATING):
            super().run_migrations(copied_first, **kwargs)


def migrations_of(app: Flask) -> Migrations:
    """The migrations of this application's database, made when somebody first asks for them."""
    if "alembic" not in app.extensions:
        init_app(app, app.extensions["settings"].database_url)
    made: Migrations = app.extensions["alembic"]
    return made


def init_app(app: Flask, database_url: str) -> None:
    """Add `app.extensions["alembic"]`, which the library's commands use. What the app's config has already stays."""
    own = {"script_location": str(ROOT / "migrations"), "file_template": "%%(rev)s_%%(slug)s"}
    app.config["ALEMBIC"] = {**own, **app.config.get("ALEMBIC", {})}
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        "render_item": _render_plain_type,
        "include_name": _is_of_models,
        # All steps in one transaction, on SQLite too: after a kill or an error the revision is the one before them.
        "transactional_ddl": True,
        "on_version_apply": _check_step,
    }
    Migrations(database_url).init_app(app)


class _PlainErrors(click.Group):
    """A group of commands in which an expected fault prints one sentence, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        migrations_of(ctx.ensure_object(ScriptInfo).load_app())
        try:
            return plain_errors(super().invoke)(ctx)
        except CommandError as error:
            raise click.ClickException(str(error)) from error


@click.command()
@click.argument("target", default="-1")
def downgrade(target: str) -> None:
    """Go back to the revision TARGET, such as 0004, or by as many steps; by one if it is not given."""
    migrations = migrations_of(current_app._get_current_object())  # type: ignore[attr-defined]
    revisions = {script.revision for script in migrations.log()} | {"base"}
    is_revision = target in revisions
    steps = target.removeprefix("-")
    if not is_revision and (not steps.isdigit() or int(steps) >= len(revisions)):
        raise click.ClickException(
            f"There is no revision {target}, nor are there so many steps. flask db log lists the revisions; "
            "flask db downgrade 2 goes two of them back."
        )
    # The library's command reads 0004 as four steps back, even if it is a revision.
    migrations.downgrade(target if is_revision or not target.isdigit() else f"-{target}")


db = _PlainErrors(
    "db",
    commands={**library_commands.commands, "downgrade": downgrade},
    callback=library_commands.callback,
    help=library_commands.help,
)


def _keep_copy(path: Path | None, *, revision: str) -> None:
    """Copy the SQLite file that is being migrated and print the copy's path. Does nothing on PostgreSQL.

    The migration holds the write lock and has written nothing, so the copy has what it begins with.
    """
    if path is not None:
        copy = keep_copy(path, revision=revision, now=clock.now())
        click.echo(f"Before migrating, the database at {revision} was copied to {copy}", err=True)


def _check_step(*, ctx: MigrationContext, **_: object) -> None:
    """Check foreign keys; Alembic calls it after each step, within its transaction. Raises BrokenReferences."""
    assert ctx.connection is not None
    check_foreign_keys(ctx.connection)


def _is_of_models(name: str | None, _kind: str, _parents: object) -> bool:
    """Whether models say what has this name in the database: an index for searching is made by its own words."""
    return name is None or not name.startswith(OF_NO_MODEL)


def _render_plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Write a TypeDecorator as its SQL type, since a migration must not import the present code; False for others."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False
