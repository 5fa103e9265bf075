"""The three possible results of checking an answer. Knows no question and no lab."""

from enum import StrEnum


class Verdict(StrEnum):
    """The result of checking an answer. Could-not-check says nothing about the learner and never changes a card."""

    PASS = "pass"
    FAIL = "fail"
    COULD_NOT_CHECK = "could-not-check"
