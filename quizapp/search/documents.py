"""What is found of each row of the catalogue, and under which texts. Reads only."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from quizapp.catalogue.articles.lab_links import ADDRESS
from quizapp.catalogue.kinds.expected import Expected
from quizapp.catalogue.models import Choice, Concept, Lab, Note, Question, QuestionKind, Section
from quizapp.db import Foretold
from quizapp.prepared_statements import Prepared, one_of_ids
from quizapp.search.models import HEAD_MAX_CHARS, DocumentKind
from quizapp.search.tokens import codes_of, words_of

# Tags between which text belongs apart, unlike `<em>` within a word.
_BLOCKS = re.compile(
    r"<(?=/?(?:p|li|h\d|pre|td|th|tr|div|br|blockquote|ul|ol|table|dt|dd|hr|figure|details|summary)\b)"
)


class Tokens(NamedTuple):
    """What texts are compared by; see `tokens`."""

    words: str
    codes: str


class Foreseen(NamedTuple):
    """What was computed of rows before they were written, so that nobody waits for it at their commit."""

    tokens: Mapping[str, Tokens]
    """Of documents' texts, by text."""
    plain: Mapping[str, str]
    """The texts of sections, by their HTML."""


UNFORESEEN = Foreseen(tokens={}, plain={})


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

    def columns(self, foreseen: Foreseen) -> Mapping[str, Any]:
        """The columns, by name."""
        tokens = foreseen.tokens.get(self.text) or tokens_of(self.text)
        return {
            "kind": self.kind,
            "item_id": self.item_id,
            "note_id": self.note_id,
            "question_id": self.question_id,
            "hidden": self.hidden,
            "length": len(self.text),
            "anchor": self.anchor,
            "head": self.head[:HEAD_MAX_CHARS],
            "words": tokens.words,
            "codes": tokens.codes,
        }


def tokens_of(text: str) -> Tokens:
    """The tokens of a document's text."""
    return Tokens(words=words_of(text), codes=codes_of(text))


def texts_to_come(rows: Foretold, plain: Mapping[str, str]) -> Iterator[str]:
    """The texts of the documents of notes, sections, concepts and questions that are about to be written.

    `plain` has the texts of the sections, by their HTML.
    """
    yield from (row["title"] for row in rows.get(Note, ()))
    for row in rows.get(Section, ()):
        yield _joined(_of_section(row["title"], plain[row["html"]]))
    for row in rows.get(Concept, ()):
        yield _joined(_of_concept(row["term"], row["text"]))
    for row in rows.get(Question, ()):
        guide = (*row["must"], *row["bonus"], *row["red_flags"], *row["hints"])
        choices = (text for choice in row["choices"] for text in (choice.text, choice.why))
        yield _joined([row["prompt"], row["answer"], *guide, *_of_expected(row["expected"]), *choices])


def _of_section(title: str, text: str) -> Sequence[str]:
    return title, text


def _of_concept(term: str, text: str) -> Sequence[str]:
    return term, text


def _of_expected(expected: Expected | None) -> Sequence[str]:
    """What is right, as its author wrote it."""
    return (expected.source,) if expected is not None else ()


def _joined(texts: Sequence[str]) -> str:
    return "\n".join(texts)


_NOTES = Prepared(select(Note.id, Note.title, Note.retired_at).where(one_of_ids(Note.id)))
_SECTIONS = Prepared(
    select(Section.id, Section.note_id, Section.title, Section.anchor, Section.html, Note.retired_at)
    .join(Note, Note.id == Section.note_id)
    .where(one_of_ids(Section.id))
)
_CONCEPTS = Prepared(
    select(Concept.id, Concept.term, Concept.text, Concept.retired_at, Section.note_id, Section.anchor)
    .join(Section, Section.id == Concept.section_id)
    .where(one_of_ids(Concept.id))
)
_QUESTIONS = Prepared(
    select(
        *(Question.id, Question.note_id, Question.hidden, Question.prompt, Question.answer),
        *(Question.must, Question.bonus, Question.red_flags, Question.hints, Question.expected),
    ).where(one_of_ids(Question.id), Question.kind != bindparam("lab"))
)
_CHOICES = Prepared(
    select(Choice.question_id, Choice.text, Choice.why)
    .where(one_of_ids(Choice.question_id))
    .order_by(Choice.question_id, Choice.position)
)
_LABS = Prepared(
    select(
        *(Lab.id, Lab.slug, Lab.title, Lab.summary, Lab.retired_at, Lab.question_id),
        *(Question.note_id, Question.hidden, Question.prompt),
    )
    .join(Question, Question.id == Lab.question_id)
    .where(one_of_ids(Lab.id))
)


def documents(
    connection: Connection, *, kind: DocumentKind, ids: Sequence[int], foreseen: Foreseen
) -> Iterator[ItemDocument]:
    """The documents of these rows; none of a row that is gone or is no document, as the question of a lab."""
    match kind:
        case DocumentKind.NOTE:
            return _notes(connection, ids)
        case DocumentKind.SECTION:
            return _sections(connection, ids, foreseen)
        case DocumentKind.CONCEPT:
            return _concepts(connection, ids)
        case DocumentKind.QUESTION:
            return _questions(connection, ids)
        case DocumentKind.LAB:
            return _labs(connection, ids)


def _notes(connection: Connection, ids: Sequence[int]) -> Iterator[ItemDocument]:
    for id, title, retired_at in _NOTES.all(connection, ids=ids):
        yield _document(DocumentKind.NOTE, id, note_id=id, hidden=retired_at is not None, head=title, texts=[title])


def _sections(connection: Connection, ids: Sequence[int], foreseen: Foreseen) -> Iterator[ItemDocument]:
    for id, note_id, title, anchor, html, retired_at in _SECTIONS.all(connection, ids=ids):
        text = foreseen.plain.get(html)
        hidden, texts = retired_at is not None, _of_section(title, text if text is not None else plain_text(html))
        yield _document(
            DocumentKind.SECTION, id, note_id=note_id, hidden=hidden, head=title, texts=texts, anchor=anchor
        )


def _concepts(connection: Connection, ids: Sequence[int]) -> Iterator[ItemDocument]:
    for id, term, text, retired_at, note_id, anchor in _CONCEPTS.all(connection, ids=ids):
        yield _document(
            DocumentKind.CONCEPT,
            id,
            note_id=note_id,
            hidden=retired_at is not None,
            head=term,
            texts=_of_concept(term, text),
            anchor=anchor,
        )


def _questions(connection: Connection, ids: Sequence[int]) -> Iterator[ItemDocument]:
    choices, values = _by_question(connection, ids), {"lab": QuestionKind.LAB}
    rows = _QUESTIONS.all(connection, values, ids=ids)
    for id, note_id, hidden, prompt, answer, must, bonus, red_flags, hints, expected in rows:
        texts = [prompt, answer, *must, *bonus, *red_flags, *hints, *_of_expected(expected), *choices.get(id, ())]
        yield _document(
            DocumentKind.QUESTION, id, note_id=note_id, question_id=id, hidden=hidden, head=prompt, texts=texts
        )


def _by_question(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """The texts of the options of questions."""
    found: dict[int, list[str]] = {}
    for question_id, text, why in _CHOICES.all(connection, ids=ids):
        found.setdefault(question_id, []).extend((text, why))
    return found


def _labs(connection: Connection, ids: Sequence[int]) -> Iterator[ItemDocument]:
    """Labs by title, summary and task: hints and solutions are not given away by a search."""
    rows = _LABS.all(connection, ids=ids)
    addresses: dict[int, str] = dict(connection.execute(select(Lab.id, ADDRESS).where(Lab.id.in_(ids))).all())
    for id, slug, title, summary, retired_at, question_id, note_id, hidden, task in rows:
        yield _document(
            DocumentKind.LAB,
            id,
            note_id=note_id,
            question_id=question_id,
            hidden=hidden or retired_at is not None,
            head=title,
            texts=[title, summary, task],
            anchor=addresses.get(id, slug),
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
        text=_joined(texts),
    )


def plain_text(html: str) -> str:
    """The text of HTML that we have made, with what is in different blocks apart."""
    import nh3  # loaded with the first note that is written: most processes write none

    return unescape(nh3.clean(_BLOCKS.sub(" <", html), tags=set()))
