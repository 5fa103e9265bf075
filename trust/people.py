"""People of a site that a row tries, made past its pages."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy.orm import Session

from benchmarks.raters import Site
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role
from quizapp.db import create_engine_for


def links(running: Site, number: int, role: Role) -> Sequence[str]:
    """The one-use sign-in links of so many new people."""
    engine = create_engine_for(running.database_url)
    with Session(engine) as db:
        now = clock.now()
        users = [accounts.add_user(db, name=f"{role.value} {uuid4()}", role=role, now=now) for _ in range(number)]
        db.flush()
        tokens = [accounts.make_link(db, user=user, now=now) for user in users]
        db.commit()
    engine.dispose()
    return [f"{running.installation.address}/sign-in/{token}" for token in tokens]
