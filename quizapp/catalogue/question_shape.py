"""A question whole, as every way to change content sees it: its kind, texts, place and stage; and its JSON form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quizapp.catalogue import question_wording
from quizapp.catalogue.models import Question, QuestionKind, Withheld
from quizapp.catalogue.question_wording import Change, ChoiceWording, Wording, tidy, tidy_lines, tidy_tags

KIND_WORDS: Mapping[QuestionKind, str] = {
    QuestionKind.FLASHCARD: "flashcard",
    QuestionKind.OPEN: "in your own words",
    QuestionKind.SINGLE: "one right option",
    QuestionKind.MULTIPLE: "several right options",
    QuestionKind.SHORT: "typed words",
    QuestionKind.NUMBER: "a number",
    QuestionKind.TRUTH: "true or false",
    QuestionKind.ORDER: "ordering",
    QuestionKind.MATCH: "matching",
    QuestionKind.CLOZE: "a text with gaps",
    QuestionKind.LAB: "hands-on",
}


class Stage(StrEnum):
    """How far a question is. Learners see what is published."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


STAGE_WORDS: Mapping[Stage, str] = {
    Stage.DRAFT: "draft",
    Stage.REVIEW: "in review",
    Stage.PUBLISHED: "published",
    Stage.RETIRED: "retired",
}


@dataclass(frozen=True, kw_only=True)
class QuestionPlace:
    """Where a question stands, in words that stay the same when rows are made anew."""

    note: str | None
    """The key of the note; None for a question of no note."""
    section: str | None
    """The anchor of the section in the note; None for none."""
    concept: str | None
    """The key of the concept; None for none."""
    is_chosen: bool = False
    """See `Question.placed_here`."""


@dataclass(frozen=True, kw_only=True)
class QuestionShape:
    """A question whole."""

    kind: QuestionKind
    wording: Wording
    place: QuestionPlace
    stage: Stage


def stage_of(question: Question) -> Stage:
    """How far a question is. One that cannot be asked is a draft, whoever made it."""
    if question.retired_at is not None:
        return Stage.RETIRED
    if question.held is Withheld.DRAFT or question.draft:
        return Stage.DRAFT
    return Stage.REVIEW if question.held is Withheld.REVIEW else Stage.PUBLISHED


def wording_of(question: Question) -> Wording:
    """The stored values of a question that the editor shows."""
    return Wording(
        prompt=tidy(question.prompt),
        answer=tidy(question.answer),
        must=tidy_lines(iter(question.must)),
        bonus=tidy_lines(iter(question.bonus)),
        red_flags=tidy_lines(iter(question.red_flags)),
        choices=tuple(
            ChoiceWording(id=choice.id, text=tidy(choice.text), right=choice.right, why=tidy(choice.why))
            for choice in question.choices
        ),
        hints=tidy_lines(iter(question.hints)),
        expected=question.expected.source if question.expected is not None else "",
        level=question.level,
        source_url=question.source_url or "",
        as_of=question.as_of or "",
        tags=tidy_tags(tag.name for tag in question.tags),
    )


def place_of(question: Question) -> QuestionPlace:
    """Where a question stands."""
    return QuestionPlace(
        note=question.note.key if question.note is not None else None,
        section=question.section.anchor if question.section is not None else None,
        concept=question.concept.key if question.concept is not None else None,
        is_chosen=question.placed_here,
    )


def shape_of(question: Question) -> QuestionShape:
    """A stored question whole."""
    return QuestionShape(
        kind=question.kind, wording=wording_of(question), place=place_of(question), stage=stage_of(question)
    )


def to_json(shape: QuestionShape) -> dict[str, Any]:
    """A question as the JSON data that a QuestionEdit stores."""
    return question_wording.to_json(shape.wording) | {
        "kind": shape.kind.value,
        "place": dict(vars(shape.place)),
        "stage": shape.stage.value,
    }


def from_json(kept: Mapping[str, Any], *, like: QuestionShape) -> QuestionShape:
    """The question in such data. Older edits have texts alone: of the rest they changed nothing, so it is as `like`."""
    return QuestionShape(
        kind=QuestionKind(kept["kind"]) if "kind" in kept else like.kind,
        wording=question_wording.from_json(kept),
        place=QuestionPlace(**kept["place"]) if "place" in kept else like.place,
        stage=Stage(kept["stage"]) if "stage" in kept else like.stage,
    )


def changes(before: QuestionShape, after: QuestionShape) -> list[Change]:
    """The parts that differ between two states of one question: what it is first, then its texts."""
    old, new = dict(_facts(before)), dict(_facts(after))
    facts = [Change(label=name, before=old[name], after=new[name]) for name in new if old[name] != new[name]]
    return [*facts, *question_wording.changes(before.wording, after.wording)]


def _facts(shape: QuestionShape) -> Iterator[tuple[str, str]]:
    yield "Stage", STAGE_WORDS[shape.stage]
    yield "Kind", KIND_WORDS[shape.kind]
    yield "Note", shape.place.note or ""
    yield "Section", shape.place.section or ""
    yield "Concept", shape.place.concept or ""
