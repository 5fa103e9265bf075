import pytest

from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.recipe.template import MIB, USERNS, VM

GIB = 1024 * MIB


@pytest.mark.parametrize(("gib", "userns", "with_vm"), [(1, 1, 1), (4, 6, 4), (24, 46, 30)])
def test_as_many_sandboxes_as_memory_has_room_for(gib: int, userns: int, with_vm: int) -> None:
    assert wiring.most_sandboxes(gib * GIB, (USERNS,)) == userns
    assert wiring.most_sandboxes(gib * GIB, (USERNS, VM)) == with_vm
