"""What only commands need, imported when one runs: a web process loads no importer, no image builder, no Docker SDK."""

from contextlib import AbstractContextManager

import click
from flask.cli import AppGroup

from quizapp.sandboxes.client import SandboxClient
from quizapp.settings import Settings


class ProductCommands(AppGroup):
    """The product's commands beside Flask's own, for `app.cli`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all of them."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The one of this name; None if there is none."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        from quizapp.commands import ALL

        for command in ALL:
            self.add_command(command)


def workshop(settings: Settings) -> AbstractContextManager[SandboxClient]:
    """Sandboxes that no learner has a part in, on the engine itself. Entering it may raise EngineOff."""
    from quizapp.sandboxes.daemon import wiring

    return wiring.workshop(settings)
