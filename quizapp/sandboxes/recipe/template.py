"""What a sandbox's container may do and use, as plain data. Knows no engine and no flag of one."""

from dataclasses import dataclass

from quizapp.sandboxes.recipe import seccomp

MIB = 1024 * 1024
LAB_UID = 1999  # of the user `lab` and its group, as the Dockerfiles make them; see docs/decisions/0097

# Paths inside the image: the scripts that sandboxd runs in a container, and two folders for volumes.
START = "/usr/local/libexec/sandbox/start"
AWAIT = "/usr/local/libexec/sandbox/await"
GO = b"go"  # begins the line that AWAIT waits for
SHELL = "/usr/local/libexec/sandbox/shell"
PROBE = "/usr/local/libexec/sandbox/probe"
LEASE = "/usr/local/libexec/sandbox/lease"
PREPARE_IMAGES = "/usr/local/libexec/sandbox/prepare-images"
IMAGES_DIR = "/var/lib/sandbox/images"  # where the volume with the inner images is mounted
SOURCE_DIR = "/var/lib/sandbox/source"  # where PREPARE_IMAGES of the template vm finds the inner images of userns

IMAGE_REPOSITORY = "quizapp-sandbox"
VM_REPOSITORY = "quizapp-sandbox-vm"


@dataclass(frozen=True, kw_only=True)
class StartStep:
    """One step of a start: the `name` that the sandbox prints when the step begins, and its `title` on a page."""

    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class MemoryFolder:
    """A folder whose files are in memory and cannot be executed. Its content counts as the sandbox's memory."""

    path: str
    size_bytes: int
    """The most that its files can have together."""
    uid: int
    """The uid of its owner, and the gid of its group."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a sandbox's container is and may do. An engine's adapter turns it into that engine's flags."""

    name: str
    steps: tuple[StartStep, ...]
    """The steps that its start prints, in their order."""
    user: str
    """The user of its image that its first process runs as."""
    capabilities: tuple[str, ...]
    """The Linux capabilities that its processes may get, without the prefix CAP_; all others are dropped."""
    system_calls: str | None
    """A seccomp profile as JSON; None for the engine's default one."""
    mounts: bool
    """Whether it may mount file systems; if so, it has no AppArmor profile, and all of /proc and /sys is visible."""
    gains_privileges: bool
    """Whether file capabilities and set-uid bits count; if not, no program gets more privileges than its caller has."""
    kvm: bool
    """Whether it may open the device of KVM, for which its image has a file."""
    has_network: bool
    """Whether the engine connects it to a network; if not, it has only the networks that it makes itself."""
    needs_init: bool
    """Whether the engine starts an init before its first process, to reap processes that ended."""
    writes_to_image: bool
    """Whether it may write to its image's files; if not, only to memory folders and mounts."""
    memory_folders: tuple[MemoryFolder, ...]
    memory_bytes: int
    """The most memory that it can have; swap is off."""
    processes: int
    """The most processes and threads at once."""
    cpu_weight: float
    """Its share of a busy processor, in proportion to other processes; 1 is the engine's default."""
    output_bytes: int
    """The most that the engine keeps of its first process's output."""


# A Docker host in a user namespace. Its container has no privilege with an effect on the machine that it runs on.
USERNS = Template(
    name="userns",
    steps=(
        StartStep(name="world", title="A machine of your own"),
        StartStep(name="lan", title="Its network, a neighbour and an internet"),
        StartStep(name="images", title="Images"),
        StartStep(name="engine", title="Docker Engine"),
    ),
    user="lab",
    # newuidmap and newgidmap alone get these two, by their file capabilities, to map the user namespace.
    capabilities=("SETUID", "SETGID"),
    system_calls=seccomp.profile(),
    mounts=True,  # a user namespace may mount /proc and /sys only where no part of them is hidden
    gains_privileges=True,
    kvm=False,
    has_network=False,  # the sandbox makes its own network; the engine's would connect it to the machine it runs on
    needs_init=False,  # START runs itself under tini, which the image has
    writes_to_image=False,  # all that a learner writes is in memory: it ends with the container and counts as memory
    # For a few mount points. It must belong to `lab`, since engines keep the mode of the image's folder.
    memory_folders=(MemoryFolder(path="/run", size_bytes=MIB, uid=LAB_UID),),
    memory_bytes=1024 * MIB,  # an idle one takes about 50 MiB; the rest is for containers and the files they write
    processes=1024,  # an idle one has about 30 processes and threads, a published container as many: room for 30
    cpu_weight=0.5,  # half of what other processes on the machine have, the web server first of all
    output_bytes=MIB,  # a start prints a few hundred bytes; Docker's json-file rotates at one megabyte at least
)

# The same host in a virtual machine. Its container makes no namespace and mounts nothing, so it has no capability, and
# the engine's own profiles for system calls and files stay on.
VM = Template(
    name="vm",
    steps=(StartStep(name="machine", title="A virtual machine"), *USERNS.steps),
    user="lab",
    capabilities=(),
    system_calls=None,
    mounts=False,
    gains_privileges=False,
    kvm=True,  # without effect on a machine that has no KVM
    has_network=False,
    needs_init=True,
    writes_to_image=False,
    memory_folders=USERNS.memory_folders,
    memory_bytes=1536 * MIB,  # 1,024 for the virtual machine, 256 for code translated without KVM, emulator, disk cache
    processes=256,  # the emulator has about ten threads, a terminal five processes, a check three
    cpu_weight=0.5,
    output_bytes=MIB,
)

TEMPLATES = {template.name: template for template in (USERNS, VM)}


def image_tag(inputs_digest: str, *, repository: str = IMAGE_REPOSITORY) -> str:
    """The image's tag for these inputs (a hex SHA-256). Changed inputs give another tag, so no image is overwritten."""
    return f"{repository}:{inputs_digest[:12]}"


def images_volume(tag: str) -> str:
    """The name of the volume with the inner images of the image `tag`: filled once, mounted read-only in sandboxes."""
    return f"{IMAGE_REPOSITORY}-images-{tag.rpartition(':')[2]}"


def images_image(tag: str) -> str:
    """The name of the image with the same files as that volume, for engines that mount images in place of volumes."""
    return f"{IMAGE_REPOSITORY}-images:{tag.rpartition(':')[2]}"
