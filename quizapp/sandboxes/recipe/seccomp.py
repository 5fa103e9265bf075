"""The system calls that nobody in a sandbox may make, as the profile that a Docker Engine takes. Knows no engine.

Docker's own profile cannot serve: an engine in a sandbox mounts and makes namespaces, which that forbids. This one
allows what it does not name: in a user namespace the kernel refuses by itself whatever would reach beyond it.
"""

import errno
import json

# Shared by all who run under one uid, so by all sandboxes: they could leave each other messages.
KEYRINGS = ("add_key", "keyctl", "request_key")
# Where most holes of the last years were that led from a user namespace into the kernel; a Docker host works without.
LARGE_SURFACES = (
    "bpf",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "perf_event_open",
    "userfaultfd",
)
# The kernel refuses these to everyone but the machine's own root; here it is not even asked.
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
# Sockets that no network namespace holds back: AF_VSOCK leads to the hypervisor and what listens there; AF_ALG, the
# kernel's cryptography, is one more large surface.
SOCKET_FAMILIES = {"AF_ALG": 38, "AF_VSOCK": 40}
# The other way to a socket, of 32-bit programs alone: its arguments lie where a filter cannot look.
SOCKETS_UNSEEN = ("socketcall",)


def profile() -> str:
    """The profile as JSON. A forbidden call looks as if the kernel had none of this name: programs expect that."""
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
