"""The plan for so many learners: what is used up first, and that what is planned is enough."""

from pathlib import Path
from random import Random

import pytest

from benchmarks import capacity
from benchmarks.capacity import ROOM, Habits, Machine, Plan, Times, full_at, kinds_of, main, p95_ms, planned, tried
from benchmarks.queueing import demand

TIMES = Times(
    rating_web_s=0.003,
    rating_write_s=0.001,
    page_web_s=0.01,
    answer_web_s=0.012,
    key_web_s=0.0002,
    key_sandboxd_s=0.0002,
    check_web_s=0.02,
    check_sandboxd_s=0.01,
    check_host_s=0.3,
    start_s=2.0,
    start_host_s=2.0,
    sandbox_mib=100,
    sandbox_host_share=0.01,
)


def test_what_is_used_up_first_is_what_is_asked_most_of() -> None:
    one = Plan(web_processes=1, writers=1, hosts=1, machine=Machine(cores=2, gib=4.0))
    most = full_at(TIMES, Habits(), one)
    assert min(most, key=lambda name: most[name]) == "memory"
    assert most["memory"] == int(20 / 0.15)  # 2 GiB for sandboxes of 100 MiB
    more = full_at(TIMES, Habits(), Plan(web_processes=99, writers=1, hosts=1, machine=Machine(cores=2, gib=400.0)))
    assert min(more, key=lambda name: more[name]) == "hosts"
    assert most["terminals"] == int(32 / 0.15)


@pytest.mark.parametrize("learners", [100, 1_000])
def test_what_is_planned_leaves_room_and_nobody_waits_long(learners: int) -> None:
    plan = planned(TIMES, Habits(), Machine(), learners=learners)
    wanted = demand(kinds_of(TIMES, Habits(), learners=learners))
    assert all(wanted[name] <= ROOM * servers for name, servers in plan.servers.items())
    outcome = tried(TIMES, Habits(), plan, learners=learners, seconds=60, chance=Random(1))
    assert p95_ms(outcome.taken_s["rating"]) < 100


def test_shares_of_learners_are_all_of_them() -> None:
    habits = Habits()
    assert habits.reviewing + habits.quizzed + habits.in_labs == 1


def test_the_command_prints_a_plan_for_each_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "times.json"
    file.write_text(TIMES.model_dump_json())
    monkeypatch.setattr(capacity, "SIMULATED_LEARNER_S", 1_000)
    main(["--times", str(file), "--learners", "10,20"])
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith(("| 10 ", "| 20 "))]
    with pytest.raises(SystemExit):
        main(["--times", str(tmp_path / "none.json")])
    assert "make bench ROWS=capacity-times" in capsys.readouterr().err
