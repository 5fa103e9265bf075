import json

import pytest

from quizapp.catalogue.labs.lab_parts import OF_HOSTS, Aspect
from quizapp.labs.judging import effects
from quizapp.labs.judging.effects import Difference, State
from quizapp.sandboxes.client import CommandResult, NoClearAnswer
from tests.lab_builders import printed

DOCKER0 = {"id": "a" * 12, "name": "bridge", "driver": "bridge", "internal": False, "subnets": ["172.17.0.0/16"]}
OWN = {"id": "b" * 12, "name": "shop", "driver": "bridge", "internal": True, "subnets": ["10.77.5.0/24"]}
DNAT = "-A DOCKER ! -i {bridge} -p tcp -m tcp --dport {port} -j DNAT --to-destination {address}:80"


def container(**changes: object) -> dict[str, object]:
    """A web server on Docker's own bridge, as the engine tells of it."""
    return {
        "image": "nginx",
        "runs": ["nginx", "-g", "daemon off;"],
        "state": "running",
        "exit_code": 0,
        "networks": {"bridge": "172.17.0.2"},
        "ports": [],
        **changes,
    }


def bound(address: str, port: str) -> dict[str, str]:
    """A published port."""
    return {"address": address, "port": port, "to": "80/tcp"}


def shown(
    *containers: dict[str, object],
    networks: tuple[dict[str, object], ...] = (DOCKER0,),
    devices: tuple[dict[str, object], ...] = (),
    routes: str = "",
    nat: str = "",
    listeners: str = "",
) -> list[CommandResult]:
    """What a host prints for each of COMMANDS."""
    lines = ["\n".join(map(json.dumps, objects)) for objects in (networks, containers, devices)]
    return [printed(text) for text in (*lines, routes, nat, listeners)]


def state(*containers: dict[str, object], **parts: object) -> State:
    return effects.read(shown(*containers, **parts))  # type: ignore[arg-type]


def test_a_command_that_still_runs_is_a_difference_where_a_lab_asks_for_one_in_the_background() -> None:
    over, runs = effects.read(shown()), effects.read(shown(), has_ended=False)
    assert effects.differences(over, runs, about=OF_HOSTS) == ()
    (difference,) = effects.differences(over, runs, about=(Aspect.CONTAINERS, Aspect.FOREGROUND))
    assert (difference.aspect, difference.missing) == (Aspect.FOREGROUND, ())
    assert difference.extra == ("the command itself",)


def test_every_aspect_is_read() -> None:
    assert set(state()) == set(Aspect)


def test_a_container_is_its_image_its_program_and_whether_that_runs() -> None:
    seen = state(container(image="nginx:latest"), container(image="alpine", runs=["sh"], state="exited", exit_code=3))
    assert seen[Aspect.CONTAINERS] == ["alpine: sh, exited with 3", "nginx: nginx -g daemon off;, running"]


def test_a_port_published_for_both_families_counts_once() -> None:
    both = state(container(ports=[bound("0.0.0.0", "8080"), bound("::", "8080")]))
    assert both[Aspect.PORTS] == ["0.0.0.0:8080 → nginx:80/tcp"]
    assert state(container(ports=[bound("::", "8080")]))[Aspect.PORTS] == [":::8080 → nginx:80/tcp"]


def test_the_number_of_a_port_that_docker_picked_does_not_count() -> None:
    first, second = (
        state(
            container(ports=[bound("0.0.0.0", port)]),
            nat=DNAT.format(bridge="docker0", port=port, address="172.17.0.2"),
            listeners=f"tcp 0.0.0.0:{port}",
        )
        for port in ("32768", "60999")
    )
    assert first == second
    chosen = state(container(ports=[bound("0.0.0.0", "8080")]))
    assert first[Aspect.PORTS] != chosen[Aspect.PORTS]


def test_the_name_of_a_network_does_not_count_and_its_kind_does() -> None:
    named = state(networks=(DOCKER0, OWN))
    assert state(networks=({**OWN, "name": "other", "id": "c" * 12}, DOCKER0)) == named
    assert named[Aspect.NETWORKS] == ["network bridge", "own internal bridge network 10.77.5.0/24"]
    for other in ({"internal": False}, {"apart": True}):
        assert state(networks=(DOCKER0, {**OWN, **other})) != named


def test_a_rule_about_a_container_is_the_same_on_any_network() -> None:
    on_docker0 = state(
        container(), nat=DNAT.format(bridge="docker0", port=8080, address="172.17.0.2") + "\n-P PREROUTING ACCEPT"
    )
    on_own = state(
        container(networks={"shop": "10.77.5.2"}),
        networks=(DOCKER0, OWN),
        nat=DNAT.format(bridge=f"br-{OWN['id']}", port=8080, address="10.77.5.2"),
    )
    (rule,) = on_docker0[Aspect.NAT]
    assert rule == DNAT.format(bridge="its network", port=8080, address="nginx")
    assert on_own[Aspect.NAT] == [rule]


def test_a_rule_about_a_whole_network_is_told_with_the_networks() -> None:
    seen = state(nat="-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE")
    assert not seen[Aspect.NAT]
    assert "-A POSTROUTING -s 172.17.0.0/16 ! -o network bridge -j MASQUERADE" in seen[Aspect.NETWORKS]


def test_addresses_and_routes_name_who_has_them() -> None:
    seen = state(
        container(),
        devices=({"device": "docker0", "own": ["172.17.0.1/16"]}, {"device": "eth0", "own": ["192.168.50.10/24"]}),
        routes="172.17.0.0/16 dev docker0 src 172.17.0.1 linkdown\ndefault via 172.17.0.2 dev docker0",
    )
    assert seen[Aspect.ADDRESSES] == [
        "eth0 has 192.168.50.10/24",
        "network bridge has 172.17.0.1/16",
        "nginx has 172.17.0.2",
    ]
    assert seen[Aspect.ROUTES] == [
        "172.17.0.0/16 dev network bridge src 172.17.0.1",
        "default via nginx dev network bridge",
    ]


def test_a_listener_of_both_families_counts_once() -> None:
    assert state(listeners="tcp 0.0.0.0:80\ntcp [::]:80\nudp [::]:53")[Aspect.LISTENERS] == [
        "tcp 0.0.0.0:80",
        "udp [::]:53",
    ]


def test_a_difference_says_what_either_lacks() -> None:
    one, two = state(container()), state(container(), container(state="created"))
    line = "nginx: nginx -g daemon off;, "
    about = (Aspect.CONTAINERS, Aspect.PORTS)
    assert effects.differences(one, one, about=about) == ()
    assert effects.differences(one, two, about=about) == (
        Difference(aspect=Aspect.CONTAINERS, missing=(), extra=(f"{line}created",)),
    )
    assert effects.differences(two, one, about=about)[0].missing == (f"{line}created",)
    assert effects.differences(one, two, about=(Aspect.PORTS,)) == ()


def test_two_of_a_kind_are_not_one() -> None:
    one, two = state(container()), state(container(), container())
    assert effects.differences(one, two, about=(Aspect.CONTAINERS,))[0].extra == tuple(one[Aspect.CONTAINERS])


def test_what_a_hostile_host_prints_stays_small_and_printable() -> None:
    seen = state(*(container(runs=["\x1b[2J" + "x" * 9_000]) for _ in range(300)))
    assert len(seen[Aspect.CONTAINERS]) == effects.FACTS_MOST
    assert all(len(fact) <= effects.FACT_CHARS and fact.isprintable() for fact in seen[Aspect.CONTAINERS])


@pytest.mark.parametrize(
    "spoilt",
    [
        printed("no JSON"),
        printed('{"id": 1}'),
        printed("Cannot connect to the Docker daemon", exit_code=1),
        CommandResult(exit_code=None, output="", milliseconds=1, timed_out=True, truncated=False),
        CommandResult(exit_code=0, output="{", milliseconds=1, timed_out=False, truncated=True),
    ],
)
def test_a_state_that_cannot_be_read_is_no_state(spoilt: CommandResult) -> None:
    with pytest.raises(NoClearAnswer):
        effects.read([spoilt, *shown()[1:]])
