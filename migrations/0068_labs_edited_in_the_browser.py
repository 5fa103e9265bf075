"""the texts of labs, their drafts and what was published of them in the browser, and what proofs of them came to.

A step down forgets the drafts, the history and the proofs. What was published stays offered, and the import of a lab's
file takes its place.
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

LAB = "lab.id"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    uuid = sa.LargeBinary() if is_sqlite else sa.Uuid()
    op.create_table(
        "lab_source",
        sa.Column("lab_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("waiting", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["lab_id"], [LAB], name=op.f("fk_lab_source_lab_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lab_id", name=op.f("pk_lab_source")),
    )
    op.create_table(
        "lab_draft",
        sa.Column("lab_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("begun_from", sa.Text(), nullable=False),
        sa.Column("editor_id", uuid, nullable=False),
        sa.Column("saved_at", time, nullable=False),
        sa.ForeignKeyConstraint(["lab_id"], [LAB], name=op.f("fk_lab_draft_lab_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lab_id", name=op.f("pk_lab_draft")),
    )
    op.create_table(
        "lab_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lab_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(24), nullable=False),
        sa.Column("words", sa.String(160), nullable=False),
        sa.Column("editor_id", uuid, nullable=True),
        sa.Column("published_at", time, nullable=False),
        sa.CheckConstraint(_one_of("ground", ("file", "proof", "word")), name=op.f("ck_lab_revision_ground")),
        sa.ForeignKeyConstraint(["lab_id"], [LAB], name=op.f("fk_lab_revision_lab_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_revision")),
    )
    op.create_index("ix_lab_revision_lab_id", "lab_revision", ["lab_id"])
    op.create_table(
        "lab_verification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lab_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("editor_id", uuid, nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("begun_at", time, nullable=False),
        sa.Column("beat_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.Column("is_ok", sa.Boolean(), nullable=False),
        sa.Column("is_to_stop", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.CheckConstraint(
            _one_of("state", ("running", "done", "stopped", "broken")),
            name=op.f("ck_lab_verification_verification_state"),
        ),
        sa.ForeignKeyConstraint(["lab_id"], [LAB], name=op.f("fk_lab_verification_lab_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_verification")),
    )
    op.create_index("ix_lab_verification_lab_id", "lab_verification", ["lab_id", "digest"])


def downgrade() -> None:
    for table in ("lab_verification", "lab_revision", "lab_draft", "lab_source"):
        op.drop_table(table)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
