"""The product's `flask` commands, imported only when one runs.

So a web process loads no importer, no image builder and no Docker SDK.
"""

from contextlib import AbstractContextManager

import click
from flask.cli import AppGroup

from quizapp.sandboxes.client import SandboxClient
from quizapp.settings import Settings
from quizapp.web.cli import make_private_files


class ProductCommands(AppGroup):
    """The product's commands beside Flask's own, for `app.cli`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, Flask's own included."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`; None if there is none."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        make_private_files()
        from quizapp.commands import ALL

        for command in ALL:
            self.add_command(command)


def workshop(settings: Settings) -> AbstractContextManager[SandboxClient]:
    """A client for sandboxes of one command, on the engine and without sandboxd; they end with the context.

    Entering the context raises EngineOff and ImageMissing.
    """
    from quizapp.sandboxes.daemon import wiring

    return wiring.workshop(settings)
