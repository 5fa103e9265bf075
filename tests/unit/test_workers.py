"""Which tests stay in one worker."""

import pytest

from tests.workers import BROWSER, ROOT, TOGETHER, Spread


@pytest.mark.parametrize("file", sorted({*TOGETHER, f"{BROWSER}test_journey.py"}))
def test_what_belongs_together_stays_together(file: str) -> None:
    assert (ROOT / file).exists()
    assert Spread._split_scope(None, f"{file}::test_one[a::b]") == Spread._split_scope(None, f"{file}::test_two")


def test_others_are_given_out_one_by_one() -> None:
    assert Spread._split_scope(None, "tests/unit/test_docs.py::test_one") == "tests/unit/test_docs.py::test_one"
