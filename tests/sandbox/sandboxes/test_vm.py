"""The host in a virtual machine: the same world as in the other template, with a kernel of its own and no privilege."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from quizapp.sandboxes.engine.capabilities import USUAL
from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine
from quizapp.sandboxes.engine.docker_images import DockerImages
from quizapp.sandboxes.recipe.image_build import VM_RECIPE, ensure_image
from quizapp.sandboxes.recipe.template import SHELL, VM
from tests.sandbox.sandboxes.world import GONE_S, HOST, NEIGHBOUR, SHORT_S, World

pytestmark = pytest.mark.sandbox

LIFE_S = 3600  # longer than all of these tests, on a machine that is slow and busy besides
READY_S = 600.0  # without KVM it takes 15 s on a machine that does nothing else
EACH_S = 180.0  # a container takes three to five seconds to start without KVM, if nobody else works
SHOWN_S = 180.0


@pytest.fixture(scope="module")
def url() -> str:
    """The address of the engine that the tests were told of."""
    url = os.environ.get("QUIZAPP_ENGINE", "none")
    if url == "none":
        pytest.skip("QUIZAPP_ENGINE names no Docker Engine")
    return url


@pytest.fixture(scope="module")
def engine(url: str) -> DockerEngine:
    """That engine, with the image built."""
    image = ensure_image(DockerImages(url), on_line=lambda line: None, recipe=VM_RECIPE)
    return DockerEngine(DockerConnection(url), image.tag)


@pytest.fixture(scope="module")
def machine(engine: DockerEngine) -> Iterator[World]:
    """One machine for all tests, since a start is long without KVM."""
    world = World(engine, template=VM, lease_s=LIFE_S, life_s=LIFE_S, ready_s=READY_S)
    assert world.said[-1] == "@ready", world.said
    yield world
    world.close()


@pytest.fixture
def lan(machine: World) -> Iterator[str]:
    """The name of a network, which is gone after the test: eth0 serves ipvlan in one mode at a time.

    What else tests leave in the machine has names of its own, since each command takes seconds without KVM.
    """
    yield "lan"
    done(machine, "docker rm -f on-lan; docker network rm lan")


def done(world: World, *commands: str) -> list[str]:
    """What the commands print where the learner's shell is; each must succeed."""
    results = world.run(*commands, learner=True, each_s=EACH_S)
    assert [result.exit_code for result in results] == [0] * len(commands), results
    return [result.output for result in results]


def in_container(engine: DockerEngine, world: World, command: str) -> str:
    """What a command prints in the container around the machine."""
    shell = ("/bin/sh", "-c", command)
    return engine.exec(world.ref, shell, stdin=b"", give_up_s=SHOWN_S, most_bytes=4096).decode()


def test_it_starts_in_the_steps_that_its_template_names(machine: World) -> None:
    steps = [line for line in machine.said if line.startswith("@")]
    assert steps == [*(f"@step {step.name}" for step in VM.steps), "@ready"]


def test_its_container_has_no_privilege_and_no_network(url: str, engine: DockerEngine, machine: World) -> None:
    flags = DockerConnection(url).api.inspect_container(machine.ref)["HostConfig"]  # type: ignore[no-untyped-call]
    assert (flags["CapAdd"], flags["CapDrop"], flags["Privileged"]) == (None, ["ALL"], False)
    assert (flags["NetworkMode"], flags["ReadonlyRootfs"], flags["Devices"]) == ("none", True, None)
    assert flags["SecurityOpt"] == ["no-new-privileges"], "the engine's own profiles stay on"
    status = in_container(engine, machine, "pgrep -f qemu-system | head -1 | xargs -I{} cat /proc/{}/status")
    said = dict(line.split(":\t", 1) for line in status.splitlines())
    for capabilities in ("CapPrm", "CapEff", "CapBnd"):
        assert int(said[capabilities], 16) == 0
    assert (said["NoNewPrivs"], said["Seccomp"]) == ("1", "2")
    assert said["Uid"].split()[0] == "1999"
    assert in_container(engine, machine, "ls /sys/class/net").split() == ["lo"]


def test_its_kernel_is_its_own_and_has_what_labs_need(machine: World) -> None:
    needed = [
        capability.command for capability in USUAL if capability.name != "overlay"
    ]  # the other tests start containers
    kernel, *results = machine.run("uname -r", *needed, each_s=EACH_S)
    assert kernel.output.strip() != os.uname().release
    assert "cloud" in kernel.output
    assert [result.exit_code for result in results] == [0] * len(needed), results


def test_a_published_port(machine: World) -> None:
    done(machine, "docker run -d -p 8080:80 --name web nginx")
    port, rules, outside = machine.run(
        "docker port web", "iptables -t nat -S DOCKER", f"outside curl -sf http://{HOST}:8080/", each_s=EACH_S
    )
    assert port.output.startswith("80/tcp -> 0.0.0.0:8080\n")
    assert "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80" in rules.output
    assert f"answers {NEIGHBOUR}." in outside.output


def test_ipvlan_in_layer_2_shares_the_hosts_mac(machine: World, lan: str) -> None:
    done(
        machine,
        f"docker network create -d ipvlan --subnet 192.168.50.0/24 -o parent=eth0 -o ipvlan_mode=l2 {lan}",
        f"docker run -d --name on-lan --network {lan} --ip 192.168.50.77 nginx",
    )
    inside, host, page = machine.run(
        "docker exec on-lan cat /sys/class/net/eth0/address",
        "cat /sys/class/net/eth0/address",
        "outside curl -sf -m 10 http://192.168.50.77/",
        each_s=EACH_S,
    )
    assert inside.output == host.output
    assert inside.output
    assert f"answers {NEIGHBOUR}." in page.output


def test_ipvlan_in_layer_3_routes_between_its_subnets(machine: World) -> None:
    done(
        machine,
        "docker network create -d ipvlan --subnet 10.1.0.0/24 --subnet 10.2.0.0/24"
        " -o parent=eth0 -o ipvlan_mode=l3 routed",
        "docker run -d --name routed-web --network routed --ip 10.1.0.5 nginx",
    )
    routes_and_link, ping = done(
        machine,
        "docker exec routed-web sh -c 'ip route && ip link show eth0'",  # at once: each takes seconds without KVM
        "docker run --rm --network routed --ip 10.2.0.5 busybox ping -c 1 -W 5 10.1.0.5",
    )
    assert routes_and_link.startswith("default dev eth0")
    assert "NOARP" in routes_and_link
    assert "1 packets received" in ping


def test_the_way_to_the_container_is_hidden_from_the_host(engine: DockerEngine, machine: World) -> None:
    addresses, agent, emulator, devices = machine.run(
        "ip -o -4 address show scope global | awk '{print $2, $4}'",
        "nc -z -w 2 10.0.2.15 7000",
        "nc -z -w 2 10.0.2.2 7000",
        "ls /dev",
        learner=True,
        each_s=EACH_S,
    )
    assert addresses.output.splitlines() == [f"eth0 {HOST}/24", "docker0 172.17.0.1/16"]
    assert agent.exit_code == 1
    assert emulator.exit_code == 1
    assert not {"vda", "vdb", "ttyS0", "kmsg", "mem"} & set(devices.output.split())
    # the same way, from the side that may use it
    assert (
        in_container(engine, machine, ". /usr/local/libexec/sandbox/link.sh; link 5 < /dev/null && echo open")
        == "open\n"
    )


def test_a_terminal_shows_what_is_typed(machine: World) -> None:
    shown = machine.type("tty; id -un; pwd; stty size; exit\n")
    assert "docker-host:~# " in shown
    for expected in ("/dev/pts/", "root", "/root", "40 100"):
        assert expected in shown


def test_a_terminal_follows_its_window_and_takes_everything_with_it(engine: DockerEngine, machine: World) -> None:
    shell = engine.shell(machine.ref, (SHELL,), rows=24, columns=80)
    alarm = threading.Timer(2 * SHOWN_S, shell.close)  # so that what never comes is not waited for
    alarm.start()
    try:
        shell.send(b"trap '' HUP TERM; sleep 98765 & echo on; sleep 56789\n", wait_s=SHOWN_S)
        seen(machine, "pgrep -fc '^sleep (98765|56789)'", "2\n")
        shell.resize(33, 99)
        shell.send(b'\x03until [ "$(stty size)" = "33 99" ]; do sleep 0.1; done; echo has "followed"\n', wait_s=SHOWN_S)
        shown = b""
        while b"has followed" not in shown:
            piece = shell.receive()
            assert piece is not None, shown
            shown += piece
    finally:
        alarm.cancel()
        shell.close()
    seen(machine, "pgrep -fc '^sleep (98765|56789)'", "0\n")
    assert in_container(engine, machine, "pgrep -c socat") == "0\n"


def seen(world: World, command: str, output: str) -> None:
    """Wait until the command prints this."""
    until = time.monotonic() + SHOWN_S
    while (shown := world.do(command).output) != output:
        assert time.monotonic() < until, f"{command} still prints {shown!r}"


def test_a_check_ends_at_its_limits_and_the_next_one_runs(machine: World) -> None:
    hung, flood, after = machine.run("sleep 60", "yes", "echo next", each_s=4.0, output_bytes=10)
    assert hung.timed_out
    assert (flood.timed_out, flood.truncated, flood.output) == (True, True, "y\n" * 5)
    assert after.output == "next\n"


@pytest.mark.parametrize(
    "command",
    [
        "mknod /tmp/disk b 254 0 && cat /tmp/disk",
        "umount /usr",
        "echo /tmp/mine > /proc/sys/kernel/modprobe",
        "echo b > /proc/sysrq-trigger",
        "busybox insmod /usr/lib/modules/*/kernel/drivers/net/dummy.ko.xz",
        "dmesg",
        "touch /usr/local/libexec/sandbox/probe",
    ],
)
def test_root_on_the_host_is_not_the_machines_root(machine: World, command: str) -> None:
    assert machine.do(command).exit_code not in (0, None)


def test_it_ends_with_its_lease_however_far_it_is(engine: DockerEngine) -> None:
    world = World(engine, template=VM, lease_s=SHORT_S)
    try:
        assert "@step machine" in world.said, "or it ended for another reason"
        assert world.is_gone_within(GONE_S)
    finally:
        world.close()


def test_it_starts_without_kvm(engine: DockerEngine, machine: World) -> None:
    if machine.check("grep -q 'QEMU TCG' /proc/cpuinfo").exit_code == 0:
        pytest.skip("there is no KVM here, so all the others have shown it")
    world = World(engine, template=replace(VM, device_rules=()), ready_s=READY_S)
    try:
        assert world.said[-1] == "@ready"
    finally:
        world.close()
