"""Terminals of real sandboxes through sandboxd: nothing is lost, nothing outlives its client, floods are stopped."""

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizapp.sandboxes.client import (
    Resume,
    SandboxClient,
    SandboxGone,
    TerminalGone,
)
from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.recipe.template import PROBE
from quizapp.sandboxes.terminals.kept_shells import SHELLS_EACH
from tests.sandbox.conftest import EACH_S, Sandboxd, is_ready, ready, wait_until, waiting
from tests.sandbox.test_contract import read_until
from tests.sandbox.test_sandboxd import names

pytestmark = pytest.mark.sandbox


def processes(client: SandboxClient, sandbox_id: str, command: str) -> int:
    """How many processes with exactly this command line the learner's host has."""
    (result,) = client.run(sandbox_id, [f"pgrep --count --full --exact '{command}'"], each_s=EACH_S, output_bytes=100)
    return int(result.output)


def test_the_terminal_is_a_real_one(kept: SandboxClient) -> None:
    sandbox = ready(kept, "ada")
    terminal = kept.terminal(sandbox.id, rows=33, columns=101)
    terminal.send(b"echo $((40+2)); stty size; tty; docker ps -q | wc -l\r")
    shown = read_until(terminal, b"\n0\r\n")
    assert b"42\r\n33 101\r\n/dev/pts/" in shown
    terminal.resize(40, 120)
    terminal.send(b"stty size\r")
    read_until(terminal, b"40 120\r\n")
    terminal.close()


def test_each_terminal_greets_in_its_own_width(kept: SandboxClient) -> None:
    """A shell of the engine gets its size only after it has begun."""
    sandbox = ready(kept, "ada")
    for _ in range(3):
        terminal = kept.terminal(sandbox.id, rows=24, columns=34)
        greeting = read_until(terminal, b"# ").partition(b"\x1b]133")[0].decode()
        assert all(len(line) <= 34 or " " not in line.strip() for line in greeting.splitlines())
        terminal.close()


def test_no_last_word_is_lost(kept: SandboxClient) -> None:
    """A service that hangs up right after its last message may cut it off."""
    for _ in range(60):
        with pytest.raises(SandboxGone):
            kept.terminal("unknown", rows=24, columns=80)


def test_no_first_output_is_lost(kept: SandboxClient) -> None:
    """Twenty at once is when an SDK's buffer swallows prompts."""
    sandbox = ready(kept, "ada")

    def greeted(_: int) -> bytes:
        terminal = kept.terminal(sandbox.id, rows=24, columns=80)
        try:
            return read_until(terminal, b"# ")
        finally:
            terminal.close()

    with ThreadPoolExecutor(SHELLS_EACH) as threads:
        greetings = list(threads.map(greeted, range(20)))
    assert len(set(greetings)) == 1


def test_everything_typed_arrives_in_order(kept: SandboxClient) -> None:
    sandbox = ready(kept, "ada")
    terminal = kept.terminal(sandbox.id, rows=24, columns=80)
    text = b"".join(b"%06d\n" % number for number in range(20_000))
    terminal.send(b"stty -echo; head -c %d | sha256sum\r" % len(text))
    time.sleep(0.5)  # the shell's own echo of the line would else mix with the text
    terminal.send(text)
    read_until(terminal, hashlib.sha256(text).hexdigest().encode())
    terminal.close()


def test_a_shell_never_outlives_its_client(kept: SandboxClient) -> None:
    sandbox = ready(kept, "ada")
    for _ in range(3):
        terminal = kept.terminal(sandbox.id, rows=24, columns=80)
        read_until(terminal, b"# ")
        terminal.send(b"sleep 1001 & trap '' HUP; sleep 1002\r")
        wait_until(lambda: processes(kept, sandbox.id, "sleep 1002") == 1)
        terminal.close()
        wait_until(lambda: processes(kept, sandbox.id, "sleep 1002") == 0)
        assert processes(kept, sandbox.id, "sleep 1001") == 0
        assert processes(kept, sandbox.id, "bash --login") == 0


def test_a_client_that_vanishes_finds_its_shell_again(kept: SandboxClient) -> None:
    sandbox = ready(kept, "ada")
    terminal = kept.terminal(sandbox.id, rows=24, columns=80)
    terminal.send(b"kept=here; seq 20000\r")
    shown = b""
    while len(shown) < 30_000:
        shown += terminal.receive() or b""
    terminal._connection.socket.shutdown(2)  # type: ignore[attr-defined]
    while terminal.receive() is not None:
        pass
    assert terminal.ended is None
    resume = Resume(terminal_id=terminal.opened.terminal_id, have=len(shown))
    again = kept.terminal(sandbox.id, rows=24, columns=80, resume=resume)
    shown += read_until(again, b"20000\r\n")
    assert b"".join(b"%d\r\n" % number for number in range(1, 20_001)) in shown
    again.send(b"echo $kept\r")
    read_until(again, b"here\r\n", seen=len(shown))
    again.close()


def test_a_shell_that_the_service_forgot_is_killed(sandboxd: Sandboxd, real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    read_until(terminal, b"# ")
    terminal.send(b"trap '' HUP; sleep 1003\r")
    wait_until(lambda: processes(real, sandbox.id, "sleep 1003") == 1)
    sandboxd.kill()
    sandboxd.start()
    wait_until(lambda: is_ready(real, sandbox.id))
    resume = Resume(terminal_id=terminal.opened.terminal_id, have=0)
    with pytest.raises(TerminalGone):
        real.terminal(sandbox.id, rows=24, columns=80, resume=resume)
    wait_until(lambda: processes(real, sandbox.id, "sleep 1003") == 0)
    terminal.close()


def test_what_waits_for_its_owner_ends_with_the_service_and_is_begun_anew(
    sandboxd: Sandboxd, real: SandboxClient, engine: DockerEngine, signer: Signer
) -> None:
    ready(real, "ada")
    (name,) = names(engine, signer)
    wait_until(lambda: waiting(engine, name) == [PROBE])
    sandboxd.kill()
    wait_until(lambda: waiting(engine, name) == [])
    sandboxd.start()
    wait_until(lambda: waiting(engine, name) == [PROBE])


def test_containers_outlive_the_terminal(real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    terminal.send(b"docker run -d --name kept nginx && echo it-$((1+1))-runs\r")
    read_until(terminal, b"it-2-runs")
    terminal.close()
    wait_until(lambda: processes(real, sandbox.id, "bash --login") == 0)
    (result,) = real.run(sandbox.id, ["docker ps --format '{{.Names}}'"], each_s=EACH_S, output_bytes=100)
    assert result.output == "kept\n"


@pytest.mark.alone
def test_a_flood_is_stopped_within_a_second(real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    terminal.send(b"yes\r")
    until = time.monotonic() + 2
    seen = 0
    while time.monotonic() < until:
        seen += len(terminal.receive() or b"")
        terminal.ack(seen)
    assert seen > 1_000_000
    terminal.send(b"\x03")
    began = time.monotonic()
    read_until(terminal, b"# ", seen=seen)
    assert time.monotonic() - began < 1
    terminal.close()


def test_a_flood_that_nobody_reads_costs_no_memory(sandboxd: Sandboxd, real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    terminals = [real.terminal(sandbox.id, rows=24, columns=80) for _ in range(SHELLS_EACH)]
    before = resident_bytes(sandboxd.pid)
    for terminal in terminals:
        terminal.send(b"cat /dev/urandom\r")
    time.sleep(3)
    assert resident_bytes(sandboxd.pid) - before < 16 * 1024**2
    for terminal in terminals:
        terminal.close()
    wait_until(lambda: processes(real, sandbox.id, "bash --login") == 0)


def test_input_that_nobody_reads_ends_the_terminal(sandboxd: Sandboxd, real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    read_until(terminal, b"# ")
    terminal.send(b"stty raw -echo; sleep 1000\r")
    wait_until(lambda: processes(real, sandbox.id, "sleep 1000") == 1)
    before = resident_bytes(sandboxd.pid)
    for _ in range(32):
        terminal.send(b"x" * 1024**2)
    while terminal.receive() is not None:
        pass
    assert terminal.ended is not None
    assert "did not read" in terminal.ended
    assert resident_bytes(sandboxd.pid) - before < 16 * 1024**2


def test_no_file_descriptor_leaks(sandboxd: Sandboxd, real: SandboxClient) -> None:
    sandbox = ready(real, "ada")

    def use() -> None:
        terminal = real.terminal(sandbox.id, rows=24, columns=80)
        terminal.receive()
        terminal.close()
        real.run(sandbox.id, ["true"], each_s=EACH_S, output_bytes=10)

    def count() -> int:
        return len(list(Path(f"/proc/{sandboxd.pid}/fd").iterdir()))

    for _ in range(20):  # fills the pool of kept connections
        use()
    wait_until(lambda: processes(real, sandbox.id, "bash --login") == 0)
    before = count()
    for _ in range(20):
        use()
    wait_until(lambda: count() <= before + 2)


def resident_bytes(pid: int) -> int:
    """The memory that the process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
