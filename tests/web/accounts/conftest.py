"""An account that tests of signing in share."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import Role
from quizapp.accounts.passwords import Passwords
from tests.web.accounts.entering import PASSWORD


@pytest.fixture
def link(sessions: sessionmaker[Session], passwords: Passwords) -> str:
    """A sign-in link of an editor called Ada, who has a password too."""
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.EDITOR, now=clock.now())
        service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=clock.now())
        token = service.make_link(db, user=ada, now=clock.now())
        db.commit()
    return f"/sign-in/{token}"
