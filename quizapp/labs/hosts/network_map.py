"""The networks of a learner's host, read from the output of its Docker, with rows to draw them in. Asks no sandbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

MOST_CONTAINERS = 30  # more could not be read in a picture; no lab has more than ten
DEFAULT_BRIDGE = "docker0"
WITHOUT_BRIDGE = frozenset({"host", "null"})  # drivers of networks that are shown only if a container is on them

# Prints two lines of JSON: the networks, then the running containers. After an error it prints more or fewer lines.
COMMAND = """docker network ls -q | xargs docker network inspect | jq -c '[.[] | {
  name: .Name, driver: .Driver, id: .Id[0:12], subnets: [.IPAM.Config // [] | .[] | .Subnet // empty]}]'
docker ps -q | xargs -r docker container inspect | jq -cs '[.[][] | {
  name: .Name[1:],
  networks: (.NetworkSettings.Networks // {} | map_values(.IPAddress // "")),
  ports: ([.NetworkSettings.Ports // {} | to_entries[] | .key as $to | .value // [] | .[] | "\\(.HostPort)→\\($to)"]
          | unique)}]'
"""


class _MapRow(BaseModel):
    model_config = ConfigDict(frozen=True)


class _MapNetwork(_MapRow):
    name: str
    driver: str
    id: str
    subnets: list[str]


class _MapContainer(_MapRow):
    name: str
    networks: dict[str, str]
    ports: list[str]


_NETWORKS = TypeAdapter(list[_MapNetwork])
_CONTAINERS = TypeAdapter(list[_MapContainer])


@dataclass(frozen=True, kw_only=True)
class AttachedContainer:
    """A container on one network. A container on several networks appears once on each."""

    name: str
    address: str
    """Its IPv4 address on this network; empty if it has none."""
    ports: Sequence[str]
    """The published ports, such as `8080→80/tcp`; empty on all but the container's first network."""
    row: int
    """The row of the picture, from 0."""


@dataclass(frozen=True, kw_only=True)
class DrawnNetwork:
    """A network and the containers on it."""

    name: str
    device: str
    """The name of its bridge on the host; empty if it has none."""
    subnet: str
    """Its subnets, separated by commas; empty if it has none."""
    containers: Sequence[AttachedContainer]
    row: int
    """The first of its rows in the picture, from 0."""


@dataclass(frozen=True, kw_only=True)
class NetworkMap:
    """The networks of a host."""

    networks: Sequence[DrawnNetwork]
    rows: int
    """The number of rows in the picture."""


def read(output: str) -> NetworkMap | None:
    """The map in the output of `COMMAND`; None if the output cannot be read."""
    lines = output.splitlines()
    if len(lines) != 2:
        return None
    try:
        networks, containers = _NETWORKS.validate_json(lines[0]), _CONTAINERS.validate_json(lines[1])
    except ValidationError:
        return None
    return _laid_out(sorted(networks, key=_order), sorted(containers, key=lambda each: each.name)[:MOST_CONTAINERS])


def _laid_out(networks: Sequence[_MapNetwork], containers: Sequence[_MapContainer]) -> NetworkMap:
    """The map, with a row for each container on each network and one for each network without containers."""
    drawn: list[DrawnNetwork] = []
    named: set[str] = set()
    row = 0
    for network in networks:
        on_it = [container for container in containers if network.name in container.networks]
        if not on_it and network.driver in WITHOUT_BRIDGE:
            continue
        attached = tuple(
            AttachedContainer(
                name=container.name,
                address=container.networks[network.name],
                ports=() if container.name in named else container.ports,
                row=row + offset,
            )
            for offset, container in enumerate(on_it)
        )
        drawn.append(_drawn(network, attached, row=row))
        named.update(container.name for container in on_it)
        row += max(1, len(on_it))
    return NetworkMap(networks=tuple(drawn), rows=row)


def _drawn(network: _MapNetwork, attached: Sequence[AttachedContainer], *, row: int) -> DrawnNetwork:
    bridge = DEFAULT_BRIDGE if network.name == "bridge" else f"br-{network.id}"
    return DrawnNetwork(
        name=network.name,
        device=bridge if network.driver == "bridge" else "",
        subnet=", ".join(network.subnets),
        containers=attached,
        row=row,
    )


def _order(network: _MapNetwork) -> tuple[bool, str]:
    """Docker's own bridge first, as on a fresh host; then by name."""
    return network.name != "bridge", network.name
