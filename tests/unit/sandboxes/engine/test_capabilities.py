"""What a sandbox is found to be able to do, and what is left of it afterwards."""

import base64

from quizapp.sandboxes.engine.capabilities import USUAL, capabilities_of, capability_report
from quizapp.sandboxes.recipe.template import PROBE, USERNS, VM
from tests.unit.sandboxes.engines import FakeEngine


def answers(*exit_codes: int) -> bytes:
    """What the probe says of commands that ended so."""
    shown = base64.b64encode(b"said").decode()
    return "".join(f"{index} {code} 5 0 {shown}\n" for index, code in enumerate(exit_codes)).encode()


def test_what_works_is_told_from_what_does_not() -> None:
    engine = FakeEngine()
    engine.answer = answers(0, 0, 0, 2, 0)
    found = capability_report(engine, USERNS)
    assert found.failed is None
    assert [capability.name for capability in found.can] == ["overlay", "nat", "macvlan", "vxlan"]
    assert [capability.name for capability in found.cannot] == ["ipvlan"]
    assert "ipvlan" in found.cannot[0].mend
    assert [command[0] for command in engine.execs] == [PROBE]
    assert engine.containers == {}


def test_a_sandbox_that_does_not_start_says_why_and_is_removed() -> None:
    engine = FakeEngine()
    for prints, why in (
        (("@step world", "@failed This machine forbids it."), "This machine forbids it."),
        (("@step world", "noise"), "It did not get ready; the last it said is: noise"),
        ((), "It did not get ready; the last it said is: nothing"),
    ):
        engine.prints = prints
        found = capability_report(engine, USERNS)
        assert (found.failed, found.can, found.cannot) == (why, (), ())
    assert engine.execs == []
    assert engine.containers == {}


def test_only_a_machine_is_asked_for_kvm() -> None:
    assert capabilities_of(USERNS) == USUAL
    assert [capability.name for capability in capabilities_of(VM)] == [
        *(capability.name for capability in USUAL),
        "kvm",
    ]
    assert all(capability.mend for capability in capabilities_of(VM))
