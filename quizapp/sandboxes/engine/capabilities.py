"""Finds out which capabilities a template's sandboxes have on this machine. Knows the engine's Protocol and no lab.

A kernel may lack a kind of network device, and only a command that makes one in a sandbox shows whether it does.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

from quizapp.sandboxes.engine import probe
from quizapp.sandboxes.engine.protocol import Engine, NewContainer
from quizapp.sandboxes.recipe.template import VM, Template

LIFE_S = 240  # of the sandbox, if this process dies before it removes it: twice a slow start with all commands
READY_S = 120.0  # for a virtual machine without KVM, on a busy machine; other sandboxes take seconds
EACH_S = 30.0  # for one command; the slowest starts a container
OUTPUT_BYTES = 4096  # of one command; each prints a few lines

KERNEL = "This host's kernel has none. Load its module {module}, or offer the template vm, whose kernel has it."
SLOW = (
    "The machine starts in 15 to 60 seconds instead of a few. Its host's processor has to help (vmx or svm in"
    " /proc/cpuinfo), with the module kvm_intel or kvm_amd loaded."
)


@dataclass(frozen=True, kw_only=True)
class Capability:
    """Something that sandboxes can do on this machine, and a lab may need."""

    name: str
    """The word with which a lab needs it, where it is a kind of network device."""
    command: str
    """A shell command that exits with 0 in a sandbox that has the capability, and with another code elsewhere."""
    mend: str
    """What the operator can do about a missing one."""


@dataclass(frozen=True, kw_only=True)
class CapabilityReport:
    """The capabilities of a template, as found in one sandbox; both tuples are empty if it did not start."""

    failed: str | None
    """Why the sandbox did not start; None if it did."""
    can: tuple[Capability, ...] = ()
    """The capabilities that it has."""
    cannot: tuple[Capability, ...] = ()
    """All other capabilities of the template."""


def _link(kind: str, options: str) -> Capability:
    """The capability to make this kind of network device; its command uses a network namespace of its own."""
    made = f"ip link add {kind}-on type veth peer {kind}-to && ip link add {kind}-try {options}"
    return Capability(name=kind, command=f"unshare --net sh -c '{made}'", mend=KERNEL.format(module=kind))


LINKS = (
    _link("macvlan", "link macvlan-on type macvlan mode bridge"),
    _link("ipvlan", "link ipvlan-on type ipvlan mode l2"),
    _link("vxlan", "type vxlan id 1 dev vxlan-on dstport 4789"),
)


USUAL = (
    Capability(
        name="overlay",
        command="docker run --rm busybox true",
        mend="Containers do not start. Load this host's module overlay, or take a kernel of 5.13 or newer.",
    ),
    Capability(
        name="nat",
        command="iptables -t nat -S DOCKER",
        mend="Published ports do not work. Load this host's modules nf_nat, nft_compat and xt_MASQUERADE.",
    ),
    *LINKS,
)
# QEMU's emulated processor has this name; with KVM the virtual machine shows the real one.
MACHINE = (Capability(name="kvm", command="! grep -q 'QEMU TCG' /proc/cpuinfo", mend=SLOW),)


def capabilities_of(template: Template) -> tuple[Capability, ...]:
    """The capabilities to test in a sandbox of this template."""
    return (*USUAL, *MACHINE) if template is VM else USUAL


def capability_report(engine: Engine, template: Template) -> CapabilityReport:
    """Start a sandbox of this template, test every capability in it, and remove it. Raises what the engine raises."""
    capabilities = capabilities_of(template)
    ref = engine.create(
        NewContainer(
            name=f"quizapp-doctor-{uuid4().hex[:12]}", labels={}, template=template, lease_s=LIFE_S, life_s=LIFE_S
        )
    )
    try:
        engine.start(ref)
        with closing(engine.follow(ref, give_up_s=READY_S)) as lines:
            failed = _why_not(line.text for line in lines)
        if failed is not None:
            return CapabilityReport(failed=failed)
        return _sorted(capabilities, _find_out(engine, ref, capabilities))
    finally:
        engine.remove(ref)


def lacking(engine: Engine, ref: str) -> tuple[str, ...]:
    """The names of the kinds of network device that cannot be made in a running sandbox.

    The devices are made outside the learner's network, so the learner sees none. Raises what Engine.exec raises.
    """
    works = _find_out(engine, ref, LINKS)
    return tuple(capability.name for capability, does in zip(LINKS, works, strict=True) if not does)


def _why_not(lines: Iterable[str]) -> str | None:
    """Why the sandbox that prints these lines did not get ready; None if it did."""
    last = "nothing"
    for line in lines:
        last = line.strip()
        word, _, rest = last.partition(" ")
        if word == "@ready":
            return None
        if word == "@failed":
            return rest
    return f"It did not get ready; the last it said is: {last}"


def _find_out(engine: Engine, ref: str, capabilities: Sequence[Capability]) -> tuple[bool, ...]:
    """For each capability, whether its command exits with 0."""
    commands = [capability.command for capability in capabilities]
    answer = engine.exec(
        ref,
        probe.COMMAND,
        stdin=probe.request(commands, learner=False, each_s=EACH_S, output_bytes=OUTPUT_BYTES),
        give_up_s=probe.longest_wait_s(len(commands), each_s=EACH_S),
        most_bytes=probe.longest_answer(len(commands), output_bytes=OUTPUT_BYTES),
    )
    return tuple(result.exit_code == 0 for result in probe.decode(answer, count=len(commands)))


def _sorted(capabilities: Sequence[Capability], works: Sequence[bool]) -> CapabilityReport:
    pairs = tuple(zip(capabilities, works, strict=True))
    return CapabilityReport(
        failed=None,
        can=tuple(capability for capability, does in pairs if does),
        cannot=tuple(capability for capability, does in pairs if not does),
    )
