"""the second factors of accounts, and their recovery codes.

A step down forgets them: whoever had one signs in without it, and turns it on anew after a step up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "second_factor",
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("secret", sa.String(32), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        _user("second_factor"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("user_id", uuid, nullable=False),
        _user("recovery_code"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])


def downgrade() -> None:
    op.drop_table("recovery_code")
    op.drop_table("second_factor")


def _user(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_user_id")
    return sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=name, ondelete="CASCADE")
