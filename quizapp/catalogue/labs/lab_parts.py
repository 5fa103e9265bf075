"""The plain parts of a lab file: bounds of texts, words to choose from, what its proof is told. Knows no rule."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from quizapp.catalogue.bounds import SLUG_MAX_CHARS, SLUG_PATTERN

LINE_MAX_CHARS = 300  # one line on a page
TEXT_MAX_CHARS = 16_000  # as many as the Markdown renderer takes
MOST_ITEMS = 30  # of each list; the largest lab so far has 12 wrong attempts
MINUTES_MAX = 120
LEVEL_MAX = 5
REGEX_MAX_CHARS = 200

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=SLUG_MAX_CHARS)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_MAX_CHARS)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_MAX_CHARS)]
Shell = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_MAX_CHARS)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=SLUG_MAX_CHARS)]


class LabTemplate(StrEnum):
    """The kind of host that a lab runs on."""

    USERNS = "userns"
    VM = "vm"


class LabNeed(StrEnum):
    """What a lab needs of the kernel under its host, beyond what every host has."""

    MACVLAN = "macvlan"
    IPVLAN = "ipvlan"
    VXLAN = "vxlan"


class PredictionKind(StrEnum):
    """How a prediction is given."""

    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"


class Compare(StrEnum):
    """The kind of an answer, by which it is read and compared with the host's value."""

    INT = "int"  # a whole number, such as a port
    ADDRESS = "address"  # an IP address; a mask or a port behind it does not matter
    ENDPOINT = "endpoint"  # an address and its port
    SUBNET = "subnet"  # a subnet and its mask
    MAC = "mac"
    INTERFACE = "interface"  # the name of an interface of the network
    NAME = "name"  # the name of a container, a network or a chain
    TEXT = "text"  # any other text
    SET = "set"  # words in any order
    LETTERS = "letters"  # single letters in any order
    ORDER = "order"  # lines in order


class NetworkDetail(StrEnum):
    """What the picture of a host's networks can leave out, since the lab asks for it."""

    PORTS = "ports"  # the host's side of published ports
    NETWORKS = "networks"  # which networks a container is on
    ADDRESSES = "addresses"  # of containers, and the networks' subnets
    BRIDGES = "bridges"  # the names of the networks' bridges


class Aspect(StrEnum):
    """A part of a host's state, in which the effects of two commands are compared."""

    CONTAINERS = "containers"
    PORTS = "ports"
    NETWORKS = "networks"
    ADDRESSES = "addresses"
    ROUTES = "routes"
    NAT = "nat"
    LISTENERS = "listeners"
    FOREGROUND = "foreground"  # whether the command itself still runs


# What the aspects are called on pages.
ASPECT_NAMES = {aspect.value: aspect.value for aspect in Aspect} | {
    "ports": "published ports",
    "nat": "NAT rules",
    "foreground": "commands in the foreground",
}
OF_HOSTS = tuple(aspect for aspect in Aspect if aspect is not Aspect.FOREGROUND)


class Strict(BaseModel):
    """A part of a lab: unknown fields are refused, and it is immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Solution(Strict):
    """A right way to do the lab. The first one is shown to learners who give up."""

    name: Line | None = None
    run: Shell
    """The commands to type; afterwards every check must pass."""
    answer: Shell | None = None
    """A command that prints the right answer; None if the lab asks for none."""


class WrongAttempt(Strict):
    """A wrong way to do the lab, which must fail."""

    run: Shell
    answer: Shell | None = None
    """A command that prints the answer to give; None for none."""
    why: Line
    """Why it is wrong, for authors."""
    fails: Slug | None = None
    """The name of the first check that must fail; None: any."""


class ShownMarks(Strict):
    """What a proof is to know of commands that the lab's texts show; all others must work as they stand."""

    fail: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """Those that are meant to fail."""
    skip: Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS)] = ()
    """Those that cannot be run as they stand, since they need what the learner does in between."""
