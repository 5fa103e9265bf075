"""A concept's row and the place in its note's text where it is written. Changes nothing; see `concept_authoring`."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.concept_text import ConceptSpot, ConceptWords, spot_of
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.models import KEY_MAX_CHARS, Concept, Note, Section
from quizapp.catalogue.note_changes import name_of
from quizapp.catalogue.note_text import NoteSource, note_text
from quizapp.catalogue.picture_rows import shown_of
from quizapp.catalogue.picture_text import as_written, with_names
from quizapp.catalogue.question_wording import tidy
from quizapp.catalogue.remits import hold_note
from quizapp.catalogue.visibility import FOR_ALL, Reader
from quizapp.errors import Invalid, NotFound

TERM_MAX_CHARS = 200  # of one that is typed; a note may have 300
TEXT_MAX_CHARS = 10_000


@dataclass(frozen=True, kw_only=True)
class WrittenConcept:
    """A concept where it is written."""

    row: Concept
    note: NoteSource
    spot: ConceptSpot
    term: str
    """The bold words, without the heading that goes before those that occur several times."""


def words_of(concept: Concept) -> ConceptWords:
    """What a concept says."""
    return ConceptWords(term=concept.term, text=concept.text)


def concept_by_key(db: Session, *, key: str, editor: Reader) -> Concept:
    """A concept of a note for all, retired or not. Raises NotFound, and OutsideRemit."""
    usable = len(key) <= KEY_MAX_CHARS and key.isprintable()
    found = select(Concept).join(Concept.section).join(Section.note).where(Concept.key == key, FOR_ALL)
    concept = db.scalar(found) if usable else None
    if concept is None or concept.section is None:
        raise NotFound("There is no such concept any more. The list of concepts has those there are.")
    hold_note(db, concept.section.note, editor)
    return concept


def written_concept(db: Session, key: str, editor: Reader) -> WrittenConcept:
    """A concept in the text of its note, whose row is kept from others. Raises Invalid if it is no longer there."""
    row = concept_by_key(db, key=key, editor=editor)
    section = live_section(row)
    db.execute(select(Note.id).where(Note.id == section.note_id).with_for_update())
    note = note_text(db, user=editor, key=section.note.key)
    pictured = with_names(note.text, shown_of(db, note_id=note.id).get)
    parsed = parse_note(pictured.text.encode(), name=name_of(note))
    spot = spot_of(parsed, section=section.position - 1, key=key, words=words_of(row))
    if spot is None:
        raise Invalid("The note does not say this concept as it is stored. Change it in the text of the note.")
    term = parsed.sections[spot.section].concepts[spot.place].term
    return WrittenConcept(row=row, note=note, spot=spot, term=term)


def live_section(concept: Concept) -> Section:
    section = concept.section
    if concept.retired_at is not None or section is None or section.note.retired_at is not None:
        raise Invalid("This concept, or its note, is retired. Restore it first.")
    return section


def section_in(db: Session, note: str, section: str, editor: Reader) -> tuple[NoteSource, int]:
    """The text of a note, and the place, from 0, of one of its sections. Raises NotFound and OutsideRemit."""
    source = note_text(db, user=editor, key=note)
    db.execute(select(Note.id).where(Note.id == source.id).with_for_update())
    position = db.scalar(select(Section.position).where(Section.note_id == source.id, Section.anchor == section))
    if position is None:
        raise NotFound("There is no such section in the note. Choose another one.")
    return source, position - 1


def in_file(db: Session, note: NoteSource, words: ConceptWords) -> ConceptWords:
    """The words with the addresses that the note's text has for its pictures."""
    pictured = with_names(note.text, shown_of(db, note_id=note.id).get)
    return ConceptWords(term=words.term, text=as_written(words.text, pictured.originals))


def refuse_second(note: NoteSource, term: str) -> None:
    """Raise Invalid if a note has a concept of this name: two of one name are told apart by headings, and renamed."""
    parsed = parse_note(note.text.encode(), name=name_of(note))
    if any(one.term == term for section in parsed.sections for one in section.concepts):
        raise Invalid(f"The note has a concept called “{term}” already. Choose another name, or merge the two.")


def tidy_words(words: ConceptWords) -> ConceptWords:
    """Raises Invalid for a name that is none."""
    term, text = " ".join(words.term.split()), tidy(words.text)
    if not term:
        raise Invalid("Enter its name.")
    if len(term) > TERM_MAX_CHARS or len(text) > TEXT_MAX_CHARS:
        raise Invalid(f"A name has at most {TERM_MAX_CHARS} characters, and the text {TEXT_MAX_CHARS:,}.")
    return ConceptWords(term=term, text=text)
