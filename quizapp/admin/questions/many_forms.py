"""What an editor has chosen to do with many questions of the list: kept where it cannot be done."""

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from quizapp.catalogue.editing.bulk import AT_ONCE_MAX
from quizapp.catalogue.models import KEY_MAX_CHARS

EXPORT = "export"  # beside the values of BulkAction
TAG_MAX_CHARS = 1_000


@dataclass(frozen=True, kw_only=True)
class ManyChosen:
    """The form below the list, as it was sent."""

    keys: Collection[str] = ()
    """Of the questions that were ticked."""
    all: bool = False
    """Whether all that match were meant, on every page."""
    do: str = ""
    tag: str = ""
    to: str = ""
    """The key of a note."""

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> "ManyChosen":
        """What was sent, of each field as much as it may have."""
        keys = {key[:KEY_MAX_CHARS] for key in sent.getlist("key")[: AT_ONCE_MAX + 1]}
        tag, to = sent.get("tag", "")[:TAG_MAX_CHARS], sent.get("to", "")[:KEY_MAX_CHARS]
        return cls(keys=keys, all="all" in sent, do=sent.get("do", ""), tag=tag, to=to)


NOTHING_CHOSEN = ManyChosen()
