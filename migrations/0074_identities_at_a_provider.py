"""who somebody is at an OpenID provider, by which they sign in.

A step down forgets it: the accounts stay, and are entered by a password or a link.
"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

TABLE = "provider_identity"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        TABLE,
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("shown_as", sa.String(length=255), nullable=False),
        sa.Column("given_role", sa.String(length=24), nullable=True),
        sa.Column("linked_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("given_role IN ('learner', 'editor', 'owner')", name=op.f(f"ck_{TABLE}_given_role")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f(f"fk_{TABLE}_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f(f"uq_{TABLE}_user_id_issuer")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
