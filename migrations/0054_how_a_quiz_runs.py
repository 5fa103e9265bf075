"""how a quiz runs, when it closes and was closed, and the key of its report's link."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

MODES = ("practice", "test", "interview")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    mode = sa.Enum(*MODES, name="mode", native_enum=False, create_constraint=True, length=24)
    with op.batch_alter_table("quiz_session") as batch_op:
        batch_op.add_column(sa.Column("mode", mode, nullable=True))
        batch_op.add_column(sa.Column("closes_at", time, nullable=True))
        batch_op.add_column(sa.Column("handed_in_at", time, nullable=True))
        batch_op.add_column(sa.Column("shared_as", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_quiz_session_shared_as"), ["shared_as"])
    op.execute("UPDATE quiz_session SET mode = 'practice'")
    with op.batch_alter_table("quiz_session") as batch_op:
        batch_op.alter_column("mode", existing_type=sa.String(length=24), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("quiz_session") as batch_op:
        batch_op.drop_constraint(op.f("uq_quiz_session_shared_as"), type_="unique")
        batch_op.drop_constraint(op.f("ck_quiz_session_mode"), type_="check")
        for column in ("shared_as", "handed_in_at", "closes_at", "mode"):
            batch_op.drop_column(column)
