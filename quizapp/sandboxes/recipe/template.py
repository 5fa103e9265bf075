"""What a sandbox's container may do and use, as plain data. Knows no engine: the Docker adapter turns it into flags."""

from dataclasses import dataclass

from quizapp.sandboxes.recipe import seccomp

MIB = 1024 * 1024
LAB_UID = 2_000_000  # of the user `lab` and its group, as the Dockerfile makes them

# Paths inside the image; the scripts are its whole interface.
START = "/usr/local/libexec/sandbox/start"
AWAIT = "/usr/local/libexec/sandbox/await"
GO = b"go"  # begins the line that AWAIT waits for
SHELL = "/usr/local/libexec/sandbox/shell"
PROBE = "/usr/local/libexec/sandbox/probe"
LEASE = "/usr/local/libexec/sandbox/lease"
PREPARE_IMAGES = "/usr/local/libexec/sandbox/prepare-images"
IMAGES_DIR = "/var/lib/sandbox/images"  # where the volume with the inner images is mounted
SOURCE_DIR = "/var/lib/sandbox/source"  # where PREPARE_IMAGES of a machine finds the images of the other template

IMAGE_REPOSITORY = "quizapp-sandbox"
VM_REPOSITORY = "quizapp-sandbox-vm"


@dataclass(frozen=True, kw_only=True)
class StartStep:
    """One step of a start: the `name` that the sandbox prints when it begins, and a `title` for a person."""

    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Tmpfs:
    """A file system in memory; what is in it counts against the container's memory."""

    path: str
    options: str


@dataclass(frozen=True, kw_only=True)
class Template:
    """The flags of a sandbox's container. Swap is off, so `memory_bytes` is all it can have.

    `device_rules` open devices by their number, wherever the container finds a file of that number.
    """

    name: str
    steps: tuple[StartStep, ...]
    user: str
    cap_drop: tuple[str, ...]
    cap_add: tuple[str, ...]
    security_opts: tuple[str, ...]
    device_rules: tuple[str, ...]
    network: str
    init: bool
    read_only: bool
    tmpfs: tuple[Tmpfs, ...]
    memory_bytes: int
    pids: int
    cpu_shares: int
    log_bytes: int


# A Docker host in a user namespace. Its container has no privilege that could reach the machine it runs on.
USERNS = Template(
    name="userns",
    steps=(
        StartStep(name="world", title="A machine of your own"),
        StartStep(name="lan", title="Its network, a neighbour and an internet"),
        StartStep(name="images", title="Images"),
        StartStep(name="engine", title="Docker Engine"),
    ),
    user="lab",
    cap_drop=("ALL",),
    # newuidmap and newgidmap get these two by their file capabilities, to map the user namespace; nobody else does.
    cap_add=("SETUID", "SETGID"),
    security_opts=(
        f"seccomp={seccomp.profile()}",
        "apparmor=unconfined",  # Docker's own profile forbids to mount
        "systempaths=unconfined",  # a user namespace may mount /proc and /sys only where no part of them is hidden
    ),
    device_rules=(),
    network="none",  # the sandbox makes a network of its own; an "internal" one would reach the machine it runs on
    init=False,  # START brings its own
    read_only=True,  # everything a learner writes is in a tmpfs, so it ends with the container and counts as memory
    # A few mount points. It must belong to `lab`: engines keep the mode that the image's folder has.
    tmpfs=(Tmpfs(path="/run", options=f"rw,nosuid,nodev,size=1m,uid={LAB_UID},gid={LAB_UID}"),),
    memory_bytes=1024 * MIB,  # an idle one takes about 50 MiB; the rest is for containers and the files they write
    pids=1024,  # an idle one has about 30 processes and threads, a published container as many: room for 30
    cpu_shares=512,  # of Docker's usual 1024: whoever shares the machine, the web server first of all, goes before
    log_bytes=MIB,  # a start prints a few hundred bytes; this is the least json-file rotates at in whole megabytes
)

# The same host in a virtual machine. Its container makes no namespace and mounts nothing, so it has no capability, and
# the engine's own profiles for system calls and files stay on.
VM = Template(
    name="vm",
    steps=(StartStep(name="machine", title="A virtual machine"), *USERNS.steps),
    user="lab",
    cap_drop=("ALL",),
    cap_add=(),
    security_opts=("no-new-privileges",),
    device_rules=("c 10:232 rw",),  # /dev/kvm: the image has a file of that number, of use only where the host has one
    network="none",
    init=True,
    read_only=True,
    tmpfs=USERNS.tmpfs,
    memory_bytes=1408 * MIB,  # 1,024 of the machine, 128 of translated code without KVM, the emulator, cached disks
    pids=256,  # the emulator has about ten threads, a terminal five processes, a check three
    cpu_shares=512,
    log_bytes=MIB,
)

TEMPLATES = {template.name: template for template in (USERNS, VM)}


def image_tag(inputs_digest: str, *, repository: str = IMAGE_REPOSITORY) -> str:
    """The image's tag for these inputs, a hex SHA-256; a changed input is another image, never an overwritten one."""
    return f"{repository}:{inputs_digest[:12]}"


def images_volume(tag: str) -> str:
    """The volume with the inner images for the image `tag`: filled once, mounted read-only in each sandbox."""
    return f"{IMAGE_REPOSITORY}-images-{tag.rpartition(':')[2]}"
