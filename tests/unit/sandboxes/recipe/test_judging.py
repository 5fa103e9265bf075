"""What the sandbox's `judge` reads and writes, by its own Perl, without a sandbox."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from quizapp.catalogue.labs.lab_words import CheckWords
from quizapp.labs.judging.words import Why
from quizapp.sandboxes.recipe.image_build import IMAGE_FOLDER

JUDGING = IMAGE_FOLDER / "rootfs" / "usr" / "local" / "libexec" / "sandbox" / "judging"
LOOPBACK = {"7f000001", "0" * 31 + "1"}  # in hexadecimal digits
FILES = ("../kernel", "json", "sockets", "spaces", "engine", "names", "packets", "calls", "ports", "facts", "words")

pytestmark = pytest.mark.skipif(shutil.which("perl") is None, reason="the judge is written in Perl")


def perl(program: str, *arguments: str, files: tuple[str, ...] = FILES) -> str:
    """What a program prints that knows these files of the judge."""
    needs = "".join(f"require '{JUDGING / name}.pl';" for name in files)
    ran = subprocess.run(
        ["perl", "-w", "-e", needs + program, "--", *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stderr == ""
    return ran.stdout


@pytest.mark.parametrize("value", [{"a": ["x", {"b": 'é\n"\\'}]}, [], {}, ["7", "-1.5e3"]])
def test_json_comes_out_as_it_went_in(value: object) -> None:
    printed = perl("print to_json(from_json($ARGV[0]))", json.dumps(value))
    assert json.loads(printed) == value


@pytest.mark.parametrize("text", ['{"a": }', "[1,", '"open', "{}{}", "nothing", ""])
def test_what_is_no_json_is_refused(text: str) -> None:
    assert perl("print eval { from_json($ARGV[0]); 1 } ? 'taken' : 'refused'", text) == "refused"


def test_words_of_the_format_and_of_the_judge_are_the_same() -> None:
    assert perl("our %WORDS; print join ' ', sort keys %WORDS").split() == sorted(CheckWords.model_fields)


def test_reasons_of_the_judge_are_known() -> None:
    text = "".join(Path(JUDGING / f"{name}.pl").read_text() for name in FILES)
    assert {part.split("'")[0] for part in text.split("cannot('")[1:]} | {"slow", "", "odd-host"} == set(Why)


def test_the_counters_that_tell_who_answered_are_read() -> None:
    text = (
        "Icmp: InMsgs InErrors InEchos\nIcmp: 9 0 4\n"
        "IcmpMsg: InType8\nIcmpMsg: 4\n"
        "Tcp: RtoMin MaxConn ActiveOpens PassiveOpens\nTcp: 200 -1 3 2\n"
        "Udp: InDatagrams NoPorts\nUdp: 5 1\n"
    )
    printed = perl("print to_json(snmp_counters($ARGV[0]))", text)
    assert json.loads(printed) == {"Tcp PassiveOpens": "2", "Icmp InEchos": "4", "Udp InDatagrams": "5"}


TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 020011AC:0050 010011AC:A000 03 00000000:00000000 01:00000012 00000000     0        0 0 1 0
   2: 020011AC:0050 010011AC:A001 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   3: 020011AC:0050 010011AC:A002 06 00000000:00000000 03:00001769 00000000     0        0 0 3 0
"""


def test_connections_are_neither_listeners_nor_half_open() -> None:
    connections = json.loads(perl("print to_json([connections(tcp_rows($ARGV[0]))])", TCP))
    assert [each["remote"] for each in connections] == ["010011AC:A001", "010011AC:A002"]


def test_what_listens_here_is_known_for_both_families() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("::1", 0), family=socket.AF_INET6) as two:
        rows = json.loads(perl("print to_json([listening_here()])"))
        wanted = {(str(each.getsockname()[1]), str(os.fstat(each.fileno()).st_ino)) for each in (one, two)}
    assert {(row["port"], row["inode"]) for row in rows if row["address"] in LOOPBACK} >= wanted


def test_addresses_are_packed_as_the_kernel_has_them() -> None:
    for address in ("fe80::7", "::1", "::", "2001:db8:0:1::", "1:2:3:4:5:6:7:8"):
        assert (
            perl("print unpack 'H*', ipv6_in_bytes($ARGV[0])", address)
            == socket.inet_pton(socket.AF_INET6, address).hex()
        )
    packed = perl("print unpack 'H*', packed('192.0.2.7', 80)")
    assert packed == (socket.AF_INET.to_bytes(2, sys.byteorder) + (80).to_bytes(2, "big")).hex() + "c0000207" + "00" * 8


def test_the_own_addresses_of_a_namespace_are_read() -> None:
    trie = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 10.33.1.0
        /24 link UNICAST
     |-- 10.33.1.2
        /32 host LOCAL
     |-- 10.33.1.255
        /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
"""
    assert perl("print join ' ', own_addresses($ARGV[0])", trie) == "10.33.1.2"


def test_a_hosts_file_and_a_resolver_s_are_read() -> None:
    hosts = "127.0.0.1 localhost\n10.1.1.1 db DB.shop # the old one\n# 10.9.9.9 db\n::1 db\nnonsense db\n"
    assert perl("print join ' ', in_hosts($ARGV[0], 'db')", hosts) == "10.1.1.1 ::1"
    resolv = "search lan\nnameserver 127.0.0.11\n nameserver 8.8.8.8\n#nameserver 1.1.1.1\nnameserver here\n"
    assert perl("print join ' ', servers_of($ARGV[0])", resolv) == "127.0.0.11 8.8.8.8"


def test_a_dns_answer_is_read_and_one_to_another_question_is_not() -> None:
    answer = (
        "my $q = dns_question(7, 'db.shop');"
        "my $a = pack('n6', 7, 0x8180, 1, 2, 0, 0) . substr($q, 12)"
        " . pack('n n n N n n', 0xc00c, 5, 1, 60, 2, 0xc00c) . pack('n n n N n C4', 0xc00c, 1, 1, 60, 4, 10, 0, 0, 9);"
    )
    assert perl(answer + "print join ' ', dns_answer(7, $a)->{code}, @{dns_answer(7, $a)->{addresses}}") == "0 10.0.0.9"
    assert perl(answer + "print defined dns_answer(8, $a) ? 'taken' : 'refused'") == "refused"
    assert perl(answer + "print defined dns_answer(7, substr $a, 0, 11) ? 'taken' : 'refused'") == "refused"
    assert perl(answer + "print scalar @{dns_answer(7, substr $a, 0, 40)->{addresses}}") == "0"


def test_the_ports_that_rules_name_are_read() -> None:
    rules = (
        "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80\n"
        "-A PREROUTING -p tcp -m multiport --dports 9000,9100:9102 -j REDIRECT --to-ports 81\n"
        "-A PREROUTING -j DNAT --to-destination 172.17.0.2\n"
    )
    assert perl("print join ' ', ports_in_rules($ARGV[0])", rules) == "80 81 8080 9000 9100 9101 9102"


def test_the_beginning_of_a_call_has_right_sums() -> None:
    program = (
        "my $p = tcp_beginning('10.0.0.1', '10.0.0.2', 4000, 25, 99); my $t = substr $p, 20;"
        "my $sum = checksum(substr($p, 12, 8) . pack('C C n', 0, 6, length $t) . $t);"
        "print join ' ', $sum, unpack('n n N', $t), length $p"
    )
    assert perl(program) == "0 4000 25 99 40"


def test_an_address_that_is_still_looked_for_elsewhere_is_known_as_such() -> None:
    lines = (
        "00000000000000000000000000000001 01 80 10 80       lo\nfe800000000000000000000000000007 0a 40 20 {}     eth0\n"
    )
    settled, tentative = (
        json.loads(perl("print to_json(own_on_wire($ARGV[0]))", lines.format(flags))) for flags in ("80", "c0")
    )
    assert settled == {"address": "fe800000000000000000000000000007", "device": "10", "tentative": "0"}
    assert tentative["tentative"] == "64"


def test_a_rule_s_packets_are_counted_by_its_text_in_whatever_chain() -> None:
    rules = (
        "[7:420] -A DOCKER-USER -p tcp -m tcp --dport 25 -j DROP\n"
        "[5:300] -A MINE -p tcp -m tcp --dport 25 -j DROP\n"
        "[9:540] -A DOCKER-USER -s 10.0.0.0/8 -p tcp -m tcp --dport 25 -j DROP\n"
    )
    assert perl("print counted_by_rule(@ARGV)", rules, "-p tcp -m tcp --dport 25 -j DROP") == "12"


def test_facts_are_what_checks_ask_for() -> None:
    told = {
        "PortBindings": {"81/tcp": [{"HostPort": ""}], "80/tcp": [{"HostPort": "8080"}]},
        "PublishAllPorts": True,
    }
    assert perl("print join ', ', ports_asked_for(from_json($ARGV[0]))", json.dumps(told)) == (
        "-p 8080:80/tcp, -p 81/tcp, -P"
    )
    container = (
        "{name => 'web', status => 'running', asked => ['-P'], given => {bridge => '172.17.0.2'},"
        " ports => {'80/tcp' => [{HostPort => 8080, HostIp => '0.0.0.0'}], '81/tcp' => undef}}"
    )
    assert perl(f"print join ', ', facts_about({container})") == (
        "web status running, web published 8080:80/tcp 0.0.0.0, web asked -P, web address bridge 172.17.0.2"
    )
