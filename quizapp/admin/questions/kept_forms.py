"""What the addresses of a question's pages keep: the filters of the list, and the page the editor was opened from."""

from typing import Any

from flask import request, url_for

from quizapp.accounts.guards import current_user, local_path
from quizapp.admin.questions.forms import FilterForm
from quizapp.admin.questions.queries import Filters
from quizapp.catalogue.articles.queries import notes_to_choose
from quizapp.web.database import get_db


def filters() -> Filters:
    """The filters of the list that the editor was opened from."""
    return FilterForm.of(request.args, notes_to_choose(get_db(), user=current_user())).filters()


def way_back() -> str | None:
    """The page of `?back=` that the editor was opened from, such as a card in a review; None for the list."""
    back = request.args.get("back")
    return local_path(back) if back else None


def kept(chosen: Filters | None = None) -> dict[str, str]:
    """The filters that are set (`chosen`, if they were read already) and the way back, as an address has them."""
    back = way_back()
    return {**(chosen or filters()).chosen, **({"back": back} if back else {})}


def address_of(endpoint: str, key: str) -> str:
    """The address of a page of a question, with what is kept."""
    values: dict[str, Any] = kept()
    return url_for(endpoint, key=key, **values)


def address_of_list() -> str:
    """The address of the list with its filters."""
    values: dict[str, Any] = filters().chosen
    return url_for("admin.index", **values)
