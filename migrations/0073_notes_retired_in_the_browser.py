"""notes that an editor retired in the browser, and that accounts were deleted, in the trail.

A step down leaves such a note retired until its file is imported again. The version below has no word in the trail for
these deeds: such a line is left as an edit, and its word kept beside it, which a step up gives back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate", "still-right", "comment", "resolve",
    "make-class", "delete-class", "name-teacher", "end-teacher", "invite-class", "take-out-of-class",
)  # fmt: skip
MORE = ("restore-note", "delete-account")
ASIDE = "content_deed_of_0073"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    op.add_column("note", sa.Column("retired_here", sa.Boolean(), nullable=True))
    op.execute("UPDATE note SET retired_here = false")
    with op.batch_alter_table("note") as batch_op:
        batch_op.alter_column("retired_here", existing_type=sa.Boolean(), nullable=False)
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
    with op.batch_alter_table("note") as batch_op:
        batch_op.drop_column("retired_here")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
