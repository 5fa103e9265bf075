"""The words that a check may be made of instead of a command: each says what must be so on the host. Knows no sandbox.

The sandbox image's `judge` has a function for each word. It is given the fields as `asked` returns them, judges by what
happens on the host, and runs no program that the learner could have replaced. Containers are named as the engine names
them; `second/NAME` is one on the second host.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

NAME_MAX_CHARS = 100
RULE_MAX_CHARS = 300
MOST_NAMES = 10  # of one word; the labs name up to three
PORT_MAX = 65_535
VARIABLE_OR = r"(?:\$\{[A-Z][A-Z0-9_]*\}|[0-9]{1,5})"
_TARGET = re.compile(rf"^(?:\[(?P<ipv6>[0-9a-fA-F:]+)\]|(?P<name>[^:\s]+)):(?P<port>{VARIABLE_OR}(?:\+[0-9]{{1,3}})?)$")


def _listed(value: Any) -> Any:
    """One name as a list of it."""
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    """A number as text, since a variable may stand in its place until a value is drawn for it."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9$][A-Za-z0-9_.${}/-]*$", max_length=NAME_MAX_CHARS)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1, max_length=MOST_NAMES)]
Asker = Annotated[Name, Field(alias="from")]
Askers = Annotated[Names, Field(alias="from")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9$][A-Za-z0-9_.${}:-]*$", max_length=NAME_MAX_CHARS)]
Port = Annotated[str, BeforeValidator(_as_text), StringConstraints(pattern=rf"^{VARIABLE_OR}(\+[0-9]{{1,3}})?$")]
Status = Annotated[int, Field(ge=100, le=599)]
Pages = Annotated[tuple[Status, ...], Field(max_length=MOST_NAMES)]
PortOption = Annotated[str, StringConstraints(pattern=r"^-(?:P|p [0-9${}A-Z_:/a-z]+)$", max_length=NAME_MAX_CHARS)]
Rule = Annotated[str, StringConstraints(pattern=r"^-[^'\n]+$", max_length=RULE_MAX_CHARS)]
Target = Annotated[str, StringConstraints(pattern=_TARGET.pattern, max_length=NAME_MAX_CHARS)]


class CallProtocol(StrEnum):
    """How a call is made."""

    TCP = "tcp"
    UDP = "udp"


class Caller(StrEnum):
    """From where a published port is called."""

    HOST = "host"
    NEIGHBOUR = "neighbour"


class CheckWord(BaseModel):
    """One word with its fields: unknown fields are refused, and it is immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    short_for: ClassVar[str] = ""
    """The field that a value without fields is for; empty if the word needs more than one."""
    remembers: ClassVar[bool] = False
    """Whether it compares with what the set-up left."""

    @model_validator(mode="before")
    @classmethod
    def _with_fields(cls, value: Any) -> Any:
        return {cls.short_for: value} if cls.short_for and not isinstance(value, Mapping | BaseModel) else value

    def asked(self) -> dict[str, Any]:
        """The fields as `judge` takes them. Raises ValueError while a variable has no value."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class SameContainer(CheckWord):
    """They run, and are the containers that the set-up left: not removed and made anew, not others of that name."""

    short_for: ClassVar = "containers"
    remembers: ClassVar = True

    containers: Names
    restarts: bool = True
    """Whether they may have been started anew since then."""
    moves: bool = True
    """Whether they may be on other networks by now."""
    renames: bool = False
    """Whether they may be called otherwise by now."""


class Runs(CheckWord):
    """They run."""

    short_for: ClassVar = "containers"

    containers: Names


class Stopped(CheckWord):
    """The containers that the set-up left run no more, by whatever name, and no others of that name do."""

    short_for: ClassVar = "containers"
    remembers: ClassVar = True

    containers: Names


class OwnNetwork(CheckWord):
    """They run, and none has the network namespace of the host or was started in another container's."""

    short_for: ClassVar = "containers"

    containers: Names


class OnNetworks(CheckWord):
    """They run, and each is connected to these networks."""

    containers: Names
    networks: Names
    others: bool = True
    """Whether they may be on others too."""


class ImageIs(CheckWord):
    """It runs, or they run, from the image that this name stood for when the set-up was over."""

    remembers: ClassVar = True

    container: Names
    image: Host | Name


class _Answer(CheckWord):
    pages: Pages = ()
    """The statuses of HTTP that count as an answer; none: any connection does."""
    contains: str | None = None
    """What the page must contain."""
    port_inside: Port | None = None
    """The port that the calls must reach in the container's own network; None: any that it listens on."""

    @model_validator(mode="after")
    def _contains_with_pages(self) -> Self:
        if self.contains is not None and not self.pages:
            raise ValueError("contains is about a page: say which status it has by pages")
        return self


class AnsweredBy(_Answer):
    """Calls from each of `from` to `to` are answered by this container's own program, and by nobody in its place."""

    container: Name
    from_: Askers
    to: Target
    """A name or address and a port. A name is looked up as the asker's programs do it."""
    protocol: CallProtocol = CallProtocol.TCP
    """By UDP, that a program of the container reads what is sent is what counts."""
    relays: bool = False
    """Whether another program may pass the calls on."""

    def asked(self) -> dict[str, Any]:
        """The fields, with the address and the port apart."""
        found = _TARGET.match(self.to)
        assert found is not None  # the pattern was looked at when the lab was read
        address = found["ipv6"] or found["name"]
        return (
            super().asked() | {"to": address, "port": number(found["port"])} | _numbered(port_inside=self.port_inside)
        )


class Published(_Answer):
    """The container answers at a port that Docker published for it."""

    container: Name
    port: Port | None = None
    """The host's port; None: the one that the engine names for `port_inside`."""
    from_: Annotated[tuple[Caller, ...], Field(alias="from", min_length=1), BeforeValidator(_listed)] = tuple(Caller)

    @model_validator(mode="after")
    def _says_which_port(self) -> Self:
        if self.port is None and self.port_inside is None:
            raise ValueError("needs a port, a port_inside or both")
        return self

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        return super().asked() | _numbered(port=self.port, port_inside=self.port_inside)


class PortMapping(CheckWord):
    """The engine has published these ports of the container, whoever answers there."""

    container: Name
    ports: Annotated[dict[Port, Port], Field(max_length=MOST_NAMES)] | None = None
    """Exactly these, the host's with those inside; `{}`: none; None: any, if `port_inside` is among those inside."""
    port_inside: Port | None = None

    @model_validator(mode="after")
    def _says_which_ports(self) -> Self:
        if (self.ports is None) == (self.port_inside is None):
            raise ValueError("needs either ports or port_inside")
        return self

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        ports = {str(number(host)): number(inside) for host, inside in (self.ports or {}).items()}
        return (
            super().asked() | ({} if self.ports is None else {"ports": ports}) | _numbered(port_inside=self.port_inside)
        )


class PortOptions(CheckWord):
    """The container was made with exactly these options for ports, such as `-P` or `-p 8080:80`."""

    container: Name
    options: Annotated[tuple[PortOption, ...], Field(min_length=1, max_length=MOST_NAMES)]


class Pinged(CheckWord):
    """Pings from `from` to `to` are answered by `target`: router (the internet), neighbour, host or a container."""

    from_: Asker
    to: Host
    target: Name


class ByName(CheckWord):
    """The name servers of `from` lead this name to `leads_to`, without help of a hosts file.

    For a container it must be Docker's own server that says so, which knows of another address as soon as there is one.
    For `router`, which has the addresses of the internet, they must ask the LAN's server and know no other names.
    """

    from_: Asker
    name: Host
    leads_to: Name | None = None
    """None: any address will do."""
    hosts_file: bool = False
    """Whether a line of the asker's hosts file counts as well."""


class ClosedEverywhere(CheckWord):
    """No address and port that the neighbour could call leads to this container, or to this port of any container."""

    short_for: ClassVar = "container"

    container: Name | None = None
    port_inside: Port | None = None
    rules_count: bool = True
    """Whether it is enough that a rule keeps the neighbour out; if not, the container may not listen there at all."""

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if self.container is None and (self.port_inside is None or not self.rules_count):
            raise ValueError("needs a container, a port_inside or both; without rules_count a container")
        return self

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        return super().asked() | _numbered(port_inside=self.port_inside)


class ClosedTo(CheckWord):
    """Nothing that `from` sends arrives at the container, by TCP, UDP or ICMP, but by TCP at the ports `but`."""

    container: Name
    from_: Asker
    but: Annotated[tuple[Port, ...], Field(max_length=MOST_NAMES)] = ()

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        return super().asked() | {"but": [number(port) for port in self.but]}


class OnlyOpen(CheckWord):
    """The neighbour reaches the container at these ports of the host alone, each leading to that port inside."""

    container: Name
    ports: Annotated[dict[Port, Port], Field(max_length=MOST_NAMES)] = {}

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        return super().asked() | {"ports": {str(number(host)): number(inside) for host, inside in self.ports.items()}}


class CutOff(CheckWord):
    """Nothing that the container sends arrives on the LAN or in the internet, by TCP, UDP, ICMP or a name server."""

    short_for: ClassVar = "container"

    container: Name


class PacketDropped(CheckWord):
    """The beginning of a call to this port arrives at none of `to`, while one to another port does."""

    from_: Asker
    to: Names
    port: Port
    source: Host | None = None
    """The address that the packet says it is from; None: the asker's own."""

    def asked(self) -> dict[str, Any]:
        """The fields, with ports as numbers."""
        return super().asked() | _numbered(port=self.port)


class PacketDroppedByRule(PacketDropped):
    """The same, and it is the rule with this text that drops it, in whatever chain of the table filter."""

    rule: Rule
    """As `iptables -S` prints it after the chain: `-s 10.1.0.0/16 -p tcp -m tcp --dport 25 -j DROP`."""


class RanWithoutNetwork(CheckWord):
    """The container has run, and was on no network but `none` from when it was made, nor in another container's."""

    short_for: ClassVar = "container"

    container: Name


class CheckWords(BaseModel):
    """The fields of a check that are words; at most one of them is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    same_container: SameContainer | None = None
    runs: Runs | None = None
    stopped: Stopped | None = None
    own_network: OwnNetwork | None = None
    on_networks: OnNetworks | None = None
    image_is: ImageIs | None = None
    answered_by: AnsweredBy | None = None
    published: Published | None = None
    port_mapping: PortMapping | None = None
    port_options: PortOptions | None = None
    pinged: Pinged | None = None
    by_name: ByName | None = None
    closed_everywhere: ClosedEverywhere | None = None
    closed_to: ClosedTo | None = None
    only_open: OnlyOpen | None = None
    cut_off: CutOff | None = None
    packet_dropped: PacketDropped | None = None
    packet_dropped_by_rule: PacketDroppedByRule | None = None
    ran_without_network: RanWithoutNetwork | None = None


def number(port: str) -> int:
    """The number of a port such as `8080` or `8080+1`. Raises ValueError while a variable has no value."""
    return sum(int(part) for part in port.split("+"))


def _numbered(**ports: str | None) -> dict[str, int]:
    return {name: number(port) for name, port in ports.items() if port is not None}
