"""The picture of a host's networks: what is read, what is left out, where it stands."""

import json

import pytest

from quizapp.catalogue.labs.lab_parts import NetworkDetail
from quizapp.labs.hosts.network_map import MOST_CONTAINERS, read

BRIDGE = {"name": "bridge", "driver": "bridge", "bridge": "docker0", "subnets": ["172.17.0.0/16"]}
FRONT = {"name": "front", "driver": "bridge", "bridge": "br-ba9876543210", "subnets": ["172.18.0.0/16", "fd00::/64"]}
HOST = {"name": "host", "driver": "host", "bridge": "br-1", "subnets": []}
NONE = {"name": "none", "driver": "null", "bridge": "br-2", "subnets": []}


def container(name: str, ports: tuple[str, ...] = (), **networks: str) -> dict[str, object]:
    return {"name": name, "networks": networks, "ports": list(ports)}


def printed(
    *containers: dict[str, object], networks: tuple[dict[str, object], ...] = (HOST, FRONT, BRIDGE, NONE)
) -> str:
    return json.dumps(networks) + "\n" + json.dumps(containers) + "\n"


def test_a_fresh_host_shows_its_bridges_and_no_unused_modes() -> None:
    drawn = read(printed())
    assert drawn is not None
    assert [(network.name, network.device, network.subnet, network.row) for network in drawn.networks] == [
        ("bridge", "docker0", "172.17.0.0/16", 0),
        ("front", "br-ba9876543210", "172.18.0.0/16, fd00::/64", 1),
    ]
    assert drawn.rows == 2


def test_each_container_has_a_row_on_each_of_its_networks() -> None:
    drawn = read(
        printed(
            container("web", ("8080→80/tcp",), bridge="172.17.0.2", front="172.18.0.2"),
            container("app", bridge="172.17.0.3"),
            container("alone", host=""),
        )
    )
    assert drawn is not None
    assert [
        (network.name, each.name, each.address, list(each.ports), each.row)
        for network in drawn.networks
        for each in network.containers
    ] == [
        ("bridge", "app", "172.17.0.3", [], 0),
        ("bridge", "web", "172.17.0.2", ["8080→80/tcp"], 1),
        ("front", "web", "172.18.0.2", [], 2),
        ("host", "alone", "", [], 3),
    ]
    assert drawn.rows == 4


WEB = container("web", ("8080→80/tcp", "8081→80/tcp"), bridge="172.17.0.2")


@pytest.mark.parametrize(
    ("hidden", "told"),
    [
        (NetworkDetail.PORTS, "8080"),
        (NetworkDetail.ADDRESSES, "172."),
        (NetworkDetail.BRIDGES, "docker0"),
        (NetworkDetail.BRIDGES, "br-ba98"),
    ],
)
def test_what_is_asked_for_is_nowhere_in_the_picture(hidden: NetworkDetail, told: str) -> None:
    assert told in str(read(printed(WEB)))
    drawn = read(printed(WEB), hidden=[hidden])
    assert told not in str(drawn)
    assert drawn is not None
    assert drawn.is_partial


def test_a_hidden_port_still_says_what_it_leads_to() -> None:
    drawn = read(printed(WEB), hidden=[NetworkDetail.PORTS])
    assert drawn is not None
    assert drawn.networks[0].containers[0].ports == ["?→80/tcp"]


def test_containers_whose_networks_are_hidden_stand_apart_from_all_of_them() -> None:
    drawn = read(printed(WEB, container("alone", host="")), hidden=[NetworkDetail.NETWORKS])
    assert drawn is not None
    assert [network.name for network in drawn.networks if network.containers] == []
    assert [(each.name, each.address, each.row) for each in drawn.apart] == [("alone", "", 2), ("web", "", 3)]
    assert drawn.rows == 4


def test_a_wall_of_containers_is_cut() -> None:
    drawn = read(printed(*(container(f"c{number}", bridge="") for number in range(100))))
    assert drawn is not None
    assert len(drawn.networks[0].containers) == MOST_CONTAINERS


@pytest.mark.parametrize(
    "output",
    ["", "Cannot connect to the Docker daemon\n[]\n", "[]\n", "[]\n[]\n[]\n", '{"a": 1}\n[]\n', '[{"name": 1}]\n[]\n'],
)
def test_what_cannot_be_read_is_no_picture(output: str) -> None:
    assert read(output) is None
