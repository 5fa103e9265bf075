"""How a sandbox starts, ends by itself, and keeps its engine."""

import time
from dataclasses import replace

import pytest

from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.recipe.template import USERNS
from tests.sandbox.sandboxes.world import ALL_S, GONE_S, LIFE_S, SHORT_S, World

pytestmark = pytest.mark.sandbox


def test_it_starts_in_the_steps_that_its_template_names(shared: World) -> None:
    steps = [line for line in shared.said if line.startswith("@")]
    assert steps == [*(f"@step {step.name}" for step in USERNS.steps), "@ready"]


def test_a_killed_engine_is_started_again(own_world: World) -> None:
    before = own_world.check("pgrep -x dockerd").output
    own_world.do("pkill -9 -x dockerd")
    until = "for i in $(seq 250); do docker ps > /dev/null 2>&1 && break; sleep 0.1; done; docker ps"
    after = own_world.check(f"while pgrep -x dockerd | grep -qx {before.strip()}; do sleep 0.01; done; {until}")
    assert after.output.startswith("CONTAINER ID"), after.output
    assert own_world.check("docker run --rm nginx hostname").exit_code == 0


def test_a_stopped_engine_stays_stopped_until_it_is_started(own_world: World) -> None:
    assert own_world.do("service docker stop").exit_code == 0
    assert own_world.do("service docker status").exit_code == 3
    assert own_world.check("sleep 2; docker ps").exit_code != 0
    assert own_world.do("systemctl start docker").exit_code == 0
    assert own_world.check("docker run --rm nginx hostname").exit_code == 0, "its images are gone"


def test_a_broken_configuration_says_what_is_wrong(own_world: World) -> None:
    own_world.do("echo '{ \"no-such-option\": 1 }' > /etc/docker/daemon.json")
    restarted = own_world.do("service docker restart")
    assert restarted.exit_code == 1
    assert "no-such-option" in restarted.output
    assert "no-such-option" in own_world.do("cat /var/log/docker.log").output
    own_world.do("echo '{}' > /etc/docker/daemon.json")
    assert own_world.do("service docker start").exit_code == 0
    assert own_world.check("docker ps").exit_code == 0


@pytest.mark.parametrize(("lease_s", "life_s"), [(SHORT_S, LIFE_S), (LIFE_S, SHORT_S)])
def test_it_ends_by_itself_with_its_lease_and_at_its_deadline(engine: DockerEngine, lease_s: int, life_s: int) -> None:
    """On a busy machine that may be before it was ready."""
    began = time.monotonic()
    world = World(engine, lease_s=lease_s, life_s=life_s)
    try:
        assert world.is_gone_within(GONE_S)
        assert time.monotonic() - began > SHORT_S - 1
        assert not [line for line in world.said if line.startswith("@failed")]
    finally:
        world.close()


def test_a_lease_can_be_prolonged_and_one_that_is_over_ends_it(engine: DockerEngine) -> None:
    """Two at a time: both must be ready, on a busy machine too, before their first lease ends."""
    began = time.monotonic()
    longer, over = World(engine, lease_s=15), World(engine, lease_s=15)
    try:
        longer.prolong("18")
        over.prolong("x")
        assert over.is_gone_within(GONE_S)
        assert longer.is_gone_within(GONE_S)
        assert time.monotonic() - began > 17, "it ended with its first lease"
    finally:
        longer.close()
        over.close()


@pytest.mark.parametrize("nonsense", ["x", "", "-1", "a[$(touch /tmp/run)]", "9" * 40])
def test_a_lease_that_is_no_number_is_over(shared: World, nonsense: str) -> None:
    try:
        shared.prolong(nonsense)
        assert shared.lease() == "0\n"
    finally:
        shared.prolong(str(ALL_S))
    assert shared.lease() == f"{ALL_S}\n"


def test_a_start_that_cannot_be_says_why(engine: DockerEngine) -> None:
    world = World(engine, template=replace(USERNS, capabilities=()))
    try:
        assert world.said[-1] == "@failed This machine does not let the sandbox make a user namespace."
    finally:
        world.close()
