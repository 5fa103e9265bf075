"""concepts that an editor retired, texts of files that were changed in the browser, and both in the trail.

A step down leaves such a concept retired until its file is imported again, and such a text until its file is. The
version below has no word in the trail for these deeds: such a line is left as an edit, and its word kept beside it,
which a step up gives back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0080"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate", "still-right", "comment", "resolve",
    "make-class", "delete-class", "name-teacher", "end-teacher", "invite-class", "take-out-of-class", "restore-note",
    "delete-account", "assign", "unassign", "restore-backup", "onlook",
)  # fmt: skip
MORE = ("concept", "retire-concept", "restore-concept", "rename-tag", "remove-tag")
ASIDE = "content_deed_of_0082"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    op.add_column("concept", sa.Column("retired_here", sa.Boolean(), nullable=True))
    op.execute("UPDATE concept SET retired_here = false")
    with op.batch_alter_table("concept") as batch_op:
        batch_op.alter_column("retired_here", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "note_here",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("waiting", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_here_note_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_note_here")),
    )
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
    op.drop_table("note_here")
    with op.batch_alter_table("concept") as batch_op:
        batch_op.drop_column("retired_here")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
