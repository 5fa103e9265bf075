"""The sections of the product, in the order that every page shows them."""

from contextlib import suppress
from dataclasses import replace

from flask import Flask, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from quizapp.accounts.guards import signed_in_user
from quizapp.accounts.models import Role, User
from quizapp.catalogue.reports.waiting import count_open
from quizapp.web.database import SAFE_METHODS, get_db, is_in_transaction
from quizapp.web.templating import NavEntry, NavItem, nav_items

FOR_LEARNERS = (
    NavEntry(name="Today", endpoint="today.show", key="t", prefix="/"),
    NavEntry(name="Notes", endpoint="notes.index", key="n", prefix="/notes"),
    NavEntry(name="Practice", endpoint="practice.choose", key="p", prefix="/practice"),
    NavEntry(name="Labs", endpoint="hands_on.index", key="l", prefix="/labs"),
    NavEntry(name="Progress", endpoint="progress.show", key="r", prefix="/progress"),
)
CONTENT = NavEntry(name="Content", endpoint="admin.index", key="c", prefix="/content")
FOR_EDITORS = (*FOR_LEARNERS, CONTENT)


def init_app(app: Flask) -> None:
    """Give templates the variable `nav`; its items are made only when a template uses it."""
    app.jinja_env.globals["nav"] = LocalProxy(_nav)


def _nav() -> list[NavItem]:
    user = signed_in_user()
    if user is None:
        return []
    if not user.role.may_act_as(Role.EDITOR):
        return nav_items(FOR_LEARNERS)
    waiting = _reports_waiting(user)
    return [
        replace(item, waiting=waiting) if entry is CONTENT else item
        for entry, item in zip(FOR_EDITORS, nav_items(FOR_EDITORS), strict=True)
    ]


def _reports_waiting(editor: User) -> int:
    """How many reports of learners wait for this editor, asked once for each request.

    0 where the database does not answer, since error pages show it too, and where asking would wait for a turn at
    writing.
    """
    if "reports_waiting" not in g:
        g.reports_waiting = 0
        if request.method in SAFE_METHODS or is_in_transaction():
            with suppress(SQLAlchemyError):
                g.reports_waiting = count_open(get_db(), editor=editor)
    waiting: int = g.reports_waiting
    return waiting
