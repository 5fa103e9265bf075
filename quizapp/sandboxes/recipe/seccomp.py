"""The seccomp profile of a sandbox: the system calls that no process in it may make. Knows no engine.

Docker's default profile cannot be used: the engine in a sandbox mounts file systems and makes namespaces, which that
profile forbids. This one allows all calls that it does not name, since the kernel itself refuses a process in a user
namespace everything that would have an effect outside of it.
"""

import errno
import json

# A keyring is shared by all processes of one uid, so by all sandboxes: they could exchange data through it.
KEYRINGS = ("add_key", "keyctl", "request_key")
# Calls with most of the recent vulnerabilities that a user namespace can use; a Docker host works without them.
LARGE_SURFACES = (
    "bpf",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "perf_event_open",
    "userfaultfd",
)
# The kernel refuses these to everyone but root of the machine; with the profile, the kernel's own check is not reached.
MACHINE_WIDE = (
    "acct",
    "clock_adjtime",
    "clock_settime",
    "delete_module",
    "finit_module",
    "init_module",
    "ioperm",
    "iopl",
    "kexec_file_load",
    "kexec_load",
    "open_by_handle_at",
    "quotactl",
    "quotactl_fd",
    "settimeofday",
    "swapoff",
    "swapon",
    "syslog",
)
# Socket families that a network namespace does not isolate: AF_VSOCK connects to the hypervisor and the programs that
# listen there; AF_ALG, the kernel's cryptography, is another large attack surface.
SOCKET_FAMILIES = {"AF_ALG": 38, "AF_VSOCK": 40}
# How 32-bit programs may open sockets too: its arguments are in memory, which a seccomp filter cannot read.
SOCKETS_UNSEEN = ("socketcall",)


def profile() -> str:
    """The profile as JSON. A forbidden call fails as on a kernel without it (ENOSYS), which programs handle."""
    calls: list[dict[str, object]] = [
        {
            "names": [*KEYRINGS, *LARGE_SURFACES, *MACHINE_WIDE, *SOCKETS_UNSEEN],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": errno.ENOSYS,
        }
    ]
    calls += [
        {
            "names": ["socket"],
            "action": "SCMP_ACT_ERRNO",
            "errnoRet": errno.EAFNOSUPPORT,
            "args": [{"index": 0, "value": family, "op": "SCMP_CMP_EQ"}],
        }
        for family in SOCKET_FAMILIES.values()
    ]
    architectures = [
        {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
        {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
    ]
    return json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "archMap": architectures, "syscalls": calls})


def runtime_form(profile: str) -> str:
    """The same profile as container runtimes read it from a node's file: the list `architectures`, no `archMap`."""
    said = json.loads(profile)
    families = said.pop("archMap")
    said["architectures"] = [
        name for family in families for name in (family["architecture"], *family["subArchitectures"])
    ]
    return json.dumps(said, indent=2)
