"""Reads a typed value and compares it with the value that the host printed. Knows no run, no check and no sandbox.

People copy what a command printed, so a value is read with what Docker, `ip`, `ss` and `iptables` print around it, and
with words around it. A text with two values, or with a digit left over, has none: it is not guessed which was meant.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_interface
from typing import assert_never

from quizapp.catalogue.labs.lab_parts import Compare
from quizapp.errors import Invalid

ANSWER_MAX_CHARS = 200  # a few ports, addresses or names; nobody types more by hand

_Value = str | frozenset[str] | tuple[str, ...]  # equal values are the same answer

_AROUND = " \t\r\n\"'`“”\u2018\u2019„«».,;!?()"  # quotes, brackets and stops that are put around an answer
_BOLD = "**"  # in Markdown
_DRAWN_OTHERWISE = frozenset({"<wide>", "<font>", "<noBreak>"})  # how Unicode marks another form of the same sign
_OTHER_SIGNS = str.maketrans({"\u3002": ".", "\u3001": ",", "\u2212": "-", "\u2044": "/", "\u2215": "/"})
_OCTETS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_IPV6 = r"(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}"
_MAPPED = "(?:::ffff:)?"  # before an IPv4 address, as servers that listen for IPv6 too print who calls them
_HOST = rf"(?:{_OCTETS}|\[(?:{_IPV6})?\]|\*|::)"
_ALONE = (r"(?<![0-9a-z_.,:/*-])", r"(?![0-9a-z_*/-]|[.,:][0-9])")  # nothing before or after that belongs to it
_PORT = "[0-9]{1,5}"
_PROTOCOL = "/(?:tcp|udp|sctp)"

# As `docker port`, `docker ps`, `ss` and `iptables -L` print a port, and a number as people do.
_NUMBER = re.compile(
    rf"{_ALONE[0]}(?:"
    rf"(?:{_PORT}{_PROTOCOL} *(?:->|→) *)?{_HOST}[:#](?P<after_address>{_PORT})"
    rf"(?:(?:->|→){_PORT}{_PROTOCOL})?"
    rf"|(?P<published>{_PORT})(?:->|→){_PORT}{_PROTOCOL}"
    rf"|(?P<protocol>{_PORT}){_PROTOCOL}"
    rf"|:(?P<after_colon>{_PORT})|\[(?P<inode>[0-9]{{1,18}})\]"
    rf"|(?P<plain>-?[0-9]{{1,18}})){_ALONE[1]}"
)
_ADDRESS = re.compile(
    rf"{_ALONE[0]}(?:\[?{_MAPPED}(?P<v4>{_OCTETS})\]?(?: ?/ ?[0-9]{{1,2}})?(?:[:.#]{_PORT})?"
    rf"|(?P<v6>{_IPV6})(?:/[0-9]{{1,3}})?){_ALONE[1]}"
)
_BEFORE_PORT = r"(?: ?: ?|[. ]|(?:[,;]|,? and|,? on|,? at|,? with| \()? ?(?:the )?(?:tcp |udp )?port:? |[,;] ?| and )"
_ENDPOINT = re.compile(rf"{_ALONE[0]}(?P<host>{_HOST}){_BEFORE_PORT}(?P<port>{_PORT})(?:{_PROTOCOL})?{_ALONE[1]}")
_BEFORE_MASK = r"(?: ?/ ?| (?:with )?(?:the )?(?:(?:net)?mask )?/?)"
_SUBNET = re.compile(rf"{_ALONE[0]}(?P<net>{_OCTETS}){_BEFORE_MASK}(?P<mask>{_OCTETS}|[0-9]{{1,2}}){_ALONE[1]}")
_MAC = re.compile(r"(?<![0-9a-f:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![0-9a-f:-])")
_TO_ALL = "ff:ff:ff:ff:ff:ff"  # stands beside the own one in a line of `ip link`
_EVERY_ADDRESS = frozenset({"0.0.0.0", "*", "[]", "[::]", "::"})

_LABEL = re.compile(r"\b([a-z]*[g-z][a-z]*)[:=](?!//)")  # as in `dpt:80`; a letter from g on is in no address
_URL = re.compile(r"\bhttps?://([^/\s]+)/?")
# What stands around a listener's address in a line of `ss`: its queues, whoever may call, and the program.
_AROUND_LISTENER = re.compile(
    r"\b(?:listen|unconn) [0-9]+ [0-9]+\b|(?<= )(?:0\.0\.0\.0|\[::\]|\*):\*(?= |$)|\busers:\(.*"
)
# A device, or the address for all, in a line of `ip`, `arp` or `iptables`, and how much a ping sends.
_BESIDE = re.compile(r"\b(?:dev|on|brd) \S*[0-9a-f]\S*|(?<!\S)-[io] \S+|\b[0-9]+\([0-9]+\) bytes of data")
_LED_TO = re.compile(
    r"--to-destination (\S+)|(?<!\S)to:(\S+)"
)  # the new target in a rule, behind the port that it is for

_INTERFACE = re.compile(
    r"(?:[0-9]+: *)?(?P<name>[^\s@:/<>]{1,15})(?:@[^\s:]+)?:?"
    r"(?: +(?:<|inet6? |flags=).*| +(?:up|down|unknown)\b.*| +(?:in|of) \S+| +\([^0-9]*)?"
)
_OF_DEVICE = re.compile(
    r"(?:^| )(?:dev|-i|-o|-- \*) ([^ @*]+)"
)  # in a line of `ip route` or `bridge fdb`, or in a rule
_NAME = re.compile(r"(?:/|--?)?(?P<name>[0-9a-z_][0-9a-z_.-]*)[:=]?")
_REFERENCES = re.compile(r" \([0-9]+ references?\)?")  # as `iptables -L` prints behind a chain
_LABELS = frozenset({"the", "is", "it", "in", "on", "by", "at", "container", "chain", "network", "interface", "device"})
_LABELS |= {"dev", "name", "option", "-a", "-n", "-i", "-o", "!", "-", "•"}
_LABELS |= {"answer", "my", "it's", "via", "through", "out", "of"}
_BRIDGES = _LABELS | {"bridge", "linux", "master"}  # of an interface; a network may have such a name
# None of them is a list of letters itself, nor a name to choose from.
_BESIDE_LETTERS = frozenset({"letters", "letter", "calls", "call", "answer", "answers", "the", "option", "options"})
_BESIDE_WORDS = frozenset({"answer", "the", "containers", "names", "these"})
_DEVICE_FILE = "/sys/class/net/"
_STEP = re.compile(r" ?(?:[-=]*>+|→|⇒|➜|\||,|;) ?| - ")  # from one place of an order to the next
_POINT = re.compile(r"^(?:[0-9]{1,2}[.)]|[-*•]) ")  # before a place, as in a list
_BETWEEN = re.compile(r"(?:[\s,;/&+|→]|->)+")
_AND = frozenset({"and", "und"})
_AROUND_ITEM = _AROUND + "()[]{}*:-·•"  # as in a list of points
_OF_SEVERAL = frozenset({Compare.TEXT, Compare.SET, Compare.LETTERS, Compare.ORDER})  # their values may take more lines


class AnswerUnreadable(Invalid):
    """What was typed is empty, too long or not of the kind that was asked for. It does not count as a check."""

    title = "That is not an answer yet"


def read(typed: str, *, compare: Compare, among: Sequence[str] = ()) -> str:
    """What was typed, without white space, quotes and stops around it, ready for `agree`. Raises AnswerUnreadable.

    `among` has the words or letters that a set may have, or the places of an order; empty: any.
    """
    typed = _in_plain_signs(typed)
    if compare is Compare.ORDER:
        return _ordered(typed, among)
    typed = " ".join(typed.split())
    if len(typed) > ANSWER_MAX_CHARS:
        raise AnswerUnreadable(f"An answer has at most {ANSWER_MAX_CHARS} characters. Shorten it, then check again.")
    typed = _bare(typed)
    if not typed:
        raise AnswerUnreadable("Type your answer first, then check.")
    value = _value(typed, compare)
    if not value:
        raise AnswerUnreadable(f"Type {_wanted(compare)}, then check again.")
    if among and isinstance(value, frozenset) and not value <= {each.casefold() for each in among}:
        raise AnswerUnreadable(f"Type some of these, with blanks between them: {', '.join(among)}. Then check again.")
    return typed


def agree(one: str, other: str, *, compare: Compare) -> bool | None:
    """Whether two texts have the same value; None if `other`, the host's, is not a value of this kind."""
    wanted = _value(other, compare)
    return None if wanted is None else _value(one, compare) == wanted


def agrees_with_one(one: str, other: str, *, compare: Compare) -> bool | None:
    """Whether `one` is among the answers that a host printed, one on each line; None if no line is of this kind.

    An answer of a kind that takes several words or lines has to agree with all that was printed.
    """
    if compare in _OF_SEVERAL:
        return agree(one, other, compare=compare)
    told = [agree(one, line, compare=compare) for line in other.splitlines() if line.strip()]
    return any(told) if any(each is not None for each in told) else None


def _value(text: str, compare: Compare) -> _Value | None:
    """The value that a text has as an answer of this kind; None if it has none."""
    match compare:
        case Compare.INT:
            return _number(text)
        case Compare.ADDRESS:
            return _address(text)
        case Compare.ENDPOINT:
            return _endpoint(text)
        case Compare.SUBNET:
            return _subnet(text)
        case Compare.MAC:
            return _mac(text)
        case Compare.INTERFACE:
            return _interface(text)
        case Compare.NAME:
            return _name(text)
        case Compare.TEXT:
            return _text(text)
        case Compare.SET:
            return _words(text)
        case Compare.LETTERS:
            return _letters(text)
        case Compare.ORDER:
            return _lines(text)
    assert_never(compare)


def _wanted(compare: Compare) -> str:
    """What an answer of this kind is, for the sentence that asks for it."""
    match compare:
        case Compare.INT:
            return "one whole number"
        case Compare.ADDRESS:
            return "one IP address, such as 192.0.2.7"
        case Compare.ENDPOINT:
            return "one address and its port, such as 192.0.2.7:80"
        case Compare.SUBNET:
            return "one subnet with its mask, such as 192.0.2.0/24"
        case Compare.MAC:
            return "one MAC address, such as 02:42:ac:11:00:02"
        case Compare.INTERFACE:
            return "the name of one interface, such as eth0"
        case Compare.NAME:
            return "one name"
        case Compare.LETTERS:
            return "letters, with blanks between them"
        case Compare.TEXT | Compare.SET | Compare.ORDER:
            return "your answer"
    assert_never(compare)


def _ordered(typed: str, among: Sequence[str]) -> str:
    """The chosen places in order, one on each line; on a single one, arrows or commas may stand between them.

    A number or a point before each is left out. Raises AnswerUnreadable for none, a gap, a place given twice or one
    that is none of `among`, if there are any.
    """
    lines = [" ".join(line.split()) for line in typed.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) == 1:
        lines = [place.strip() for place in _STEP.split(lines[0])]
    lines = [_POINT.sub("", line) for line in lines]
    if among and (unknown := {_folded(line) for line in lines if line} - {_folded(place) for place in among}):
        raise AnswerUnreadable(
            f"{', '.join(sorted(unknown))}: choose from these places: {', '.join(among)}. Then check again."
        )
    if not lines:
        raise AnswerUnreadable("Choose the first place, then the next, then check.")
    if "" in lines or len(set(lines)) < len(lines):
        raise AnswerUnreadable("Choose each place once, without a gap, then check again.")
    return "\n".join(lines)


def _in_plain_signs(text: str) -> str:
    """The text without signs that nobody sees, and with plain ones where keyboards and editors put others.

    These are wide digits and letters, dashes, hyphens that do not break, and stops of other writings.
    """
    if text.isascii():
        return text
    return "".join(_plain_sign(sign) for sign in text.translate(_OTHER_SIGNS) if unicodedata.category(sign) != "Cf")


def _plain_sign(sign: str) -> str:
    if unicodedata.decomposition(sign).partition(" ")[0] in _DRAWN_OTHERWISE:
        sign = unicodedata.normalize("NFKC", sign)
    return "-" if unicodedata.category(sign) == "Pd" else sign


def _bare(text: str) -> str:
    """The text on one line, without quotes and stops around it."""
    return " ".join(text.replace(_BOLD, "").split()).strip(_AROUND)


def _number(text: str) -> str | None:
    """A whole number, also as the port of an address, of `80/tcp`, or behind a label such as `dpt:`."""
    return _only(_NUMBER, text, _digits)


def _address(text: str) -> str | None:
    """An IP address; a mask or a port behind it is left out."""
    return _only(_ADDRESS, text, lambda found: _valid_address(found["v4"] or found["v6"]))


def _endpoint(text: str) -> str | None:
    """An address with a port, as `ss` or `tcpdump` writes it; all ways to write "every address" are the same."""
    led_to = [first or second for first, second in _LED_TO.findall(text)]
    return _only(_ENDPOINT, led_to[0] if len(led_to) == 1 else text, _valid_endpoint)


def _subnet(text: str) -> str | None:
    """A subnet with its mask, as a length or in four parts."""
    return _only(_SUBNET, text, lambda found: _valid_subnet(f"{found['net']}/{found['mask']}"))


def _mac(text: str) -> str | None:
    """A MAC address, with colons or hyphens. Nothing else looks like one, so numbers beside it are left out."""
    found = {written.replace("-", ":") for written in _MAC.findall(_folded(text))} - {_TO_ALL}
    return found.pop() if len(found) == 1 else None


def _interface(text: str) -> str | None:
    """The name of an interface, also in a line of `ip`, such as `7: veth1a2b3c4@if6: <…`, or in a rule about one."""
    found = _INTERFACE.fullmatch(_without_labels(_folded(text), _BRIDGES).removeprefix(_DEVICE_FILE))
    named = {found["name"]} if found else set(_OF_DEVICE.findall(_folded(text)))
    return named.pop() if len(named) == 1 else None


def _name(text: str) -> str | None:
    """The name of a container, a network or a chain, also with Docker's stroke in front."""
    found = _NAME.fullmatch(_without_labels(_REFERENCES.sub("", _folded(text))))
    return found["name"] if found else None


def _text(text: str) -> str | None:
    """Any text; capitals and white space do not matter."""
    return _folded(text) or None


def _words(text: str) -> frozenset[str]:
    """The words of a list, in any order, with commas or "and" between them; a host may print an empty one."""
    return _listed(_without_labels(text.casefold(), _BESIDE_WORDS))


def _listed(text: str) -> frozenset[str]:
    items = (item.strip(_AROUND_ITEM) for item in _BETWEEN.split(text))
    return frozenset(item for item in items if item and item not in _AND)


def _letters(text: str) -> frozenset[str] | None:
    """The letters of a list; between them may be blanks, commas, "and", or nothing."""
    items = _listed(_without_labels(text.casefold(), _BESIDE_LETTERS))
    if not all(item.isalpha() and len(set(item)) == len(item) for item in items):
        return None
    return frozenset(letter for item in items for letter in item)


def _lines(text: str) -> tuple[str, ...] | None:
    """The lines in their order, without empty ones."""
    return tuple(_folded(line) for line in text.splitlines() if line.strip()) or None


def _only(pattern: re.Pattern[str], text: str, value_of: Callable[[re.Match[str]], str | None]) -> str | None:
    """The one value that the pattern finds in a text; None for none or several, and if a digit is left beside it."""
    text = _LABEL.sub(r"\1 ", _BESIDE.sub("", _AROUND_LISTENER.sub("", _URL.sub(r"\1", _folded(text)))))
    values = {value_of(found) for found in pattern.finditer(text)}
    beside = any(char.isdigit() for char in pattern.sub(" ", text))
    return values.pop() if len(values) == 1 and not beside else None


def _digits(found: re.Match[str]) -> str:
    return str(int(next(group for group in found.groups() if group is not None)))


def _valid_address(written: str) -> str | None:
    try:
        return str(ip_address(written))
    except ValueError:
        return None


def _valid_endpoint(found: re.Match[str]) -> str | None:
    host = "*" if found["host"] in _EVERY_ADDRESS else _valid_address(found["host"].strip("[]"))
    return host and f"{host} {int(found['port'])}"


def _valid_subnet(written: str) -> str | None:
    try:
        return str(ip_interface(written).network)
    except ValueError:
        return None


def _without_labels(text: str, labels: frozenset[str] = _LABELS) -> str:
    """The text without words such as "the chain" before it or "network" behind it."""
    items = text.split()
    while len(items) > 1 and items[0].rstrip(":") in labels:
        items.pop(0)
    while len(items) > 1 and items[-1].strip(_AROUND) in labels:
        items.pop()
    return " ".join(items)


def _folded(text: str) -> str:
    return _bare(text).casefold()
