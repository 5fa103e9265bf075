"""What is found of each row of the catalogue, and under which texts. Reads only."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, QuestionKind, Section
from quizapp.search.models import HEAD_MAX_CHARS, DocumentKind
from quizapp.search.tokens import codes_of, words_of

# Tags between which text belongs apart, unlike `<em>` within a word.
_BLOCKS = re.compile(
    r"<(?=/?(?:p|li|h\d|pre|td|th|tr|div|br|blockquote|ul|ol|table|dt|dd|hr|figure|details|summary)\b)"
)


@dataclass(frozen=True, kw_only=True)
class ItemDocument:
    """A document as it should be: the columns of SearchDocument but for its id, by their names."""

    kind: DocumentKind
    item_id: int
    note_id: int | None
    question_id: int | None
    hidden: bool
    head: str
    anchor: str
    text: str
    """All of its texts, in Markdown or plain."""

    @property
    def columns(self) -> Mapping[str, Any]:
        """The columns, by name."""
        return {
            "kind": self.kind,
            "item_id": self.item_id,
            "note_id": self.note_id,
            "question_id": self.question_id,
            "hidden": self.hidden,
            "length": len(self.text),
            "anchor": self.anchor,
            "head": self.head[:HEAD_MAX_CHARS],
            "words": words_of(self.text),
            "codes": codes_of(self.text),
        }


def documents(db: Session, *, kind: DocumentKind, ids: Collection[int]) -> Iterator[ItemDocument]:
    """The documents of these rows; none of a row that is gone or is no document, as the question of a lab."""
    match kind:
        case DocumentKind.NOTE:
            return _notes(db, ids)
        case DocumentKind.SECTION:
            return _sections(db, ids)
        case DocumentKind.CONCEPT:
            return _concepts(db, ids)
        case DocumentKind.QUESTION:
            return _questions(db, ids)
        case DocumentKind.LAB:
            return _labs(db, ids)


def _notes(db: Session, ids: Collection[int]) -> Iterator[ItemDocument]:
    for id, title, retired_at in db.execute(select(Note.id, Note.title, Note.retired_at).where(Note.id.in_(ids))):
        yield _document(DocumentKind.NOTE, id, note_id=id, hidden=retired_at is not None, head=title, texts=[title])


def _sections(db: Session, ids: Collection[int]) -> Iterator[ItemDocument]:
    columns = Section.id, Section.note_id, Section.title, Section.anchor, Section.html, Note.retired_at
    for id, note_id, title, anchor, html, retired_at in db.execute(
        select(*columns).join(Note, Note.id == Section.note_id).where(Section.id.in_(ids))
    ):
        hidden, texts = retired_at is not None, [title, plain_text(html)]
        yield _document(
            DocumentKind.SECTION, id, note_id=note_id, hidden=hidden, head=title, texts=texts, anchor=anchor
        )


def _concepts(db: Session, ids: Collection[int]) -> Iterator[ItemDocument]:
    columns = Concept.id, Concept.term, Concept.text, Concept.retired_at, Section.note_id, Section.anchor
    for id, term, text, retired_at, note_id, anchor in db.execute(
        select(*columns).join(Section, Section.id == Concept.section_id).where(Concept.id.in_(ids))
    ):
        yield _document(
            DocumentKind.CONCEPT,
            id,
            note_id=note_id,
            hidden=retired_at is not None,
            head=term,
            texts=[term, text],
            anchor=anchor,
        )


def _questions(db: Session, ids: Collection[int]) -> Iterator[ItemDocument]:
    choices = _by_question(db, ids)
    columns = (
        *(Question.id, Question.note_id, Question.hidden, Question.prompt, Question.answer),
        *(Question.must, Question.bonus, Question.red_flags),
    )
    asked = select(*columns).where(Question.id.in_(ids), Question.kind != QuestionKind.LAB)
    for id, note_id, hidden, prompt, answer, must, bonus, red_flags in db.execute(asked):
        texts = [prompt, answer, *must, *bonus, *red_flags, *choices.get(id, ())]
        yield _document(
            DocumentKind.QUESTION, id, note_id=note_id, question_id=id, hidden=hidden, head=prompt, texts=texts
        )


def _by_question(db: Session, ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The texts of the options of questions."""
    found: dict[int, list[str]] = {}
    options = select(Choice.question_id, Choice.text, Choice.why).where(Choice.question_id.in_(ids))
    for question_id, text, why in db.execute(options.order_by(Choice.question_id, Choice.position)):
        found.setdefault(question_id, []).extend((text, why))
    return found


def _labs(db: Session, ids: Collection[int]) -> Iterator[ItemDocument]:
    """Labs by title, summary and task: hints and solutions are not given away by a search."""
    columns = Lab.id, Lab.slug, Lab.title, Lab.summary, Lab.retired_at, Lab.question_id
    of_question = Question.note_id, Question.hidden, Question.prompt
    labs: Select[*tuple[Any, ...]] = select(*columns, *of_question).join(Question, Question.id == Lab.question_id)
    for id, slug, title, summary, retired_at, question_id, note_id, hidden, task in db.execute(
        labs.where(Lab.id.in_(ids))
    ):
        yield _document(
            DocumentKind.LAB,
            id,
            note_id=note_id,
            question_id=question_id,
            hidden=hidden or retired_at is not None,
            head=title,
            texts=[title, summary, task],
            anchor=slug,
        )


def _document(
    kind: DocumentKind,
    item_id: int,
    *,
    note_id: int | None,
    hidden: bool,
    head: str,
    texts: Sequence[str],
    question_id: int | None = None,
    anchor: str = "",
) -> ItemDocument:
    return ItemDocument(
        kind=kind,
        item_id=item_id,
        note_id=note_id,
        question_id=question_id,
        hidden=hidden,
        head=head,
        anchor=anchor,
        text="\n".join(texts),
    )


def plain_text(html: str) -> str:
    """The text of HTML that we have made, with what is in different blocks apart."""
    import nh3  # loaded with the first note that is written: most processes write none

    return unescape(nh3.clean(_BLOCKS.sub(" <", html), tags=set()))
