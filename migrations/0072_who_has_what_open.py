"""who has which question, lab or note open in an editor; a step down lets go of it, as time does in minutes."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

TABLE = "presence"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{TABLE}_{column}"), ondelete="CASCADE")
            for column, table in (("question_id", "question"), ("note_id", "note"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("question_id", "user_id", name=op.f(f"uq_{TABLE}_question_id_user_id")),
        sa.UniqueConstraint("note_id", "user_id", name=op.f(f"uq_{TABLE}_note_id_user_id")),
    )
    op.create_index(f"ix_{TABLE}_seen_at", TABLE, ["seen_at"])


def downgrade() -> None:
    op.drop_table(TABLE)
