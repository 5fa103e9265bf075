"""questions made, moved, held and retired in the browser, and the trail of what editors did.

The version below knows none of this. There a question that was made here is one like any other, which the next import
of its note's file retires; one that is held back stays hidden until its row is stored again. The trail is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None

FLAGS = ("made_here", "placed_here", "retired_here")
HELD = ("draft", "review")
DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag",
)  # fmt: skip
HAS_MOVED = sa.text("home_id IS NOT NULL")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in FLAGS:
        op.add_column("question", sa.Column(name, sa.Boolean(), nullable=True))
    op.add_column("question", sa.Column("home_id", sa.Integer(), nullable=True))
    op.add_column("question", sa.Column("held", sa.String(24), nullable=True))
    op.execute("UPDATE question SET made_here = false, placed_here = false, retired_here = false")
    with op.batch_alter_table("question") as batch_op:
        for name in FLAGS:
            batch_op.alter_column(name, existing_type=sa.Boolean(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_question_held"), _one_of("held", HELD))
        batch_op.create_foreign_key("fk_question_home_id", "note", ["home_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_question_home_id", "question", ["home_id"], sqlite_where=HAS_MOVED, postgresql_where=HAS_MOVED)
    op.create_table(
        "content_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("editor_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.Column("words", sa.String(160), nullable=False),
        sa.Column("edit_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.JSON(), nullable=True),
        sa.Column("undone_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_one_of("what", DEEDS), name=op.f("ck_content_deed_what")),
        sa.ForeignKeyConstraint(["step_id"], ["content_deed.id"], name="fk_content_deed_step_id"),
        sa.ForeignKeyConstraint(["edit_id"], ["question_edit.id"], name="fk_content_deed_edit_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_content_deed"),
    )
    op.create_index("ix_content_deed_editor_id", "content_deed", ["editor_id", "id"])
    op.create_index("ix_content_deed_step_id", "content_deed", ["step_id"])
    op.create_index("ix_content_deed_edit_id", "content_deed", ["edit_id"])


def downgrade() -> None:
    op.drop_table("content_deed")
    op.drop_index("ix_question_home_id", table_name="question")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_constraint("fk_question_home_id", type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_question_held"), type_="check")
        batch_op.drop_column("held")
        batch_op.drop_column("home_id")
        for name in FLAGS:
            batch_op.drop_column(name)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
