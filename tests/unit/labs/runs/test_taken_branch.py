"""Of a solution for a drawn cause the way for that cause is shown."""

import pytest

from quizapp.labs.runs.taken_branch import with_branches_taken

SOLUTION = """net=shop
case {} in
  1) docker network connect $net db ;;
  2|3)
    docker restart app
    sleep 1 ;;
  *) true ;;
esac
docker ps"""


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        ("1", "docker network connect $net db"),
        ("3", "docker restart app\nsleep 1"),
        ("4", "true"),
    ],
)
def test_the_branch_that_is_taken_stands_there(drawn: str, shown: str) -> None:
    assert with_branches_taken(SOLUTION.format(drawn)) == f"net=shop\n{shown}\ndocker ps"


@pytest.mark.parametrize("kept", ["case $1 in\n  a) true ;;\nesac", "case 9 in\n  1) true ;;\nesac", "docker ps"])
def test_what_is_decided_on_the_host_stays(kept: str) -> None:
    assert with_branches_taken(kept) == kept
