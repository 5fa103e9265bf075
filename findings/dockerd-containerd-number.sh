#!/bin/sh
# A Docker engine that was killed, on a machine on which numbers of processes come round again. dockerd keeps the number of
# the containerd that it starts in containerd.pid. If any program at all has that number at the next start, dockerd takes
# it for its containerd, starts none, waits 15 s for its socket and ends with "timeout waiting for containerd to start";
# so does each start after it, until that program ends or somebody removes the file. Its own docker.pid it minds likewise,
# but says so.
# Needs root, Debian 12 and its package index, and no Docker that runs: it has folders of its own. Exits with 1 once this
# has changed.
set -eu
place=$(mktemp -d /tmp/dn.XXXXXX)
clear_away() {
    wait
    awk -v place="$place/" 'index($2, place) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount
    rm -rf "$place"
}
trap clear_away EXIT
cd "$place"
chmod 755 .
version=20.10.24+dfsg1-1+deb12u1+b6
apt-get download --quiet docker.io="$version" containerd=1.6.20~ds1-1+deb12u3 runc > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg --extract "$package" root; done
PATH="$place/root/usr/sbin:$place/root/usr/bin:$PATH"
begin() {
    echo '{}' > engine.json
    dockerd --config-file "$place/engine.json" --host "unix://$place/docker.sock" --data-root "$place/data" \
        --exec-root "$place/exec" --pidfile "$place/docker.pid" --bridge none --iptables=false --ip-forward=false \
        --log-level warn > "$1" 2>&1 &
    pid=$!
    for _ in $(seq 300); do
        if docker --host "unix://$place/docker.sock" info > /dev/null 2>&1; then
            kill "$pid" && wait "$pid" || true
            pid=
            echo "it answered"
            return
        fi
        kill -0 "$pid" 2> /dev/null || break
        sleep 0.1
    done
    wait "$pid" || true
    pid=
    tail -n 1 "$1"
}
echo "Docker $(dockerd --version)"
echo "a first start: $(begin first.log)"
sleep 600 &
other=$!
mkdir -p exec/containerd
printf '%s' "$other" > exec/containerd/containerd.pid
echo "one would guess of a start with the number of 'sleep' in containerd.pid: it answered"
seen=$(begin second.log)
kill "$other"
echo "seen: $seen"
case $seen in *"timeout waiting for containerd"*) exit 0 ;; *) exit 1 ;; esac
