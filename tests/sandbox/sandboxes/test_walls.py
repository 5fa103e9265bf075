"""What does not lead out of a sandbox, and what one may take of the machine."""

import pytest

from tests.sandbox.sandboxes.world import HOST, World

pytestmark = pytest.mark.sandbox


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
        "ping -c 1 -W 1 208.67.222.222",  # of the real internet, and of no other
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
