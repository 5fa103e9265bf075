"""Why sandboxes end: each sentence for the learner, and the cause that it is counted by."""

from collections.abc import Mapping

from quizapp.sandboxes.client import EndCause

ASKED = "You ended it."
TIME_UP = "Its time was up. Start a new one."
UNUSED = "Nothing happened on it for a while. Start a new one."
LEFT = "Its page was closed for a while. Start a new one."
NOT_AWAITED = "Nobody waited for it any more. Ask again for a new one."
STALE = "It was warm for long enough; a fresh one takes its place."
SPARED = "It made room for one that somebody waits for."
NOT_CLAIMED = "It could not be given to its owner. Start a new one."
STOPPED = "It stopped by itself. Start a new one."

_CAUSES: Mapping[str, EndCause] = {
    ASKED: EndCause.ASKED,
    TIME_UP: EndCause.TIME_UP,
    UNUSED: EndCause.UNUSED,
    LEFT: EndCause.LEFT,
    NOT_AWAITED: EndCause.NOT_AWAITED,
    STALE: EndCause.REPLACED,
    SPARED: EndCause.REPLACED,
    NOT_CLAIMED: EndCause.NOT_CLAIMED,
    STOPPED: EndCause.STOPPED,
}


def cause_of(reason: str) -> EndCause:
    """The cause that a sentence stands for. Any other sentence is one of a start that failed."""
    return _CAUSES.get(reason, EndCause.NOT_STARTED)
