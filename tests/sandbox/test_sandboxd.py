"""sandboxd on a real engine under bad luck: killed, raced, forged, flooded. Nothing is left, and nothing is lost."""

import gc
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from docker.errors import NotFound

from quizapp import clock
from quizapp.sandboxes.client import (
    EngineOff,
    ImageMissing,
    SandboxClient,
    SandboxdAway,
    SandboxState,
)
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine
from quizapp.sandboxes.engine.protocol import NewContainer
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.ownership import INSTANCE, Ownership, Signer
from quizapp.sandboxes.pool.pool import STOPPED, Pool
from quizapp.sandboxes.recipe.template import USERNS
from tests.sandbox.conftest import EACH_S, PATIENCE_S, Sandboxd, is_ready, ready, wait_until

pytestmark = pytest.mark.sandbox

LIFE_S = 3  # of a sandbox that ends by itself while a test waits
KILL_AFTER_S = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6)  # a start takes about 0.8 s, so these are all between its steps


@pytest.fixture
def stray(engine: DockerEngine) -> Iterator[list[str]]:
    """Refs of containers that a test made behind sandboxd's back; removed at its end."""
    refs: list[str] = []
    yield refs
    for ref in refs:
        engine.remove(ref)


def names(engine: DockerEngine, signer: Signer) -> list[str]:
    """The containers of the tests' installation, in whatever state."""
    return [one.found.name for one in reaper.own_containers(engine, signer)]


def is_done_with(engine: DockerEngine, name: str) -> bool:
    """Whether the engine is done with what a killed sandboxd asked it to do with this container.

    Newer engines end a start that is hung up on in its first moments, and then remove the container. None answers
    about a container while it starts it.
    """
    try:
        state = engine._docker.api.inspect_container(name)["State"]
    except NotFound:
        return True
    return bool(state["Running"]) or (state["Status"], state["ExitCode"]) == ("created", 0)


def test_its_socket_is_for_its_user_alone(sandboxd: Sandboxd) -> None:
    socket = sandboxd.settings.sandboxd_socket
    assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


def test_racing_owners_get_one_container_each(real: SandboxClient, engine: DockerEngine, signer: Signer) -> None:
    with ThreadPoolExecutor(20) as threads:
        asked = list(threads.map(lambda number: real.ask(owner=f"owner {number % 2}"), range(20)))
    ids = {sandbox.id for sandbox in asked}
    assert len(ids) == 2
    for sandbox_id in ids:
        wait_until(lambda sandbox_id=sandbox_id: is_ready(real, sandbox_id))  # type: ignore[misc]
    assert sorted(names(engine, signer)) == sorted({signer.name("owner 0"), signer.name("owner 1")})


@pytest.mark.parametrize("after_s", KILL_AFTER_S)
def test_killed_between_steps_it_finds_its_sandbox_again(
    sandboxd: Sandboxd, real: SandboxClient, engine: DockerEngine, signer: Signer, after_s: float
) -> None:
    asked = real.ask(owner="ada")
    time.sleep(after_s)
    sandboxd.kill()
    with pytest.raises(SandboxdAway):
        real.list()
    wait_until(lambda: is_done_with(engine, signer.name("ada")))
    made = names(engine, signer)
    sandboxd.start()
    found = ready(real, "ada")
    assert names(engine, signer) == [signer.name("ada")]
    if made:
        assert found.id == asked.id
    (result,) = real.run(found.id, ["docker ps"], each_s=EACH_S, output_bytes=1000)
    assert result.exit_code == 0


def test_with_no_sandboxd_at_all_it_ends_by_itself(engine: DockerEngine, signer: Signer, stray: list[str]) -> None:
    ownership = Ownership(
        id=uuid4().hex, owner="ada", template="userns", ends_at=clock.now() + timedelta(seconds=LIFE_S)
    )
    name = f"quizapp-test-{ownership.id}"  # a name that sandboxd does not take for its own
    stray.append(
        engine.create(
            NewContainer(name=name, labels=signer.sign(ownership), template=USERNS, lease_s=LIFE_S, life_s=LIFE_S)
        )
    )
    engine.start(stray[0])
    began = time.monotonic()
    lines = [line.text for line in engine.follow(stray[0], give_up_s=PATIENCE_S)]
    assert time.monotonic() - began > LIFE_S - 1
    assert not [line for line in lines if line.startswith("@failed")], "or it ended for another reason"
    wait_until(lambda: stray[0] not in [found.ref for found in engine.list(INSTANCE, signer.instance)])


def test_forged_and_borrowed_labels_are_left_alone(
    sandboxd: Sandboxd, real: SandboxClient, engine: DockerEngine, signer: Signer, stray: list[str]
) -> None:
    ownership = Ownership(id=uuid4().hex, owner="eve", template="userns", ends_at=clock.now() - timedelta(hours=1))
    borrowed = signer.sign(ownership)
    forged = Signer(b"another key").sign(ownership) | {INSTANCE: signer.instance}
    for name, labels in (("borrowed", borrowed), ("forged", forged), ("bare", {INSTANCE: signer.instance})):
        new = NewContainer(
            name=f"quizapp-test-{name}-{ownership.id}", labels=labels, template=USERNS, lease_s=60, life_s=60
        )
        stray.append(engine.create(new))
    sandboxd.kill()
    sandboxd.start()
    ready(real, "ada")
    assert reaper.sweep(engine, signer, everything=False, now=clock.now()) == ()
    left = {found.ref for found in engine.list(INSTANCE, signer.instance)}
    assert left >= set(stray)
    assert [sandbox.owner for sandbox in real.list()] == ["ada"]


def test_a_container_that_never_started_is_started(
    sandboxd: Sandboxd, real: SandboxClient, engine: DockerEngine, signer: Signer
) -> None:
    """What a sandboxd leaves that is killed between create and start."""
    ownership = Ownership(id=uuid4().hex, owner="ada", template="userns", ends_at=clock.now() + timedelta(minutes=5))
    sandboxd.kill()
    new = NewContainer(name=signer.name("ada"), labels=signer.sign(ownership), template=USERNS, lease_s=300, life_s=300)
    engine.create(new)
    sandboxd.start()
    assert ready(real, "ada").id == ownership.id


def test_one_that_is_killed_is_noticed(real: SandboxClient, engine: DockerEngine, signer: Signer) -> None:
    sandbox = ready(real, "ada")
    (one,) = reaper.own_containers(engine, signer)
    engine.remove(one.found.ref)
    wait_until(lambda: real.get(sandbox.id).state is SandboxState.LOST)
    assert real.get(sandbox.id).reason == STOPPED
    assert ready(real, "ada").id != sandbox.id


def test_at_the_end_of_the_service_all_its_sandboxes_end(
    sandboxd: Sandboxd, real: SandboxClient, engine: DockerEngine, signer: Signer
) -> None:
    sandbox = ready(real, "ada")
    terminal = real.terminal(sandbox.id, rows=24, columns=80)
    real.ask(owner="bob")
    sandboxd.stop()
    assert names(engine, signer) == []
    while terminal.receive() is not None:
        pass
    terminal.leave()
    sandboxd.start()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # the SDK leaves one that could not connect
def test_an_engine_that_is_off_is_named(signer: Signer, sandboxd: Sandboxd) -> None:
    off = sandboxd.settings.model_copy(update={"engine": "unix:///nowhere/docker.sock"})
    pool: Pool = wiring.pool(off)
    with pytest.raises(EngineOff, match=r"unix:///nowhere/docker\.sock"):
        pool.ask(owner="ada", template="userns")
    health = pool.health()
    assert (health.engine, health.image) == (False, False)
    pool.stop()
    gc.collect()


def test_an_image_that_is_missing_is_named(engine_url: str) -> None:
    engine = DockerEngine(DockerConnection(engine_url), "quizapp-sandbox:never-built")
    with pytest.raises(ImageMissing, match="flask sandboxes build"):
        engine.require()
    new = NewContainer(name=f"quizapp-test-{uuid4().hex}", labels={}, template=USERNS, lease_s=1, life_s=1)
    with pytest.raises(ImageMissing):
        engine.create(new)
    assert (engine.health().engine, engine.health().image) == (True, False)


def test_p_and_capital_p_on_real_containers(real: SandboxClient) -> None:
    sandbox = ready(real, "ada")
    set_up = ["docker run -d --name web -p 8080:80 nginx", "docker run -d --name any -P nginx"]
    for result in real.run(sandbox.id, set_up, learner=True, each_s=EACH_S, output_bytes=1000):
        assert result.exit_code == 0, result.output
    web, any_, rules, page = real.run(
        sandbox.id,
        [
            "docker port web 80/tcp",
            "docker port any 80/tcp",
            "iptables -t nat -S DOCKER",
            "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/",
        ],
        each_s=EACH_S,
        output_bytes=4096,
    )
    assert web.output.splitlines()[0] == "0.0.0.0:8080"
    chosen = int(any_.output.splitlines()[0].removeprefix("0.0.0.0:"))
    assert chosen >= 32768
    assert "--dport 8080 -j DNAT --to-destination 172.17.0.2:80" in rules.output
    assert f"--dport {chosen} -j DNAT --to-destination 172.17.0.3:80" in rules.output
    assert page.output == "200"
