# Start a Docker Engine without privileges in the namespaces at hand; sourced after common.sh.

PATIENCE_S=60  # for each of the two; both together take half a second, or half a minute on an emulated processor
STOPPED=/run/docker.stopped  # while it is there, an engine that has ended is not started again
MOST_TRIES=5
STEADY_S=10  # whoever has run for that long did start; its end counts as the first again
PAUSE_S=0.5

# start_engine RUN [OPTION…]: start containerd and dockerd with these options more, and wait until dockerd answers. RUN is
# `once` or `keep`. Needs /var/lib/docker, and /run of its own.
start_engine() {
    local run=$1
    shift
    # rootless mode asks for these, and for a proxy under this name, though no RootlessKit is in use
    export ROOTLESSKIT_STATE_DIR=/run/rootlesskit XDG_RUNTIME_DIR=/run
    export XDG_CONFIG_HOME=/etc  # so that its settings are where everybody looks for them: /etc/docker/daemon.json
    export PATH="$LIBEXEC/runtime:$PATH"
    mkdir -p "$ROOTLESSKIT_STATE_DIR"
    # Started here, not by dockerd, which would look for it only once a second.
    "$run" containerd --config /usr/local/share/sandbox/containerd.toml > /var/log/containerd.log 2>&1 &
    wait_for "$PATIENCE_S" test -S /run/containerd/containerd.sock || return 1
    "$run" dockerd --rootless --data-root /var/lib/docker --containerd /run/containerd/containerd.sock \
        -H unix:///run/docker.sock --ip 0.0.0.0 "$@" > /var/log/docker.log 2>&1 &
    wait_for "$PATIENCE_S" test -S /run/docker.sock || return 1
    # dockerd listens early and answers once it is ready, so one question is enough.
    curl --silent --fail --max-time "$PATIENCE_S" --output /dev/null --unix-socket /run/docker.sock http://docker/_ping
}

# once COMMAND…: be the command.
once() {
    exec "$@"
}

# keep COMMAND…: run the command, and again when it has ended, unless STOPPED is there or it never lasts.
keep() {
    local began tries=0
    while :; do
        began=$SECONDS
        "$@" || true
        [ $((SECONDS - began)) -lt "$STEADY_S" ] || tries=0
        tries=$((tries + 1))
        if [ "$tries" -ge "$MOST_TRIES" ]; then
            echo "$1 ended $tries times in a row, and is left alone until: service docker start"
            touch "$STOPPED"
        fi
        while [ -e "$STOPPED" ]; do
            tries=0
            sleep "$PAUSE_S"
        done
        sleep "$PAUSE_S"
    done
}

# last_words: the last line that the engine logged, if it came to that.
last_words() {
    cat /var/log/containerd.log /var/log/docker.log 2> /dev/null | grep -v ' times in a row' | tail -n 1
}
