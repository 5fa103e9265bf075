"""bandit finds in the product what is accepted, each with its reason, and nothing else."""

from collections import Counter

from trust.dependencies import EVERYWHERE, LOOKED_AT, ROOT, accepted, differences, findings


def test_each_finding_is_accepted_with_a_reason() -> None:
    assert differences(findings(LOOKED_AT, ROOT), accepted()) == []
    assert all(len(one.reason) > 40 for one in accepted())
    assert {one.count is None for one in accepted() if one.file != EVERYWHERE} == {False}


def test_one_that_is_new_one_more_and_one_that_is_gone_are_told() -> None:
    listed = [one for one in accepted() if one.file != EVERYWHERE]
    known = Counter({(one.file, one.test): one.count or 0 for one in listed})
    assert differences(known, listed) == []
    first = next(iter(known))
    assert differences(known + Counter([first]), listed) != []
    assert differences(known - Counter([first]), listed) != []
    assert differences(known + Counter([("quizapp/new.py", "B307")]), listed) == [
        "quizapp/new.py B307: 1 found, 0 accepted"
    ]
