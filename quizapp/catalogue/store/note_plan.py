"""Decides what an import does with each item of a note, from its file and the stored rows. Reads and writes no row."""

import re
import unicodedata
from collections import Counter, deque
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, count
from typing import NamedTuple

from quizapp.catalogue.bounds import TAGS_MAX
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedConcept, ParsedQuestion
from quizapp.catalogue.models import KEY_MAX_CHARS, TITLE_MAX_CHARS
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.store.identity import Keep, Known, Wanted, new_key, pair
from quizapp.catalogue.store.import_run import Doubt, NoteFile, doubt_of
from quizapp.catalogue.store.likeness import Fact
from quizapp.catalogue.store.question_store import Content, Merge, Merged, content_from, merge
from quizapp.catalogue.store.renamed_pictures import with_new_names, written_anew
from quizapp.catalogue.store.run_opening import CONCEPT, QUESTION, ImportRun
from quizapp.catalogue.store.stored_rows import StoredConcept, StoredItems, StoredQuestion, StoredSection

_SLUG_CHARS = KEY_MAX_CHARS - 8  # of an anchor; the prefix and a number need the rest


@dataclass(frozen=True, kw_only=True)
class PlannedSection:
    """A section of the file, and the row that it gets."""

    row: StoredSection | None
    """None for a new one."""
    number: str | None
    title: str
    anchor: str
    html: str
    teaches: bool

    @property
    def changes_row(self) -> bool:
        """Whether the row says something else, wherever the section stands."""
        now = (self.number, self.title, self.anchor, self.html, self.teaches)
        return self.row is not None and self.row[2:] != now


@dataclass(frozen=True, kw_only=True)
class PlannedConcept:
    """A concept of the file, and the row that it gets."""

    row: StoredConcept | None
    """None for a new one."""
    key: str
    term: str
    text: str
    fingerprint: str
    section: int
    """The place, from 0, of its section in the plan."""


class PlannedQuestion(NamedTuple):  # of which a note has thousands: a dataclass takes three times as long to make
    """A question or flashcard of the file, and the row that it gets."""

    row: StoredQuestion | None
    """None for a new one."""
    key: str
    content: Content
    merged: Merged
    lab: str | None
    same_as: str | None
    section: int
    """The place, from 0, of its section in the plan."""
    concept: int | None
    """The place, from 0, of its concept in the plan; None if it belongs to none."""
    tags: frozenset[str]
    """Those that it gets unless it was edited in the browser."""


@dataclass(kw_only=True)
class NotePlan:
    """What an import does with a note's items. All lists of what stays are in the file's order."""

    sections: list[PlannedSection] = field(default_factory=list)
    dropped: list[StoredSection] = field(default_factory=list)
    """Rows of sections that are left over."""
    concepts: list[PlannedConcept] = field(default_factory=list)
    retired_concepts: list[StoredConcept] = field(default_factory=list)
    questions: list[PlannedQuestion] = field(default_factory=list)
    retired_questions: list[StoredQuestion] = field(default_factory=list)
    back_questions: list[StoredQuestion] = field(default_factory=list)
    """Questions made in the browser that were retired with their note, and come back with it."""
    unheld_questions: list[StoredQuestion] = field(default_factory=list)
    """Questions that an editor had retired and that the file no longer has."""
    tags: frozenset[str] = frozenset()
    """Those of the note."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many items change, by the fields of `Changes`."""
    conflicts: list[NoteWarning] = field(default_factory=list)
    """Questions that both the file and the browser have changed."""
    copies: list[NoteWarning] = field(default_factory=list)
    """New questions that another note asks in the same words, and ids that Same as cannot name."""
    disputed: dict[int, Content | None] = field(default_factory=dict)
    """What the file says of questions that both have changed, by the row's id; None if it no longer has them."""
    doubts: list[Doubt] = field(default_factory=list)
    """Questions that may be edits of stored ones, or other facts."""
    keys: dict[str, set[str]] = field(default_factory=lambda: {CONCEPT: set(), QUESTION: set()})
    """Those of its items, by the kind of item."""
    matched: set[int] = field(default_factory=set)
    """The ids of the rows of its questions."""

    def is_shown_anew(self, one: PlannedSection | PlannedConcept | PlannedQuestion, note_id: int | None) -> bool:
        """Whether readers of the note with this id will see an item that they saw not, or otherwise, or elsewhere."""
        if one.row is None or (not isinstance(one, PlannedSection) and one.row.retired_at is not None):
            return True
        match one:
            case PlannedSection():
                return one.changes_row
            case PlannedConcept(row=StoredConcept() as row):
                section = self.sections[one.section].row
                stays = section is not None and section.id == row.section_id
                return not stays or (row.term, row.text) != (one.term, one.text)
            case PlannedQuestion(row=StoredQuestion() as row):
                return row.file_note_id != note_id or one.merged.outcome is Merge.CHANGED
        raise AssertionError(one)


@dataclass(frozen=True, kw_only=True)
class _InUse:
    """The keys of one kind of item that are in use, the plan's own among them."""

    before: Container[str]
    own: Container[str]

    def __contains__(self, key: object) -> bool:
        return key in self.before or key in self.own


class _Placed(NamedTuple):
    """A question of the file with its place."""

    parsed: ParsedQuestion
    content: Content
    section: int
    concept: int | None


def plan_note(read: NoteFile, stored: StoredItems, run: ImportRun, *, note_key: str) -> NotePlan:
    """Decide about every item of a note. Changes nothing in `run`, so that a plan may be dropped for another."""
    plan = NotePlan(tags=_few(read.parsed.tags))
    _sections(plan, read, stored)
    _concepts(plan, read, stored, run, note_key)
    _questions(plan, read, stored, run, note_key)
    plan.counts["changed"] += sum(section.changes_row for section in plan.sections)
    return plan


def _sections(plan: NotePlan, read: NoteFile, stored: StoredItems) -> None:
    """Match each section with a row: one with the same title, else the next one left."""
    parsed = read.parsed
    titles = [(section.title or parsed.title)[:TITLE_MAX_CHARS] for section in parsed.sections]
    rows = _rows_by_title(titles, stored.sections)
    used = {row.id for row in rows if row is not None}
    left = (row for row in stored.sections if row.id not in used)
    anchors = Anchors()
    for section, title, html, row in zip(parsed.sections, titles, read.html, rows, strict=True):
        plan.sections.append(
            PlannedSection(
                row=row or next(left, None),
                number=section.number,
                title=title,
                anchor=anchors.next_for(title),
                html=html,
                teaches=section.teaches,
            )
        )
    plan.dropped = list(left)


def _rows_by_title(titles: Sequence[str], rows: Sequence[StoredSection]) -> list[StoredSection | None]:
    """The row with each of these titles, the first of equal ones first; None where there is none."""
    by_title: dict[str, deque[StoredSection]] = {}
    for row in rows:
        by_title.setdefault(row.title, deque()).append(row)
    return [by_title[title].popleft() if by_title.get(title) else None for title in titles]


def _concepts(plan: NotePlan, read: NoteFile, stored: StoredItems, run: ImportRun, note_key: str) -> None:
    rows = {row.id: row for row in stored.concepts if not run.is_owned_by_another(CONCEPT, row.key, read.name)}
    placed = [(one, place) for place, section in enumerate(read.parsed.sections) for one in section.concepts]
    wanted = [
        Wanted(key=one.key, fingerprint=text_print, tell=partial(_said, one), group=_section_group(plan, place))
        for (one, place), text_print in zip(placed, read.concept_prints, strict=True)
    ]
    known = [
        Known(
            id=row.id,
            key=row.key,
            fingerprint=row.fingerprint,
            tell=partial(_said, row),
            group=f"section {row.section_id}" if row.retired_at is None else "",
        )
        for row in rows.values()
    ]
    found_rows = pair(wanted, known, keep=Keep(all=True)).found  # a concept has no schedule that another could inherit
    for (one, place), item, found in zip(placed, wanted, found_rows, strict=True):
        row = rows.pop(found.id) if found is not None else None
        key = one.key or (row.key if row is not None else None)
        in_use = _InUse(before=run.taken[CONCEPT], own=plan.keys[CONCEPT])
        key = key or new_key("c", note_key, item.fingerprint, taken=in_use)
        plan.keys[CONCEPT].add(key)
        _count_concept(plan, row, item.fingerprint)
        plan.concepts.append(
            PlannedConcept(row=row, key=key, term=one.term, text=one.text, fingerprint=item.fingerprint, section=place)
        )
    plan.retired_concepts = [row for row in rows.values() if row.retired_at is None]
    plan.counts["retired"] += len(plan.retired_concepts)


def _count_concept(plan: NotePlan, row: StoredConcept | None, fingerprint: str) -> None:
    if row is None:
        plan.counts["added"] += 1
    elif row.retired_at is not None:
        plan.counts["restored"] += not row.retired_here
    else:
        plan.counts["changed"] += row.fingerprint != fingerprint


def _questions(plan: NotePlan, read: NoteFile, stored: StoredItems, run: ImportRun, note_key: str) -> None:
    rows = {
        row.id: row
        for row in stored.questions
        if row.id not in run.settled and not run.is_owned_by_another(QUESTION, row.key, read.name)
    }
    placed = list(_placed(read))
    wanted = [
        Wanted(
            key=one.parsed.key,
            fingerprint=one.content.fingerprint,
            tell=partial(_fact, one.content),
            group=_concept_group(plan, one.concept) if one.concept is not None else _section_group(plan, one.section),
        )
        for one in placed
    ]
    known = [
        Known(
            id=row.id,
            key=row.key,
            fingerprint=row.content.fingerprint if row.made_here else row.fingerprint,
            tell=partial(_fact, row.content),
            group=_group(row) if row.retired_at is None and not row.made_here else "",
            edited=row.edited,
        )
        for row in (with_new_names(row, read.renamed) for row in rows.values())
    ]
    run.taken[QUESTION] |= {one.key for one in wanted if one.key is not None}
    pairing = pair(wanted, known, keep=run.keep)
    for one, found in zip(placed, pairing.found, strict=True):
        row = rows.pop(found.id) if found is not None else _adrift(plan, run, stored, one)
        _plan_question(plan, one, row, run, note_key, read=read)
    for one, planned in zip(placed, plan.questions, strict=True):
        if message := _wrong_name(planned, run):
            plan.copies.append(NoteWarning(line=one.parsed.line, message=message))
    plan.doubts = [
        doubt_of(doubt, placed[doubt.place].content, line=placed[doubt.place].parsed.line)
        for doubt in pairing.doubts
        if doubt.is_kept or plan.questions[doubt.place].row is None
    ]
    made_here = [row for row in rows.values() if row.made_here]
    plan.back_questions = [row for row in made_here if row.retired_at is not None and not row.retired_here]
    of_file = [row for row in rows.values() if not row.made_here]
    plan.unheld_questions = [row for row in of_file if row.retired_here]
    left = [row for row in of_file if row.retired_at is None]
    plan.retired_questions = [row for row in left if not row.edited]
    plan.disputed |= {row.id: None for row in left if row.edited}
    plan.counts["retired"] += len(plan.retired_questions)


def _placed(read: NoteFile) -> Iterator[_Placed]:
    """The questions and flashcards in the note's order."""
    contents = iter(read.contents)
    concepts = count()
    for place, section in enumerate(read.parsed.sections):
        for concept in section.concepts:
            number = next(concepts)
            for card in concept.cards:
                yield _Placed(parsed=card, content=next(contents), section=place, concept=number)
        for question in chain(section.cards, section.questions):
            yield _Placed(parsed=question, content=next(contents), section=place, concept=None)


def _adrift(plan: NotePlan, run: ImportRun, stored: StoredItems, asked: _Placed) -> StoredQuestion | None:
    """A stored question with equal content that no file has any more; None without one, or if this one has an id."""
    taken = run.take(asked.content.fingerprint, besides=plan.matched) if asked.parsed.key is None else None
    return stored.adrift.get(taken) if taken is not None else None


def _plan_question(
    plan: NotePlan, asked: _Placed, row: StoredQuestion | None, run: ImportRun, note_key: str, *, read: NoteFile
) -> None:
    content, line = asked.content, asked.parsed.line
    key = asked.parsed.key or (row.key if row is not None else None)
    in_use = _InUse(before=run.taken[QUESTION], own=plan.keys[QUESTION])
    key = key or new_key("q", note_key, content.fingerprint, taken=in_use)
    plan.keys[QUESTION].add(key)
    if row is None:
        merged = Merged(outcome=Merge.NEW, fingerprint=content.fingerprint, edited=False)
        if elsewhere := run.asked.elsewhere(content.fingerprint, read.name):
            message = f"{shown_path(elsewhere)} has the same question. Learners will be asked both."
            plan.copies.append(NoteWarning(line=line, message=message))
    else:
        plan.matched.add(row.id)
        named = with_new_names(row, read.renamed)
        base = content_from(named.base) if named.base is not None else None
        merged = merge(content, named.content, fingerprint=named.fingerprint, edited=row.edited, base=base)
        if named is not row:
            merged = written_anew(merged, named.content)
        plan.counts["restored"] += row.retired_at is not None and not row.retired_here
    plan.counts["added"] += row is None
    plan.counts["changed"] += merged.outcome is Merge.CHANGED
    if merged.outcome is Merge.CONFLICT:
        message = "This question was changed in both, the file and the browser; the browser's version is kept."
        plan.conflicts.append(NoteWarning(line=line, message=message))
        plan.disputed[row.id if row is not None else 0] = content
    plan.questions.append(
        PlannedQuestion(
            row=row,
            key=key,
            content=merged.content or content,
            merged=merged,
            lab=asked.parsed.lab,
            same_as=asked.parsed.same_as,
            section=asked.section,
            concept=asked.concept,
            tags=_few((*plan.tags, *asked.parsed.tags)) if asked.parsed.tags else plan.tags,
        )
    )


def _few(tags: Sequence[str]) -> frozenset[str]:
    """The tags without those that are too long or too many."""
    return frozenset(sorted({name for name in tags if len(name) <= KEY_MAX_CHARS})[:TAGS_MAX])


def _wrong_name(one: PlannedQuestion, run: ImportRun) -> str | None:
    """What is wrong with the id that a question names by Same as."""
    if one.same_as is None:
        return None
    if one.same_as == one.key:
        return "Same as names this question itself. Name the id of another one, or leave the label out."
    if one.same_as not in run.taken[QUESTION] and one.same_as not in run.names:
        return "Same as names an id that no question has so far, so this one is learnt by itself until one has it."
    return None


def _section_group(plan: NotePlan, place: int) -> str:
    """The group of what stands in a section of the file, outside concepts; see `identity.Wanted.group`."""
    row = plan.sections[place].row
    return f"section {row.id}" if row is not None else f"new section {place}"


def _concept_group(plan: NotePlan, place: int) -> str:
    """The group of the flashcards of a concept of the file."""
    row = plan.concepts[place].row
    return f"concept {row.id}" if row is not None else f"new concept {place}"


def _group(row: StoredQuestion) -> str:
    """The group of a stored question."""
    return f"concept {row.concept_id}" if row.concept_id is not None else f"section {row.section_id}"


def _fact(content: Content) -> Fact:
    return content.fact


def _said(concept: ParsedConcept | StoredConcept) -> Fact:
    return Fact(prompt=concept.term, answer=concept.text)


class Anchors:
    """The ids of one page. The prefix keeps them different from the page's other ids."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def next_for(self, title: str) -> str:
        """The id of the next section, which has this title. Takes no longer for the thousandth of one title."""
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_CHARS].rstrip("-") or "section"
        number = self._numbers.get(slug, 0)
        while True:
            number += 1
            anchor = f"s-{slug}" if number == 1 else f"s-{slug}-{number}"
            if anchor not in self._taken:
                break
        self._numbers[slug] = number
        self._taken.add(anchor)
        return anchor
