"""Which kind of sandbox a lab gets."""

import pytest

from quizapp.sandboxes.client import BadSandboxRequest, TemplateOff
from quizapp.sandboxes.pool.template_choice import chosen


@pytest.mark.parametrize(
    ("wanted", "offered", "template"),
    [
        ("userns", ("userns",), "userns"),
        ("userns", ("userns", "vm"), "userns"),
        ("userns", ("vm", "userns"), "userns"),
        ("userns", ("vm",), "vm"),
        ("vm", ("userns", "vm"), "vm"),
    ],
)
def test_a_lab_gets_what_it_asks_for_or_what_can_do_the_same(
    wanted: str, offered: tuple[str, ...], template: str
) -> None:
    assert chosen(wanted, offered) == template


def test_one_that_is_off_is_named_with_the_setting() -> None:
    with pytest.raises(TemplateOff, match=r"vm.*QUIZAPP_SANDBOX_TEMPLATES"):
        chosen("vm", ("userns",))


def test_one_that_does_not_exist_is_a_bad_request() -> None:
    with pytest.raises(BadSandboxRequest):
        chosen("privileged", ("userns", "vm"))
