"""A lab that asks for one command, as a question of a quiz session. Reads only; asks no host.

It is asked in values that are drawn for it, and marked by the lab as it was then. An attempt's answer has the command
as its "text". "hosts", the ids of the two hosts by whose command they run, are there while it runs, and "trouble", a
sentence, where that has failed; "effect" is what came of it, as `study.hands_on` shows it. "left_out" is true where no
host was to be had: such a question does not count.
"""

from collections.abc import Collection, Mapping
from random import Random

from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.articles.lab_links import asking_command
from quizapp.catalogue.labs import lab_values
from quizapp.catalogue.labs.lab_format import LabDefinition, substitute
from quizapp.catalogue.labs.lab_parts import ASPECT_NAMES
from quizapp.catalogue.models import Lab
from quizapp.quiz.asked_question import Asked, AskedKind, AskedLab


def labs_asked(db: Session, *, question_ids: Collection[int]) -> Mapping[int, Lab]:
    """The labs that ask for one command, of these questions, by the question's id."""
    found = db.scalars(asking_command().where(Lab.question_id.in_(question_ids)).options(joinedload(Lab.question)))
    return {lab.question_id: lab for lab in found}


def as_asked_lab(lab: Lab, *, rng: Random) -> Asked:
    """The Asked of such a lab, with values drawn for it. The task and the text after it may have been edited."""
    values = lab_values.draw(LabDefinition.model_validate(lab.definition).vars, rng=rng)
    drawn = substitute(lab.definition, values)
    definition = LabDefinition.model_validate(drawn)
    if definition.command is None:
        raise ValueError(f"{lab.slug} asks for no command.")
    return Asked(
        kind=AskedKind.LAB,
        prompt=substitute(lab.question.prompt, values),
        answer=substitute(lab.question.answer or "", values),
        hints=definition.hints,
        lab=AskedLab(
            slug=lab.slug,
            title=lab.title,
            values=values,
            definition=drawn,
            label=definition.command.label,
            compared=tuple(ASPECT_NAMES[name] for name in definition.graded),
            reference=definition.command.reference,
        ),
    )
