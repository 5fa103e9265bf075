"""Labs as links on other pages show them, and of what kind each is. Reads only.

No definition is loaded, which is a text of some pages: what a link needs of it, the database takes out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.models import Lab, Question

BROKEN_TAGS = "troubl"  # what the tags of labs with a fault begin with: trouble, troubleshooting


class LabKind(StrEnum):
    """What a lab asks for in the first place, in the order of a way through what it is about."""

    PREDICT = "predict"  # what a host will do
    FIND = "find"  # a value that is somewhere on a host
    COMMAND = "command"  # one command, graded by its effect
    BUILD = "build"  # a host that does what is asked
    ORDER = "order"  # the places that a packet passes
    BROKEN = "broken"  # a fault, found and mended


@dataclass(frozen=True, kw_only=True)
class LabSummary:
    """A lab as a link on other pages shows it."""

    slug: str
    address: str
    """What stands in its address: the slug, or what its author gave it where that tells what is to be found."""
    title: str
    summary: str
    minutes: int
    level: int | None
    question_id: int
    asks_command: bool = False
    """Whether it asks for one command, which needs no page of its own."""


# The condition that a lab asks for one command, which needs no page of its own.
ASKS_COMMAND: ColumnElement[bool] = Lab.definition["command"].as_string().is_not(None)
# What stands in the address of a lab.
ADDRESS: Any = func.coalesce(Lab.definition["address"].as_string(), Lab.slug)
# The question of a lab, beside another question in one statement.
OWN_QUESTION = aliased(Question)
LINK: Sequence[Any] = (
    *(Lab.slug, ADDRESS, Lab.title, Lab.summary, Lab.minutes, OWN_QUESTION.level, Lab.question_id),
    ASKS_COMMAND.label("asks_command"),
)
# What tells the kind of a lab; see `kind_of`.
OF_KIND: Sequence[Any] = (
    ASKS_COMMAND.label("asks_command"),
    Lab.definition[("answer", "compare")].as_string().label("compare"),
    Lab.definition["answer"].as_string().is_not(None).label("asks_answer"),
    (func.coalesce(Lab.definition["predict"].as_string(), "[]") != "[]").label("asks_prediction"),
    Lab.definition["tags"].label("tags"),
)


def kind_of(row: Row[Any]) -> LabKind:
    """The kind of a lab of which OF_KIND was read. A fault outweighs a prediction that is asked before it is sought."""
    if row.asks_command:
        return LabKind.COMMAND
    if any(tag.startswith(BROKEN_TAGS) for tag in row.tags or ()):
        return LabKind.BROKEN
    if row.compare == "order":
        return LabKind.ORDER
    if row.asks_prediction:
        return LabKind.PREDICT
    return LabKind.FIND if row.asks_answer else LabKind.BUILD


def summary_of(values: Sequence[Any]) -> LabSummary | None:
    """The lab of which LINK was read; None if an outer join found none."""
    slug, address, title, summary, minutes, level, question_id, asks_command = values
    if slug is None:
        return None
    return LabSummary(
        slug=slug,
        address=address,
        title=title,
        summary=summary,
        minutes=minutes,
        level=level,
        question_id=question_id,
        asks_command=bool(asks_command),
    )


def labs_about(db: Session, *, concepts: Collection[str]) -> Mapping[str, Sequence[LabSummary]]:
    """The labs that are offered and name these concepts, by the concept's key, the easiest first."""
    return labs_of(db, concepts=concepts, questions=())[0]


def labs_of(
    db: Session, *, concepts: Collection[str], questions: Collection[int]
) -> tuple[Mapping[str, Sequence[LabSummary]], Sequence[LabSummary]]:
    """The offered labs that name these concepts, by the concept's key; and with them those that these questions ask.

    Both with the easiest first.
    """
    about: dict[str, list[LabSummary]] = {}
    found: list[LabSummary] = []
    for *link, named in db.execute(_offered(Lab.definition["concepts"])):
        lab = summary_of(link)
        keys = [key for key in dict.fromkeys(named or ()) if key in concepts]
        if lab is None or not (keys or lab.question_id in questions):
            continue
        found.append(lab)
        for key in keys:
            about.setdefault(key, []).append(lab)
    return about, found


def concepts_beside(db: Session, *, key: str) -> Collection[str]:
    """The keys of the concepts that labs name beside this one."""
    named = (row[-1] or () for row in db.execute(_offered(Lab.definition["concepts"])))
    return {other for some in named if key in some for other in some} - {key}


def labs(db: Session) -> Sequence[LabSummary]:
    """Every lab, easiest first."""
    found = (summary_of(link) for link in db.execute(_offered()))
    return [lab for lab in found if lab is not None]


def asking_command() -> Select[Lab]:
    """The labs that are offered and ask for one command."""
    return select(Lab).where(Lab.retired_at.is_(None), ASKS_COMMAND)


def slug_at(db: Session, *, address: str) -> str | None:
    """The slug of the lab that has this address; None if none has it."""
    return db.scalar(select(Lab.slug).where(address == ADDRESS).order_by(Lab.id).limit(1))


def summaries_of_labs(db: Session, *, lab_ids: Collection[int]) -> Mapping[int, LabSummary]:
    """These labs, by id."""
    rows = db.execute(select(Lab.id, *LINK).join(OWN_QUESTION, Lab.question).where(Lab.id.in_(lab_ids)))
    found = {id: summary_of(link) for id, *link in rows}
    return {id: lab for id, lab in found.items() if lab is not None}


def _offered(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    offered = select(*LINK, *more).join(OWN_QUESTION, Lab.question).where(Lab.retired_at.is_(None))
    return offered.order_by(OWN_QUESTION.level, Lab.minutes, Lab.title, Lab.id)
