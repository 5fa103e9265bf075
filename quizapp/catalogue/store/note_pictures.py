"""The pictures of a note in the database: those that its file shows, and those that only its other texts do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, SQLColumnExpression, Text, cast, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.html.inline_html import KEPT, PICTURE_NAME
from quizapp.catalogue.models import Choice, Concept, NotePicture, Question, QuestionEdit, Section, Unsettled

SHOWN = "/pictures/"  # what the address of a picture begins with in a section's HTML


def replace_pictures(
    db: Session, note_id: int, before: Sequence[NotePicture], wanted: Mapping[str, tuple[str, int]]
) -> None:
    """Make a note's pictures those of its file: name and size by address. Of `before` stays what a text still shows.

    Such texts are retired questions, which may come back, and what stood there before an edit in the browser.
    """
    kept = {name for name, _ in wanted.values()}
    left = {row.name: row.size for row in before if row.name not in kept}
    for row in before:
        db.delete(row)
    db.flush()
    shown = set(names_in_texts(db, note_id)) if left else set()
    rows = {**wanted, **{f"{KEPT}{name}": (name, size) for name, size in left.items() if name in shown}}
    db.add_all(
        NotePicture(note_id=note_id, address=address, name=name, size=size) for address, (name, size) in rows.items()
    )
    db.flush()


def names_in_texts(db: Session, note_id: int | None = None) -> Iterator[str]:
    """The names of the pictures in all texts of a note, retired ones and those before an edit among them.

    Without a note, in the texts of all.
    """
    for one in _TEXTS:
        named = select(*one.columns).where(or_(*(column.contains(one.mark, autoescape=True) for column in one.columns)))
        of_note = one.of.is_not(None) if note_id is None else one.of.in_(one.rows.where(one.note == note_id))
        for row in db.execute(named.where(of_note)):
            for text in row:
                yield from PICTURE_NAME.findall(text or "")


@dataclass(frozen=True, kw_only=True)
class _Text:
    """Columns that may name pictures, and how a note's rows of them are found."""

    columns: tuple[SQLColumnExpression[str], ...]
    of: SQLColumnExpression[int] | SQLColumnExpression[int | None]
    """What leads to the note."""
    rows: Select[int]
    note: SQLColumnExpression[int] | SQLColumnExpression[int | None]
    mark: str = KEPT


def _of_question(of: SQLColumnExpression[int], *columns: SQLColumnExpression[str]) -> _Text:
    return _Text(columns=columns, of=of, rows=select(Question.id), note=Question.note_id)


_LISTS = (Question.must, Question.bonus, Question.red_flags, Question.hints)
_JSON = tuple(cast(one, Text) for one in (*_LISTS, Question.expected, Question.base))
_TEXTS = (
    _Text(columns=(Section.html,), of=Section.id, rows=select(Section.id), note=Section.note_id, mark=SHOWN),
    _Text(columns=(Concept.text,), of=Concept.section_id, rows=select(Section.id), note=Section.note_id),
    _of_question(Question.id, Question.prompt, Question.answer, *_JSON),
    _of_question(Choice.question_id, Choice.text, Choice.why),
    _of_question(QuestionEdit.question_id, cast(QuestionEdit.before, Text), cast(QuestionEdit.after, Text)),
    _of_question(Unsettled.question_id, cast(Unsettled.file, Text)),
)
