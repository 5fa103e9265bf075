"""Further shell text beside that of `test_shell_text`: options with values, globs, digests, expressions, versions.

Each query finds exactly these documents, on both databases.
"""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.search import index, queries
from tests.integration.search.conftest import NOON

DOCUMENTS = [
    'find . -name "*.yaml" -mtime +7 -exec rm {} \\;',
    'grep -rnE "^(foo|bar)+$" --include=*.py src/',
    "docker pull registry.example.com:5000/team/app@sha256:3f2a9c",
    "export PATH=$PATH:/usr/local/go/bin",
    "for i in {1..5}; do echo $i; done",
    "ip -6 addr add 2001:db8::1/64 dev eth0",
    "docker run --memory=512m --cpus=1.5 -e TZ=UTC app",
    "sed -i 's/foo/bar/g' /etc/nginx/conf.d/*.conf",
    "cat <<EOF >file",
    "ps aux | grep [n]ginx",
    'kubectl get pods -o jsonpath="{.items[*].metadata.name}"',
    "tar -xzf backup.tar.gz -C /opt",
    'curl -H "Host: a.example" https://x.example/z?q=1&r=2',
    "${VAR:-default} and $((1+2)) and $(date)",
    "image: nginx:1.25-alpine3.19",
    "limits: 500m and 2Gi, not 2G",
    "false && true || exit 3",
    "!! repeats, !$ and $? and $# and $@ are others",
    "scp x user@host:~/dir",
    "C:\\Windows\\System32 and \\\\server\\share",
    "0x1F is 31, 0o17 is 15",
    "*/5 * * * * /usr/bin/check",
    "/dev/sda1 on / type ext4 (rw,relatime)",
    '[[ -z "$x" ]] && exit 1',
    'docker inspect --format "{{json .}}"',
    "ssh -L 8080:localhost:80 bastion",
    "link/ether 02:42:ac:11:00:02",
    "release v1.2.3-rc.1+build",
    'ENTRYPOINT ["/bin/sh","-c"]',
]
FOUND = {
    "*.yaml": [1],
    "-mtime +7": [1],
    "{} \\;": [1],
    "--include=*.py": [2],
    "--include": [2],
    "^(foo|bar)+$": [2],
    "(foo|bar)": [2],
    "foo": [2, 8],
    "registry.example.com:5000": [3],
    "team/app": [3],
    "app@sha256:3f2a9c": [3],
    "sha256": [3],
    "app": [3, 7],
    "$PATH": [4],
    "PATH=$PATH": [4],
    "/usr/local/go/bin": [4],
    "/usr": [4, 22],
    "{1..5}": [5],
    "1..5": [5],
    "2001:db8::1/64": [6],
    "2001:db8::": [6],
    "/64": [6],
    "--memory=512m": [7],
    "--memory": [7],
    "=512m": [7],
    "--cpus=1.5": [7],
    "TZ=UTC": [7],
    "-e TZ": [7],
    "s/foo/bar/g": [8],
    "/etc/nginx/conf.d/*.conf": [8],
    "<<EOF": [9],
    ">file": [9],
    "[n]ginx": [10],
    "| grep": [2, 10],
    '"| grep"': [10],
    "{.items[*].metadata.name}": [11],
    ".metadata.name": [11],
    ".tar.gz": [12],
    "-xzf": [12],
    "-C": [12, 29],
    "https://x.example/z?q=1&r=2": [13],
    "?q=1": [13],
    "${VAR:-default}": [14],
    "$((1+2))": [14],
    "$(date)": [14],
    "nginx:1.25-alpine3.19": [15],
    "1.25": [15],
    "500m": [16],
    "2g": [16],
    "2gi": [16],
    "||": [17],
    "exit": [17, 24],
    "$?": [18],
    "!!": [18],
    "user@host": [19],
    "~/dir": [19],
    "C:\\Windows": [20],
    "\\\\server": [20],
    "\\\\server\\share": [20],
    "\\share": [20],
    "0x1f": [21],
    "*/5": [22],
    '"*/5 * * * *"': [22],
    "/dev/sda1": [23],
    "(rw,relatime)": [23],
    "[[ -z": [24],
    "{{json .}}": [25],
    "8080:localhost:80": [26],
    "02:42:ac:11:00:02": [27],
    "v1.2.3": [28],
    "-rc.1": [28],
    '["/bin/sh","-c"]': [29],
    '"/bin/sh"': [29],
}


@pytest.fixture
def documents(ask: Callable[..., Question]) -> dict[int, int]:
    """The number of each document, by its question's id."""
    return {ask(text).id: number for number, text in enumerate(DOCUMENTS, 1)}


def test_shell_words_are_found_as_they_stand(db: Session, learner: User, documents: dict[int, int]) -> None:
    index.settle(db)
    found = {
        query: sorted(
            documents[result.item_id] for result in queries.search(db, user=learner, query=query, now=NOON).results
        )
        for query in FOUND
    }
    assert found == FOUND
