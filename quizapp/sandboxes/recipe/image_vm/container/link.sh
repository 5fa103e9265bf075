# What the scripts around the machine share; sourced, never run.

IMAGES_DISK=/var/lib/sandbox/images/images.ext4
PORT=7000  # where the machine answers, on this container's own loopback device
SMALL=rcvbuf=65536,sndbuf=65536  # what may wait on the way: a Ctrl-C has to pass all that is still to be shown

# link SECONDS: send stdin to the machine and print its answer, for which there is so much time after the end of stdin.
link() {
    socat -t "$1" STDIO "TCP:127.0.0.1:$PORT,$SMALL"
}
