"""at which runs' terminals teachers may look on, and who did.

The version below has no word in the trail for it. A step down leaves such a line as an edit and keeps its word beside
it, which a step up gives back; what was allowed, and who looked on, is lost.
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate", "still-right", "comment", "resolve",
    "make-class", "delete-class", "name-teacher", "end-teacher", "invite-class", "take-out-of-class", "restore-note",
    "delete-account", "assign", "unassign", "restore-backup",
)  # fmt: skip
MORE = ("onlook",)
ASIDE = "content_deed_of_0078"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    uuid = sa.LargeBinary() if is_sqlite else sa.Uuid()
    op.create_table(
        "onlooking_allowed",
        sa.Column("run_id", uuid, nullable=False),
        sa.Column("allowed_at", time, nullable=False),
        _key("onlooking_allowed", "run_id", "lab_run"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_onlooking_allowed")),
    )
    op.create_table(
        "onlooking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", uuid, nullable=False),
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("began_at", time, nullable=False),
        sa.Column("seen_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        _key("onlooking", "run_id", "lab_run"),
        _key("onlooking", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_onlooking")),
    )
    for column in ("run_id", "user_id"):
        op.create_index(op.f(f"ix_onlooking_{column}"), "onlooking", [column])
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
    for table in ("onlooking", "onlooking_allowed"):
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
