"""The networks of a learner's host, read from the output of its Docker, with rows to draw them in. Asks no sandbox."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from quizapp.catalogue.labs.lab_parts import NetworkDetail

MOST_CONTAINERS = 30  # more could not be read in a picture; no lab has more than ten
WITHOUT_BRIDGE = frozenset({"host", "null"})  # drivers of networks that are shown only if a container is on them

# Prints two lines of JSON: the networks, then the running containers. After an error it prints more or fewer lines.
COMMAND = """docker network ls -q | xargs docker network inspect | jq -c '[.[] | {
  name: .Name, driver: .Driver, bridge: (.Options["com.docker.network.bridge.name"] // "br-" + .Id[0:12]),
  subnets: [.IPAM.Config // [] | .[] | .Subnet // empty]}]'
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
    bridge: str
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
    apart: Sequence[AttachedContainer] = ()
    """The containers, if it is hidden which networks they are on; then no network has any."""
    is_partial: bool = False
    """Whether something is hidden."""

    @property
    def open_ports(self) -> Sequence[str]:
        """The host's ports that lead to containers by TCP, in order; empty if they are hidden."""
        on_networks = (container for network in self.networks for container in network.containers)
        ports = [port for container in (*on_networks, *self.apart) for port in container.ports]
        ends = (port.partition("→")[::2] for port in ports)
        return sorted({here for here, there in ends if here.isdecimal() and there.endswith("/tcp")}, key=int)


def read(output: str, *, hidden: Collection[NetworkDetail] = ()) -> NetworkMap | None:
    """The map in the output of `COMMAND`, without what is hidden; None if the output cannot be read."""
    lines = output.splitlines()
    if len(lines) != 2:
        return None
    try:
        networks, containers = _NETWORKS.validate_json(lines[0]), _CONTAINERS.validate_json(lines[1])
    except ValidationError:
        return None
    networks = [_network_without(hidden, network) for network in sorted(networks, key=_order)]
    ordered = sorted(containers, key=lambda each: each.name)[:MOST_CONTAINERS]
    containers = [_container_without(hidden, container) for container in ordered]
    drawn = _laid_out(networks, [] if NetworkDetail.NETWORKS in hidden else containers)
    if NetworkDetail.NETWORKS in hidden:
        apart = (_attached(container, "", row=drawn.rows + number) for number, container in enumerate(containers))
        drawn = replace(drawn, rows=drawn.rows + len(containers), apart=tuple(apart))
    return replace(drawn, is_partial=bool(hidden))


def _network_without(hidden: Collection[NetworkDetail], network: _MapNetwork) -> _MapNetwork:
    """The network without its subnets and its bridge's name, if they are hidden."""
    subnets = [] if NetworkDetail.ADDRESSES in hidden else network.subnets
    bridge = "" if NetworkDetail.BRIDGES in hidden else network.bridge
    return network.model_copy(update={"subnets": subnets, "bridge": bridge})


def _container_without(hidden: Collection[NetworkDetail], container: _MapContainer) -> _MapContainer:
    """The container without its addresses, and with a question mark for each port of the host, if they are hidden."""
    ports, networks = container.ports, container.networks
    if NetworkDetail.PORTS in hidden:
        ports = sorted({f"?→{port.partition('→')[2]}" for port in ports})
    if NetworkDetail.ADDRESSES in hidden:
        networks = dict.fromkeys(networks, "")
    return container.model_copy(update={"ports": ports, "networks": networks})


def _attached(container: _MapContainer, address: str, *, row: int) -> AttachedContainer:
    return AttachedContainer(name=container.name, address=address, ports=container.ports, row=row)


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
    return DrawnNetwork(
        name=network.name,
        device=network.bridge if network.driver == "bridge" else "",
        subnet=", ".join(network.subnets),
        containers=attached,
        row=row,
    )


def _order(network: _MapNetwork) -> tuple[bool, str]:
    """Docker's own bridge first, as on a fresh host; then by name."""
    return network.name != "bridge", network.name
