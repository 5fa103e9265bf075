"""A concept's row and the place in its note's text where it is written. Changes nothing; see `concept_authoring`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.concept_words import TERM, TEXT, BadWords
from quizapp.catalogue.editing.note_changes import name_of
from quizapp.catalogue.editing.note_text import NoteSource, note_text
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.html.inline_html import KEPT
from quizapp.catalogue.models import KEY_MAX_CHARS, Concept, Note, Section
from quizapp.catalogue.patches.concept_merge import source_of
from quizapp.catalogue.patches.concept_text import ConceptSpot, ConceptWords, spot_of, without
from quizapp.catalogue.picture_rows import sent_by, shown_of
from quizapp.catalogue.pictures.picture_text import as_written, with_names
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


def both_words(db: Session, *, gone: str, into: str, editor: Reader) -> ConceptWords:
    """What a concept would say with another one in it, until somebody words it better.

    Where the two have different sources and the one that goes has no card to keep its own, the text names it.
    """
    old, kept = (concept_by_key(db, key=key, editor=editor) for key in (gone, into))
    texts = dict.fromkeys(text for text in (kept.text, old.text) if text.strip())
    sources = [_labels_of(db, key, editor) for key in (gone, into)]
    (cards, said), (_, other) = sources
    if not cards and said and other and said != other and "source" in said:
        texts[f"See {said['source']}{' ({})'.format(said['as of']) if 'as of' in said else ''}."] = None
    return ConceptWords(term=kept.term, text="\n\n".join(texts))


def _labels_of(db: Session, key: str, editor: Reader) -> tuple[int, Mapping[str, str]]:
    """How many cards the lines of a concept have, and the source that they name; none if they cannot be told apart."""
    row = concept_by_key(db, key=key, editor=editor)
    note = note_text(db, user=editor, key=live_section(row).note.key)
    found = _found_in(db, row, note)
    cut = without(note.text, found[0], name=name_of(note)) if found is not None else None
    return (len(cut.cards), source_of(cut.labels)) if cut is not None else (0, {})


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
    found = _found_in(db, row, note)
    if found is None:
        raise Invalid("The note does not say this concept as it is stored. Change it in the text of the note.")
    spot, term = found
    return WrittenConcept(row=row, note=note, spot=spot, term=term)


def _found_in(db: Session, row: Concept, note: NoteSource) -> tuple[ConceptSpot, str] | None:
    """Where a concept, which is there, stands in its note's text, and its bold words; None if it is not said there."""
    pictured = with_names(note.text, shown_of(db, note_id=note.id).get)
    parsed = parse_note(pictured.text.encode(), name=name_of(note))
    spot = spot_of(parsed, section=live_section(row).position - 1, key=row.key, words=words_of(row))
    return None if spot is None else (spot, parsed.sections[spot.section].concepts[spot.place].term)


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


def in_file(db: Session, note: NoteSource, words: ConceptWords, editor: Reader) -> ConceptWords:
    """The words with the addresses that the note's text has for its pictures, and for those that the editor sent."""
    pictured = with_names(note.text, shown_of(db, note_id=note.id).get)
    sent = {f"{KEPT}{one.name}": address for address, one in sent_by(db, user_id=editor.id).items()}
    return ConceptWords(term=words.term, text=as_written(words.text, {**sent, **pictured.originals}))


def refuse_second(note: NoteSource, term: str, *, besides: str | None = None) -> None:
    """Raise Invalid if a note has a concept of this name, whatever its capitals, `besides` that which is to have it.

    Two of one name are told apart by headings, and renamed.
    """
    same = next((one for one in _terms_of(note) if one.casefold() == term.casefold() and one != besides), None)
    if same is not None:
        message = f"The note has a concept called “{same}” already. Choose another name, or merge the two."
        raise BadWords(message, field=TERM)


def free_term(note: NoteSource, term: str) -> str:
    """A name for the copy of a concept that no concept of the note has."""
    taken = {one.casefold() for one in _terms_of(note)}
    for number in count(1):
        added = " (copy)" if number == 1 else f" (copy {number})"
        made = term[: TERM_MAX_CHARS - len(added)] + added
        if made.casefold() not in taken:
            return made
    raise AssertionError  # no note has so many


def _terms_of(note: NoteSource) -> Sequence[str]:
    parsed = parse_note(note.text.encode(), name=name_of(note))
    return [one.term for section in parsed.sections for one in section.concepts]


def tidy_words(words: ConceptWords) -> ConceptWords:
    """Raises BadWords for a name that is none, and for what is too long."""
    term, text = " ".join(words.term.split()), tidy(words.text)
    if not term:
        raise BadWords("Enter its name.", field=TERM)
    for typed, most, field in ((term, TERM_MAX_CHARS, TERM), (text, TEXT_MAX_CHARS, TEXT)):
        if len(typed) > most:
            raise BadWords(f"At most {most:,} characters fit; this has {len(typed):,}.", field=field)
    return ConceptWords(term=term, text=text)
