"""The images in a sandbox, and what their containers do."""

import pytest

from quizapp.sandboxes.engine.docker import DockerEngine
from tests.sandbox.sandboxes.world import World

pytestmark = pytest.mark.sandbox

IMAGES = {
    *("alpine", "busybox", "hello-world", "mariadb", "mysql", "nginx", "nicolaka/netshoot", "postgres", "webadmin"),
}


def test_pull_an_image_that_is_there_and_one_that_is_not(own_world: World) -> None:
    there = own_world.check("docker pull nginx")
    again = own_world.check("docker rmi nginx && docker pull nginx && docker run --rm nginx hostname")
    absent = own_world.check("docker pull redis")
    assert "up to date" in there.output
    assert again.exit_code == 0, again.output
    assert absent.exit_code != 0
    assert "a sandbox has no internet; its registry has alpine, busybox, hello-world, mariadb, mysql" in absent.output


def test_an_image_is_built_from_one_that_is_there_and_from_one_that_is_not(own_world: World) -> None:
    dockerfile = "printf 'FROM %s\\nRUN echo built > /mine\\n'"
    built, absent = own_world.run(
        f"{dockerfile} alpine | docker build -q -t mine - && docker run --rm mine grep -x built /mine",
        f"{dockerfile} redis | docker build -",
    )
    assert built.exit_code == 0, built.output
    assert absent.exit_code != 0
    assert "a sandbox has no internet" in absent.output


def test_images_say_that_they_are_stand_ins_and_share_a_layer(world: World) -> None:
    images = world.check("docker image ls --format '{{.Repository}}'").output.split()
    assert set(images) == IMAGES
    labels = world.check(
        f"docker image inspect -f '{{{{index .Config.Labels \"quizapp.stand-in\"}}}}' {' '.join(IMAGES)}"
    ).output.splitlines()
    assert len(labels) == len(IMAGES)
    assert all("under the name of the" in label or "after no other image" in label for label in labels)
    bases = world.check(f"docker image inspect -f '{{{{index .RootFS.Layers 0}}}}' {' '.join(IMAGES)} | sort -u")
    assert len(bases.output.splitlines()) == 1


def test_the_databases_listen_and_say_what_they_are(world: World) -> None:
    assert world.do("docker run -d --name pg -p 5432:5432 postgres && docker run -d --name my mysql").exit_code == 0
    tls, start, mysql = world.run(
        r"printf '\0\0\0\10\4\322\26\57' | outside nc -q 1 -w 2 192.168.50.10 5432 | head -c 1",
        r"printf '\0\0\0\10\0\3\0\0' | outside nc -w 2 192.168.50.10 5432 | busybox xxd -p | tr -d '\n'",
        "nc -w 2 $(docker inspect -f '{{.NetworkSettings.IPAddress}}' my) 3306 < /dev/null"
        " | busybox xxd -p | tr -d '\\n'",
    )
    assert tls.output == "N"
    assert_is_postgresql_error(bytes.fromhex(start.output))
    packet = bytes.fromhex(mysql.output)
    assert int.from_bytes(packet[:3], "little") == len(packet) - 4
    assert packet[3:7] == b"\0\xff" + (1105).to_bytes(2, "little")
    assert b"stand-in for MySQL" in packet


def assert_is_postgresql_error(message: bytes) -> None:
    """A whole ErrorResponse: its length is right and its last field ended."""
    assert message[:1] == b"E"
    assert int.from_bytes(message[1:5], "big") == len(message) - 1
    fields = message[5:].split(b"\0")
    assert fields[-2:] == [b"", b""]
    assert [field[:1] for field in fields[:-2]] == [b"S", b"V", b"C", b"M"]
    assert b"stand-in for PostgreSQL" in fields[3]


def test_an_image_with_two_ports(world: World) -> None:
    assert world.do("docker run -d -P --name two webadmin").exit_code == 0
    site, admin = world.run(
        *(f"curl -sf http://$(docker port two {port} | head -n 1 | sed 's/.*:/localhost:/')/" for port in (80, 8081))
    )
    assert (site.output, admin.output) == ("<h1>The site</h1>\n", "<h1>The administration of the site</h1>\n")


def test_the_processes_of_a_container_are_its_own(world: World) -> None:
    assert world.do("docker run -d --name app busybox sleep 7001 && docker exec -d app sleep 7002").exit_code == 0
    assert world.do("docker run -d --name other busybox sleep 7003").exit_code == 0
    listed = world.do("docker top app -o pid,args")
    assert [line.split()[1:] for line in listed.output.splitlines()[1:]] == [["sleep", "7001"], ["sleep", "7002"]]
    assert world.do("docker stop -t 0 app && docker top app").exit_code != 0


def test_netshoot_scans_and_greps(world: World) -> None:
    assert world.do("docker run -d --name app -p 8080:80 nginx").exit_code == 0
    scan = world.check("docker run --rm nicolaka/netshoot nmap -Pn -n -p 8080,8081 172.17.0.1")
    assert "8080/tcp open" in scan.output, scan.output
    assert "8081/tcp closed" in scan.output
    assert world.check("docker run --rm nicolaka/netshoot ngrep -V").exit_code == 0
    # As the image of that name has them, for a name as programs find it and for a relay.
    assert "203.0.113.20" in world.check("docker run --rm nicolaka/netshoot getent hosts example.com").output
    assert world.check("docker run --rm nicolaka/netshoot socat -V").exit_code == 0


def test_images_changed_in_one_sandbox_are_whole_in_the_next(own_world: World, engine: DockerEngine) -> None:
    assert own_world.do("docker rmi -f nginx alpine busybox nicolaka/netshoot").exit_code == 0
    for command in ("rm -rf /var/lib/docker/overlay2/*/diff/*", "mount -o remount,rw /var/lib/docker/overlay2/*/diff"):
        own_world.do(command)
    another = World(engine)
    try:
        assert another.check("docker run --rm nginx hostname").exit_code == 0
    finally:
        another.close()
