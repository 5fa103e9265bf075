"""How many examples Hypothesis tries: all that a test asks for on the build server, a quarter where somebody waits."""

import os

from hypothesis import settings

USUAL = 100  # Hypothesis's own number
PART = 1 if os.environ.get("CI") else 4


def examples(most: int = USUAL) -> settings:
    """Settings for a test that tries `most` examples on the build server. None of them has a time limit."""
    return settings(max_examples=most // PART, deadline=None)


def try_fewer_by_hand() -> None:
    """Let tests that ask for no number try `examples()`; on the build server Hypothesis has settings of its own."""
    if PART > 1:
        settings.register_profile("by hand", examples())
        settings.load_profile("by hand")
