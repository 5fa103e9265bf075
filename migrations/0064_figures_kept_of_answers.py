"""what a list of all questions needs of first answers, kept with each question's difficulty."""

from collections.abc import Iterator
from math import sqrt

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0062"
branch_labels = None
depends_on = None

SCORED = """
    UPDATE question_difficulty SET
        scored = (SELECT count(*) FROM attempt WHERE is_first AND question_id = question_difficulty.question_id),
        score = (SELECT coalesce(sum(score), 0.0) FROM attempt
                 WHERE is_first AND question_id = question_difficulty.question_id),
        counted = 0
"""
# Of each question with 30 first answers: x is the score of each, y how its learner does else, of those with at least
# three other first answers in the same quiz session.
SUMS = """
    WITH first_answer AS (
        SELECT question_id, quiz_session_id, coalesce(score, 0.0) AS x,
               coalesce(score, 0.0) - avg(coalesce(score, 0.0)) OVER (PARTITION BY question_id) AS above,
               count(*) OVER (PARTITION BY question_id) AS answers
        FROM attempt WHERE is_first
    ), beside AS (
        SELECT question_id, answers, x, count(*) OVER sitting AS asked,
               (sum(above) OVER sitting - above) / nullif(count(*) OVER sitting - 1, 0) AS y
        FROM first_answer WINDOW sitting AS (PARTITION BY quiz_session_id)
    )
    SELECT question_id, max(answers), count(*), sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y)
    FROM beside WHERE answers >= 30 AND asked > 3 GROUP BY question_id
"""


def upgrade() -> None:
    columns = {"scored": sa.Integer(), "score": sa.Double(), "counted": sa.Integer()}
    for name, kind in columns.items():
        op.add_column("question_difficulty", sa.Column(name, kind, nullable=True))
    op.add_column("question_difficulty", sa.Column("discrimination", sa.Double(), nullable=True))
    op.execute(SCORED)
    with op.batch_alter_table("question_difficulty") as batch_op:
        for name, kind in columns.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
    found = list(_discriminations(op.get_bind()))
    if found:
        op.get_bind().execute(
            sa.text(
                "UPDATE question_difficulty SET counted = :answers, discrimination = :tells WHERE question_id = :id"
            ),
            found,
        )


def downgrade() -> None:
    with op.batch_alter_table("question_difficulty") as batch_op:
        for name in ("discrimination", "counted", "score", "scored"):
            batch_op.drop_column(name)


def _discriminations(connection: sa.Connection) -> Iterator[dict[str, float | None]]:
    """The correlation of x and y of each question; None of fewer than ten pairs, or if all of either are the same."""
    for question_id, answers, pairs, x, y, xx, yy, xy in connection.execute(sa.text(SUMS)):
        spread_x, spread_y = pairs * xx - x**2, pairs * yy - y**2
        known = pairs >= 10 and spread_x >= 1e-9 and spread_y >= 1e-9
        tells = max(-1.0, min(1.0, (pairs * xy - x * y) / sqrt(spread_x * spread_y))) if known else None
        yield {"id": question_id, "answers": answers, "tells": tells}
