"""The networks of a sandbox: ports, names, the way out, and every kind that the notes teach."""

import pytest

from tests.sandbox.sandboxes.world import HOST, NEIGHBOUR, World

pytestmark = pytest.mark.sandbox

CURL_TIMED_OUT = 28


def test_a_port_of_ones_choice(world: World) -> None:
    assert world.do("docker run -d -p 8080:80 --name web1 nginx").exit_code == 0
    port, rules, host, outside = world.run(
        "docker port web1",
        "iptables -t nat -S DOCKER",
        "curl -sf http://localhost:8080/",
        f"outside curl -sf http://{HOST}:8080/",
    )
    assert port.output == "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n"
    assert "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80" in rules.output
    name = world.check("docker inspect -f '{{.Config.Hostname}}' web1").output.strip()
    assert f"Container {name} answers" in host.output
    assert f"Container {name} answers {NEIGHBOUR}." in outside.output, "the container must see who called"


def test_a_port_of_dockers_choice(world: World) -> None:
    assert world.do("docker run -d -P --name web2 nginx").exit_code == 0
    port = world.check("docker port web2 80/tcp").output.split("\n")[0].rpartition(":")[2]
    assert 32768 <= int(port) <= 60999
    assert world.check(f"curl -sf http://localhost:{port}/").exit_code == 0
    assert world.check(f"outside curl -sf http://{HOST}:{port}/").exit_code == 0
    assert f"--dport {port} -j DNAT" in world.check("iptables -t nat -S DOCKER").output


def test_an_unpublished_port_is_closed_to_the_neighbour(world: World) -> None:
    assert world.do("docker run -d nginx").exit_code == 0
    assert world.check(f"outside curl -sf -m 2 http://{HOST}:80/").exit_code != 0


def test_the_host_forwards_what_the_engine_lets_through_and_nothing_else(own_world: World) -> None:
    assert own_world.check("cat /proc/sys/net/ipv4/ip_forward").output == "1\n"
    assert "-P FORWARD DROP\n" in own_world.check("iptables -S FORWARD").output
    own_world.do("docker run -d --name closed nginx")
    own_world.do("start-second-host && ssh second.lan ip route add 172.17.0.2 via 192.168.50.10")
    call = "second curl -s -o /dev/null -m {} http://172.17.0.2/"
    assert own_world.check(call.format(1)).exit_code == CURL_TIMED_OUT
    own_world.do("iptables -I DOCKER-USER -s 192.168.50.11 -j ACCEPT")
    assert own_world.check(call.format(20)).exit_code == 0


def test_the_internet_by_name_and_by_masquerade(world: World) -> None:
    ping, caller, nowhere = world.run(
        "docker run --rm busybox ping -c 1 google.com",
        "docker run --rm nicolaka/netshoot curl -sf http://example.com/",
        "docker run --rm busybox ping -c 1 nowhere.example",
    )
    assert "1 packets received" in ping.output
    assert caller.output == f"example.com was called by {HOST}\n"
    assert "bad address" in nowhere.output


@pytest.mark.parametrize("server", ["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9"])
def test_public_name_servers_that_people_know_answer_pings_and_questions(world: World, server: str) -> None:
    to_address, to_name = world.run(
        f"docker run --rm busybox ping -c 1 {server}",
        f"docker run --rm --dns {server} busybox ping -c 1 google.com",
    )
    assert "1 packets received" in to_address.output
    assert "1 packets received" in to_name.output


def test_without_masquerade_there_is_no_internet(own_world: World) -> None:
    assert own_world.do("iptables -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE").exit_code == 0
    assert own_world.check("docker run --rm busybox ping -c 1 -W 1 203.0.113.10").exit_code != 0


def test_names_on_a_network_of_ones_own(world: World) -> None:
    assert world.do("docker network create --subnet 192.168.0.0/24 my-net").exit_code == 0
    assert world.do("docker run -d --name db --network my-net nginx").exit_code == 0
    ping, lookup, elsewhere = world.run(
        "docker run --rm --network my-net busybox ping -c 1 db",
        "docker run --rm --network my-net busybox nslookup db",
        "docker run --rm busybox ping -c 1 -W 1 db",
    )
    assert "192.168.0.2" in ping.output
    assert "127.0.0.11" in lookup.output
    assert lookup.exit_code == 0
    assert elsewhere.exit_code != 0


def test_every_kind_of_network_that_the_notes_teach(world: World) -> None:
    host, none, sidecar, macvlan = world.run(
        "docker run --rm --net=host busybox ip -o link show eth0",
        "docker run --rm --net=none busybox ip -o link",
        "docker run -d --name app nginx >/dev/null; docker run --rm --net container:app nicolaka/netshoot ss -lnt",
        "docker network create -d macvlan --subnet 192.168.50.0/24 -o parent=eth0 mac >/dev/null;"
        " docker run -d --rm --network mac --ip 192.168.50.99 nginx >/dev/null;"
        " until outside curl -sf -m 3 http://192.168.50.99/; do sleep 0.05; done",
    )
    assert "eth0" in host.output
    assert len(none.output.splitlines()) == 1
    assert "*:80" in sidecar.output
    assert "Container" in macvlan.output


def test_a_swarm_over_two_hosts(own_world: World) -> None:
    """Containers on two hosts reach each other over an overlay network, and eth0 shows VXLAN between the hosts."""
    started = own_world.do("start-second-host")
    assert started.exit_code == 0, started.output
    assert "second.lan" in own_world.do("cat /etc/motd").output
    assert own_world.do("ssh second.lan 'hostname; exit 3'").exit_code == 3
    assert own_world.do("docker -H tcp://second.lan:2375 info -f '{{.Name}}'").output == "second\n"
    steps = (
        f"docker swarm init --advertise-addr {HOST}",
        f"ssh second.lan docker swarm join --token $(docker swarm join-token -q worker) {HOST}:2377",
        "docker network create -d overlay --attachable mesh",
        "docker run -d --name here --network mesh nginx",
        "ssh second.lan docker run -d --name there --network mesh nginx",
        # Both hosts know a name once their engines have told each other, on a busy machine seconds later.
        "until docker exec here wget -qO /dev/null -T 5 http://there/; do sleep 0.2; done",
        "timeout 30 tcpdump -i eth0 -nn -c 2 -w /tmp/vxlan udp port 4789 2> /tmp/capture &"
        " until grep -q listening /tmp/capture; do sleep 0.05; done;"
        " docker exec here wget -qO- -T 5 http://there/; wait; tcpdump -nr /tmp/vxlan",
    )
    done = own_world.run(*steps, learner=True)
    assert [result.exit_code for result in done] == [0] * len(steps), [result.output for result in done]
    assert "Welcome to nginx" in done[-1].output
    assert "VXLAN" in done[-1].output
    assert f"{HOST}." in done[-1].output
    assert "there" in own_world.check("second docker ps").output
    assert own_world.do("start-second-host").exit_code == 0, "asking again changes nothing"
    filled = own_world.do("dd if=/dev/zero of=/var/lib/docker/big bs=1M")
    assert "No space left on device" in filled.output
    assert own_world.check("docker ps").exit_code == 0
