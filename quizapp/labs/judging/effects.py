"""The state of a host after a command, as texts to compare with another host's. Knows no sandbox and no database.

Names, ids and counters are left out, and an address is replaced by the container that has it. So two hosts have equal
states if the commands on them did the same with other names.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from quizapp.catalogue.labs.lab_parts import Aspect
from quizapp.labs.judging.checks import why_unclear
from quizapp.sandboxes.client import CommandResult, NoClearAnswer

COMMAND_S = 8  # a command that runs longer is taken to stay in the foreground, as `docker run` without -d does
FACTS_MOST = 200  # facts of one aspect of a state; a lab's command makes ten
SHOWN_MOST = 20  # facts of a difference
FACT_CHARS = 200
STATE_BYTES = 64 * 1024  # of output of one of COMMANDS; thirty containers take a third of it
# net.ipv4.ip_local_port_range of Linux, from which Docker takes a port if a command asks for none in particular
EPHEMERAL = range(32_768, 61_000)
ANY_PORT = "a port that was free"
UNREADABLE = "The host showed its state in a way that cannot be read. Try again."
PREDEFINED = frozenset({"bridge", "host", "none"})

# Both print one JSON object on each line, with the keys that the classes below have.
_NETWORKS = """docker network ls -q | xargs docker network inspect | jq -c '.[] | {
  id: .Id[0:12], name: .Name, driver: .Driver, internal: .Internal,
  bridge: (.Options["com.docker.network.bridge.name"] // ""),
  apart: (.Options["com.docker.network.bridge.enable_icc"] == "false"),
  subnets: [.IPAM.Config // [] | .[].Subnet // empty | select(contains(":") | not)]}'"""
_CONTAINERS = """docker ps -aq | xargs -r docker container inspect | jq -c '.[] | {
  image: .Config.Image, runs: ([.Path] + .Args), state: .State.Status, exit_code: .State.ExitCode,
  networks: (.NetworkSettings.Networks // {} | map_values(.IPAddress // "")),
  ports: [.NetworkSettings.Ports // {} | to_entries[] | .key as $to | .value // [] | .[]
          | {address: .HostIp, port: .HostPort, to: $to}]}'"""
COMMANDS = (
    _NETWORKS,
    _CONTAINERS,
    "ip -j -4 address | jq -c '.[] | {device: .ifname, own: [.addr_info[] | \"\\(.local)/\\(.prefixlen)\"]}'",
    "ip -4 route",
    "iptables -t nat -S",
    "ss -Hltun | awk '{ print $1, $5 }'",
)

_ADDRESS = re.compile(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:/[0-9]{1,2})?\b")
_REGISTRY = re.compile(r"^(?:index\.)?docker\.io/")
_BRIDGE = r"docker0|br-[0-9a-f]{12}"  # the names that Docker gives
_NUMBER = re.compile(r"(?<![\d.])\d{5}(?![\d.])")


class _InspectRow(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Network(_InspectRow):
    id: str
    name: str
    driver: str
    internal: bool
    bridge: str = ""
    """The name of its bridge, if one was chosen; else empty."""
    apart: bool = False
    """Whether its containers are kept from each other."""
    subnets: list[str]
    """Those of IPv4: one of IPv6 beside them is a matter of taste."""


class _Binding(_InspectRow):
    address: str
    port: str
    to: str


class _Container(_InspectRow):
    image: str
    runs: list[str]
    state: str
    exit_code: int
    networks: dict[str, str]
    ports: list[_Binding]


class _Device(_InspectRow):
    device: str
    own: list[str]


State = Mapping[Aspect, Sequence[str]]
"""The facts about a host, by aspect: each a phrase or a line of output, sorted."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The effect of a command on its host."""

    state: State
    """The host's state after the command."""
    exit_code: int | None
    """None if the command still ran after COMMAND_S."""
    output: str
    """The first `twins.OUTPUT_CHARS` bytes that the command printed."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """The facts that only one of two states has, in one aspect; at most SHOWN_MOST of each."""

    aspect: Aspect
    missing: tuple[str, ...]
    """Facts that only the reference's state has."""
    extra: tuple[str, ...]
    """Facts that only the state after the learner's command has."""


def read(results: Sequence[CommandResult], *, has_ended: bool = True) -> State:
    """The state that the results of `COMMANDS` show after a command, which may still run. Raises NoClearAnswer."""
    if trouble := next(filter(None, map(why_unclear, results)), None):
        raise NoClearAnswer(trouble, retry_after_s=1)
    networks, containers, devices, routes, nat, listeners = (result.output.splitlines() for result in results)
    try:
        host = _Host(
            networks=[_Network.model_validate_json(line) for line in networks],
            containers=[_Container.model_validate_json(line) for line in containers],
            devices=[_Device.model_validate_json(line) for line in devices],
        )
    except ValidationError:
        raise NoClearAnswer(UNREADABLE, retry_after_s=1) from None
    rules = [host.named(rule) for rule in nat if rule.startswith("-A")]
    facts: dict[Aspect, Iterable[str]] = {
        Aspect.CONTAINERS: host.running(),
        Aspect.PORTS: host.published(),
        Aspect.NETWORKS: [*host.attached(), *(rule for rule in rules if host.is_of_network(rule))],
        Aspect.ADDRESSES: host.addresses(),
        Aspect.ROUTES: [host.named(route.replace(" linkdown", "").strip()) for route in routes],
        Aspect.NAT: [_any_port(host.of_any_network(rule)) for rule in rules if not host.is_of_network(rule)],
        Aspect.LISTENERS: _once_for_both_families(listeners),
        Aspect.FOREGROUND: () if has_ended else ("the command itself",),
    }
    return {aspect: sorted(map(_short, told))[:FACTS_MOST] for aspect, told in facts.items()}


def differences(reference: State, attempt: State, *, about: Iterable[Aspect]) -> Sequence[Difference]:
    """A difference for each of the aspects `about` in which the two states differ."""
    found = []
    for aspect in about:
        wanted, got = Counter(reference[aspect]), Counter(attempt[aspect])
        if wanted != got:
            missing, extra = ([*one.elements()][:SHOWN_MOST] for one in (wanted - got, got - wanted))
            found.append(Difference(aspect=aspect, missing=tuple(missing), extra=tuple(extra)))
    return tuple(found)


class _Host:
    """The networks and containers of a host, called by what they are, since their names are not compared."""

    def __init__(
        self, *, networks: Sequence[_Network], containers: Sequence[_Container], devices: Sequence[_Device]
    ) -> None:
        self._containers = containers
        self._devices = devices
        self._networks = {network.name: network for network in networks}
        self._addresses = {
            address: _image(container) for container in containers for address in container.networks.values() if address
        }
        bridges = {_bridge(network): network for network in networks if network.driver == "bridge"}
        self._bridges = {device: _called(network) for device, network in bridges.items()}
        chosen = [re.escape(network.bridge) for network in networks if network.bridge]
        self._bridge = re.compile(rf"(?<![\w.-])(?:{'|'.join([*chosen, _BRIDGE])})(?![\w.-])")
        # Which of a network's addresses is the host's is a matter of taste, as its name is.
        own = [each for each in devices if each.device in bridges and bridges[each.device].name not in PREDEFINED]
        self._gateways = {address.partition("/")[0] for each in own for address in each.own}

    def running(self) -> Iterator[str]:
        """Each container: its image, its program and its state."""
        for each in self._containers:
            state = f"exited with {each.exit_code}" if each.state == "exited" else each.state
            yield f"{_image(each)}: {' '.join(each.runs)}, {state}"

    def published(self) -> Iterator[str]:
        """Each published port, once for IPv4 and IPv6."""
        for each in self._containers:
            bound = {(binding.address, binding.port, binding.to) for binding in each.ports}
            for address, port, to in bound:
                if address == "::" and ("0.0.0.0", port, to) in bound:
                    continue
                yield _any_port(f"{address}:{port} → {_image(each)}:{to}")

    def attached(self) -> Iterator[str]:
        """Each network, and each container on each network."""
        yield from (_called(network) for network in self._networks.values())
        for each in self._containers:
            for name in each.networks:
                network = self._networks.get(name)
                yield f"{_image(each)} on {_called(network) if network else 'a network that is gone'}"

    def addresses(self) -> Iterator[str]:
        """The addresses of the host's interfaces and of the containers."""
        yield from (self.named(f"{each.device} has {own}") for each in self._devices for own in each.own)
        yield from (f"{image} has {address}" for address, image in self._addresses.items())

    def named(self, line: str) -> str:
        """A line of output with containers' images in place of addresses, and networks in place of bridges."""
        return self._bridge.sub(self._bridge_of, _ADDRESS.sub(self._address_of, line))

    def is_of_network(self, rule: str) -> bool:
        """Whether a rule that `named` returned is about a whole network and not about a container on it."""
        return any(name in rule for name in self._bridges.values()) and "DNAT" not in rule

    def of_any_network(self, rule: str) -> str:
        """A rule about a container, as `named` returned it, without the name of the container's network."""
        return re.sub("|".join(map(re.escape, self._bridges.values())), "its network", rule)

    def _address_of(self, found: re.Match[str]) -> str:
        if found[0].partition("/")[0] in self._gateways:
            return "an address of its own"
        return self._addresses.get(found[0].removesuffix("/32"), found[0])

    def _bridge_of(self, found: re.Match[str]) -> str:
        return self._bridges.get(found[0], "a bridge that is gone")


def _called(network: _Network) -> str:
    """A text for a network, without the name that was chosen for it; Docker's own networks keep theirs."""
    if network.name in PREDEFINED:
        return f"network {network.name}"
    kind = f"internal {network.driver}" if network.internal else network.driver
    apart = ("with its containers kept apart",) if network.apart else ()
    return " ".join(("own", kind, "network", *network.subnets, *apart))


def _bridge(network: _Network) -> str:
    if network.bridge:
        return network.bridge
    return "docker0" if network.name == "bridge" else f"br-{network.id}"


def _image(container: _Container) -> str:
    """The image as short as it can be called, since people give it its registry, its owner or its tag as well."""
    return _REGISTRY.sub("", container.image).removeprefix("library/").removesuffix(":latest")


def _any_port(line: str) -> str:
    """The line with ANY_PORT in place of a port number that the kernel or Docker may have picked."""
    return _NUMBER.sub(lambda found: ANY_PORT if int(found[0]) in EPHEMERAL else found[0], line)


def _once_for_both_families(listeners: Iterable[str]) -> Iterator[str]:
    """Each `protocol address:port`, but not `[::]:port` if `0.0.0.0:port` is among them too."""
    lines = set(listeners)
    for line in lines:
        if line.replace("[::]", "0.0.0.0") == line or line.replace("[::]", "0.0.0.0") not in lines:
            yield _any_port(line)


def _short(fact: str) -> str:
    return "".join(char if char.isprintable() else " " for char in fact)[:FACT_CHARS]
