"""Which revisions of the database this version knows, by the names of its migrations. Asks no database."""

from functools import cache

from quizapp.settings import ROOT

JOIN = "+"  # between the revisions of a database that has several


@cache
def known() -> tuple[str, ...]:
    """All of them, the oldest first."""
    return tuple(sorted(path.name.partition("_")[0] for path in (ROOT / "migrations").glob("[0-9]*_*.py")))


def newest() -> str:
    """The one that this version needs."""
    return known()[-1]


def unknown(revision: str) -> str:
    """What of a database's revision a newer version has made; empty for nothing."""
    return JOIN.join(one for one in revision.split(JOIN) if one and one not in known())
