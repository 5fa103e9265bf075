"""classes with their teachers and learners, and the links by which learners join.

The version below has no word in the trail for what was done to classes. A step down leaves such a line as an edit and
keeps its word beside it, which a step up gives back; the classes themselves are lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate", "still-right", "comment", "resolve",
)  # fmt: skip
MORE = ("make-class", "delete-class", "name-teacher", "end-teacher", "invite-class", "take-out-of-class")
ASIDE = "content_deed_of_0071"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    uuid = sa.LargeBinary() if is_sqlite else sa.Uuid()
    op.create_table(
        "study_class",
        sa.Column("id", uuid, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_class")),
    )
    op.create_table(
        "class_member",
        sa.Column("class_id", uuid, nullable=False),
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("is_teacher", sa.Boolean(), nullable=False),
        sa.Column("joined_at", time, nullable=True),
        _key("class_member", "class_id", "study_class"),
        _key("class_member", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_class_member")),
    )
    op.create_index(op.f("ix_class_member_user_id"), "class_member", ["user_id"])
    op.create_table(
        "class_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", uuid, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False),
        sa.Column("uses_max", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        _key("class_link", "class_id", "study_class"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_class_link_token_hash")),
    )
    op.create_index(op.f("ix_class_link_class_id"), "class_link", ["class_id"])
    _allow((*DEEDS, *MORE))
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        word = f"SELECT what FROM {ASIDE} WHERE {ASIDE}.id = content_deed.id"
        op.execute(f"UPDATE content_deed SET what = ({word}) WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    of_these = _one_of("what", MORE)
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM content_deed WHERE {of_these} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id, what FROM content_deed WHERE {of_these}")
        op.execute(f"UPDATE content_deed SET what = 'edit' WHERE {of_these}")
    _allow(DEEDS)
    for table in ("class_link", "class_member", "study_class"):
        op.drop_table(table)


def _key(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=name, ondelete="CASCADE")


def _allow(deeds: tuple[str, ...]) -> None:
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(_one_of("what", deeds)))


def _one_of(column: str, values: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
