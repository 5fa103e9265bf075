"""what learners report of questions and labs, and what editors made of it, in the trail.

The version below has no word in the trail for these. A step down leaves such a line as an edit and keeps its word
beside it, which a step up gives back; the reports themselves are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag",
)  # fmt: skip
MORE = ("take-report", "settle-report", "decline-report")
ASIDE = "content_deed_of_0059"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    op.create_table(
        "problem_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("came_from", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("suggested", sa.JSON(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reported_at", time, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("decided_at", time, nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint(_one_of("came_from", ("quiz", "review", "lab")), name=op.f("ck_problem_report_came_from")),
        sa.CheckConstraint(
            _one_of("kind", ("wrong", "unclear", "outdated", "typo", "other")), name=op.f("ck_problem_report_kind")
        ),
        sa.CheckConstraint(_one_of("state", ("open", "taken", "declined")), name=op.f("ck_problem_report_state")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_problem_report_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_report")),
    )
    op.create_index("ix_problem_report_user_id", "problem_report", ["user_id", "id"])
    op.create_index("ix_problem_report_question_id", "problem_report", ["question_id", "state"])
    op.create_index("ix_problem_report_state", "problem_report", ["state", "id"])
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
    op.drop_table("problem_report")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
