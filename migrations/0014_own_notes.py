"""whose own note it is, and when it was offered to all.

A version before this one shows every note to everybody. So a step down retires the own notes, at a time at which none
was ever retired, and a step up brings them back to their owners, whom their paths name. Offers end with a step down.
"""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AWAY = datetime(1970, 1, 1, tzinfo=UTC)
OWN_PATH = re.compile(r"browser:([0-9a-f]{32})/")


def upgrade() -> None:
    op.add_column("note", sa.Column("owner_id", sa.LargeBinary() if _is_sqlite() else sa.Uuid(), nullable=True))
    time = sa.BigInteger() if _is_sqlite() else sa.DateTime(timezone=True)
    op.add_column("note", sa.Column("offered_at", time, nullable=True))
    note, db = _tables()["note"], op.get_bind()
    for note_id, path in db.execute(sa.select(note.c.id, note.c.path).where(note.c.path.like("browser:%/%"))).all():
        if found := OWN_PATH.match(path):
            owner = UUID(found[1])
            db.execute(
                note.update().where(note.c.id == note_id).values(owner_id=owner.bytes if _is_sqlite() else owner)
            )
    own = sa.select(note.c.id).where(note.c.owner_id.is_not(None))
    _set_retired(own, before=_away(), after=None)


def downgrade() -> None:
    note = _tables()["note"]
    _set_retired(sa.select(note.c.id).where(note.c.owner_id.is_not(None)), before=None, after=_away())
    op.drop_column("note", "offered_at")
    op.drop_column("note", "owner_id")


def _set_retired(own: Any, *, before: Any, after: Any) -> None:
    """Set when these notes and all in them were retired, where it is `before`. No foreign key does it for cards."""
    note, section, concept, question, card = _tables().values()
    db = op.get_bind()

    def since(table: Any) -> Any:
        return table.c.retired_at.is_(None) if before is None else table.c.retired_at == before

    of_notes = concept.c.section_id.in_(sa.select(section.c.id).where(section.c.note_id.in_(own)))
    db.execute(concept.update().where(since(concept), of_notes).values(retired_at=after))
    asked = since(question) & question.c.note_id.in_(own)
    hidden = sa.or_(question.c.draft, sa.true() if after is not None else sa.false())
    db.execute(question.update().where(asked).values(retired_at=after, hidden=hidden))
    now = sa.select(question.c.hidden).where(question.c.id == card.c.question_id).scalar_subquery()
    of_own = card.c.question_id.in_(sa.select(question.c.id).where(question.c.note_id.in_(own)))
    db.execute(card.update().where(of_own).values(hidden=now))
    db.execute(note.update().where(since(note), note.c.id.in_(own)).values(retired_at=after))


def _tables() -> dict[str, Any]:
    """The columns that are read and written here."""
    columns = {
        "note": ("id", "path", "owner_id", "retired_at"),
        "section": ("id", "note_id"),
        "concept": ("section_id", "retired_at"),
        "question": ("id", "note_id", "retired_at", "draft", "hidden"),
        "card": ("question_id", "hidden"),
    }
    return {name: sa.table(name, *map(_column, of_table)) for name, of_table in columns.items()}


def _column(name: str) -> Any:
    return sa.column(name, sa.Boolean()) if name in ("draft", "hidden") else sa.column(name)


def _away() -> Any:
    """AWAY as the database has times."""
    return 0 if _is_sqlite() else AWAY


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
