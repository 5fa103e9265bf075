"""Gives notes back as Markdown: the file as it was imported, with what was edited in the browser in those lines."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload, undefer

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion
from quizapp.catalogue.formats.texts import question_with_texts
from quizapp.catalogue.html.inline_html import KEPT, PICTURE_NAME
from quizapp.catalogue.models import Note, NotePicture, Question, QuestionKind, file_note_id
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.patches.note_insert import NewQuestion, with_questions
from quizapp.catalogue.patches.note_patch import Patch, patched
from quizapp.catalogue.pictures.picture_text import Picture, as_written, with_names
from quizapp.catalogue.store.question_store import Content, content_of, served
from quizapp.catalogue.visibility import FOR_ALL
from quizapp.errors import NotFound

_NAMED_CHARS = 60  # of a question that is told of
_BESIDE = re.compile(rf"{KEPT}(?={PICTURE_NAME.pattern})")


@dataclass(frozen=True, kw_only=True)
class MarkdownFile:
    """A note as a file."""

    path: str
    """Below the folder that it is written to."""
    data: bytes
    left_out: Sequence[str] = ()
    """A sentence for each edit that the file does not have."""
    written: Sequence[str] = ()
    """The ids of the questions whose edits it has."""
    is_markdown: bool = True
    """Whether the note is one; questions of another tool have no text to give back."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """The names of the copies of the pictures that it shows, by the address in its text."""


def markdown_files(db: Session, *, note_keys: Sequence[str] = ()) -> list[MarkdownFile]:
    """The notes for all, or some notes, whosever they are. Raises NotFound for a key of no note."""
    notes = select(Note).options(undefer(Note.exact)).where(Note.retired_at.is_(None)).order_by(Note.path)
    found = db.scalars(notes.where(Note.key.in_(note_keys)) if note_keys else notes.where(FOR_ALL)).all()
    if unknown := set(note_keys) - {note.key for note in found}:
        raise NotFound(f"No note has the id {', '.join(sorted(unknown))}. The address of a note's page ends in it.")
    return [markdown_of(db, note, text=note.exact or note.source) for note in found]


def markdown_of(
    db: Session, note: Note, *, text: str, disputed: Container[int] = (), in_place: bool = False
) -> MarkdownFile:
    """A note's text, which is that of its last import, with the edits that were made in the browser since.

    Those of the questions with the ids in `disputed` are left alone; and `in_place`, where no picture can be added to
    the file's folder, those that show a picture which the file does not.
    """
    path = _path_of(note)
    if is_of_another_tool(note):
        said = f"{path} is no Markdown: export it in another format."
        return MarkdownFile(path=path, data=b"", is_markdown=False, left_out=(said,))
    # Of tags alone nothing is written: a file has them for a whole note.
    edited = [row for row in _edited(db, note) if row.id not in disputed and served(row).fingerprint != row.fingerprint]
    made_here, left_out = _made_here(db, note), _left_to_the_file(db, note, path)
    pictures = _pictures_of(db, note)
    if not edited and not made_here:
        return MarkdownFile(path=path, data=text.encode(), left_out=left_out, pictures=_names(pictures))
    name = PurePosixPath(shown_path(note.path)).stem
    pictured = with_names(text, pictures.get)  # as the import has read it: the names of pictures tell questions apart
    parsed = parse_note(pictured.text.encode(), name=name)
    wanted, places, new = {}, {}, []
    for row in (*edited, *made_here):
        place = _place_of(row, parsed) if not row.made_here else None
        if place is None and not row.made_here:
            left_out.append(f"{path}: {row.key} is no longer there as it was, so its edit is not in it.")
            continue
        question = question_of(served(row), key=row.key)
        question = question_with_texts(question, lambda words: as_written(words, pictured.originals))
        added = _added(question)
        if added and in_place:
            left_out.append(f"{path}: {row.key} shows a picture that the file's folder does not have.")
            continue
        pictures |= added
        question = question_with_texts(question, lambda words: _BESIDE.sub("", words))
        if place is None:
            new.append(_new_question(row, question, sections=len(parsed.sections)))
        else:
            places[place], wanted[place] = row.key, question
    patch = patched(text, wanted, name=name) if wanted else Patch(text=text, refused=())
    inserted = with_questions(patch.text, new, name=name)
    left_out += [
        f"{path}: the edit of {places[place]} does not fit its lines; write it by hand." for place in patch.refused
    ]
    left_out += _without_a_place(path, new, inserted.refused)
    written = [key for place, key in places.items() if place not in patch.refused]
    written += [one.question.key or "" for one in new if one.question.key not in inserted.refused]
    data = inserted.text.encode()
    return MarkdownFile(path=path, data=data, left_out=left_out, written=written, pictures=_names(pictures))


def _without_a_place(path: str, new: Sequence[NewQuestion], refused: Sequence[str]) -> list[str]:
    """What is said of the questions made here that the text has no place for, by their ids."""
    asked = {one.question.key: " ".join(one.question.prompt.split())[:_NAMED_CHARS] for one in new}
    return [
        f"{path}: “{asked[key]}”, made here, has no place in this text. It is asked all the same, and edited under "
        f"Content. To have it here, write it in with <!-- id: {key} --> at the end of its first line."
        for key in refused
    ]


def _new_question(row: Question, question: ParsedQuestion, *, sections: int) -> NewQuestion:
    """A question that was made here, with its place in the note's text; without a section it goes into the last one."""
    return NewQuestion(
        question=question,
        section=row.section.position - 1 if row.section is not None else max(0, sections - 1),
        concept=row.concept.term if row.concept is not None and question.flashcard else None,
    )


def _made_here(db: Session, note: Note) -> Sequence[Question]:
    """The questions of a note that no file has yet and that learners see."""
    own = Question.note_id == note.id, Question.made_here.is_(True), Question.hidden.is_(False)
    rows = select(Question).options(selectinload(Question.choices)).where(*own)
    return db.scalars(rows.order_by(Question.position, Question.id)).all()


def _left_to_the_file(db: Session, note: Note, path: str) -> list[str]:
    """A sentence for each question of the file that is elsewhere here, or retired: its lines stay as they are."""
    decided = or_(Question.retired_here.is_(True), Question.home_id.is_not(None))
    rows = db.scalars(select(Question).where(file_note_id == note.id, decided).order_by(Question.position)).all()
    return [
        f"{path}: {row.key} is {'retired' if row.retired_here else 'in another note'} here; its lines stay."
        for row in rows
    ]


def _pictures_of(db: Session, note: Note) -> dict[str, Picture]:
    """The pictures that a note's text shows, by their addresses in it."""
    rows = db.scalars(select(NotePicture).where(NotePicture.note_id == note.id).order_by(NotePicture.address))
    return {row.address: Picture(name=row.name, size=row.size) for row in rows if not row.address.startswith(KEPT)}


def _added(question: ParsedQuestion) -> dict[str, Picture]:
    """The pictures of a question that the note's text does not show: each lies beside the note by the copy's name."""
    names: list[str] = []

    def seen(text: str) -> str:
        names.extend(name for name in PICTURE_NAME.findall(text) if f"{KEPT}{name}" in text)
        return text

    question_with_texts(question, seen)
    return {name: Picture(name=name, size=0) for name in names}


def _names(pictures: Mapping[str, Picture]) -> dict[str, str]:
    return {address: picture.name for address, picture in pictures.items()}


def is_of_another_tool(note: Note) -> bool:
    """Whether a note's file was no Markdown; then a hash of the file is stored in place of its text."""
    return re.fullmatch(rf"{re.escape(note.convention)} [0-9a-f]{{64}}", note.source) is not None


def question_of(content: Content, *, key: str | None) -> ParsedQuestion:
    """A stored content as a reader would give it."""
    return ParsedQuestion(
        key=key,
        line=0,
        prompt=content.prompt,
        answer=content.answer,
        flashcard=content.kind is QuestionKind.FLASHCARD,
        must=content.must,
        bonus=content.bonus,
        red_flags=content.red_flags,
        choices=content.choices,
        expected=content.expected,
        hints=content.hints,
        level=content.level,
        source_url=content.source_url,
        as_of=content.as_of,
    )


def _edited(db: Session, note: Note) -> Sequence[Question]:
    return db.scalars(
        select(Question)
        .options(selectinload(Question.choices))
        .where(
            file_note_id == note.id,
            Question.edited.is_(True),
            Question.made_here.is_(False),
            Question.retired_at.is_(None),
            Question.kind != QuestionKind.LAB,
        )
        .order_by(Question.position, Question.id)
    ).all()


def _place_of(row: Question, parsed: ParsedNote) -> int | None:
    """The place of a question in the text that it was last read from; None if the text has another one there."""
    same = [
        place for place, one in enumerate(parsed.everything_asked) if content_of(one).fingerprint == row.fingerprint
    ]
    return row.position - 1 if row.position - 1 in same else same[0] if len(same) == 1 else None


def _path_of(note: Note) -> str:
    """A relative path that leads out of no folder; a note of the browser gets the ending of one."""
    path = PurePosixPath(shown_path(note.path))
    parts = [part for part in path.parts if part not in ("/", "..", ".")] or ["note"]
    named = PurePosixPath(parts[-1] if path.is_absolute() else "/".join(parts))
    return str(named if named.suffix else named.with_suffix(".md"))
