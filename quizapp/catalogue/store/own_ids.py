"""The ids that a learner writes in notes of their own: each is kept as a hash, so that it is no id of anybody else's.

Ids of items are unique in the whole catalogue. As they are written, a learner could take the questions of other notes,
with everybody's schedules, into a note that only the learner sees, or use up an id that a later note for all has.
"""

from collections.abc import Container
from dataclasses import replace
from uuid import UUID, uuid5

from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion


def with_own_ids(parsed: ParsedNote, owner: UUID, *, stored: Container[str] = ()) -> ParsedNote:
    """The note with the ids that its author wrote as ids of this learner's.

    Those in `stored` are such ids already, as the learner's own notes have them: an exported note has them in its text.
    """

    def own_key(prefix: str, key: str | None) -> str | None:
        return key if key in stored else own_id(prefix, key, owner)

    def own(questions: tuple[ParsedQuestion, ...]) -> tuple[ParsedQuestion, ...]:
        return tuple(replace(one, key=own_key("q", one.key), same_as=own_key("q", one.same_as)) for one in questions)

    return replace(
        parsed,
        key=own_key("n", parsed.key),
        learnt=tuple(replace(one, key=own_key("q", one.key) or "") for one in parsed.learnt),
        sections=tuple(
            replace(
                section,
                concepts=tuple(
                    replace(one, key=own_key("c", one.key), cards=own(one.cards)) for one in section.concepts
                ),
                cards=own(section.cards),
                questions=own(section.questions),
            )
            for section in parsed.sections
        ),
    )


def own_id(prefix: str, key: str | None, owner: UUID) -> str | None:
    """The id that is stored for one that this learner wrote: always the same one. None without one."""
    return None if key is None else f"{prefix}-{uuid5(owner, key).hex}"
