"""What the tests of the catalogue share."""

from collections.abc import Iterator
from functools import cache

import pytest

from quizapp.catalogue import last_import


@pytest.fixture(scope="package", autouse=True)
def _program_read_once() -> Iterator[None]:
    """The fingerprint of the program's own files, which stay the same while tests run, is worked out once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(last_import, "program_fingerprint", cache(last_import.program_fingerprint))
        yield
