"""which pictures each note shows, so that only those who see a note see its pictures; and who has just sent which."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME = re.compile(r"(?:picture:|/pictures/)([0-9a-f]{64}\.(?:png|jpg|gif|webp))")
# The texts of each note that may name a copy of a picture. Their size is not known here: the next import tells it.
TEXTS = (
    ("section", "note_id", "html"),
    ("concept t JOIN section s ON s.id = t.section_id", "s.note_id", "t.text"),
    ("question", "note_id", "prompt || answer || {must} || {bonus} || {red_flags} || COALESCE({base}, '')"),
    ("choice t JOIN question q ON q.id = t.question_id", "q.note_id", "t.text || t.why"),
    ("question_edit t JOIN question q ON q.id = t.question_id", "q.note_id", "{before} || {after}"),
    ("conflict t JOIN question q ON q.id = t.question_id", "q.note_id", "{file}"),
)
JSON = ("must", "bonus", "red_flags", "base", "before", "after", "file")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "note_picture",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(1024), nullable=False),
        sa.Column("name", sa.String(69), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_note_picture_note_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "address", name="pk_note_picture"),
    )
    op.create_index("ix_note_picture_name", "note_picture", ["name"])
    op.create_table(
        "sent_picture",
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(69), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "name", name="pk_sent_picture"),
    )
    table = sa.table("note_picture", *map(sa.column, ("note_id", "address", "name", "size")))
    rows = [
        {"note_id": note_id, "address": f"picture:{name}", "name": name, "size": 0}
        for note_id, name in sorted(set(_shown(op.get_bind())))
    ]
    if rows:
        op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("sent_picture")
    op.drop_table("note_picture")


def _shown(db: Any) -> Iterator[tuple[int, str]]:
    """The id of each note and the names of the pictures that its texts show."""
    texts = {name: f"CAST({name} AS TEXT)" for name in JSON}
    for tables, note_id, text in TEXTS:
        shown = f"SELECT {note_id} AS note_id, {text.format(**texts)} AS shown FROM {tables}"
        named = f"SELECT note_id, shown FROM ({shown}) AS texts WHERE note_id IS NOT NULL AND shown LIKE '%picture%'"
        for found, written in db.execute(sa.text(named)):
            for name in NAME.findall(written):
                yield found, name
