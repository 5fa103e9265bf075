"""What every SandboxClient promises, asked of the fake, of Docker, and of a cluster if one is named."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp import clock
from quizapp.sandboxes.client import (
    BadSandboxRequest,
    CommandResult,
    Resume,
    SandboxClient,
    SandboxGone,
    SandboxNotReady,
    SandboxState,
    StepState,
    TemplateOff,
    Terminal,
    TerminalGone,
    TooManySandboxes,
)
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.sandboxes.terminals.kept_shells import SHELLS_EACH
from tests.sandbox.conftest import EACH_S, MOST, QUEUE, ready, wait_until

COUNT_SHELLS = "pgrep --count --full --exact 'bash --login'"


def answer(output: str, *, exit_code: int | None = 0, truncated: bool = False) -> CommandResult:
    timed_out = exit_code is None
    return CommandResult(exit_code=exit_code, output=output, milliseconds=1, timed_out=timed_out, truncated=truncated)


@pytest.fixture(params=["fake", "on_cluster", pytest.param("real", marks=pytest.mark.sandbox)])
def client(request: pytest.FixtureRequest) -> SandboxClient:
    """One of the three. The fake is told what these tests' commands answer."""
    if request.param != "fake":
        real: SandboxClient = request.getfixturevalue(request.param)
        return real
    fake = FakeSandboxClient(now=clock.now, most=MOST, queue=QUEUE, offered=["userns"])
    fake.answers = {
        "echo one; echo two >&2": answer("one\ntwo\n"),
        "exit 3": answer("", exit_code=3),
        COUNT_SHELLS: answer("0\n", exit_code=1),
        "sleep 10": answer("", exit_code=None),
        "printf %01000d 7": answer("0" * 999 + "7"),
    }
    return fake


def read_until(terminal: Terminal, what: bytes, *, seen: int | None = None) -> bytes:
    """Everything the terminal shows up to and including `what`, acknowledged. `seen`: bytes that came before."""
    start = terminal.opened.start if seen is None else seen
    shown = b""
    while what not in shown:
        piece = terminal.receive()
        assert piece is not None, f"the terminal ended ({terminal.ended}) after {shown!r}"
        shown += piece
        terminal.ack(start + len(shown))
    return shown


def test_asked_for_it_starts_and_gets_ready(client: SandboxClient) -> None:
    asked = client.ask(owner="ada")
    assert asked.state in (SandboxState.QUEUED, SandboxState.STARTING)
    assert asked.deadline is None
    sandbox = ready(client, "ada")
    assert sandbox.id == asked.id
    assert (sandbox.owner, sandbox.template, sandbox.reason) == ("ada", "userns", None)
    assert {step.state for step in sandbox.steps} == {StepState.DONE}
    assert all(step.seconds is not None and step.title for step in sandbox.steps)
    assert sandbox.deadline is not None
    assert sandbox.deadline > clock.now() > sandbox.created_at


def test_one_live_sandbox_per_owner_however_many_ask(client: SandboxClient) -> None:
    with ThreadPoolExecutor(20) as pool:
        asked = list(pool.map(lambda _: client.ask(owner="ada"), range(20)))
    assert len({sandbox.id for sandbox in asked}) == 1
    assert [sandbox.id for sandbox in client.list()] == [asked[0].id]


def test_beyond_what_the_host_may_hold_one_waits_in_a_queue_with_an_end(client: SandboxClient) -> None:
    first = client.ask(owner="owner 0")
    for number in range(1, MOST):
        client.ask(owner=f"owner {number}")
    waiting = [client.ask(owner=f"waiting {number}") for number in range(QUEUE)]
    with pytest.raises(TooManySandboxes) as refused:
        client.ask(owner="one too many")
    assert refused.value.retry_after_s > 0
    assert len(client.list()) == MOST + QUEUE
    wait_until(lambda: client.get(waiting[0].id).position == 1)  # once those before it have begun to start
    assert [client.get(one.id).position for one in waiting] == [1, 2]
    client.end(first.id)
    wait_until(lambda: client.get(waiting[0].id).state is SandboxState.CLAIMED)
    assert (client.get(waiting[0].id).position, client.get(waiting[1].id).position) == (None, 1)


def test_ended_it_says_why_and_cannot_be_used(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    client.end(sandbox.id)
    wait_until(lambda: client.get(sandbox.id).state is SandboxState.GONE)
    assert client.get(sandbox.id).reason
    assert client.list() == ()
    client.end(sandbox.id)
    uses: list[Callable[[], object]] = [
        lambda: client.run(sandbox.id, ["true"], each_s=EACH_S, output_bytes=100),
        lambda: client.extend(sandbox.id),
        lambda: client.end_soon(sandbox.id),
        lambda: client.terminal(sandbox.id, rows=24, columns=80),
    ]
    for use in uses:
        with pytest.raises(SandboxGone):
            use()
    assert client.ask(owner="ada").id != sandbox.id


@pytest.mark.parametrize("sandbox_id", ["none", "../health", "a/b?c#d", "ünknown", " "])
def test_an_unknown_one_is_gone(client: SandboxClient, sandbox_id: str) -> None:
    with pytest.raises(SandboxGone):
        client.get(sandbox_id)
    client.end(sandbox_id)


def test_a_kind_that_is_not_offered_here_is_named_with_the_setting(client: SandboxClient) -> None:
    with pytest.raises(TemplateOff, match=r"vm.*QUIZAPP_SANDBOX_TEMPLATES") as refused:
        client.ask(owner="ada", template="vm")
    assert refused.value.retry_after_s > 0


def test_it_cannot_be_used_before_it_is_ready(client: SandboxClient) -> None:
    sandbox = client.ask(owner="ada")
    with pytest.raises(SandboxNotReady):
        client.run(sandbox.id, ["true"], each_s=EACH_S, output_bytes=100)
    with pytest.raises(SandboxNotReady):
        client.terminal(sandbox.id, rows=24, columns=80)


def test_what_nobody_can_have(client: SandboxClient) -> None:
    with pytest.raises(BadSandboxRequest):
        client.ask(owner="")
    with pytest.raises(BadSandboxRequest):
        client.ask(owner="ada", template="privileged")


def test_each_command_has_its_own_result(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    commands = ["echo one; echo two >&2", "exit 3", "sleep 10", "printf %01000d 7"]
    both, failed, slow, long = client.run(sandbox.id, commands, each_s=3, output_bytes=100)
    assert (both.exit_code, both.output, both.truncated) == (0, "one\ntwo\n", False)
    assert (failed.exit_code, failed.timed_out) == (3, False)
    assert (slow.exit_code, slow.timed_out) == (None, True)
    assert (long.output, long.truncated) == ("0" * 100, True)


def test_an_extension_moves_the_deadline(client: SandboxClient) -> None:
    before = ready(client, "ada")
    after = client.extend(before.id)
    assert before.deadline is not None
    assert after.deadline is not None
    assert after.deadline > before.deadline
    assert client.get(before.id).deadline == after.deadline


def test_an_end_in_a_minute_can_be_taken_back(client: SandboxClient) -> None:
    before = ready(client, "ada")
    ending = client.end_soon(before.id)
    assert before.deadline is not None
    assert ending.deadline is not None
    assert ending.ends_soon
    assert ending.deadline < before.deadline
    assert client.extend(before.id).deadline == before.deadline
    assert not client.get(before.id).ends_soon


def test_the_terminal_shows_what_is_typed_and_says_when_it_is_over(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    terminal = client.terminal(sandbox.id, rows=24, columns=80)
    terminal.send(b"echo over and out\r")
    read_until(terminal, b"over and out")
    assert terminal.ended is None
    terminal.resize(40, 120)
    terminal.send(b"exit\r")
    while terminal.receive() is not None:
        pass
    assert terminal.ended
    assert terminal.receive() is None
    terminal.send(b"to nobody")
    terminal.resize(40, 120)
    terminal.leave()
    terminal.close()
    terminal.close()


def test_whoever_comes_back_gets_what_is_lackingand_nothing_twice(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    first = client.terminal(sandbox.id, rows=24, columns=80)
    assert (first.opened.start, first.opened.truncated) == (0, False)
    first.send(b"echo one, two, three\r")
    shown = read_until(first, b"three")
    first.leave()
    while first.receive() is not None:
        pass  # what was under way to it
    assert first.ended is None
    have = shown.index(b"one")
    resume = Resume(terminal_id=first.opened.terminal_id, have=have)
    again = client.terminal(sandbox.id, rows=24, columns=80, resume=resume)
    assert (again.opened.terminal_id, again.opened.start) == (first.opened.terminal_id, have)
    assert read_until(again, b"three").startswith(b"one, two, three")
    again.send(b"echo still here\r")
    read_until(again, b"still here")
    again.close()
    # Whoever comes back before the close is heard takes the terminal over, and it lives on.
    wait_until(lambda: has_no_shell(client, sandbox.id))
    assert is_forgotten(client, sandbox.id, resume)


def has_no_shell(client: SandboxClient, sandbox_id: str) -> bool:
    """Whether the shells of all terminals have ended."""
    (counted,) = client.run(sandbox_id, [COUNT_SHELLS], each_s=EACH_S, output_bytes=100)
    return counted.output == "0\n"


def is_forgotten(client: SandboxClient, sandbox_id: str, resume: Resume) -> bool:
    """Whether there is no such terminal any more."""
    try:
        client.terminal(sandbox_id, rows=24, columns=80, resume=resume).leave()
    except TerminalGone:
        return True
    return False


def test_a_second_client_takes_the_terminal_over(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    first = client.terminal(sandbox.id, rows=24, columns=80)
    resume = Resume(terminal_id=first.opened.terminal_id, have=0)
    second = client.terminal(sandbox.id, rows=24, columns=80, resume=resume)
    while first.receive() is not None:
        pass
    assert first.ended
    first.leave()
    second.send(b"echo mine now\r")
    read_until(second, b"mine now")
    second.close()


def test_there_is_no_terminal_but_the_sandboxs_own(client: SandboxClient) -> None:
    sandbox, other = ready(client, "ada"), ready(client, "bob")
    theirs = client.terminal(other.id, rows=24, columns=80)
    for asked in ("none", "../x", "0" * 32, theirs.opened.terminal_id):
        with pytest.raises(TerminalGone):
            client.terminal(sandbox.id, rows=24, columns=80, resume=Resume(terminal_id=asked, have=0))
    theirs.close()


def test_whoever_looks_on_sees_what_is_shown_and_types_nothing(client: SandboxClient) -> None:
    sandbox_id = ready(client, "ada").id
    with pytest.raises(TerminalGone):
        client.onlooker(sandbox_id)
    terminal = client.terminal(sandbox_id, rows=24, columns=80)
    terminal.send(b"echo before")
    read_until(terminal, b"echo before")
    onlooker = client.onlooker(sandbox_id)
    onlooker.send(b"exit\n")
    onlooker.resize(5, 5)
    shown = b""
    while b"echo before" not in shown:
        piece = onlooker.receive()
        assert piece is not None
        shown += piece
    assert b"\x1b[8;24;80t" in shown
    onlooker.close()
    terminal.send(b" and after")
    read_until(terminal, b" and after", seen=0)  # it goes on, whatever the onlooker sent
    terminal.close()


def test_so_many_terminals_and_no_more(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    terminals = [client.terminal(sandbox.id, rows=24, columns=80) for _ in range(SHELLS_EACH)]
    with pytest.raises(SandboxNotReady, match="Close one"):
        client.terminal(sandbox.id, rows=24, columns=80)
    terminals[0].leave()  # what nobody sees gives way
    client.terminal(sandbox.id, rows=24, columns=80).close()
    for terminal in terminals:
        terminal.close()


def test_the_end_of_the_sandbox_ends_its_terminals(client: SandboxClient) -> None:
    sandbox = ready(client, "ada")
    terminal = client.terminal(sandbox.id, rows=24, columns=80)
    client.end(sandbox.id)
    while terminal.receive() is not None:
        pass
    assert terminal.ended == client.get(sandbox.id).reason
    terminal.close()


def test_health(client: SandboxClient) -> None:
    health = client.health()
    assert (health.engine, health.image, health.reason) == (True, True, None)


def test_figures(client: SandboxClient) -> None:
    figures = client.figures()
    assert figures.most >= 1
    assert figures.since <= clock.now()
    assert isinstance(client.metrics(), bytes)
