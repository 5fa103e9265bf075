"""The sections of the product, in the order that every page shows them."""

from flask import Flask
from werkzeug.local import LocalProxy

from quizapp.accounts.guards import signed_in_user
from quizapp.accounts.models import Role
from quizapp.web.templating import NavEntry, NavItem, nav_items

FOR_LEARNERS = (
    NavEntry(name="Today", endpoint="today.show", key="t", prefix="/"),
    NavEntry(name="Notes", endpoint="notes.index", key="n", prefix="/notes"),
    NavEntry(name="Practice", endpoint="practice.choose", key="p", prefix="/practice"),
    NavEntry(name="Labs", endpoint="hands_on.index", key="l", prefix="/labs"),
    NavEntry(name="Progress", endpoint="progress.show", key="r", prefix="/progress"),
)
FOR_EDITORS = (*FOR_LEARNERS, NavEntry(name="Content", endpoint="admin.index", key="c", prefix="/content"))


def init_app(app: Flask) -> None:
    """Give templates the variable `nav`; its items are made only when a template uses it."""
    app.jinja_env.globals["nav"] = LocalProxy(_nav)


def _nav() -> list[NavItem]:
    user = signed_in_user()
    if user is None:
        return []
    return nav_items(FOR_EDITORS if user.role.may_act_as(Role.EDITOR) else FOR_LEARNERS)
