"""The world inside a sandbox: what a learner does in it works as on a real Docker host, and nothing leads out of it."""

import os
import shlex
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from quizapp import clock
from quizapp.labs.hosts.motd import BOLD, PLAIN
from quizapp.labs.runs import shell_history
from quizapp.labs.runs.plain_text import plain
from quizapp.sandboxes.client import CommandResult
from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.engine.docker import DockerConnection, DockerEngine
from quizapp.sandboxes.engine.docker_images import DockerImages
from quizapp.sandboxes.engine.protocol import NewContainer
from quizapp.sandboxes.recipe.image_build import ensure_image
from quizapp.sandboxes.recipe.template import LEASE, SHELL, USERNS, Template
from quizapp.sandboxes.terminals.transcript import Transcript

pytestmark = pytest.mark.sandbox

EPOCH = datetime.fromtimestamp(0, UTC)
LIFE_S = 300  # longer than these tests; a sandbox that they leave behind ends by itself
# Each is long enough for a busy machine.
READY_S = 60.0
EACH_S = 30.0
GONE_S = 60.0
SHORT_S = 4  # for a sandbox that ends by itself while a test waits
KEYS = rb"$'\020\021\023.'"  # Ctrl-P, Ctrl-Q, Ctrl-S and a full stop, as bash quotes them
HOST, NEIGHBOUR = "192.168.50.10", "192.168.50.20"
IMAGES = {
    *("alpine", "busybox", "hello-world", "mariadb", "mysql", "nginx", "nicolaka/netshoot", "postgres", "webadmin"),
}
CURL_TIMED_OUT = 28
PROMPT = b"# "


class World:
    """One running sandbox, reached as sandboxd reaches it."""

    def __init__(
        self,
        engine: DockerEngine,
        *,
        lease_s: int = LIFE_S,
        life_s: int = LIFE_S,
        template: Template = USERNS,
        ready_s: float = READY_S,
    ) -> None:
        self._engine = engine
        name = f"quizapp-test-{uuid4().hex[:12]}"
        labels = {"quizapp.test": name}
        new = NewContainer(name=name, labels=labels, template=template, lease_s=lease_s, life_s=life_s)
        self.ref = engine.create(new)
        engine.start(self.ref)
        self._name = name
        self.said: list[str] = []
        for line in engine.follow(self.ref, give_up_s=ready_s):
            self.said.append(line.text)
            if line.text.startswith(("@ready", "@failed")):
                break

    def run(
        self, *commands: str, learner: bool = False, each_s: float = EACH_S, output_bytes: int = 4096
    ) -> tuple[CommandResult, ...]:
        """What the commands did, run by the probe."""
        answer = self._engine.exec(
            self.ref,
            probe.COMMAND,
            stdin=probe.request(commands, learner=learner, each_s=each_s, output_bytes=output_bytes),
            give_up_s=probe.longest_wait_s(len(commands), each_s=each_s),
            most_bytes=probe.longest_answer(len(commands), output_bytes=output_bytes),
        )
        return probe.decode(answer, count=len(commands))

    def prolong(self, seconds: str) -> None:
        """Set when its lease ends, in seconds from its start."""
        self._engine.exec(self.ref, (LEASE, seconds), stdin=b"", give_up_s=EACH_S, most_bytes=1024)

    def lease(self) -> str:
        """What it says of when its lease ends."""
        return self._engine.exec(self.ref, (LEASE,), stdin=b"", give_up_s=EACH_S, most_bytes=1024).decode()

    def is_gone_within(self, seconds: float) -> bool:
        """Whether it ends in that time, all by itself."""
        until = time.monotonic() + seconds
        while self.is_there and time.monotonic() < until:
            time.sleep(0.1)
        return not self.is_there

    def check(self, command: str) -> CommandResult:
        """What one command did, run as a check."""
        return self.run(command)[0]

    def do(self, command: str) -> CommandResult:
        """What one command did, run where the learner's shell is."""
        return self.run(command, learner=True)[0]

    def type(self, text: str, *, columns: int = 100) -> str:
        """What a terminal shows until the shell that gets this text typed at its first prompt has ended."""
        shell = self._engine.shell(self.ref, (SHELL,), rows=40, columns=columns)
        shown = b""
        try:
            while not shown.endswith(PROMPT) and (more := shell.receive()) is not None:
                shown += more
            shell.send(text.encode(), wait_s=EACH_S)
            return (shown + b"".join(iter(shell.receive, None))).decode()
        finally:
            shell.close()

    @property
    def is_there(self) -> bool:
        """Whether the engine still has its container."""
        return bool(self._engine.list("quizapp.test", self._name))

    def close(self) -> None:
        """End it and remove everything of it."""
        self._engine.remove(self.ref)


@pytest.fixture(scope="module")
def engine() -> DockerEngine:
    """The engine that the tests were told of, with the image built."""
    url = os.environ.get("QUIZAPP_ENGINE", "none")
    if url == "none":
        pytest.skip("QUIZAPP_ENGINE names no Docker Engine")
    image = ensure_image(DockerImages(url), on_line=lambda line: None)
    return DockerEngine(DockerConnection(url), image.tag)


@pytest.fixture(scope="module")
def shared(engine: DockerEngine) -> Iterator[World]:
    """One sandbox for all tests that clean up behind themselves."""
    world = World(engine)
    yield world
    world.close()


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    """The shared sandbox; its containers and networks are gone after each test."""
    yield shared
    shared.do("docker ps -aq | xargs -r docker rm -f; docker network prune -f")


@pytest.fixture
def own_world(engine: DockerEngine) -> Iterator[World]:
    """A sandbox for a test that may break it."""
    world = World(engine)
    yield world
    world.close()


def test_it_starts_in_the_steps_that_its_template_names(shared: World) -> None:
    steps = [line for line in shared.said if line.startswith("@")]
    assert steps == [*(f"@step {step.name}" for step in USERNS.steps), "@ready"]


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


def test_images_changed_in_one_sandbox_are_whole_in_the_next(own_world: World, engine: DockerEngine) -> None:
    assert own_world.do("docker rmi -f nginx alpine busybox nicolaka/netshoot").exit_code == 0
    for command in ("rm -rf /var/lib/docker/overlay2/*/diff/*", "mount -o remount,rw /var/lib/docker/overlay2/*/diff"):
        own_world.do(command)
    another = World(engine)
    try:
        assert another.check("docker run --rm nginx hostname").exit_code == 0
    finally:
        another.close()


def test_a_terminal_on_the_learners_host(world: World) -> None:
    shown = world.type("tty; id -un; pwd; stty size; docker ps -q | wc -l; exit\n")
    assert "docker-host:~# " in shown
    for expected in ("/dev/pts/", "root", "/root", "40 100"):
        assert expected in shown


def test_keys_that_detach_a_client_or_stop_output_elsewhere_reach_the_shell(world: World, engine: DockerEngine) -> None:
    shell = engine.shell(world.ref, (SHELL,), rows=40, columns=100)
    timer = threading.Timer(EACH_S, shell.close)  # output that was stopped would be waited for without end
    timer.start()
    shown = b""
    # The shell itself reads the keys, since what comes while it gives the terminal to a program may be lost.
    for typed, awaited in (
        (b"", b"# "),
        (b"echo now; read -r keys; printf '%q' \"$keys\"\n", b"\x07now\r\n"),
        (b"\x10\x11\x13.\n", KEYS),
    ):
        shell.send(typed, wait_s=EACH_S)
        while awaited not in shown and (more := shell.receive()) is not None:
            shown += more
    timer.cancel()
    shell.close()
    assert KEYS in shown


def test_an_editor_for_beginners_and_the_habit_of_sudo(world: World) -> None:
    assert world.do("command -v nano; sudo -u root -E id -u; sudo A=1 printenv A").output == "/usr/bin/nano\n0\n1\n"
    assert "without sudo" in world.do("sudo").output


def test_the_greeting_says_what_is_not_kept(world: World) -> None:
    shown = world.type("exit\n")
    assert "docker pause does not work" in " ".join(shown.split())


def test_the_greeting_is_as_wide_as_the_terminal(own_world: World) -> None:
    task = f"Start a container {BOLD}web{PLAIN} with its port published.\n\n- In the background, so that it runs on\n"
    own_world.do(f"printf %s {shlex.quote(task)} > /etc/motd.task")
    narrow = own_world.type("exit\n", columns=34)
    assert f"Start a container {BOLD}web{PLAIN} with its\r\nport published.\r\n" in narrow
    assert "- In the background, so that it\r\n  runs on\r\n" in narrow
    greeting = plain(narrow.partition("docker-host:")[0])
    assert all(len(line) <= 34 or " " not in line.strip() for line in greeting.splitlines())
    assert "nothing of it is kept. You are root at 192.168.50.10," in own_world.type("exit\n", columns=100)


def test_the_shell_marks_where_commands_begin_and_end(own_world: World) -> None:
    recorder = (transcript := Transcript()).recorder()
    recorder.take(own_world.type("echo one\n\nls /nope 2> /dev/null\nexit\n").encode())
    assert [(one.output, one.exit_code) for one in transcript.printed()][:2] == [("one\r\n", 0), ("", 2)]
    history = shell_history.read(own_world.run(shell_history.COMMAND)[0].output, since=EPOCH, now=clock.now())
    for typed, printed in zip(history, transcript.printed(), strict=False):
        assert timedelta(0) <= printed.at - typed.at <= timedelta(seconds=1)


def test_the_shell_completes_docker_and_shows_the_task(own_world: World) -> None:
    own_world.do("echo 'Your task: start a web server.' > /etc/motd.task")
    shown = own_world.type("docker netw\tls --format '<{{.Name}}>'; exit\n")
    assert "Your task: start a web server." in shown
    assert "docker network ls" in shown
    assert "<bridge>" in shown


@pytest.mark.parametrize(
    ("command", "exit_code", "output"),
    [
        ("exit 7", 7, ""),
        ("echo out; echo err >&2", 0, "out\nerr\n"),
        ("kill -9 $$", 137, ""),
        ("sleep 60 & echo left behind", 0, "left behind\n"),
        ("printf 'ä\\0\\377'", 0, "ä\0\N{REPLACEMENT CHARACTER}"),
        ("cat", 0, ""),
        ("no-such-program", 127, "/bin/bash: line 1: no-such-program: command not found\n"),
    ],
)
def test_a_check_reports_what_its_command_did(world: World, command: str, exit_code: int, output: str) -> None:
    result = world.check(command)
    assert (result.exit_code, result.output, result.truncated) == (exit_code, output, False)


def test_a_check_ends_at_its_limits_and_the_next_one_runs(world: World) -> None:
    hung, flood, full, over, after = world.run(
        "sleep 60", "yes", "printf 0123456789", "printf 0123456789x", "echo next", each_s=3.0, output_bytes=10
    )
    assert hung.timed_out
    assert 3000 <= hung.milliseconds < 1000 * EACH_S
    assert (flood.timed_out, flood.truncated, flood.output) == (True, True, "y\n" * 5)
    assert (full.truncated, full.output) == (False, "0123456789")
    assert (over.truncated, over.output) == (True, "0123456789")
    assert after.output == "next\n"


def test_where_the_engine_is_stopped_not_every_check_waits_its_whole_time(world: World) -> None:
    assert world.do("kill -STOP $(pidof dockerd)").exit_code == 0
    try:
        results = world.run(*["docker ps"] * 9, "echo next", each_s=5.0)
    finally:
        world.do("kill -CONT $(pidof dockerd)")
    assert [result.timed_out for result in results] == [True] * 9 + [False]
    waited_s = [result.milliseconds / 1000 for result in results]
    assert min(waited_s[:4]) >= 5.0  # four at a time
    assert sum(waited_s[4:9]) < 5 * 5.0  # each a second, and what a busy machine adds
    assert results[-1].output == "next\n"


def test_checks_of_one_request_share_an_answer_and_the_next_request_asks_again(world: World) -> None:
    ask = "once stamp sh -c 'date +%N; echo error >&2; exit 4'"
    first = world.run(*[ask] * 6)
    assert {result.exit_code for result in first} == {4}
    assert len({result.output for result in first}) == 1
    assert first[0].output.count("error\n") == 1
    assert world.check(ask).output != first[0].output


def test_checks_know_facts_and_status_codes(world: World) -> None:
    assert world.do("docker network create front").exit_code == 0
    assert world.do("docker run -d --name web -p 8080:80 nginx && docker network connect front web").exit_code == 0
    assert world.do("docker create --name still -P -p 81 nginx").exit_code == 0
    facts, found, missing, refused = world.run(
        "facts web still none",
        "http_code http://127.0.0.1:8080/",
        "http_code http://127.0.0.1:8080/no-such-page",
        "http_code http://127.0.0.1:8081/",
    )
    assert facts.exit_code == 1
    told = [line for line in facts.output.splitlines() if line]
    assert {line for line in told if " address " not in line} == {
        "web status running",
        "web published 8080:80/tcp 0.0.0.0",
        "web published 8080:80/tcp ::",
        "web asked -p 8080:80/tcp",
        "still status created",
        "still asked -p 81/tcp",
        "still asked -P",
    }
    assert any(line.startswith("web address front 172.") for line in told)
    assert [each.output for each in (found, missing, refused)] == ["200\n", "404\n", "000\n"]


def test_commands_of_a_check_run_side_by_side_and_those_of_a_set_up_in_turn(world: World) -> None:
    waits = "touch $REQUEST/$0; for i in $(seq 2000); do [ -e $REQUEST/{other} ] && exit 0; sleep 0.01; done; exit 1"
    one, two = (f"set -- ; {waits.replace('$0', mine).format(other=other)}" for mine, other in (("a", "b"), ("b", "a")))
    assert [result.exit_code for result in world.run(one, two)] == [0, 0]
    assert world.run("sleep 0.2; echo x > /tmp/turn", "cat /tmp/turn; rm /tmp/turn", learner=True)[1].output == "x\n"


def test_what_works_as_the_learner_was_begun_with_nothing_of_the_containers_environment(world: World) -> None:
    """In /proc a process shows the environment that it was begun with, whatever it has changed since (Linux 6)."""
    seen = world.run("cat /proc/[0-9]*/environ | tr '\\0' '\\n'", learner=True)[0].output
    assert "HOME=/root" in seen, "the shell itself is among them"
    assert "SANDBOX_" not in seen


def test_a_learner_cannot_join_a_check(own_world: World) -> None:
    """The checks' mount namespace is the world's; whoever joined it could cover the checks' own programs."""
    tries = (
        "for i in $(seq 100); do for each in /proc/[0-9]*; do"
        ' [ "$(readlink $each/ns/user)" = "$(readlink /proc/self/ns/user)" ] && continue;'
        " touch /tmp/seen; nsenter -t ${each#/proc/} -m true && touch /tmp/joined; ls $each/root/ && touch /tmp/joined;"
        " done; sleep 0.02; done > /dev/null 2>&1"
    )
    own_world.do(f"({tries}) &")
    for _ in range(3):
        assert own_world.check("sleep 0.5; cat /proc/1/comm").output == "tini\n"
    assert own_world.do("ls /tmp/seen").exit_code == 0, "the learner's loop has seen no check"
    assert own_world.do("ls /tmp/joined").exit_code != 0


def test_a_killed_engine_is_started_again(own_world: World) -> None:
    before = own_world.check("pgrep -x dockerd").output
    own_world.do("pkill -9 -x dockerd")
    until = "for i in $(seq 250); do docker ps > /dev/null 2>&1 && break; sleep 0.1; done; docker ps"
    after = own_world.check(f"while pgrep -x dockerd | grep -qx {before.strip()}; do sleep 0.01; done; {until}")
    assert after.output.startswith("CONTAINER ID"), after.output
    assert own_world.check("docker run --rm nginx hostname").exit_code == 0


def test_a_stopped_engine_stays_stopped_until_it_is_started(own_world: World) -> None:
    assert own_world.do("service docker stop").exit_code == 0
    assert own_world.do("service docker status").exit_code == 3
    assert own_world.check("sleep 2; docker ps").exit_code != 0
    assert own_world.do("systemctl start docker").exit_code == 0
    assert own_world.check("docker run --rm nginx hostname").exit_code == 0, "its images are gone"


def test_a_broken_configuration_says_what_is_wrong(own_world: World) -> None:
    own_world.do("echo '{ \"no-such-option\": 1 }' > /etc/docker/daemon.json")
    restarted = own_world.do("service docker restart")
    assert restarted.exit_code == 1
    assert "no-such-option" in restarted.output
    assert "no-such-option" in own_world.do("cat /var/log/docker.log").output
    own_world.do("echo '{}' > /etc/docker/daemon.json")
    assert own_world.do("service docker start").exit_code == 0
    assert own_world.check("docker ps").exit_code == 0


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


def test_a_learner_cannot_give_the_checks_other_programs(own_world: World) -> None:
    own_world.do("mkdir /tmp/fake; printf '#!/bin/sh\\necho faked\\n' | tee /tmp/fake/docker > /tmp/fake/curl")
    own_world.do("chmod +x /tmp/fake/*; mount --bind /tmp/fake/docker /usr/bin/docker; cp /tmp/fake/* /usr/local/bin/")
    own_world.do("echo 'export PATH=/tmp/fake:$PATH' >> /root/.bashrc; echo 'nameserver 1.2.3.4' > /etc/resolv.conf")
    assert own_world.do("docker ps").output == "faked\n"
    assert own_world.check("docker ps").output.startswith("CONTAINER ID")
    assert own_world.check("curl -sf http://example.com/").output.startswith("example.com was called by")


def test_checks_see_the_learners_processes_and_devices(world: World) -> None:
    assert world.do("docker run -d --name app --net=host nginx").exit_code == 0
    namespaces, devices = world.run(
        "readlink /proc/1/ns/net /proc/$(docker inspect -f '{{.State.Pid}}' app)/ns/net | uniq | wc -l",
        "ls /sys/class/net",
    )
    assert namespaces.output == "1\n"
    assert devices.output.split() == ["docker0", "eth0", "lo"]


def test_nothing_of_the_machine_outside_shows(world: World) -> None:
    name, resolver, hosts, links, processes, mounts, environment = world.run(
        "hostname; cat /etc/hostname",
        "cat /etc/resolv.conf",
        "cat /etc/hosts",
        "ip -o -4 address show scope global",
        "ps -e -o args=",
        "cut -d' ' -f5 /proc/self/mountinfo",
        "env",
        learner=True,
    )
    assert name.output == "docker-host\ndocker-host\n"
    assert resolver.output == "nameserver 192.168.50.1\n"
    assert hosts.output == f"127.0.0.1\tlocalhost\n{HOST}\tdocker-host\n"
    assert {line.split()[3] for line in links.output.splitlines()} == {f"{HOST}/24", "172.17.0.1/16"}
    assert not [line for line in processes.output.splitlines() if "dnsmasq" in line or "timeout" in line]
    assert not {"/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/old"} & set(mounts.output.splitlines())
    told = own_words(world)
    assert "/usr" in told
    for word in (
        "/volumes/",
        "/dev/vd",
        "/dev/sd",
        "/dev/nvme",
        "_data",
        "upperdir=/var/lib/docker/overlay2/l",
        "quizapp",
    ):
        assert word not in told, told
    assert "SANDBOX" not in environment.output


def own_words(world: World) -> str:
    """What the learner's host tells of its file systems."""
    return world.do("cat /proc/self/mountinfo /proc/mounts; df -a").output


@pytest.mark.parametrize(
    "command",
    [
        "mknod /tmp/disk b 254 0",
        "mount -t ext4 /dev/vda /mnt",
        "echo b > /proc/sysrq-trigger",
        "echo '|/bin/sh' > /proc/sys/kernel/core_pattern",
        "cat /proc/kcore > /dev/null",
        "dmesg",
        "umount /usr",
        "mount -o remount,rw /usr && touch /usr/mine",
        "touch /usr/local/libexec/sandbox/probe",
        "ls /proc/1/root/proc/1/root/run/sandbox",
        "nsenter --net=/run/netns/neighbour true",
        "hostname -F /run/sandbox/world.pid",
        "docker run --rm -v /:/host busybox touch /host/usr/mine",
        "docker run --rm --cap-add ALL --security-opt seccomp=unconfined busybox mknod /disk b 254 0",
        "docker run --rm --cap-add ALL --pid=host busybox nsenter -t 1 -m touch /usr/mine",
        "sysctl -w kernel.panic=1",
        "swapon /root",
        "ping -c 1 -W 1 1.1.1.1",
    ],
)
def test_root_in_a_sandbox_is_nobody_outside(world: World, command: str) -> None:
    result = world.do(command)
    assert result.exit_code not in (0, None), result.output


def test_a_full_disk_is_an_error_message_and_no_more(own_world: World) -> None:
    host, container, inodes, after = own_world.run(
        "dd if=/dev/zero of=/root/big bs=1M",
        "docker run --rm busybox dd if=/dev/zero of=/big bs=1M",
        "mkdir /tmp/many; cd /tmp/many;"
        " for i in $(seq 70000); do : > $i || exit 1; done 2>&1 | tail -n 1; rm -r /tmp/many",
        "rm /root/big; docker run --rm nginx hostname",
        learner=True,
    )
    for result in (host, container, inodes):
        assert "No space left on device" in result.output
    assert after.exit_code == 0, after.output


def test_a_memory_hog_is_killed_and_the_engine_lives(own_world: World) -> None:
    assert own_world.do("tail /dev/zero").exit_code == 137
    assert own_world.check("docker run --rm nginx hostname").exit_code == 0


@pytest.mark.parametrize(("lease_s", "life_s"), [(SHORT_S, LIFE_S), (LIFE_S, SHORT_S)])
def test_it_ends_by_itself_with_its_lease_and_at_its_deadline(engine: DockerEngine, lease_s: int, life_s: int) -> None:
    """On a busy machine that may be before it was ready."""
    began = time.monotonic()
    world = World(engine, lease_s=lease_s, life_s=life_s)
    try:
        assert world.is_gone_within(GONE_S)
        assert time.monotonic() - began > SHORT_S - 1
        assert not [line for line in world.said if line.startswith("@failed")]
    finally:
        world.close()


def test_a_lease_can_be_prolonged_and_one_that_is_over_ends_it(engine: DockerEngine) -> None:
    """Two at a time: both must be ready, on a busy machine too, before their first lease ends."""
    began = time.monotonic()
    longer, over = World(engine, lease_s=15), World(engine, lease_s=15)
    try:
        longer.prolong("18")
        over.prolong("x")
        assert over.is_gone_within(GONE_S)
        assert longer.is_gone_within(GONE_S)
        assert time.monotonic() - began > 17, "it ended with its first lease"
    finally:
        longer.close()
        over.close()


@pytest.mark.parametrize("nonsense", ["x", "", "-1", "a[$(touch /tmp/run)]", "9" * 40])
def test_a_lease_that_is_no_number_is_over(shared: World, nonsense: str) -> None:
    try:
        shared.prolong(nonsense)
        assert shared.lease() == "0\n"
    finally:
        shared.prolong(str(LIFE_S))
    assert shared.lease() == f"{LIFE_S}\n"


def test_a_start_that_cannot_be_says_why(engine: DockerEngine) -> None:
    world = World(engine, template=replace(USERNS, capabilities=()))
    try:
        assert world.said[-1] == "@failed This machine does not let the sandbox make a user namespace."
    finally:
        world.close()
