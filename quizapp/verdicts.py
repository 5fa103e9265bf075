"""The three outcomes of judging an answer. Knows nothing of who judges."""

from enum import StrEnum


class Verdict(StrEnum):
    """What an answer turned out to be. Could-not-check says nothing about the learner and never changes a schedule."""

    PASS = "pass"
    FAIL = "fail"
    COULD_NOT_CHECK = "could-not-check"
