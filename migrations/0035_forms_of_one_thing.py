"""which questions test the same thing, which of them each review asked, and which cards another one stands for."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.add_column("question", sa.Column("same_as", sa.String(64), nullable=True))
    where = sa.text("same_as IS NOT NULL")
    op.create_index("ix_question_same_as", "question", ["same_as"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "asked_form",
        sa.Column("review_id", uuid, nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review_log.id"], name="fk_asked_form_review_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("review_id", name="pk_asked_form"),
    )
    op.create_table(
        "stood_for",
        sa.Column("card_id", uuid, nullable=False),
        sa.Column("by_card_id", uuid, nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name="fk_stood_for_card_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("card_id", name="pk_stood_for"),
    )


def downgrade() -> None:
    # A card that another one stood for stays suspended, as if its learner had done it, and can be brought back by them.
    op.drop_table("stood_for")
    op.drop_table("asked_form")
    op.drop_index("ix_question_same_as", "question")
    op.drop_column("question", "same_as")
