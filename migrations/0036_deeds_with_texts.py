"""edits and tags among the deeds of editors.

The version below knows no deed without a card, and neither kind. A step down puts these rows aside, since what they did
to questions stays; a step up brings them back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

KINDS = ("bury", "unbury", "suspend", "unsuspend", "flag", "leech", "release", "reschedule", "reset")
MORE = ("edit", "tag")
COLUMNS = "id, step, user_id, card_id, kind, before, after, after_sequence, after_review, done_at, undone, edit_id"
ASIDE = "card_deed_of_0036"
NAME = "ck_card_deed_deed_kind"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.alter_column("card_id", existing_type=sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("edit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("fk_card_deed_edit_id", "question_edit", ["edit_id"], ["id"], ondelete="CASCADE")
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of((*KINDS, *MORE)))
    op.create_index("ix_card_deed_edit_id", "card_deed", ["edit_id"])
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        op.execute(f"INSERT INTO card_deed ({COLUMNS}) SELECT {COLUMNS} FROM {ASIDE}")
        op.drop_table(ASIDE)


def downgrade() -> None:
    of_texts = "kind IN ('edit', 'tag') OR card_id IS NULL OR edit_id IS NOT NULL"
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM card_deed WHERE {of_texts} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT {COLUMNS} FROM card_deed WHERE {of_texts}")
        op.execute(f"DELETE FROM card_deed WHERE {of_texts}")
    op.drop_index("ix_card_deed_edit_id", "card_deed")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of(KINDS))
        batch_op.drop_constraint("fk_card_deed_edit_id", type_="foreignkey")
        batch_op.drop_column("edit_id")
        batch_op.alter_column("card_id", existing_type=sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False)


def _one_of(kinds: tuple[str, ...]) -> sa.TextClause:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return sa.text(f"kind IN ({listed})")
