"""Adds all pages of this room: Today, notes, Progress, what one takes along, and every page under /labs."""

from functools import partial

from flask import Flask

from quizapp.review import deeds, elsewhere, standing_for
from quizapp.review.models import DeedKind
from quizapp.study import log_views, note_views, picture_views, plan_views, progress_views, today_views
from quizapp.study.hands_on import blueprint, card_views, free_host, host_views, prediction_views, trial_views, views

ON_THE_BLUEPRINT = (
    views,
    host_views,
    trial_views,
    card_views,
    prediction_views,
)  # each adds its pages to it when it is imported


def init_app(app: Flask) -> None:
    """Add the pages, what takes up reviews of other programs, and what keeps edits that can be undone."""
    app.extensions["learnt_elsewhere"] = elsewhere.take_up  # for the page that brings notes, which knows no reviews
    app.extensions["learnt_elsewhere_of"] = elsewhere.take_up_of  # for the command that imports files, likewise
    app.extensions["settle_forms"] = lambda db: standing_for.said_of(standing_for.settle(db))  # for imports
    app.extensions["has_free_host"] = free_host.has_free_host  # for the review, which knows no sandbox
    app.extensions["edits_in_reviews"] = partial(deeds.change_texts, kind=DeedKind.EDIT)  # for the editor, likewise
    learning = (today_views.bp, note_views.bp, picture_views.bp, progress_views.bp, plan_views.bp, log_views.bp)
    for bp in (*learning, blueprint.bp):
        app.register_blueprint(bp)
