"""Whether a card may be asked on a sandbox now, for the review."""

from quizapp.errors import Unavailable
from quizapp.labs.wiring import sandboxes
from quizapp.sandboxes.client import SandboxClient
from quizapp.web.application import current_settings


def has_free_host() -> bool:
    """Whether sandboxes can be had here, and one is warm or there is room for one more."""
    return is_free(sandboxes(), most=current_settings().max_sandboxes)


def is_free(client: SandboxClient, *, most: int) -> bool:
    """Whether the client could give a sandbox; `most` may be alive at once, 0 if only the daemon knows how many."""
    health = client.health()
    if not (health.engine and health.image):
        return False
    try:
        alive = client.list()
    except Unavailable:
        return False
    return not most or len(alive) < most or any(one.owner is None for one in alive)
