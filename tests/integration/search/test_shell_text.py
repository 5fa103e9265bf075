"""Shell text is found as it stands, on both databases and without FTS5: a document is found by exactly these queries.

The lists follow the rule of `search.tokens`. Of the same queries, phrases in SQLite's FTS5 3.53 (unicode61) get a fifth
wrong, as they drop signs; PostgreSQL 18's websearch_to_tsquery gets nearly half wrong, as it takes `-p` for "not p".
"""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.search import conditions, index, queries
from tests.integration.search.conftest import NOON

DOCUMENTS = [
    "Publish a port: docker run -d -p 8080:80 nginx",
    "--publish is the long form of the same option; -P publishes every exposed port.",
    "A throw-away container is removed at its end: docker run --rm -it alpine sh",
    "The embedded resolver of a user network listens on 127.0.0.11 and is written to /etc/resolv.conf.",
    "Names that stand in /etc/hosts win over the name server.",
    "To look at the file, type cat /etc/resolv.conf; search domains stand there too.",
    "Forwarding is switched on with sysctl -w net.ipv4.ip_forward=1",
    "Read it back: cat /proc/sys/net/ipv4/ip_forward",
    "docker0 is the default bridge; its address is often 172.17.0.1/16.",
    "A bridge of your own is called br- and twelve hex digits. Container names resolve only there.",
    "EXPOSE 443/tcp says which port the image uses, and publishes nothing.",
    "The firewall lets tcp/443 in and drops udp/53.",
    "ss -ltnp shows who listens on :443, and on [::]:80 as well.",
    "mkdir -p a/b/c makes the parents as needed and does not complain.",
    "docker-proxy holds the published port on the host for local clients.",
    "iptables -t nat -L DOCKER -n lists the rules of the DOCKER chain.",
    "In a unit file %h stands for the home directory and %i for the instance.",
    "date +%H:%M prints the time, and date +%s the seconds.",
    "Both streams in one file: make >build.log 2>&1",
    "Errors go to stream two: echo oops >&2",
    "docker pull docker.io/library/nginx:1.25",
    "docker run --network=host nginx shares the stack of the host.",
    "docker run --network lab --network-alias web nginx gives one more name.",
    "ip link shows eth0@if5 inside and veth3a1b@if4 outside.",
    "ip addr show dev eth0",
    "kill -9 1234 sends SIGKILL, kill -15 asks politely with SIGTERM.",
    "docker stop waits for ten seconds and then kills; exit code 137 is 128 + 9.",
    "chmod u+x run.sh && ./run.sh",
    "chown root:root /srv/data; chmod 0640 /srv/data/app.env",
    'Mount read only: -v "$PWD/html:/usr/share/nginx/html:ro"',
    "Keys live in ~/.ssh/id_ed25519 and must not be readable by others.",
    "List names only: docker ps --format '{{.Names}}'",
    "A .dockerignore keeps node_modules/ and *.log out of the build context.",
    "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/",
    "ping 127.0.0.1 always answers, even with no cable.",
    "A route to 10.0.0.0/8 via 10.1.2.3 does not cover 0.0.0.0/0.",
    "::1 is the loopback address of IPv6, fe80::1 is link-local.",
    "Die Größe eines Abbilds steht bei docker images in der Spalte SIZE.",
    "set -eu stops at the first error; set -o pipefail looks at every part of a | b.",
    'Is it up? docker inspect -f "{{.State.Running}}" web',
    "容器网络的隔离: docker network create -d bridge 网络",
    "コンテナを起動する: docker run",
    "컨테이너는 이미지에서 시작됩니다",
    "\u0130stanbul is a host of ours, and IRMAK another.",
]
FOUND = {
    "-p": [1, 2, 14],
    "--publish": [2],
    "--rm": [3],
    "-it": [3],
    "/etc/resolv.conf": [4, 6],
    "hosts": [5],
    "ip_forward": [7, 8],
    "net.ipv4": [7],
    "tcp/443": [12],
    "443": [11, 12, 13],
    ":443": [13],
    "80": [1, 13],
    "%h": [17, 18],
    "2>&1": [19],
    ">&2": [20],
    "nginx": [1, 21, 22, 23, 30],
    "127.0.0.1": [34, 35],
    "127.0.0.11": [4],
    "--network": [22, 23],
    "--network-alias": [23],
    "eth0@if5": [24],
    "kill -9": [26],
    "docker run --rm": [3],
    "u+x": [28],
    "{{.Names}}": [32],
    ".dockerignore": [33],
    "*.log": [33],
    "10.0.0.0/8": [36],
    "GRÖSSE": [38],
    "DOCKER nat": [16],
    "$PWD": [30],
    "-P": [1, 2, 14],
    "http://127.0.0.1:8080/": [34],
    # Signs at either end, parts of paths and addresses, several pieces at once.
    "[::]:80": [13],
    "a | b": [39],
    "&&": [28],
    "-L DOCKER": [16],
    "~/.ssh": [31],
    "'%{http_code}'": [34],
    "{{.State.Running}}": [40],
    "0.0.0.0/0": [36],
    "128 + 9": [27],
    "+%H:%M": [18],
    ">build.log": [19],
    "::1": [37],
    "fe80::1": [37],
    "root:root": [29],
    "docker.io/library/nginx:1.25": [21],
    ":1.25": [21],
    "pipefail": [39],
    "br-": [10],
    "*": [33],
    "-9": [26],
    "./run.sh": [28],
    "/dev/null": [34],
    "-it alpine": [3],
    "node_modules/": [33],
    "172.17.0.1/16": [9],
    "host": [15, 22, 44],
    "=host": [22],
    "$PWD/html": [30],
    "@if4": [24],
    "/srv/data": [29],
    "-P exposed": [2],
    "137": [27],
    "/8": [36],
    "option": [2],
    "127.0.0.1:8080": [34],
    "--rm -it": [3],
    "ed25519": [31],
    "oops >&2": [20],
    ">&": [19, 20],
    "0640": [29],
    # Prefixes and phrases, which the table of the other engines has not.
    "ngin*": [1, 21, 22, 23, 30],
    "resolv.c*": [4, 6],
    "--pub*": [2],
    '"docker run --rm"': [3],
    '"docker run" nginx': [1, 22, 23],
    '"the file"': [6],
    '"kill -15 asks"': [26],
    "größe": [38],
    r"\-p": [1, 2, 14],
    # Without blanks between words, and letters whose capitals are others.
    "网络": [41],
    "网络的隔离": [41],
    "容器隔离": [],
    "容器网络*": [41],
    "コンテナ": [42],
    "컨테이너": [43],
    "istanbul": [44],
    "\u0130stan*": [44],
}


@pytest.fixture
def documents(ask: Callable[..., Question]) -> dict[int, int]:
    """The number of each document, by its question's id."""
    return {ask(text).id: number for number, text in enumerate(DOCUMENTS, 1)}


def found(db: Session, learner: User, documents: dict[int, int], query: str) -> list[int]:
    results = queries.search(db, user=learner, query=query, now=NOON).results
    return sorted(documents[result.item_id] for result in results)


def test_shell_text_is_found_as_it_stands(db: Session, learner: User, documents: dict[int, int]) -> None:
    index.settle(db)
    assert {query: found(db, learner, documents, query) for query in FOUND} == FOUND


def test_without_fts5_the_same_is_found(
    db: Session, learner: User, documents: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a SQLite that was built without it: what is looked through then is the same codes."""
    monkeypatch.setattr(index, "has_fts5", lambda _: False)
    monkeypatch.setattr(conditions.Asking, "is_postgresql", False)
    index.settle(db)
    assert {query: found(db, learner, documents, query) for query in FOUND} == FOUND
