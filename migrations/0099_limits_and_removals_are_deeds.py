"""limits of a day, and taking new cards out of the reviews, among the deeds that undo takes back.

The version below knows neither. A step down puts such deeds aside, and a step up brings them back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

KINDS = ("bury", "unbury", "suspend", "unsuspend", "flag", "leech", "release", "reschedule", "reset", "edit", "tag")
KINDS += ("add",)
MORE = ("remove", "limit-new", "limit-reviews")
NAME = "ck_card_deed_deed_kind"
COLUMNS = "id, step, user_id, card_id, kind, before, after, after_sequence, after_review, done_at, undone, edit_id"
COLUMNS += ", deed_number"
ASIDE = "card_deed_of_0099"


def upgrade() -> None:
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of((*KINDS, *MORE)))
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        # The person may have been removed below, and SQLite may have given its number to a deed that was done below.
        there = "user_id IN (SELECT id FROM user_account) AND id NOT IN (SELECT id FROM card_deed)"
        op.execute(f"INSERT INTO card_deed ({COLUMNS}) SELECT {COLUMNS} FROM {ASIDE} WHERE {there}")
        op.drop_table(ASIDE)


def downgrade() -> None:
    aside = _one_of(MORE).text
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM card_deed WHERE {aside} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT {COLUMNS} FROM card_deed WHERE {aside}")
        op.execute(f"DELETE FROM card_deed WHERE {aside}")
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of(KINDS))


def _one_of(kinds: tuple[str, ...]) -> sa.TextClause:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return sa.text(f"kind IN ({listed})")
