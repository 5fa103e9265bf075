"""Puts labs anew where their concepts are, once two concepts were merged or parted again. The caller commits."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.labs.lab_file import BadLab, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_import import write_definition
from quizapp.catalogue.labs.lab_places import put_in_place
from quizapp.catalogue.labs.lab_sources import versions_of
from quizapp.catalogue.models import Lab


def regroup_labs(db: Session, *, concepts: Collection[str]) -> None:
    """Put the labs that name one of these concepts, by the texts that learners have of them, in their places anew."""
    named = db.execute(select(Lab.id, Lab.definition["concepts"])).all()
    for lab_id in [lab_id for lab_id, keys in named if not set(concepts).isdisjoint(keys or ())]:
        lab = db.get_one(Lab, lab_id)
        was_retired = lab.retired_at
        definition, _ = put_in_place(db, lab.question, _as_written(db, lab))
        write_definition(db, lab.question, definition)
        lab.retired_at = was_retired
    db.flush()


def _as_written(db: Session, lab: Lab) -> LabDefinition:
    """What is stored of a lab, with the concepts that its text names."""
    definition = LabDefinition.model_validate(lab.definition)
    text = versions_of(db, lab_id=lab.id).offered
    try:
        concepts = read_lab(text, folder=lab.slug).concepts if text is not None else definition.concepts
    except BadLab:  # it was read before, by a program with other rules
        return definition
    return definition.model_copy(update={"concepts": concepts})
