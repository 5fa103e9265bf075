"""cards that are suspended, flagged or leeches, and a table of what learners did with cards beside rating them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PILES = {
    "ix_card_learning": (["due_at", "buried_until_day"], "due_at IS NOT NULL"),
    "ix_card_due": (["due_day", "last_review_at", "buried_until_day"], "due_at IS NULL AND due_day IS NOT NULL"),
    "ix_card_new": (["created_at", "question_id", "buried_until_day"], "due_day IS NULL"),
    "ix_card_buried": (["buried_until_day", "due_day"], "buried_until_day IS NOT NULL"),
}
KINDS = ("bury", "unbury", "suspend", "unsuspend", "flag", "leech", "release", "reschedule", "reset")
ACTIONS = ("mark", "suspend")
STATES = {"suspended": sa.Boolean(), "flag": sa.Integer(), "leech": sa.Boolean()}


def upgrade() -> None:
    for name in PILES:
        op.drop_index(name, "card")
    for column, kind in STATES.items():
        op.add_column("card", sa.Column(column, kind, nullable=True))
    op.execute("UPDATE card SET suspended = false, flag = 0, leech = false")
    with op.batch_alter_table("card") as batch_op:
        for column, kind in STATES.items():
            batch_op.alter_column(column, existing_type=kind, nullable=False)
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("leech_threshold", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("leech_action", _enum("leech_action", ACTIONS), nullable=True))
    op.execute("UPDATE user_account SET leech_threshold = 8, leech_action = 'mark'")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("leech_threshold", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("leech_action", existing_type=sa.String(length=24), nullable=False)
    _make_piles("hidden = {no} AND suspended = {no} AND {where}")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    uuid = sa.LargeBinary() if is_sqlite else sa.Uuid()
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    op.create_table(
        "card_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step", uuid, nullable=False),
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("card_id", uuid, nullable=False),
        sa.Column("kind", _enum("deed_kind", KINDS), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("after_sequence", sa.Integer(), nullable=False),
        sa.Column("after_review", uuid, nullable=True),
        sa.Column("done_at", time, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_card_deed_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_card_deed_card_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_card_deed"),
    )
    op.create_index("ix_card_deed_card_id", "card_deed", ["card_id"])
    op.create_index("ix_card_deed_user_id_done_at", "card_deed", ["user_id", "done_at"])


def downgrade() -> None:
    op.drop_table("card_deed")
    for name in PILES:
        op.drop_index(name, "card")
    with op.batch_alter_table("card") as batch_op:
        for column in ("leech", "flag", "suspended"):
            batch_op.drop_column(column)
    _make_piles("hidden = {no} AND {where}")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_constraint(op.f("ck_user_account_leech_action"), type_="check")
        batch_op.drop_column("leech_action")
        batch_op.drop_column("leech_threshold")


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=24, create_constraint=True)


def _make_piles(condition: str) -> None:
    for name, (columns, where) in PILES.items():
        on_sqlite, on_postgresql = (sa.text(condition.format(no=no, where=where)) for no in ("0", "false"))
        op.create_index(name, "card", ["user_id", *columns], sqlite_where=on_sqlite, postgresql_where=on_postgresql)
