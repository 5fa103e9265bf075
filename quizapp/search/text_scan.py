"""Texts that no index finds, looked for in one document after another: `re:` and `nc:`. The same on both databases."""

from collections.abc import Callable, Sequence
from contextlib import closing

from sqlalchemy import ColumnElement, bindparam, select

from quizapp.search import language as say
from quizapp.search.models import SearchDocument
from quizapp.search.patterns import Pattern, TooLong
from quizapp.search.search_context import Asking
from quizapp.search.tokens import plain_of, unaccented, words_of
from quizapp.search.visible import visible_to

AT_ONCE = 500  # documents read in one go
FOUND_MAX = 20_000  # ids in one statement, which SQLite takes up to a million bytes of
TOO_LONG = "That would look through too much text. Say in which note, as in note:docker, or with fewer re: and nc:"
TOO_MANY = f"re: and nc: find at most {FOUND_MAX} things. Look for more than this, or say in which note"


def looked_for(
    text: say.AccentsApart | say.Expression, asking: Asking, among: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """The condition for the documents, of those that the user sees and that fulfil `among`, which have such a text.

    Raises NotUnderstood if there is too much to look through, or too much is found.
    """
    has = _sought(text, asking)
    shown = select(SearchDocument.id, SearchDocument.words).where(visible_to(asking.user), *among)
    rows = asking.db.execute(shown.execution_options(yield_per=AT_ONCE))
    try:
        with closing(rows):
            ids = [id for id, words in rows if has(words)]
    except TooLong:
        raise say.NotUnderstood(f"{TOO_LONG}.", at=0, part="") from None
    if len(ids) > FOUND_MAX:
        raise say.NotUnderstood(f"{TOO_MANY}.", at=0, part="")
    return SearchDocument.id.in_(bindparam(None, ids, expanding=True, literal_execute=True))


def _sought(text: say.AccentsApart | say.Expression, asking: Asking) -> Callable[[str], bool]:
    """Whether a document's words have it."""
    if isinstance(text, say.Expression):
        pattern = Pattern(text.written, asking.steps)
        return lambda words: pattern.finds(plain_of(words))
    wanted = words_of(text.text).rstrip("\t") if text.is_prefix else words_of(text.text)
    steps = asking.steps

    def has(words: str) -> bool:
        steps.take(len(words))
        return wanted in unaccented(words)

    return has
