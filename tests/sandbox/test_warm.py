"""Warm sandboxes on a real engine: claimed once, found again by the next pool, and gone at the end."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from quizapp import clock
from quizapp.sandboxes.client import Sandbox, SandboxState
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.recipe.template import LEASE, PROBE, SHELL
from quizapp.sandboxes.terminals.transcript import MARK
from quizapp.settings import Settings
from tests.sandbox.conftest import EACH_S, PATIENCE_S, Sandboxd, wait_until, waiting
from tests.sandbox.test_contract import read_until

pytestmark = pytest.mark.sandbox

# A line that the shell draws a second time, since the window got its size only after the prompt: it looks the same.
DRAWN_ANEW = re.compile(rb"docker-host:~# [^\n]*?\r\x1b\[K\r")


@pytest.fixture
def settings(sandboxd: Sandboxd) -> Iterator[Settings]:
    """An installation of its own on the same engine, with one warm sandbox. Nothing of it stays."""
    key = f"{sandboxd.settings.secret_key.get_secret_value()}, warm ones"
    update = {"secret_key": SecretStr(key), "sandbox_warm": 1}
    settings = sandboxd.settings.model_copy(update=update)
    yield settings
    reaper.sweep(wiring.engine(settings), wiring.signer(settings), everything=True, now=clock.now())


@pytest.fixture
def pool(settings: Settings) -> Iterator[Pool]:
    pool = wiring.pool(settings)
    yield pool
    pool.stop()


def warmed(pool: Pool) -> Sandbox:
    """The one warm sandbox, once it is there."""
    found: list[Sandbox] = []

    def is_there() -> bool:
        pool.tick()
        found[:] = [sandbox for sandbox in pool.list() if sandbox.state is SandboxState.READY]
        return bool(found)

    wait_until(is_there)
    (warm,) = found
    return warm


def test_it_is_its_claimers_at_once(pool: Pool, settings: Settings) -> None:
    warm = warmed(pool)
    claimed = pool.ask(owner="ada", template="userns")
    assert (claimed.id, claimed.state) == (warm.id, SandboxState.CLAIMED)
    (result,) = pool.run(claimed.id, ["docker info -f ok"], learner=True, each_s=EACH_S, output_bytes=100)
    assert result.output == "ok\n"
    (one,) = reaper.own_containers(wiring.engine(settings), wiring.signer(settings))
    assert one.ownership.owner == "ada"
    lease_s = settings.sandbox_lease_min * 60

    def told() -> int:
        answer = wiring.engine(settings).exec(one.found.ref, (LEASE,), stdin=b"", give_up_s=PATIENCE_S, most_bytes=100)
        return int(answer)

    wait_until(lambda: lease_s <= told() < lease_s + 60)


def test_its_first_terminal_is_like_any_other(pool: Pool, engine: DockerEngine, settings: Settings) -> None:
    warmed(pool)
    (one,) = reaper.own_containers(engine, wiring.signer(settings))
    wait_until(lambda: waiting(engine, one.found.ref) == [PROBE, SHELL])
    claimed = pool.ask(owner="ada", template="userns")
    screens = []
    for _ in range(2):
        terminal = pool.terminal(claimed.id, rows=31, columns=97)
        shown = read_until(terminal, b"# ")
        terminal.send(b"stty size\r")
        answer = b"31 97\r\n"
        shown += read_until(terminal, answer, seen=len(shown)).partition(answer)[0]
        screens.append(MARK.sub(b"", DRAWN_ANEW.sub(b"", shown)))  # a mark has the time
        terminal.close()
    assert screens[0] == screens[1]
    assert waiting(engine, one.found.ref) == [PROBE]


def test_two_who_ask_at_once_get_one_each(pool: Pool) -> None:
    warm = warmed(pool)
    with ThreadPoolExecutor(2) as threads:
        asked = list(threads.map(lambda owner: pool.ask(owner=owner, template="userns"), ["ada", "bob"]))
    assert [sandbox.owner for sandbox in asked] == ["ada", "bob"]
    assert sum(sandbox.id == warm.id for sandbox in asked) == 1


def test_the_next_keeper_knows_warm_from_claimed(pool: Pool, settings: Settings) -> None:
    warmed(pool)
    claimed = pool.ask(owner="ada", template="userns")
    warm = warmed(pool)
    pool.stop()
    heir = wiring.pool(settings)

    def has_both() -> bool:
        heir.tick()
        return {sandbox.state for sandbox in heir.list()} == {SandboxState.CLAIMED, SandboxState.READY}

    try:
        wait_until(has_both)
        assert heir.ask(owner="ada", template="userns").id == claimed.id
        assert heir.ask(owner="bob", template="userns").id == warm.id
    finally:
        heir.stop()
