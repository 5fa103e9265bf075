"""What every Engine promises, asked of Docker, of a Kubernetes cluster, and of the stand-in for one.

QUIZAPP_TEST_KUBECONFIG names the cluster; its nodes have this version's images, or get them from
QUIZAPP_SANDBOX_REGISTRY. On the stand-in the adapter alone is tried: what it says of a cluster, only a cluster shows.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from quizapp.sandboxes.client import NoClearAnswer
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.protocol import Engine, Found, NameTaken, NewContainer, NoContainer, Shell
from quizapp.sandboxes.recipe.template import USERNS
from quizapp.settings import Settings
from tests.sandbox.conftest import PATIENCE_S, wait_until
from tests.unit.sandboxes.engine.api_server import api_server

LABEL = "quizapp.test"
LONG = "0123456789abcdef" * 6  # more letters than a label of Kubernetes may have
MOST = 4096
Make = Callable[[str], str]


def cluster(kubeconfig: Path | str) -> Engine:
    """The engine on the cluster that this file names."""
    registry = os.environ.get("QUIZAPP_SANDBOX_REGISTRY", "")
    return wiring.engine(Settings(engine=f"kubernetes:{kubeconfig}", max_sandboxes=1, sandbox_registry=registry))


@pytest.fixture(scope="module", params=["stand-in", "kubernetes", pytest.param("docker", marks=pytest.mark.sandbox)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One of the three; the cluster is skipped with the reason where nobody names one."""
    match request.param:
        case "docker":
            yield wiring.engine(Settings(engine=request.getfixturevalue("engine_url")))
        case "kubernetes":
            yield cluster(request.getfixturevalue("kubeconfig"))
        case _:
            pytest.importorskip("kubernetes")
            with api_server() as server:
                yield cluster(server.kubeconfig(tmp_path_factory.mktemp("cluster")))


@pytest.fixture(scope="module")
def mark() -> str:
    """The value of the label of this module's containers."""
    return uuid4().hex[:12]


@pytest.fixture(scope="module")
def make(engine: Engine, mark: str) -> Iterator[Make]:
    """Creates a container of this name; none is left at the end."""

    def made(name: str) -> str:
        labels = {LABEL: mark, "quizapp.long": LONG, "quizapp.words": "words, with a comma"}
        return engine.create(NewContainer(name=name, labels=labels, template=USERNS, lease_s=300, life_s=600))

    yield made
    for one in engine.list(LABEL, mark):
        engine.remove(one.ref)
    assert engine.list(LABEL, mark) == ()


@pytest.fixture(scope="module")
def ref(engine: Engine, make: Make) -> str:
    """A container that is ready, shared by the tests that only use it."""
    made = make(f"quizapp-{uuid4().hex}")
    engine.start(made)
    with closing(engine.follow(made, give_up_s=PATIENCE_S)) as lines:
        assert any(line.text == "@ready" for line in lines)
    return made


def said(engine: Engine, ref: str, *command: str, stdin: bytes = b"") -> bytes:
    return engine.exec(ref, command, stdin=stdin, give_up_s=PATIENCE_S, most_bytes=MOST)


def listed(engine: Engine, mark: str, ref: str) -> Found | None:
    return next((one for one in engine.list(LABEL, mark) if one.ref == ref), None)


def read_until(shell: Shell, what: bytes) -> bytes:
    """What the shell shows up to and with `what`."""
    shown = b""
    while what not in shown:
        piece = shell.receive()
        assert piece is not None, f"the shell ended after {shown!r}"
        shown += piece
    return shown


def test_a_new_one_waits_and_keeps_what_it_was_created_with(engine: Engine, make: Make, mark: str) -> None:
    name = f"quizapp-{uuid4().hex}"
    ref = make(name)
    one = listed(engine, mark, ref)
    assert one is not None
    assert (one.name, one.running, one.fresh) == (name, False, True)
    assert one.labels["quizapp.long"] == LONG
    assert one.labels["quizapp.words"] == "words, with a comma"
    with pytest.raises(NameTaken):
        make(name)
    assert [other.ref for other in engine.list(LABEL, mark) if other.name == name] == [ref], "nothing of the second"
    engine.remove(ref)
    assert listed(engine, mark, ref) is None
    again = make(name)
    assert again != ref, "a ref is never given to another"
    engine.remove(ref)
    assert listed(engine, mark, again) is not None, "the name is another's by now"
    engine.remove(again)


def test_it_runs_once_it_is_started_and_says_its_steps(engine: Engine, ref: str, mark: str) -> None:
    engine.start(ref)  # does nothing to one that runs
    one = listed(engine, mark, ref)
    assert one is not None
    assert (one.running, one.fresh) == (True, False)
    with closing(engine.follow(ref, give_up_s=PATIENCE_S)) as lines:
        first = next(lines)
    assert (first.text, first.at.tzinfo is not None) == ("@step world", True)


def test_a_name_is_claimed_once(engine: Engine, ref: str, make: Make, mark: str) -> None:
    owner, other = f"quizapp-{uuid4().hex}", make(f"quizapp-{uuid4().hex}")
    engine.claim(ref, owner)
    one = listed(engine, mark, ref)
    assert one is not None
    assert (one.name, one.labels["quizapp.long"]) == (owner, LONG)
    with pytest.raises(NameTaken):
        engine.claim(other, owner)
    with pytest.raises(NameTaken):
        make(owner)
    engine.remove(other)
    with pytest.raises(NoContainer):
        engine.claim(other, f"quizapp-{uuid4().hex}")


def test_a_command_gets_all_its_input_and_gives_all_its_output(engine: Engine, ref: str) -> None:
    assert said(engine, ref, "cat", stdin=b"one\ntwo") == b"one\ntwo"
    assert said(engine, ref, "/bin/sh", "-c", "echo out; exit 7") == b"out\n"
    assert said(engine, ref, "/bin/sh", "-c", "cat > /dev/null; echo after", stdin=b"x" * 300_000) == b"after\n"


def test_a_command_has_limits(engine: Engine, ref: str) -> None:
    with pytest.raises(NoClearAnswer):
        said(engine, ref, "head", "-c", "100000", "/dev/zero")
    with pytest.raises(NoClearAnswer):
        engine.exec(ref, ("sleep", "30"), stdin=b"", give_up_s=0.2, most_bytes=MOST)


def test_what_waits_answers_an_empty_line(engine: Engine, ref: str) -> None:
    waiting = engine.open(ref, ("cat",))
    assert waiting.answers()
    assert waiting.finish(b"go\n", give_up_s=PATIENCE_S, most_bytes=MOST) == b"go\n"
    engine.open(ref, ("cat",)).close()


def test_a_shell_shows_what_is_typed_and_follows_its_window(engine: Engine, ref: str) -> None:
    shell = engine.shell(ref, ("/bin/sh",), rows=30, columns=100)

    def has(rows: int, columns: int) -> bool:
        assert shell.send(b"stty size; echo do''ne\r", wait_s=PATIENCE_S) == b""
        return f"{rows} {columns}\r\n".encode() in read_until(shell, b"done\r\n")

    wait_until(lambda: has(30, 100))
    shell.resize(50, 120)
    wait_until(lambda: has(50, 120))  # a cluster passes the size on beside what is typed
    shell.send(b"exit\r", wait_s=PATIENCE_S)
    while shell.receive() is not None:
        pass
    shell.close()


def test_shells_are_killed_with_all_that_runs_in_them(engine: Engine, ref: str) -> None:
    first, second = (engine.shell(ref, ("/bin/sh",), rows=24, columns=80) for _ in range(2))
    for shell in (first, second):
        shell.send(b"trap '' HUP; echo he''re; sleep 1000\r", wait_s=PATIENCE_S)
        read_until(shell, b"here\r\n")
    first.close()
    assert second.send(b"", wait_s=0) == b"", "the other one lives on"
    engine.end_shells(ref)
    while second.receive() is not None:
        pass
    second.close()


def test_what_is_gone_is_no_container(engine: Engine, make: Make) -> None:
    gone = make(f"quizapp-{uuid4().hex}")
    with pytest.raises(NoContainer):
        engine.open(gone, ("true",))  # it does not run yet
    engine.remove(gone)
    engine.remove(gone)
    uses: list[Callable[[], object]] = [
        lambda: engine.start(gone),
        lambda: engine.open(gone, ("true",)),
        lambda: engine.shell(gone, ("sh",), rows=24, columns=80),
        lambda: engine.end_shells(gone),
        lambda: next(engine.follow(gone, give_up_s=1)),
    ]
    for use in uses:
        with pytest.raises(NoContainer):
            use()


def test_following_gives_up(engine: Engine, ref: str) -> None:
    began = time.monotonic()
    with closing(engine.follow(ref, give_up_s=0.5)) as lines:
        list(lines)
    assert time.monotonic() - began < PATIENCE_S


def test_it_says_that_sandboxes_could_be_had(engine: Engine) -> None:
    engine.require()
    health = engine.health()
    assert (health.engine, health.image, health.reason) == (True, True, None)
