"""what can be found, with the index over it, made for all that is there.

The tokens are those of 0016 for good; when their rule changes, `flask search rebuild` makes them anew.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any

import nh3
import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = ("concept", "note", "section", "question", "lab")
AT_ONCE = 500  # rows in memory at a time
BLOCKS = re.compile(r"<(?=/?(?:p|li|h\d|pre|td|th|tr|div|br|blockquote|ul|ol|table|dt|dd|hr|figure|details|summary)\b)")
ATOM = re.compile(r"[^\W_]+|([\W_])\1*")
# Each gives: item_id, note_id, question_id, hidden, anchor, head, further texts.
ROWS = {
    "note": "SELECT id, id, NULL, retired_at IS NOT NULL, '', title FROM note",
    "section": "SELECT section.id, note.id, NULL, note.retired_at IS NOT NULL, section.anchor, section.title,"
    " section.html FROM section JOIN note ON note.id = section.note_id",
    "concept": "SELECT concept.id, section.note_id, NULL, concept.retired_at IS NOT NULL, section.anchor, concept.term,"
    " concept.text FROM concept JOIN section ON section.id = concept.section_id",
    "question": "SELECT id, note_id, id, hidden, '', prompt, answer FROM question WHERE kind <> 'lab'",
    "lab": "SELECT lab.id, question.note_id, question.id, lab.retired_at IS NOT NULL OR question.hidden, lab.slug,"
    " lab.title, lab.summary, question.prompt FROM lab JOIN question ON question.id = lab.question_id",
}


def upgrade() -> None:
    table = op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _enum(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("head", sa.String(length=300), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
        sa.UniqueConstraint("kind", "item_id", name="uq_search_document_kind_item_id"),
    )
    op.create_index("ix_search_document_note_id", "search_document", ["note_id"])
    op.create_index("ix_search_document_question_id", "search_document", ["question_id"])
    for kind, rows in ROWS.items():
        _fill(table, kind, rows)
    _make_index()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE IF EXISTS search_index")
    op.drop_table("search_document")


def _enum() -> sa.Enum:
    return sa.Enum(*KINDS, name="kind", native_enum=False, length=24, create_constraint=True)


def _make_index() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_search_document_codes ON search_document USING gin (to_tsvector('simple', codes))")
    elif connection.scalar(sa.text("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")) == 1:
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5"
            "(codes, content='search_document', content_rowid='id', detail=none, columnsize=0)"
        )
        op.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")


def _fill(table: sa.Table, kind: str, rows: str) -> None:
    connection = op.get_bind()
    found = connection.execute(sa.text(rows)).all()
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        more = _more_texts(kind, [row[0] for row in some])
        op.bulk_insert(table, [_document(kind, *row, more=more.get(row[0], [])) for row in some])


def _more_texts(kind: str, ids: list[int]) -> dict[int, list[str]]:
    """A question's points and options, by its id."""
    found: dict[int, list[str]] = {}
    if kind != "question":
        return found
    question = sa.table("question", sa.column("id"), *(sa.column(name, sa.JSON()) for name in LISTS))
    choice = sa.table("choice", *(sa.column(name) for name in ("question_id", "position", "text", "why")))
    points = sa.select(question.c.id, *(question.c[name] for name in LISTS)).where(question.c.id.in_(ids))
    for id, *lists in op.get_bind().execute(points):
        found[id] = [point for points in lists for point in points or ()]
    options = sa.select(choice.c.question_id, choice.c.text, choice.c.why).where(choice.c.question_id.in_(ids))
    for id, text, why in op.get_bind().execute(options.order_by(choice.c.question_id, choice.c.position)):
        found[id] += [text, why]
    return found


LISTS = ("must", "bonus", "red_flags")


def _document(kind: str, item_id: int, note_id: int | None, *rest: Any, more: list[str]) -> dict[str, Any]:
    question_id, hidden, anchor, head, *texts = rest
    if kind == "section":
        texts = [unescape(nh3.clean(BLOCKS.sub(" <", texts[0]), tags=set()))]
    text = "\n".join([head, *texts, *map(str, more)])
    return {
        "kind": kind,
        "item_id": item_id,
        "note_id": note_id,
        "question_id": question_id,
        "hidden": bool(hidden),
        "length": len(text),
        "anchor": anchor,
        "head": head[:300],
        "words": _words(text),
        "codes": _codes(text),
    }


def _folded(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text).casefold()
    return unicodedata.normalize("NFC", composed).split()


def _words(text: str) -> str:
    plain = _folded(text.replace("`", "").replace("**", ""))
    return " ".join("\t" + "\t".join(_atoms(piece)) + "\t" for piece in plain)


def _codes(text: str) -> str:
    found: dict[str, None] = {}
    room = 900_000
    for token in (token for piece in _folded(text) for token in _tokens(piece)):
        code = token[:60].encode().hex().translate(LETTERS)
        if code not in found:
            room -= len(code) + 8
            if room < 0:
                break
            found[code] = None
    return f" {' '.join(found)} " if found else ""


LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def _tokens(piece: str) -> Iterator[str]:
    atoms = _atoms(piece)
    for start in range(len(atoms)):
        for end in range(start + 1, min(start + 12, len(atoms)) + 1):
            yield "".join(atoms[start:end])


def _atoms(piece: str) -> list[str]:
    atoms: list[str] = []
    for found in ATOM.finditer(piece):
        is_word = found[1] is None or unicodedata.category(found[0][0]).startswith("M")
        if is_word and atoms and unicodedata.category(atoms[-1][-1])[0] in "LMN":
            atoms[-1] += found[0]
        else:
            atoms.append(found[0])
    return atoms
