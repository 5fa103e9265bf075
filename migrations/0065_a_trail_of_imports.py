"""the trail of imports and of accounts, and the texts that notes had before a change.

The version below has no word in the trail for these. A step down leaves such a line as an edit and keeps its word
beside it, which a step up gives back; the earlier texts of notes are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report",
)  # fmt: skip
MORE = (
    "import", "note", "retire-note", "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate",
)  # fmt: skip
ASIDE = "content_deed_of_0065"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "note_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_edit_note_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["step_id"], ["content_deed.id"], name=op.f("fk_note_edit_step_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_edit")),
    )
    op.create_index(op.f("ix_note_edit_note_id"), "note_edit", ["note_id"])
    op.create_index(op.f("ix_note_edit_step_id"), "note_edit", ["step_id"])
    _allow((*DEEDS, *MORE))
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        word = f"SELECT what FROM {ASIDE} WHERE {ASIDE}.id = content_deed.id"
        op.execute(f"UPDATE content_deed SET what = ({word}) WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    of_these = _one_of("what", MORE)
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM content_deed WHERE {of_these} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id, what FROM content_deed WHERE {of_these}")
        op.execute(f"UPDATE content_deed SET what = 'edit' WHERE {of_these}")
    _allow(DEEDS)
    op.drop_table("note_edit")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
