# Start a Docker Engine without privileges in the namespaces at hand; sourced after common.sh.

PATIENCE_S=60  # for each of the two; both together take half a second, or half a minute on an emulated processor

# start_engine: start containerd and dockerd, wait until dockerd answers. Needs /var/lib/docker, and /run of its own.
start_engine() {
    # rootless mode asks for these, and for a proxy under this name, though no RootlessKit is in use
    export ROOTLESSKIT_STATE_DIR=/run/rootlesskit XDG_RUNTIME_DIR=/run
    mkdir -p "$ROOTLESSKIT_STATE_DIR"
    # Started here, not by dockerd, which would look for it only once a second.
    containerd --config /usr/local/share/sandbox/containerd.toml > /var/log/containerd.log 2>&1 &
    wait_for "$PATIENCE_S" test -S /run/containerd/containerd.sock || return 1
    dockerd --rootless --data-root /var/lib/docker --containerd /run/containerd/containerd.sock \
        -H unix:///run/docker.sock --ip 0.0.0.0 > /var/log/docker.log 2>&1 &
    wait_for "$PATIENCE_S" test -S /run/docker.sock || return 1
    # dockerd listens early and answers once it is ready, so one question is enough.
    curl --silent --fail --max-time "$PATIENCE_S" --output /dev/null --unix-socket /run/docker.sock http://docker/_ping
}

# last_words: the last line that the engine logged, if it came to that.
last_words() {
    cat /var/log/containerd.log /var/log/docker.log 2> /dev/null | tail -n 1
}
