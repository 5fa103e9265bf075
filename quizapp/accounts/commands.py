"""`flask accounts`: the group of commands, which `admin.commands` and `study.commands` fill; and a sign-in link."""

from flask.cli import AppGroup

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import User
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

accounts = AppGroup("accounts", help="Open and delete accounts, make one-use sign-in links.")


def sign_in_url(user: User) -> str:
    """Make and commit a new sign-in link for `user`; returns its full address."""
    return address_of_link(service.make_link(get_db(), user=user, now=clock.now()))


def address_of_link(token: str) -> str:
    """The full address of a sign-in link that was just made; commits it."""
    get_db().commit()
    return f"{current_settings().public_url}/sign-in/{token}"
