"""What the owner's page says of hosts."""

from datetime import UTC, datetime

import pytest

from quizapp.admin.owner.running import STATE_WORDS, RunningHost
from quizapp.sandboxes.client import SandboxState


@pytest.mark.parametrize("state", SandboxState)
def test_the_state_of_a_host_is_said_in_words_of_its_own(state: SandboxState) -> None:
    host = RunningHost(
        id="a",
        who="Ada",
        template="docker",
        state=state,
        since=datetime(2026, 11, 1, tzinfo=UTC),
        until=None,
        position=None,
    )
    assert host.state_words == STATE_WORDS[state]
    assert list(STATE_WORDS.values()).count(host.state_words) == 1
    assert "claim" not in host.state_words
