"""kinds of questions whose right answer is neither an option nor a text to compare with.

The version below has no word for these kinds and asks none of them. A step down leaves them as open questions, whose
answer says what is right only where the author said so in words, and keeps their kind and what is right beside them; a
step up gives both back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0037"
branch_labels = None
depends_on = None

KINDS = ("flashcard", "open", "single", "multiple", "lab")
MORE = ("short", "number", "truth", "order", "match", "cloze")
ASIDE = "question_of_0042"
NAME = "ck_question_kind"


def upgrade() -> None:
    with op.batch_alter_table("question") as batch_op:
        batch_op.add_column(sa.Column("expected", sa.JSON(), nullable=True))
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of((*KINDS[:4], *MORE, "lab")))
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        for column in ("expected", "kind"):
            value = f"SELECT {column} FROM {ASIDE} WHERE {ASIDE}.id = question.id"
            op.execute(f"UPDATE question SET {column} = ({value}) WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    listed = ", ".join(f"'{kind}'" for kind in MORE)
    of_these = f"kind IN ({listed}) OR expected IS NOT NULL"
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM question WHERE {of_these} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id, kind, expected FROM question WHERE {of_these}")
        op.execute(f"UPDATE question SET kind = 'open' WHERE kind IN ({listed})")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of(KINDS))
        batch_op.drop_column("expected")


def _one_of(kinds: tuple[str, ...]) -> sa.TextClause:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return sa.text(f"kind IN ({listed})")
