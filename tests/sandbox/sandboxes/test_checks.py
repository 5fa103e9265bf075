"""Checks and what is run as the learner, by the probe: limits, order, and what nobody can give them."""

import pytest

from tests.sandbox.sandboxes.world import EACH_S, World

pytestmark = pytest.mark.sandbox


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
