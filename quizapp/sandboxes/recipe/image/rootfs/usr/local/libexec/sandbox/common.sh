# What several of the sandbox's scripts need; sourced, never run.

LIBEXEC=/usr/local/libexec/sandbox
STATE=/run/sandbox  # only outside the learner's hosts: each has a /run of its own

# mount(8) would set "ro" in a second call, and in a user namespace the kernel refuses a sysfs that lacks it in the first.
export LIBMOUNT_FORCE_MOUNT2=always

# The LAN. Its range is one that Docker's own networks and the examples of the notes leave alone.
LAN_PREFIX=24
GATEWAY=192.168.50.1
HOST=192.168.50.10
SECOND=192.168.50.11
NEIGHBOUR=192.168.50.20

# fail SENTENCE: report why the start failed, and end it.
fail() {
    echo "@failed $1"
    exit 2
}

# wait_for SECONDS COMMAND…: run the command until it succeeds; fails when the time is up.
wait_for() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.01
    done
}

# plug NAME ADDRESS: connect the network namespace NAME to the LAN, as its eth0.
plug() {
    ip -batch - <<BATCH
link add $1-lan type veth peer name eth0 netns $1
link set $1-lan master lan0 up
BATCH
    # not `ip -netns`, which mounts a /sys of that network and may not any more once the world is complete
    nsenter --net="/run/netns/$1" ip -batch - <<BATCH
link set lo up
address add $2/$LAN_PREFIX dev eth0
link set eth0 up
route add default via $GATEWAY
BATCH
}
