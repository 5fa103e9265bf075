"""Verifies the texts of labs that are written in the browser, for `flask labs verify --draft`."""

import random

from quizapp import clock
from quizapp.catalogue.editing.lab_authoring import lab_to_edit, text_to_edit
from quizapp.errors import Unavailable
from quizapp.labs.proof import verification
from quizapp.labs.proof.proof import LabProof
from quizapp.sandboxes.client import SandboxClient
from quizapp.web.database import engine, get_db


def verify_draft(client: SandboxClient, slug: str, *, jobs: int) -> LabProof:
    """Verify the draft of a lab, or without one what is offered of it, and keep what comes of it.

    Raises NotFound, BadLab, AlreadyVerifying, and Unavailable with the reason if it was broken off.
    """
    db = get_db()
    lab = lab_to_edit(db, slug=slug, editor=None)
    text = text_to_edit(db, lab).text
    row = verification.begin(db, lab=lab, text=text, editor_id=None, now=clock.now())
    db.commit()
    number = row.id
    db.rollback()
    found = verification.run(engine(), client, number, rng=random.Random(), now=clock.now, jobs=jobs)
    if found is None:
        db.expire_all()
        said = verification.latest(db, lab_id=lab.id)
        raise Unavailable(said.said if said is not None and said.said else "It was stopped.", retry_after_s=1)
    return found
