"""What processes count, in memory that they share."""

import os
import threading

import pytest

from quizapp.process_figures import (
    BUCKETS_S,
    CELLS_OF_TIMES,
    COUNTS,
    FAULTS,
    FAULTS_KEPT,
    REQUESTS,
    ROW_BYTES,
    Cells,
    Counted,
    LoggedFault,
    Measures,
    ProcessRows,
    Times,
)
from quizapp.web.request_times import CELLS_EACH, NOWHERE, RequestTimes


def fault(number: int, at: float) -> LoggedFault:
    return LoggedFault(at=at, reference=f"{number:08x}", endpoint="review.rate" * 20, kind="É" * 300)


def test_a_time_is_counted_in_the_bucket_that_it_does_not_exceed() -> None:
    cells = Cells(7, CELLS_OF_TIMES)
    for seconds in (0.0, BUCKETS_S[0], 0.0011, BUCKETS_S[-1], 99.0):
        cells.add_time(0, seconds)
    times = Times.of(cells.summed(), 0)
    assert times.counts == [2, 1, *[0] * (len(BUCKETS_S) - 3), 1, 1]
    assert times.total_s == pytest.approx(BUCKETS_S[0] + 0.0011 + BUCKETS_S[-1] + 99)
    assert [times.most_s(share) for share in (0.3, 0.5, 0.7, 0.8, 0.99)] == [0.001, 0.0025, 10.0, 10.0, None]
    assert Times.of([0.0] * CELLS_OF_TIMES, 0).most_s(0.5) is None


def test_threads_lose_no_count() -> None:
    cells = Cells(7, 1)

    def count() -> None:
        for _ in range(5_000):
            cells.add(0)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cells.summed() == [20_000]


def test_processes_are_summed_and_one_that_ends_leaves_its_counts() -> None:
    """As gunicorn's main process does it: rows before the fork, and the row of one that has ended for the next."""
    rows = ProcessRows(2)
    for _ in range(3):
        number = rows.take()
        assert number == 0
        process = os.fork()
        if process == 0:
            measures = Measures()
            measures.share(rows, number)
            measures.count(Counted.REVIEW)
            measures.waited(0.004)
            measures.note(fault(os.getpid() % 100, 5.0))
            os._exit(0)
        os.waitpid(process, 0)
        rows.give_back(number)
    here = Measures()
    here.share(rows, 1)
    here.count(Counted.REVIEW)
    assert here.counts()[Counted.REVIEW] == 4
    assert here.waits().count == 3
    assert len(here.faults()) == 1, "each process begins with the first place of its row"


def test_there_is_a_row_for_each_process_until_there_is_none() -> None:
    rows = ProcessRows(2)
    assert [rows.take(), rows.take(), rows.take()] == [0, 1, None]
    rows.give_back(None)
    rows.give_back(0)
    assert [rows.take(), rows.take()] == [0, None]
    assert COUNTS.first + COUNTS.size <= FAULTS.first
    assert FAULTS.first + FAULTS.size <= REQUESTS.first
    assert REQUESTS.first + REQUESTS.size == ROW_BYTES


def test_another_version_is_not_summed_with_this_one() -> None:
    rows = ProcessRows(2)
    before, after = RequestTimes(["old"]), RequestTimes(["new"])
    before.share(rows, 0)
    before.note("old", 200, 0.1)
    after.share(rows, 1)
    assert (after.found(), after.processes) == ([], 1)
    after.share(rows, 0)
    assert (after.found(), after.processes) == ([], 2)


def test_only_the_newest_faults_are_kept_and_long_names_are_cut() -> None:
    measures = Measures()
    for number in range(FAULTS_KEPT + 3):
        measures.note(fault(number, float(number)))
    kept = measures.faults()
    assert [one.at for one in kept] == [float(number) for number in range(FAULTS_KEPT + 2, 2, -1)]
    assert kept[0].reference == f"{FAULTS_KEPT + 2:08x}"


def test_an_address_that_nobody_knows_makes_no_label() -> None:
    times = RequestTimes(["today.show"])
    times.note("today.show", 200, 0.2)
    times.note(None, 404, 0.001)
    times.note("made.up", 503, 0.001)
    found = {one.endpoint: one.answers for one in times.found()}
    assert found == {"today.show": [0, 1, 0, 0, 0], NOWHERE: [0, 0, 0, 1, 1]}


def test_more_endpoints_than_there_is_room_for_count_as_nowhere() -> None:
    times = RequestTimes([f"page.{number:05}" for number in range(REQUESTS.size // 8 // CELLS_EACH + 9)])
    times.share(ProcessRows(1), 0)
    times.note("page.99999", 200, 0.001)
    assert [one.endpoint for one in times.found()] == [NOWHERE]
