"""Which tests stay in one worker."""

from types import SimpleNamespace

import pytest

from tests.workers import BROWSER, ON_ONE_PRODUCT, ROOT, TOGETHER, Spread


@pytest.mark.parametrize("file", sorted({*TOGETHER, f"{BROWSER}test_journey.py"}))
def test_what_belongs_together_stays_together(file: str) -> None:
    assert (ROOT / file).exists()
    assert Spread._split_scope(None, f"{file}::test_one[a::b]") == Spread._split_scope(None, f"{file}::test_two")


def test_what_runs_on_one_product_stays_together() -> None:
    assert all((ROOT / file).exists() for file in ON_ONE_PRODUCT)
    assert len({Spread._split_scope(None, f"{file}::test_one") for file in ON_ONE_PRODUCT}) == 1


def test_others_are_given_out_one_by_one() -> None:
    assert Spread._split_scope(None, "tests/unit/test_docs.py::test_one") == "tests/unit/test_docs.py::test_one"


class Node:
    """A worker that takes all it is given."""

    shutting_down = False

    def send_runtest_some(self, indexes: list[int]) -> None: ...

    def shutdown(self) -> None:
        self.shutting_down = True


def test_what_a_worker_is_done_with_is_forgotten() -> None:
    config = SimpleNamespace(getvalue=lambda name: ["popen"], option=SimpleNamespace(loadscopereorder=True))
    spread, node = Spread(config, None), Node()
    tests = [f"tests/unit/test_docs.py::test_{number}" for number in range(4)]
    spread.add_node(node)
    spread.add_node_collection(node, tests)
    spread.schedule()
    for index in range(len(tests)):
        assert tests[index] in spread.assigned_work[node]
        spread.mark_test_complete(node, index)
        assert tests[index] not in spread.assigned_work[node]
    assert spread.tests_finished
    assert node.shutting_down
