"""Three web processes on one PostgreSQL behind nginx, begun at once on an empty database, each of them killed once.

`make trust` kills them 150 times. Where there is no nginx, this is skipped, and nothing else shows what it shows.
"""

from collections.abc import Iterator

import pytest

from tests import databases
from trust.cluster import NO_NGINX, PROCESSES, Cluster, cluster, configured, nginx
from trust.several_processes import Many, survived


@pytest.fixture
def running(postgresql_url: str) -> Iterator[Cluster]:
    """The processes, which have each begun with `flask up`."""
    if nginx() is None:
        pytest.skip(NO_NGINX)
    with databases.own_postgresql(postgresql_url, template="template0") as url, cluster(database_url=url) as processes:
        yield processes


@pytest.mark.postgres
def test_nobody_loses_anything_when_each_process_is_killed_in_turn(running: Cluster) -> None:
    found = survived(running, kills=PROCESSES, many=Many(reviewing=1, quizzed=1, editing=1, typing=1))
    assert found.wrong == []
    assert found.lost_pages == 0
    assert found.reconnected >= 1


def test_the_proxy_of_the_tests_is_the_products_own() -> None:
    conf = configured("http {\n  server 127.0.0.1:8000 max_fails=1;\n  listen 8080;\n}", 9, [1, 2])
    assert "server 127.0.0.1:1 max_fails=1;\nserver 127.0.0.1:2 max_fails=1;" in conf
    assert "listen 127.0.0.1:9;" in conf
