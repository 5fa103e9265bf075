"""What a sandbox's container may do and use, as plain data. Knows no engine and no flag of one."""

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
class MemoryFolder:
    """A folder whose files lie in memory, where no program in it runs. What is in it counts as the sandbox's memory."""

    path: str
    size_bytes: int
    uid: int
    """Of the user and of the group that it belongs to."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """What a sandbox's container is and may do. An engine's adapter turns it into that engine's flags.

    Swap is off, so `memory_bytes` is all it can have.
    """

    name: str
    steps: tuple[StartStep, ...]
    user: str
    capabilities: tuple[str, ...]
    """The Linux capabilities that it may get, without CAP_; it has no others."""
    system_calls: str | None
    """A seccomp profile as JSON; None for the engine's own."""
    mounts: bool
    """Whether it mounts file systems: no profile for files then, and no part of /proc and /sys is hidden."""
    gains_privileges: bool
    """Whether a program's file capabilities count; without, no program gets more than its caller has."""
    kvm: bool
    """Whether it may open the device of KVM, which its image has a file for."""
    has_network: bool
    """Whether the engine gives it a network; without, it has what it makes itself."""
    needs_init: bool
    """Whether the engine puts a first process before its own, to collect those that ended."""
    writes_to_image: bool
    """Whether it may write to its image's files; without, it writes to memory and to what is mounted."""
    memory_folders: tuple[MemoryFolder, ...]
    memory_bytes: int
    processes: int
    """The most at once, threads among them."""
    cpu_weight: float
    """Its share of a busy processor beside others; 1 is the engine's usual one."""
    output_bytes: int
    """The most that is kept of what its first process prints."""


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
    # newuidmap and newgidmap get these two by their file capabilities, to map the user namespace; nobody else does.
    capabilities=("SETUID", "SETGID"),
    system_calls=seccomp.profile(),
    mounts=True,  # a user namespace may mount /proc and /sys only where no part of them is hidden
    gains_privileges=True,
    kvm=False,
    has_network=False,  # the sandbox makes a network of its own; one of an engine's would reach the machine it runs on
    needs_init=False,  # START brings its own
    writes_to_image=False,  # everything a learner writes is in memory, so it ends with the container and counts as such
    # A few mount points. It must belong to `lab`: engines keep the mode that the image's folder has.
    memory_folders=(MemoryFolder(path="/run", size_bytes=MIB, uid=LAB_UID),),
    memory_bytes=1024 * MIB,  # an idle one takes about 50 MiB; the rest is for containers and the files they write
    processes=1024,  # an idle one has about 30 processes and threads, a published container as many: room for 30
    cpu_weight=0.5,  # whoever shares the machine, the web server first of all, goes before
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
    kvm=True,  # of use only where the host has it
    has_network=False,
    needs_init=True,
    writes_to_image=False,
    memory_folders=USERNS.memory_folders,
    memory_bytes=1408 * MIB,  # 1,024 of the machine, 128 of translated code without KVM, the emulator, cached disks
    processes=256,  # the emulator has about ten threads, a terminal five processes, a check three
    cpu_weight=0.5,
    output_bytes=MIB,
)

TEMPLATES = {template.name: template for template in (USERNS, VM)}


def image_tag(inputs_digest: str, *, repository: str = IMAGE_REPOSITORY) -> str:
    """The image's tag for these inputs, a hex SHA-256; a changed input is another image, never an overwritten one."""
    return f"{repository}:{inputs_digest[:12]}"


def images_volume(tag: str) -> str:
    """The volume with the inner images for the image `tag`: filled once, mounted read-only in each sandbox."""
    return f"{IMAGE_REPOSITORY}-images-{tag.rpartition(':')[2]}"
