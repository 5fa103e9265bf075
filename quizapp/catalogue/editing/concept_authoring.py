"""The one way to change a concept in the browser: make, edit, move, merge, retire, restore, delete, and take back.

A concept is lines of its note, so each change but retiring is a change of those lines (`concept_text`), which the
service of imports stores: the note's page, its history and its file have it too. The concept keeps its row, and with it
what names it. What its editor may not change raises OutsideRemit. The caller commits.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.concept_rows import (
    WrittenConcept,
    concept_by_key,
    free_term,
    in_file,
    live_section,
    refuse_second,
    section_in,
    tidy_words,
    words_of,
    written_concept,
)
from quizapp.catalogue.editing.concept_words import TEXT, BadWords, as_read
from quizapp.catalogue.editing.lab_regrouping import regroup_labs
from quizapp.catalogue.editing.note_changes import (
    OF,
    NewText,
    StepUndone,
    begin_step,
    end_step,
    name_of,
    store_texts,
    undo_step,
)
from quizapp.catalogue.editing.note_text import note_text
from quizapp.catalogue.formats.markdown.parser import each_text_once
from quizapp.catalogue.models import Concept, ContentDeed, DeedOf, Question, Section
from quizapp.catalogue.patches.concept_merge import with_merged
from quizapp.catalogue.patches.concept_text import ConceptWords, with_concept, with_lines, with_words
from quizapp.catalogue.patches.concept_text import without as without_concept
from quizapp.catalogue.question_shape import QuestionPlace
from quizapp.catalogue.question_wording import tidy
from quizapp.catalogue.store.question_store import fingerprint
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict, Invalid

STEPS = (DeedOf.CONCEPT, DeedOf.RETIRE_CONCEPT, DeedOf.RESTORE_CONCEPT)
_KEY, _PRINT, _GONE = "concept", "print", "gone"  # in what a step keeps, for it to be taken back
_NO_FIT = "This does not fit the lines that the note has of it. Change it in the text of the note."


class ConceptChanged(Conflict):
    """The concept was saved, here or by an import, since the editor opened it, in a part that was edited too."""

    def __init__(self, saved: ConceptWords) -> None:
        super().__init__("Somebody saved this concept while you were editing it. Nothing of yours is lost.")
        self.saved = saved


@each_text_once()
def make_concept(
    db: Session, *, note: str, section: str, words: ConceptWords, editor: Reader, now: datetime, verb: str = "made"
) -> str:
    """Write a concept into a note, as the last one of a section; returns its key. Raises Invalid and NotFound."""
    source, place = section_in(db, note, section, editor)
    words = tidy_words(words)
    refuse_second(source, words.term)
    text, words = _as_fits(
        lambda said: with_concept(
            source.text, section=place, words=in_file(db, source, said, editor), name=name_of(source)
        ),
        words,
        otherwise="There is no place for it in this section. Write it into the text of the note.",
    )
    step = begin_step(db, what=DeedOf.CONCEPT, words=words.term, editor=editor, now=now)
    store_texts(db, [NewText(note=source, text=text)], editor=editor, now=now, step=step)
    made = select(Concept).join(Concept.section).where(Section.note_id == source.id, Concept.retired_at.is_(None))
    concept = db.scalars(made.where(Concept.term == words.term)).one()
    end_step(db, step, words=f"{verb}: {words.term}", kept={OF: concept.key})
    return concept.key


@each_text_once()
def save_concept(
    db: Session, *, key: str, words: ConceptWords, opened: ConceptWords, editor: Reader, now: datetime
) -> bool:
    """Store what a concept says, which the editor opened as `opened`; returns whether anything was changed.

    What only others have changed since stays. Raises ConceptChanged, and Invalid for what cannot be written.
    """
    written = written_concept(db, key, editor)
    saved, words, opened = words_of(written.row), tidy_words(words), tidy_words(opened)
    term = _merged(opened.term, saved.term, words.term)
    text = _merged(opened.text, tidy(saved.text), words.text)
    if term is None or text is None:
        raise ConceptChanged(saved)
    wanted = ConceptWords(term=term, text=text)
    if wanted == tidy_words(saved):
        return False
    if term != saved.term:
        refuse_second(written.note, term, besides=saved.term)
    note, spot = written.note, written.spot
    new, wanted = _as_fits(
        lambda said: with_words(note.text, spot, in_file(db, note, said, editor), name=name_of(note)),
        wanted,
        otherwise=_NO_FIT,
    )
    if wanted == words_of(written.row):
        return False
    _store(db, written, new, wanted, verb="changed", editor=editor, now=now)
    return True


@each_text_once()
def duplicate_concept(db: Session, *, key: str, editor: Reader, now: datetime) -> str:
    """Write a concept once more, behind the others of its section, under another name; returns its key."""
    row = concept_by_key(db, key=key, editor=editor)
    section = live_section(row)
    source = note_text(db, user=editor, key=section.note.key)
    words = ConceptWords(term=free_term(source, row.term), text=row.text)
    return make_concept(
        db, note=section.note.key, section=section.anchor, words=words, editor=editor, now=now, verb="duplicated"
    )


@each_text_once()
def move_concept(db: Session, *, key: str, note: str, section: str, editor: Reader, now: datetime) -> bool:
    """Write a concept, with what is asked of it, into another section or note. Returns whether it stood elsewhere."""
    written = written_concept(db, key, editor)
    source, place = section_in(db, note, section, editor)
    if source.id == written.note.id and place == written.spot.section:
        return False
    if source.id != written.note.id:
        refuse_second(source, written.term)
    cut = without_concept(written.note.text, written.spot, name=name_of(written.note))
    words = in_file(db, written.note, ConceptWords(term=written.term, text=written.row.text), editor)
    base = cut.text if cut is not None and source.id == written.note.id else source.text
    put = with_lines(base, section=place, lines=cut.lines, name=name_of(source), words=words) if cut else None
    if cut is None or put is None:
        raise Invalid("Its lines cannot be taken out here, or put in there. Move them in the texts of the notes.")
    texts = [NewText(note=source, text=put)]
    if source.id != written.note.id:
        texts = [NewText(note=written.note, text=cut.text), *texts]
    step = begin_step(db, what=DeedOf.CONCEPT, words=written.row.term, editor=editor, now=now)
    kept = {OF: key, _KEY: key, _PRINT: written.row.fingerprint}
    placed = _placed_here(db, written.row)
    _name_in_file(db, written.row, fingerprint([written.term, written.row.text]), now=now)
    store_texts(db, texts, editor=editor, now=now, step=step)
    _take_along(db, placed, note=source.key, concept=key, editor=editor, now=now, step=step)
    end_step(db, step, words=f"moved: {written.term}", kept=kept)
    return True


@each_text_once()
def merge_concepts(db: Session, *, key: str, into: str, words: ConceptWords, editor: Reader, now: datetime) -> None:
    """Let one concept be a part of another one, which says `words` then: what is asked of the first is of the second.

    Raises Invalid for one and the same, and for what cannot be written.
    """
    if key == into:
        raise Invalid("Choose another concept to merge it with.")
    gone, kept_one = written_concept(db, key, editor), written_concept(db, into, editor)
    wanted = tidy_words(words)
    texts, wanted = _merged_texts(db, gone, kept_one, wanted, editor)
    step = begin_step(db, what=DeedOf.CONCEPT, words=gone.row.term, editor=editor, now=now)
    _take_along(db, _placed_here(db, gone.row), note=kept_one.note.key, concept=into, editor=editor, now=now, step=step)
    before = kept_one.row.fingerprint
    _name_in_file(db, kept_one.row, fingerprint([wanted.term, wanted.text]), now=now)
    names = f"merged: {gone.row.term} into {kept_one.row.term}"
    store_texts(db, texts, editor=editor, now=now, step=step)
    _say_where_it_is(db, key, into)
    regroup_labs(db, concepts=[key])
    end_step(db, step, words=names, kept={OF: into, _KEY: into, _PRINT: before, _GONE: key})


def _say_where_it_is(db: Session, gone: str, into: str | None) -> None:
    """Say which concept one is a part of since the two were merged; None once they are parted again."""
    row = db.scalars(select(Concept).where(Concept.key == gone)).one()
    db.refresh(row)  # the import has written past the session
    row.merged_into = into
    db.flush()


def _merged_texts(
    db: Session, gone: WrittenConcept, kept_one: WrittenConcept, wanted: ConceptWords, editor: Reader
) -> tuple[list[NewText], ConceptWords]:
    """The texts of the notes of two concepts, without the first one, and with what the second one is to say."""
    cut = without_concept(gone.note.text, gone.spot, name=name_of(gone.note))
    if cut is None:
        raise Invalid("Its lines cannot be taken out of the note alone. Merge the two in the text of the note.")
    is_one_note = gone.note.id == kept_one.note.id
    spot, base = kept_one.spot, cut.text if is_one_note else kept_one.note.text
    if is_one_note and spot.section == gone.spot.section and spot.place > gone.spot.place:
        spot = replace(spot, place=spot.place - 1)
    note = kept_one.note
    said, wanted = _as_fits(
        lambda words: with_merged(base, spot, in_file(db, note, words, editor), more=cut, name=name_of(note)),
        wanted,
        otherwise=_NO_FIT,
    )
    first = [] if is_one_note else [NewText(note=gone.note, text=cut.text)]
    return [*first, NewText(note=note, text=said)], wanted


def _as_fits(
    write: Callable[[ConceptWords], str | None], words: ConceptWords, *, otherwise: str
) -> tuple[str, ConceptWords]:
    """A note's text with these words as `write` gives it, or with those that it reads back in their place.

    Raises BadWords with what of them no note reads so, or with the sentence `otherwise`.
    """
    text = write(words)
    if text is not None:
        return text, words
    words = as_read(words)
    text = write(words)
    if text is None:
        raise BadWords(otherwise, field=TEXT)
    return text, words


def retire_concept(db: Session, *, key: str, editor: Reader, now: datetime) -> None:
    """Let a concept be none any more: its lines stay text of the note. What is asked of it is asked as before."""
    concept = concept_by_key(db, key=key, editor=editor)
    if _retire(concept, now=now):
        _tell(db, concept, DeedOf.RETIRE_CONCEPT, editor=editor, now=now)


def restore_concept(db: Session, *, key: str, editor: Reader, now: datetime) -> None:
    """Let a concept that was retired here be one again. Raises Invalid for one whose lines the note has no longer."""
    concept = concept_by_key(db, key=key, editor=editor)
    if _restore(concept):
        _tell(db, concept, DeedOf.RESTORE_CONCEPT, editor=editor, now=now)


def _retire(concept: Concept, *, now: datetime) -> bool:
    if concept.retired_at is not None:
        return False
    concept.retired_at, concept.retired_here = now, True
    return True


def _restore(concept: Concept) -> bool:
    if concept.retired_at is None:
        return False
    if not concept.retired_here:
        raise Invalid("The note no longer has its lines. The note's history has the text with them.")
    concept.retired_at, concept.retired_here = None, False
    return True


def is_deletable(db: Session, concept: Concept) -> bool:
    """Whether nothing is asked of a concept, so that its lines can go with nothing else."""
    return db.scalar(select(Question.id).where(Question.concept_id == concept.id).limit(1)) is None


def delete_concept(db: Session, *, key: str, editor: Reader, now: datetime) -> None:
    """Take the lines of a concept out of its note. Raises Invalid if anything is asked of it."""
    written = written_concept(db, key, editor)
    if not is_deletable(db, written.row):
        raise Invalid("Questions are about it, so it is retired or merged, not deleted.")
    cut = without_concept(written.note.text, written.spot, name=name_of(written.note))
    if cut is None:
        raise Invalid("Its lines cannot be taken out of the note alone. Delete them in the text of the note.")
    _store(db, written, cut.text, words_of(written.row), verb="deleted", editor=editor, now=now)


@each_text_once()
def undo_concept(db: Session, *, step_id: int, editor: Reader, now: datetime) -> StepUndone:
    """Take back what was done to a concept. Raises NotFound, and Conflict if the same lines were changed since."""
    step = db.get(ContentDeed, step_id)
    what = step.what if step is not None else None

    def prepare(kept: Mapping[str, Any]) -> int:
        if what in (DeedOf.RETIRE_CONCEPT, DeedOf.RESTORE_CONCEPT):
            concept = concept_by_key(db, key=str(kept.get(OF)), editor=editor)
            retire = what is DeedOf.RESTORE_CONCEPT
            return int(_retire(concept, now=now) if retire else _restore(concept))
        row = db.scalar(select(Concept).where(Concept.key == kept.get(_KEY)))
        if row is not None:
            _name_in_file(db, row, str(kept[_PRINT]), now=now)
        return 0

    undone = undo_step(db, step_id=step_id, deeds=STEPS, editor=editor, now=now, prepare=prepare)
    kept = step.kept or {} if step is not None else {}
    if undone.back and _GONE in kept:
        _say_where_it_is(db, kept[_GONE], None)
        regroup_labs(db, concepts=[kept[_KEY]])
    return undone


def _store(
    db: Session, written: WrittenConcept, text: str, words: ConceptWords, *, verb: str, editor: Reader, now: datetime
) -> None:
    """Store the note's new text as a step; `words` are what the concept says in it."""
    step = begin_step(db, what=DeedOf.CONCEPT, words=written.row.term, editor=editor, now=now)
    key, before = written.row.key, written.row.fingerprint
    _name_in_file(db, written.row, fingerprint([words.term, words.text]), now=now)
    store_texts(db, [NewText(note=written.note, text=text)], editor=editor, now=now, step=step)
    end_step(db, step, words=f"{verb}: {words.term}", kept={OF: key, _KEY: key, _PRINT: before})


def _name_in_file(db: Session, row: Concept, text_print: str, *, now: datetime) -> None:
    """Say by which fingerprint the import that follows finds this concept again: its row stays, whatever it says.

    It is of no section until then, so that the import of whatever note may have it.
    """
    row.fingerprint, row.section_id, row.retired_at = text_print, None, now
    db.flush()


def _is_about(row: Concept) -> ColumnElement[bool]:
    return and_(Question.concept_id == row.id, Question.retired_at.is_(None))


def _placed_here(db: Session, row: Concept) -> Sequence[Question]:
    """The questions about a concept that its file does not have in the concept's lines."""
    placed = or_(Question.placed_here, Question.made_here)
    return db.scalars(select(Question).where(_is_about(row), placed).order_by(Question.id)).all()


def _take_along(
    db: Session,
    questions: Sequence[Question],
    *,
    note: str,
    concept: str,
    editor: Reader,
    now: datetime,
    step: ContentDeed,
) -> None:
    """Let questions be about a concept of a note, as a part of a step."""
    place = QuestionPlace(note=note, section=None, concept=concept)
    for question in questions:
        authoring.move(db, question=question, place=place, editor=editor, now=now, step_id=step.id)


def _tell(db: Session, concept: Concept, what: DeedOf, *, editor: Reader, now: datetime) -> None:
    note_down(db, what=what, words=concept.term, editor=editor, now=now, kept={OF: concept.key})


def _merged(opened: str, saved: str, typed: str) -> str | None:
    """What both have of one part; None if both have changed it."""
    if typed in (opened, saved):
        return saved
    return typed if saved == opened else None
