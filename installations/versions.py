"""A repository with this checkout as it is now, what is not committed included, and a next version. Knows no engine."""

import os
import shutil
from pathlib import Path

from installations.engine import said

NEXT = "9000"
_AUTHOR = ("-c", "user.name=The next version", "-c", "user.email=next@localhost")
_MIGRATION = '''"""a table more, as a new version may bring one."""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("tried", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    op.drop_table("tried")
'''


def make_repository(root: Path, target: Path) -> str:
    """Make a repository at `target` with the files of `root`, and the commit of a next version beside it.

    Returns the newest migration before that version.
    """
    for name in filter(None, _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, target / name)
    _git(target, "init", "--quiet", "--initial-branch=installed")
    _commit(target, "The version that is installed")
    before = max(path.name for path in (target / "migrations").glob("[0-9]*.py")).partition("_")[0]
    _git(target, "checkout", "--quiet", "-b", "next")
    text = _MIGRATION.format(next=NEXT, before=before)
    (target / "migrations" / f"{NEXT}_tried.py").write_text(text, encoding="utf-8")
    _commit(target, "The next version")
    _git(target, "checkout", "--quiet", "installed")
    return before


def revision_in(current: str) -> str:
    """The revision that `flask db current` says: `0077 -> 0078 (default) (head), what it brought`."""
    return current.partition("-> ")[2].split(" ")[0]


def take(target: Path, branch: str) -> None:
    """Check out `installed` or `next`."""
    _git(target, "checkout", "--quiet", branch)


def _commit(target: Path, message: str) -> None:
    _git(target, "add", "--all")
    _git(target, *_AUTHOR, "commit", "--quiet", f"--message={message}")


def _git(where: Path, *arguments: str) -> str:
    return said(("git", *arguments), cwd=where, env=os.environ)
