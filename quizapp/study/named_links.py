"""Notes and concepts by their names, each with where it is read and what finds its cards. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Concept, Note, Section


@dataclass(frozen=True, kw_only=True)
class Named:
    """A note or a concept."""

    name: Markup
    key: str | None
    """Of the note to read; None if there is none."""
    concept: str | None
    """The key of a concept, which has a page of its own; None for a note."""
    query: str | None
    """What finds its cards; None for what is of no note."""


NO_NOTE = Named(name=Markup("No note"), key=None, concept=None, query=None)


def notes_named(db: Session, ids: Collection[int | None]) -> Mapping[int | None, Named]:
    """These notes in the order of the list of notes; last, if it is asked for, what is of none."""
    wanted = [id for id in ids if id is not None]
    notes = select(Note.id, Note.key, Note.title).where(Note.id.in_(wanted)).order_by(Note.number, Note.title)
    found: dict[int | None, Named] = {
        id: Named(name=Markup.escape(title), key=key, concept=None, query=f'note:"{key}" kind:card')
        for id, key, title in db.execute(notes)
    }
    return {**found, None: NO_NOTE} if None in ids else found


def concepts_named(db: Session, ids: Collection[int]) -> Mapping[int, Named]:
    """These concepts, as far as they are there, in the order of the ids."""
    place = joinedload(Concept.section).load_only(Section.id).joinedload(Section.note).load_only(Note.key)
    found = {concept.id: concept for concept in db.scalars(select(Concept).where(Concept.id.in_(ids)).options(place))}
    return {id: _of_concept(found[id]) for id in ids if id in found}


def _of_concept(concept: Concept) -> Named:
    section = concept.section
    return Named(
        name=render_inline(concept.term),
        key=None if section is None else section.note.key,
        concept=None if section is None else concept.key,
        query=f'concept:"{concept.key}" kind:card',
    )
