"""A sandbox client that can be told to stop: whoever waits for it is then told so, and its hosts can be ended."""

import threading
from collections.abc import Sequence

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import (
    CommandResult,
    Health,
    PoolFigures,
    Printed,
    Resume,
    Sandbox,
    SandboxClient,
    Terminal,
)


class ProofStopped(QuizappError):
    """The work was stopped by whoever asked for it."""

    title = "Stopped"

    def __init__(self) -> None:
        super().__init__("It was stopped.")


class Stoppable:
    """See SandboxClient. After `stop` what would start or use a sandbox raises ProofStopped; ending them goes on."""

    def __init__(self, client: SandboxClient) -> None:
        self._client = client
        self._is_stopped = threading.Event()
        self._lock = threading.Lock()
        self._terminals: list[Terminal] = []
        self.owners: list[str] = []
        """The owners for whom sandboxes were asked for."""

    def stop(self) -> None:
        """Let everything that works or waits end soon: open terminals are left."""
        self._is_stopped.set()
        with self._lock:
            for terminal in self._terminals:
                terminal.leave()

    def ask(self, *, owner: str, template: str = "userns") -> Sandbox:
        """See SandboxClient.ask."""
        self._go_on()
        with self._lock:
            self.owners.append(owner)
        return self._client.ask(owner=owner, template=template)

    def get(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.get."""
        self._go_on()
        return self._client.get(sandbox_id)

    def run(
        self, sandbox_id: str, commands: Sequence[str], *, learner: bool = False, each_s: float, output_bytes: int
    ) -> tuple[CommandResult, ...]:
        """See SandboxClient.run."""
        self._go_on()
        return self._client.run(sandbox_id, commands, learner=learner, each_s=each_s, output_bytes=output_bytes)

    def printed(self, sandbox_id: str) -> Sequence[Printed]:
        """See SandboxClient.printed."""
        self._go_on()
        return self._client.printed(sandbox_id)

    def onlooker(self, sandbox_id: str) -> Terminal:
        """See SandboxClient.onlooker."""
        self._go_on()
        return self._client.onlooker(sandbox_id)

    def extend(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.extend."""
        self._go_on()
        return self._client.extend(sandbox_id)

    def end_soon(self, sandbox_id: str) -> Sandbox:
        """See SandboxClient.end_soon."""
        return self._client.end_soon(sandbox_id)

    def end(self, sandbox_id: str) -> None:
        """See SandboxClient.end."""
        self._client.end(sandbox_id)

    def list(self) -> tuple[Sandbox, ...]:
        """See SandboxClient.list."""
        return self._client.list()

    def figures(self) -> PoolFigures:
        """See SandboxClient.figures."""
        return self._client.figures()

    def metrics(self) -> bytes:
        """See SandboxClient.metrics."""
        return self._client.metrics()

    def health(self) -> Health:
        """See SandboxClient.health."""
        return self._client.health()

    def terminal(self, sandbox_id: str, *, rows: int, columns: int, resume: Resume | None = None) -> Terminal:
        """See SandboxClient.terminal."""
        self._go_on()
        terminal = self._client.terminal(sandbox_id, rows=rows, columns=columns, resume=resume)
        with self._lock:
            self._terminals.append(terminal)
        if self._is_stopped.is_set():  # since it was asked for
            terminal.leave()
        return terminal

    def _go_on(self) -> None:
        if self._is_stopped.is_set():
            raise ProofStopped
