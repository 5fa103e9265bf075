"""Where in a note something is explained: the section, and in it the line of the concept. Reads nothing itself."""

from dataclasses import dataclass

from quizapp.catalogue.models import Concept, Question, Section
from quizapp.catalogue.patches.concept_lines import element_of


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place in a note that explains a question. `section`, `anchor` and the concept's are None if not known."""

    note_key: str
    note_title: str
    section: str | None
    """The section's title; None also for the one that has the title of its note."""
    anchor: str | None
    """The id of the section's element on the note's page."""
    concept: str | None
    """The concept's term, in Markdown."""
    concept_key: str | None = None
    is_own: bool = False
    """Whether the note is a learner's own, which nobody else sees."""

    @property
    def element(self) -> str | None:
        """The id of the nearest element on the note's page: at the concept's line, or the section's."""
        return self.anchor if self.concept_key is None else element_of(self.concept_key)


def place_of(question: Question) -> Place | None:
    """The place in a note that explains a question; None if the question stands in no note that is there."""
    if question.note is None or question.note.retired_at is not None:
        return None
    section: Section | None = question.section
    concept: Concept | None = question.concept
    is_there = concept is not None and concept.retired_at is None and concept.section_id is not None
    return Place(
        note_key=question.note.key,
        note_title=question.note.title,
        section=section.title if section is not None and section.title != question.note.title else None,
        anchor=section.anchor if section is not None else None,
        concept=concept.term if concept is not None else None,
        concept_key=concept.key if concept is not None and is_there else None,
        is_own=question.note.owner_id is not None,
    )
