"""editors of notes and tags, accounts that nobody can sign in to, and the device of a sign-in.

The version below knows none of this: there a limited editor may change all, and a deactivated account can be entered
by its password again. A step down tells nobody so; end such accounts before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    op.add_column("user_account", sa.Column("is_limited", sa.Boolean(), nullable=True))
    op.add_column("user_account", sa.Column("deactivated_at", time, nullable=True))
    op.execute("UPDATE user_account SET is_limited = false")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("is_limited", existing_type=sa.Boolean(), nullable=False)
    op.add_column("sign_in", sa.Column("device", sa.String(40), nullable=True))
    op.execute("UPDATE sign_in SET device = ''")
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.alter_column("device", existing_type=sa.String(40), nullable=False)
    for table, named in (("editor_note", "note"), ("editor_tag", "tag")):
        column = f"{named}_id"
        op.create_table(
            table,
            sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint([column], [f"{named}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("user_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_table("editor_tag")
    op.drop_table("editor_note")
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.drop_column("device")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("deactivated_at")
        batch_op.drop_column("is_limited")
