"""Whether a card may be asked on a sandbox: only where one could be had now."""

from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.study.hands_on.free_host import is_free
from tests.builders import NOW


def test_a_host_is_free_while_there_is_room_for_one_more() -> None:
    client = FakeSandboxClient(now=lambda: NOW)
    assert is_free(client, most=1)
    client.ask(owner="ada")
    assert is_free(client, most=2)
    assert not is_free(client, most=1)
    assert is_free(client, most=0), "sandboxd alone knows how many there may be"
