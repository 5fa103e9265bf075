"""Words of checks on a real host: each holds where it is so, and no trick passes for it. Two hosts serve nearly all."""

import json
from collections.abc import Callable

import pytest

from quizapp.catalogue.labs.lab_format import Check
from quizapp.labs.judging import words
from quizapp.sandboxes.client import SandboxClient
from tests.sandbox.conftest import ready

pytestmark = pytest.mark.sandbox

EACH_S = 10.0
BYTES = 16 * 1024
SET_UP = """
docker network create --subnet 10.44.1.0/24 shop
docker network create --internal sealed
docker run -d --name db --network shop --ip 10.44.1.20 mysql
docker run -d --name app --network shop nicolaka/netshoot sleep infinity
docker run -d --name web -p 8080:80 nginx
docker run -d --name inner -p 8095:80 nicolaka/netshoot bash -c \
  'nc -lk 127.0.0.1 8000 & socat TCP-LISTEN:80,fork,reuseaddr TCP:127.0.0.1:8000'
docker run -d --name vault --network sealed mysql
docker run --name job --network none busybox true
docker run --name lodger --network container:app busybox true
iptables -I DOCKER-USER -s 10.44.0.0/16 -p tcp --dport 25 -j DROP
for try in $(seq 50); do curl -s -o /dev/null -m 1 http://127.0.0.1:8080/ && break; sleep 0.1; done
"""
CALL = {"container": "db", "from": "app", "to": "db:3306", "port_inside": 3306}
PAGE = {"container": "web", "from": "host", "to": "127.0.0.1:8080", "port_inside": 80, "pages": [200]}
MAIL = {"from": "app", "to": ["db", "neighbour"], "port": 25}
RULE = "-s 10.44.0.0/16 -p tcp -m tcp --dport 25 -j DROP"

Judge = Callable[..., list[str]]


def judged(client: SandboxClient, sandbox_id: str, *given: dict[str, object]) -> list[str]:
    """`pass`, or what was seen, for each of these words on the host."""
    checks = [Check.model_validate({"name": "it", "hint": "No.", **each}) for each in given]
    command = words.command(checks)
    assert command is not None
    (result,) = client.run(sandbox_id, [command], each_s=EACH_S, output_bytes=BYTES)
    found = words.read(result, count=len(checks))
    assert [each.said for each in found] == [""] * len(found), result.output
    return [each.seen if each.verdict == "fail" else each.verdict.value for each in found]


def typed(client: SandboxClient, sandbox_id: str, script: str) -> None:
    """Run a script as the learner does."""
    client.run(sandbox_id, [script], learner=True, each_s=30, output_bytes=BYTES)


def host(client: SandboxClient, owner: str) -> str:
    """A host that was set up, with what that left noted."""
    sandbox = ready(client, owner)
    typed(client, sandbox.id, SET_UP)
    (noted,) = client.run(sandbox.id, [words.NOTE], each_s=EACH_S, output_bytes=BYTES)
    assert (noted.exit_code, noted.output) == (0, "")
    return sandbox.id


def test_words_hold_where_it_is_so(real: SandboxClient) -> None:
    there = host(real, "right")
    assert (
        judged(
            real,
            there,
            {"same_container": ["app", "db"]},
            {"own_network": "app"},
            {"on_networks": {"containers": "app", "networks": "shop", "others": False}},
            {"image_is": {"container": "app", "image": "nicolaka/netshoot"}},
            {"answered_by": CALL},
            {"answered_by": PAGE},
            {"answered_by": {"container": "inner", "from": "host", "to": "127.0.0.1:8095", "port_inside": 80}},
            {"published": {"container": "web", "port_inside": 80, "pages": [200]}},
            {"pinged": {"from": "app", "to": "google.com", "target": "router"}},
            {"by_name": {"from": "app", "name": "google.com", "leads_to": "router"}},
            {"by_name": {"from": "app", "name": "db", "leads_to": "db"}},
            {"closed_everywhere": "db"},
            {"only_open": {"container": "web", "ports": {8080: 80}}},
            {"cut_off": "vault"},
            {"packet_dropped": MAIL},
            {"packet_dropped": {"from": "web", "to": "neighbour", "port": 25, "source": "10.44.7.7"}},
            {"closed_to": {"container": "db", "from": "web"}},
            {"packet_dropped_by_rule": MAIL | {"rule": RULE}},
            {"closed_everywhere": {"container": "db", "rules_count": False}},
            {"port_mapping": {"container": "web", "ports": {8080: 80}}},
            {"port_mapping": {"container": "web", "port_inside": 80}},
            {"port_mapping": {"container": "db", "ports": {}}},
            {"port_options": {"container": "web", "options": ["-p 8080:80"]}},
            {"stopped": "job"},
            {"ran_without_network": "job"},
        )
        == ["pass"] * 25
    )


def test_no_trick_passes_for_it(real: SandboxClient) -> None:
    there = host(real, "wrong")
    assert judged(
        real,
        there,
        {"answered_by": CALL | {"to": "web:80"}},
        {"closed_everywhere": "web"},
        {"cut_off": "db"},
        {"closed_to": {"container": "db", "from": "app"}},
        {"image_is": {"container": "web", "image": "nicolaka/netshoot"}},
        {"image_is": {"container": ["app", "web"], "image": "nicolaka/netshoot"}},
        {"ran_without_network": "web"},
        {"ran_without_network": "lodger"},
        {"port_mapping": {"container": "web", "ports": {8081: 80}}},
        {"port_mapping": {"container": "web", "ports": {}}},
        {"port_options": {"container": "web", "options": ["-P"]}},
        {"stopped": "vault"},
    ) == [
        "the name web is not known",
        "port 8080 of 192.168.50.10 leads to port 80 of web",
        "reaches the neighbour at port 80",
        "app reaches port 3306 of db",
        "web was started from another image",
        "web was started from another image",
        "it was on the network bridge",
        "it was made for the network of another container",
        "8080:80",
        "8080:80",
        "-p 8080:80",
        "vault runs",
    ]
    typed(
        real,
        there,
        """
docker exec app sh -c 'echo 127.0.0.1 db >> /etc/hosts'; docker exec -d app nc -lk 127.0.0.1 3306
docker rm -f web; docker run -d --name web nginx; busybox httpd -p 8080 -h /etc
iptables -t nat -I PREROUTING -p icmp -j DNAT --to-destination 10.44.1.1
iptables -I DOCKER-USER -j ACCEPT
iptables -I DOCKER-USER -p tcp --dport 26 -j DROP
docker run -d --name shut -p 8090:80 nginx; iptables -t raw -I PREROUTING -p tcp --dport 8090 -j DROP
docker rename vault old; docker run -d --name vault --network sealed mysql
sleep 0.5
""",
    )
    assert judged(
        real,
        there,
        {"answered_by": CALL},
        {"answered_by": PAGE | {"pages": [200, 404]}},
        {"pinged": {"from": "app", "to": "203.0.113.10", "target": "router"}},
        {"packet_dropped": MAIL},
        {"packet_dropped_by_rule": MAIL | {"port": 26, "rule": RULE}},
        {"closed_everywhere": "shut"},
        {"closed_everywhere": {"container": "shut", "rules_count": False}},
        {"stopped": "vault"},
        {"same_container": "vault"},
        {"same_container": {"containers": "app", "restarts": False}},
    ) == [
        "answered by app",
        "answered by the host",
        "answered by the host",
        "such a packet reaches db",
        "dropped, but not by the rule that was there",
        "pass",
        "port 8090 of 0.0.0.0 is published",
        "vault runs",
        "vault is another container than before",
        "pass",
    ]
    typed(real, there, "docker rm -f vault")
    assert judged(real, there, {"stopped": "vault"}) == ["vault runs as old"]
    typed(
        real,
        there,
        """
dnsmasq --no-resolv --listen-address=10.44.1.1 --bind-interfaces --address=/db/10.44.1.20
docker exec app sh -c 'echo nameserver 10.44.1.1 > /etc/resolv.conf'
sleep 0.5
""",
    )
    by_heart = "db leads there by the server 10.44.1.1, not by Docker's own"
    assert judged(real, there, {"by_name": {"from": "app", "name": "db", "leads_to": "db"}}) == [by_heart]


def test_another_program_at_the_engine_s_socket_is_found_out(real: SandboxClient) -> None:
    sandbox = ready(real, "imitated")
    script = "mv /run/docker.sock /run/real.sock; socat UNIX-LISTEN:/run/docker.sock,fork UNIX-CONNECT:/run/real.sock &"
    typed(real, sandbox.id, script + " sleep 0.5")
    (result,) = real.run(
        sandbox.id, ['judge \'[{"word": "runs", "containers": ["app"]}]\''], each_s=5, output_bytes=BYTES
    )
    assert json.loads(result.output) == [{"verdict": "could-not-check", "seen": "", "why": "not-the-engine"}]


def test_checks_beside_words_are_told_what_these_have_asked_the_engine(real: SandboxClient) -> None:
    sandbox = ready(real, "shared")
    typed(real, sandbox.id, "docker run -d --name web -p 8080:80 nginx; docker create --name still -P nginx")
    word = 'judge \'[{"word": "runs", "containers": ["web"]}]\''
    _, beside = real.run(sandbox.id, [word, "facts web still"], each_s=5, output_bytes=BYTES)
    (alone,) = real.run(sandbox.id, ["facts web still"], each_s=5, output_bytes=BYTES)
    assert beside.output == alone.output
    assert "web published 8080:80/tcp 0.0.0.0\n" in alone.output


def test_a_host_that_is_pinged_or_sent_datagrams_is_not_closed(real: SandboxClient) -> None:
    sandbox = ready(real, "pinged")
    typed(
        real,
        sandbox.id,
        """
for name in front back; do docker network create $name; done
docker run -d --name app --network front busybox sleep 999
docker run -d --name api --network back busybox sleep 999
iptables -I DOCKER-USER -p icmp -j ACCEPT
""",
    )
    asked = {"closed_to": {"container": "api", "from": "app"}}
    assert judged(real, sandbox.id, asked) == ["app reaches api by ping"]
    typed(real, sandbox.id, "iptables -F DOCKER-USER; iptables -I DOCKER-USER -p udp -j ACCEPT")
    assert judged(real, sandbox.id, asked) == ["app reaches api by UDP"]
    typed(real, sandbox.id, "iptables -F DOCKER-USER; iptables -I DOCKER-USER -p tcp --dport 80:443 -j ACCEPT")
    but = {"closed_to": {"container": "api", "from": "app", "but": [80]}}
    assert judged(real, sandbox.id, but) == ["app reaches port 81 of api"]
    typed(real, sandbox.id, "iptables -F DOCKER-USER; iptables -I DOCKER-USER -p udp --dport 53 -j ACCEPT")
    assert judged(real, sandbox.id, asked) == ["app reaches api by UDP"]
    typed(real, sandbox.id, "iptables -F DOCKER-USER")
    assert judged(real, sandbox.id, asked) == ["pass"]
    typed(real, sandbox.id, "iptables -I DOCKER-USER -i br+ -o eth0 -j DROP")
    assert judged(real, sandbox.id, {"cut_off": "app"}) == ["pass"]
    typed(real, sandbox.id, "iptables -I DOCKER-USER -p tcp --dport 443 -j ACCEPT")
    assert judged(real, sandbox.id, {"cut_off": "app"}) == ["reaches the neighbour at port 443"]
