"""which notes a learner studies, and up to which question they have seen what is in each."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Whoever has a card of a note studies it; nothing that is in it by now is offered.
ALREADY = """
INSERT INTO studied_note (user_id, note_id, newest_question_id)
SELECT mine.user_id, mine.note_id, (SELECT max(question.id) FROM question WHERE question.note_id = mine.note_id)
FROM (
    SELECT DISTINCT card.user_id, question.note_id FROM card JOIN question ON question.id = card.question_id
    WHERE question.note_id IS NOT NULL
) AS mine
"""


def upgrade() -> None:
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "studied_note",
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("newest_question_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_studied_note_user_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_studied_note_note_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "note_id", name="pk_studied_note"),
    )
    op.execute(ALREADY)


def downgrade() -> None:
    op.drop_table("studied_note")
