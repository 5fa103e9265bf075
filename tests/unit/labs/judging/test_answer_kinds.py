"""What people type and copy, by the kind of answer: read as what they mean, or as nothing."""

from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.catalogue.labs.lab_parts import Compare
from quizapp.labs.judging.answers import AnswerUnreadable, agree, read

LETTERS, AMONG = "abcdef", ("a", "b", "c", "d", "e", "f")
NAMES = ("ant", "bee", "cow", "dog")
AROUND = st.sampled_from(["{}", " {} ", "`{}`", '"{}"', "'{}'", "{}.", "“{}”.", "{},"])
PORTS = st.integers(min_value=1, max_value=65535)
ADDRESSES = st.ip_addresses(v=4)
MACS = st.lists(st.integers(0, 255), min_size=6, max_size=6).map(
    lambda parts: ":".join(f"{each:02x}" for each in parts)
)


INTERFACES = st.text("0123456789abcdef", min_size=7, max_size=7).map(lambda tail: f"veth{tail}")
NETWORKS = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False), ADDRESSES, st.integers(8, 30)
)

PRINTED_PORTS = [
    "{}",
    "{}/tcp",
    ":{}",
    "0.0.0.0:{}",
    "[::]:{}",
    "*:{}",
    "127.0.0.11:{}",
    "127.0.0.11#{}",
    "80/tcp -> 0.0.0.0:{}",
    "0.0.0.0:{}->80/tcp",
    ":::{}->80/tcp",
    "{}→80/tcp",
    "port {}",
    "port: {}",
    "dpt:{}",
    "--dport {}",
    "LISTEN 0 9 127.0.0.1:{} 0.0.0.0:*",
    "UNCONN 0 0 127.0.0.11:{} 0.0.0.0:*",
    "MTU={}",
    "{} bytes",
    "net:[{}]",
    "Answer: {}",
    "{}\u00a0",
    "\u200b{}",
]
PRINTED_ADDRESSES = [
    "{}",
    "{}/16",
    "{}:80",
    "inet {}/24",
    "the address {}",
    "src {}",
    "-> {}",
    "::ffff:{}",
    "[::ffff:{}]",
    "[::ffff:{}]:4321",
    "{}.43210",
    "{}#53",
    "{} /16",
    "default via {} dev eth0",
    "PING db ({}) 56(84) bytes of data.",
    "http://{}/",
    "**{}**",
]
PRINTED_ENDPOINTS = [
    "{}:{}",
    "{} {}",
    "{} port {}",
    "{}, port {}",
    "{} (port {})",
    "{} at port {}",
    "{}:{} 0.0.0.0:*",
    'tcp LISTEN 0 4096 {}:{} 0.0.0.0:* users:(("docker-proxy",pid=290,fd=4))',
    "{} on port {}",
    "{} and port {}",
    "{}, {}",
    "({}, {})",
    "{}.{}",
    "{}:{}/tcp",
    "to:{}:{}",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8100 -j DNAT --to-destination {}:{}",
    "0 0 DNAT tcp -- !docker0 * 0.0.0.0/0 0.0.0.0/0 tcp dpt:8100 to:{}:{}",
    "http://{}:{}/",
]
PRINTED_INTERFACES = [
    "{}",
    "{}@if5",
    "{}@if5:",
    "{}:",
    "7: {}@if6:",
    "7: {}@if6: <BROADCAST,UP> mtu 1500",
    "7: {}    inet 10.40.7.1/24 brd 10.40.7.255 scope global br0",
    "10.40.7.0/24 dev {} proto kernel scope link src 10.40.7.1",
    "02:42:ac:11:00:02 dev {} master docker0",
    "-A DOCKER-ISOLATION-STAGE-2 -o {} -j DROP",
    "dev {}",
    "-o {}",
    "2 168 DROP all -- * {} 0.0.0.0/0 0.0.0.0/0",
    "! -i {}",
    "master {}",
    "({})",
    "/sys/class/net/{}",
    "the interface {}",
    "interface: {}",
    "It is the bridge {}.",
    "{}: flags=4163<UP,BROADCAST,RUNNING,MULTICAST> mtu 1500",
    "{} in app",
    "{} (the one of shop)",
    "via {}?",
    "out of {}",
    "My answer: {}",
    "- {}",
]


def is_right(typed: str, wanted: str, compare: Compare, among: tuple[str, ...] = ()) -> bool | None:
    return agree(read(typed, compare=compare, among=among), wanted, compare=compare)


@given(port=PORTS, around=AROUND, form=st.sampled_from(PRINTED_PORTS))
def test_a_port_is_read_as_any_tool_prints_it(port: int, around: str, form: str) -> None:
    assert is_right(around.format(form.format(port)), f"{port}\n", Compare.INT)
    assert is_right(around.format(form.format(port)), f"{port + 1}\n", Compare.INT) is False


@given(address=ADDRESSES, around=AROUND, form=st.sampled_from(PRINTED_ADDRESSES))
def test_an_address_is_read_without_its_mask_and_port(address: IPv4Address, around: str, form: str) -> None:
    assert is_right(around.format(form.format(address)), f"{address}\n", Compare.ADDRESS)


@given(address=ADDRESSES, port=PORTS, around=AROUND, form=st.sampled_from(PRINTED_ENDPOINTS))
def test_an_address_with_its_port_is_read_as_any_tool_prints_it(
    address: IPv4Address, port: int, around: str, form: str
) -> None:
    assert is_right(around.format(form.format(address, port)), f"{address}:{port}", Compare.ENDPOINT)


@given(network=NETWORKS, around=AROUND)
def test_a_subnet_is_read_with_its_mask(network: IPv4Network, around: str) -> None:
    spread = f"{network.network_address} {network.netmask}"
    loose = f"{network.network_address} with the mask /{network.prefixlen}"
    rule = f"-A POSTROUTING -s {network} ! -o br-0bb0b18989a1 -j MASQUERADE"
    for written in (network.with_prefixlen, network.with_netmask, f"-s {network}", spread, loose, rule):
        assert is_right(around.format(written), f"{network}", Compare.SUBNET)


@given(mac=MACS, around=AROUND)
def test_a_mac_address_is_read_with_any_separator(mac: str, around: str) -> None:
    printed = (
        f"link/ether {mac} brd {'ff:' * 5}ff",
        f"172.17.0.1 dev eth0 lladdr {mac} STALE",
        f"? (10.1.0.1) at {mac} [ether]",
    )
    for written in (mac, mac.upper(), mac.replace(":", "-"), *printed):
        assert is_right(around.format(written), mac, Compare.MAC)


@given(name=INTERFACES, around=AROUND, form=st.sampled_from(PRINTED_INTERFACES))
def test_an_interface_is_read_as_ip_prints_it(name: str, around: str, form: str) -> None:
    assert is_right(around.format(form.format(name)), f"{name}\n", Compare.INTERFACE)
    assert is_right(around.format(form.format(name)), f"{name}0"[-12:], Compare.INTERFACE) is False


@given(
    name=st.sampled_from([*NAMES, "DOCKER-ISOLATION-STAGE-2", "bridge"]),
    around=AROUND,
    form=st.sampled_from(
        [
            "{}",
            "/{}",
            "--{}",
            "{}:",
            "-A {}",
            "Chain {}",
            "Chain {} (1 references)",
            "the container {}",
            "{} network",
            "Answer: {}",
            "- {}",
            "{}?",
        ]
    ),
)
def test_a_name_is_read_without_what_it_is_the_name_of(name: str, around: str, form: str) -> None:
    assert is_right(around.format(form.format(name)), name, Compare.NAME)


@given(wanted=st.sets(st.sampled_from(LETTERS), min_size=1), around=AROUND, data=st.data())
def test_letters_are_read_however_they_are_put_together(wanted: set[str], around: str, data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(wanted)))
    for written in _listed(order, glued=True):
        assert is_right(around.format(written), "\n".join(wanted), Compare.LETTERS, AMONG)
        for label in ("Letters:", "Answer:", "the calls"):
            assert is_right(f"{label} {written}", "\n".join(wanted), Compare.LETTERS, AMONG)


@given(wanted=st.sets(st.sampled_from(NAMES), min_size=1), around=AROUND, data=st.data())
def test_names_are_read_however_they_are_listed(wanted: set[str], around: str, data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(wanted)))
    for written in [*_listed(order, glued=False), " → ".join(order), f"the containers {', '.join(order)}"]:
        assert is_right(around.format(written), "\n".join(wanted), Compare.SET, NAMES)


def _listed(items: list[str], *, glued: bool) -> list[str]:
    """The items as people write lists of them."""
    quoted = ", ".join(f"`{each}`" for each in items)
    sentence = ", ".join(items[:-1]) + (f" and {items[-1]}" if items[1:] else items[-1])
    written = [" ".join(items), ", ".join(items), ";".join(items), " & ".join(items), quoted, sentence]
    return [*written, "".join(items), "".join(items).upper(), f"({') ('.join(items)})"] if glued else written


@pytest.mark.parametrize(
    ("typed", "compare"),
    [
        ("80 or 81", Compare.INT),
        ("14.5", Compare.INT),
        ("web2", Compare.INT),
        ("0x1f", Compare.INT),
        ("172.17.0", Compare.ADDRESS),
        ("172.17.0.300", Compare.ADDRESS),
        ("172.17.0.1 or 172.17.0.2", Compare.ADDRESS),
        ("eth0 172.17.0.1", Compare.ADDRESS),
        ("172.17.0.2", Compare.ENDPOINT),
        ("80", Compare.ENDPOINT),
        ("172.17.0.0", Compare.SUBNET),
        ("02:42:ac:11:00", Compare.MAC),
        ("veth1 or veth2", Compare.INTERFACE),
        ("-A FORWARD -i veth1 -o veth2 -j ACCEPT", Compare.INTERFACE),
        ("web1, web2", Compare.NAME),
        ("a and x", Compare.LETTERS),
        ("abba", Compare.LETTERS),
        ("all", Compare.LETTERS),
        ("and", Compare.LETTERS),
        ("...", Compare.TEXT),
    ],
)
def test_what_cannot_be_read_is_no_try(typed: str, compare: Compare) -> None:
    with pytest.raises(AnswerUnreadable, match="check"):
        read(typed, compare=compare, among=AMONG if compare is Compare.LETTERS else ())


def test_a_word_that_the_list_cannot_have_is_told() -> None:
    with pytest.raises(AnswerUnreadable, match="ant, bee, cow, dog"):
        read("ant and probe", compare=Compare.SET, among=NAMES)


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})  # as keyboards of East Asia type
HYPHENS = "\u2010\u2011\u2013\u2212"  # those that editors put in the place of one


@pytest.mark.parametrize(
    ("wanted", "compare"),
    [
        ("8080", Compare.INT),
        ("172.17.0.2", Compare.ADDRESS),
        ("10.1.2.0/24", Compare.SUBNET),
        ("172.17.0.2:80", Compare.ENDPOINT),
        ("eth0", Compare.INTERFACE),
        ("br-0bb0b18989a1", Compare.INTERFACE),
        ("DOCKER-USER", Compare.NAME),
        ("a,b", Compare.LETTERS),
        ("eth0->br-shop", Compare.ORDER),
    ],
)
def test_signs_are_read_as_the_plain_ones_they_stand_for(wanted: str, compare: Compare) -> None:
    plain = read(wanted, compare=compare)
    hyphened = [wanted.replace("-", hyphen) for hyphen in HYPHENS]
    for typed in (wanted.translate(WIDE), f"\ufeff{wanted}\u00a0\u200b", *hyphened):
        assert is_right(typed, plain, compare), ascii(typed)


@pytest.mark.parametrize(
    ("typed", "wanted"), [("172\u300217\u30020\u30022", "172.17.0.2"), ("172.17.0.2\u3001", "172.17.0.2")]
)
def test_stops_of_other_writings_are_stops(typed: str, wanted: str) -> None:
    assert is_right(typed, wanted, Compare.ADDRESS)


@pytest.mark.parametrize("printed", ["0.0.0.0:8100", "*:8100", "[::]:8100"])
def test_every_address_is_the_same_however_it_is_written(printed: str) -> None:
    assert is_right(printed, "0.0.0.0:8100", Compare.ENDPOINT)


@pytest.mark.parametrize("compare", [each for each in Compare if each not in (Compare.SET, Compare.LETTERS)])
def test_a_host_that_printed_nothing_of_the_kind_gives_no_verdict(compare: Compare) -> None:
    assert agree("whatever", "", compare=compare) is None
