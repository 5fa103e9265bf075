"""Which check of a lab fails, and which says something that the learner did nothing for."""

from collections.abc import Sequence

from quizapp.labs.runs.check_figures import CheckFigures, tally
from quizapp.labs.runs.events import Checked, CheckResult
from quizapp.verdicts import Verdict

HELD, FAILED, COULD_NOT = Verdict.PASS, Verdict.FAIL, Verdict.COULD_NOT_CHECK


def graded(*, typed: str = "", **checks: Verdict) -> Checked:
    found = tuple(CheckResult(name=name, verdict=verdict) for name, verdict in checks.items())
    return Checked(verdict=FAILED, said="", typed=typed, checks=found)


def of(*seen: Sequence[Checked | None]) -> dict[str, CheckFigures]:
    return {one.name: one for one in tally(seen)}


def test_what_turned_by_itself_is_told_from_what_the_learner_changed() -> None:
    found = of(
        [graded(web=FAILED, rule=FAILED), None, graded(web=HELD, rule=FAILED)],  # a command lies between
        [graded(web=FAILED, rule=HELD), graded(web=HELD, rule=HELD)],
        [graded(web=HELD, typed="80"), graded(web=FAILED, typed="8080")],  # another answer was given
    )
    assert (found["web"].held, found["web"].failed, found["web"].turned) == (3, 3, 1)
    assert found["web"].is_flaky
    assert (found["rule"].held, found["rule"].failed, found["rule"].is_flaky) == (2, 2, False)


def test_what_could_not_be_checked_is_no_verdict_to_turn_from() -> None:
    (found,) = tally([[graded(web=HELD), graded(web=COULD_NOT), graded(web=HELD)]])
    assert (found.held, found.could_not, found.turned, found.is_flaky) == (2, 1, 0, True)


def test_those_come_first_that_cannot_be_trusted_then_those_that_fail_most() -> None:
    seen = [graded(a=HELD, b=FAILED, c=COULD_NOT), None, graded(a=FAILED, b=FAILED, c=HELD)]
    assert [one.name for one in tally([seen])] == ["c", "b", "a"]
