"""how sure a learner is of what they predict."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CONFIDENCE = sa.Enum(
    *("guess", "think-so", "sure"), name="confidence", native_enum=False, create_constraint=True, length=24
)


def upgrade() -> None:
    with op.batch_alter_table("lab_run") as batch_op:
        batch_op.add_column(sa.Column("confidence", CONFIDENCE, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("lab_run") as batch_op:
        batch_op.drop_constraint(op.f("ck_lab_run_confidence"), type_="check")
        batch_op.drop_column("confidence")
