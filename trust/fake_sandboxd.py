"""sandboxd with sandboxes in memory, whose shells print what is typed into them. Needs no engine."""

from typing import cast

from quizapp import clock
from quizapp.sandboxes.daemon.app import create_sandboxd
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.sandboxes.pool.pool import Pool

# What sandboxd asks of a pool is what a client can be asked, but for figures.
app = create_sandboxd(cast(Pool, FakeSandboxClient(now=clock.now, most=1_000)))
