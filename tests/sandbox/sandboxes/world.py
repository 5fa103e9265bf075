"""One running sandbox, reached as sandboxd reaches it. Knows no test."""

import time
from uuid import uuid4

from quizapp.sandboxes.client import CommandResult
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.engine.protocol import NewContainer
from quizapp.sandboxes.recipe.template import LEASE, SHELL, USERNS, Template

LIFE_S = 300  # longer than a test; a sandbox that one leaves behind ends by itself
ALL_S = 3600  # longer than all tests of one sandbox
# Each is long enough for a busy machine.
READY_S = 60.0
EACH_S = 30.0
GONE_S = 60.0
SHORT_S = 4  # for a sandbox that ends by itself while a test waits
HOST, NEIGHBOUR = "192.168.50.10", "192.168.50.20"
PROMPT = b"# "


class World:
    """One running sandbox, reached as sandboxd reaches it."""

    def __init__(
        self,
        engine: DockerEngine,
        *,
        lease_s: int = LIFE_S,
        life_s: int = LIFE_S,
        template: Template = USERNS,
        ready_s: float = READY_S,
    ) -> None:
        self._engine = engine
        name = f"quizapp-test-{uuid4().hex[:12]}"
        labels = {"quizapp.test": name}
        new = NewContainer(name=name, labels=labels, template=template, lease_s=lease_s, life_s=life_s)
        self.ref = engine.create(new)
        engine.start(self.ref)
        self._name = name
        self.said: list[str] = []
        for line in engine.follow(self.ref, give_up_s=ready_s):
            self.said.append(line.text)
            if line.text.startswith(("@ready", "@failed")):
                break

    def run(
        self, *commands: str, learner: bool = False, each_s: float = EACH_S, output_bytes: int = 4096
    ) -> tuple[CommandResult, ...]:
        """What the commands did, run by the probe."""
        answer = self._engine.exec(
            self.ref,
            probe.COMMAND,
            stdin=probe.request(commands, learner=learner, each_s=each_s, output_bytes=output_bytes),
            give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
            most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
        )
        return probe.decode(answer, count=len(commands))

    def prolong(self, seconds: str) -> None:
        """Set when its lease ends, in seconds from its start."""
        self._engine.exec(self.ref, (LEASE, seconds), stdin=b"", give_up_s=EACH_S, most_bytes=1024)

    def lease(self) -> str:
        """What it says of when its lease ends."""
        return self._engine.exec(self.ref, (LEASE,), stdin=b"", give_up_s=EACH_S, most_bytes=1024).decode()

    def is_gone_within(self, seconds: float) -> bool:
        """Whether it ends in that time, all by itself."""
        until = time.monotonic() + seconds
        while self.is_there and time.monotonic() < until:
            time.sleep(0.1)
        return not self.is_there

    def check(self, command: str) -> CommandResult:
        """What one command did, run as a check."""
        return self.run(command)[0]

    def do(self, command: str) -> CommandResult:
        """What one command did, run where the learner's shell is."""
        return self.run(command, learner=True)[0]

    def type(self, text: str, *, columns: int = 100) -> str:
        """What a terminal shows until the shell that gets this text typed at its first prompt has ended."""
        shell = self._engine.shell(self.ref, (SHELL,), rows=40, columns=columns)
        shown = b""
        try:
            while not shown.endswith(PROMPT) and (more := shell.receive()) is not None:
                shown += more
            shell.send(text.encode(), wait_s=EACH_S)
            return (shown + b"".join(iter(shell.receive, None))).decode()
        finally:
            shell.close()

    @property
    def is_there(self) -> bool:
        """Whether the engine still has its container."""
        return bool(self._engine.list("quizapp.test", self._name))

    def close(self) -> None:
        """End it and remove everything of it."""
        self._engine.remove(self.ref)
