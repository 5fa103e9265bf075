"""the questions that were made of a section which says something else by now, and a word in the trail for it.

The version below has no word for that. A step down leaves such a line as an edit and keeps its word beside it, which a
step up gives back; which questions wait for a look is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate",
)  # fmt: skip
MORE = ("still-right",)
ASIDE = "content_deed_of_0066"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    op.create_table(
        "section_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("changed_at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_section_change_section_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_change")),
    )
    op.create_index("ix_section_change_section_id", "section_change", ["section_id"])
    op.create_table(
        "stale_question",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", time, nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_stale_question_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["section_change.id"], name=op.f("fk_stale_question_change_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_stale_question")),
    )
    op.create_index("ix_stale_question_change_id", "stale_question", ["change_id"])
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
    op.drop_table("stale_question")
    op.drop_table("section_change")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
