"""Opening many accounts by a list: brought, looked at, opened, and its sign-in links printed or taken along."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, render_template

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.owner.account_list import ROWS_MAX
from quizapp.admin.owner.list_forms import ConfirmListForm, LinksForm, ListForm
from quizapp.admin.owner.listed_accounts import LINK_LIFE, MadeLink, open_accounts, plan_of, read_list
from quizapp.admin.wiring import classes_of_lists
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.visibility import Operator
from quizapp.spreadsheets import table
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db, only_reading

FILE_NAME = "sign-in-links.csv"


@audience(Audience.OWNER)
def show_list() -> str:
    """The form."""
    return _page(ListForm(formdata=None))


@audience(Audience.OWNER)
def preview_list() -> str | tuple[str, int]:
    """What a list would do; stores nothing."""
    form = ListForm()
    data = form.sent()
    if not data.strip():
        form.file.errors = ["Choose a file, or paste the list."]
        return _page(form), HTTPStatus.BAD_REQUEST
    try:
        found = read_list(data)
    except Unreadable as error:
        form.file.errors = [f"Line {error.line}: {error}"]
        return _page(form), HTTPStatus.BAD_REQUEST
    with only_reading():
        plan = plan_of(get_db(), found, classes=classes_of_lists())
        confirm = ConfirmListForm.of(data)
        return render_template(
            "admin/list.html", form=form, rows_max=ROWS_MAX, link_days=LINK_LIFE.days, plan=plan, confirm=confirm
        )


@audience(Audience.OWNER)
def open_list() -> str:
    """Open the accounts, and show their links this once: nothing keeps them but this answer."""
    form, owner = ConfirmListForm(), current_user()
    found = read_list(form.sent())  # before anybody has to wait
    as_editor = Operator(id=owner.id)  # what is committed meanwhile leaves the person's own row to be read again
    opened = open_accounts(
        get_db(),
        found,
        classes=classes_of_lists(),
        links_anew=bool(form.links_anew.data),
        owner=as_editor,
        now=clock.now(),
        settle=get_db().commit,
    )
    security_log.note(f"{opened.opened} accounts opened by a list, {len(opened.links)} links made")
    rows = rows_of_links(opened.links)
    kept = LinksForm(formdata=None, rows=json.dumps(rows))
    with only_reading():
        return render_template("admin/list_opened.html", opened=opened, rows=rows[1:], kept=kept, days=LINK_LIFE.days)


@audience(Audience.OWNER)
def download_links() -> Response:
    """The rows that a page has shown, as a file."""
    text = table(LinksForm().sent())
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(text, mimetype="text/csv", headers=headers)


def rows_of_links(links: Sequence[MadeLink]) -> list[list[str]]:
    """A table of links, names of its columns first."""
    address = f"{current_settings().public_url}/sign-in/"
    return [["name", "class", "link"], *([one.name, one.class_name, address + one.token] for one in links)]


def _page(form: ListForm) -> str:
    with only_reading():
        return render_template(
            "admin/list.html", form=form, rows_max=ROWS_MAX, link_days=LINK_LIFE.days, plan=None, confirm=None
        )
