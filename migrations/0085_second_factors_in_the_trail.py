"""a second factor that somebody else turned off, in the trail.

The version below has no word in the trail for it: such a line is left as an edit, and its word kept beside it, which a
step up gives back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

DEEDS = (
    "edit", "make", "duplicate", "move", "kind", "draft", "review", "publish", "retire", "restore", "version", "settle",
    "undo", "delete", "tag", "untag", "take-report", "settle-report", "decline-report", "import", "note", "retire-note",
    "publish-note", "invite", "role", "link", "sign-out", "deactivate", "activate", "still-right", "comment", "resolve",
    "make-class", "delete-class", "name-teacher", "end-teacher", "invite-class", "take-out-of-class", "restore-note",
    "delete-account", "assign", "unassign", "restore-backup", "onlook", "concept", "retire-concept", "restore-concept",
    "rename-tag", "remove-tag",
)  # fmt: skip
MORE = "second-factor-off"
ASIDE = "content_deed_of_0085"
NAME = "ck_content_deed_what"


def upgrade() -> None:
    _allow((*DEEDS, MORE))
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        op.execute(f"UPDATE content_deed SET what = '{MORE}' WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM content_deed WHERE what = '{MORE}' LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id FROM content_deed WHERE what = '{MORE}'")
        op.execute(f"UPDATE content_deed SET what = 'edit' WHERE what = '{MORE}'")
    _allow(DEEDS)


def _allow(deeds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{deed}'" for deed in deeds)
    with op.batch_alter_table("content_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(f"what IN ({listed})"))
