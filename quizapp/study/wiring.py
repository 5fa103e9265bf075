"""Adds all pages of this room, and what other rooms ask of it: each is loaded when it is needed, see `web.pages`."""

from typing import Any

from flask import Flask

from quizapp.study import blueprint
from quizapp.study.hands_on import blueprint as hands_on
from quizapp.study.hands_on.addresses_wiring import LabInAddress


def init_app(app: Flask) -> None:
    """Add the pages, what takes up reviews of other programs, and what keeps edits that can be undone."""
    app.extensions["learnt_elsewhere"] = _take_up  # for the page that brings notes, which knows no reviews
    app.extensions["learnt_elsewhere_of"] = _take_up_of  # for the command that imports files, likewise
    app.extensions["settle_forms"] = _settle_forms  # for imports
    app.extensions["has_free_host"] = _has_free_host  # for the review, which knows no sandbox
    app.extensions["edits_in_reviews"] = _keep_edits  # for the editor, likewise
    app.extensions["deletes_accounts"] = _delete_account  # for the owner's page, likewise
    app.extensions["tells_authors"] = _tells_authors  # for Content, which knows no answers
    app.extensions["classes_of_lists"] = _classes_of_lists  # for lists of people, likewise
    app.extensions["load_first_page"] = load_first_page  # for the web server, which waits for nobody meanwhile
    app.url_map.converters["lab"] = LabInAddress
    for bp in (*blueprint.ALL, hands_on.bp):
        app.register_blueprint(bp)


def load_first_page() -> None:
    """Load what shows Today, which everybody asks for first: the first one would wait for it otherwise."""
    from quizapp.study import today_views  # noqa: F401


def _take_up(*given: Any, **named: Any) -> Any:
    from quizapp.review.log import foreign_history

    return foreign_history.take_up(*given, **named)


def _take_up_of(*given: Any, **named: Any) -> Any:
    from quizapp.review.log import foreign_history

    return foreign_history.take_up_of(*given, **named)


def _settle_forms(*given: Any) -> str | None:
    from quizapp.review.one_thing import joined_cards

    return joined_cards.said_of(joined_cards.settle(*given))


def _has_free_host() -> bool:
    from quizapp.study.hands_on import free_host

    return free_host.has_free_host()


def _keep_edits(*given: Any, **named: Any) -> None:
    from quizapp.review import deeds
    from quizapp.review.models import DeedKind

    deeds.change_texts(*given, kind=DeedKind.EDIT, **named)


def _delete_account(*given: Any, **named: Any) -> None:
    from quizapp.study import account_deletion

    account_deletion.delete_account(*given, **named)


def _tells_authors() -> Any:
    from quizapp.quiz.figures import author_statistics

    return author_statistics


def _classes_of_lists() -> Any:
    from quizapp.classes import class_list

    return class_list
