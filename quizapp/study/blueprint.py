"""The addresses of Today, notes, pictures, Progress, the plan for an interview, what one takes along and reports."""

from flask import request

from quizapp.web.pages import Pages

today = Pages(
    "today",
    __name__,
    shown={
        "/": "today_views.show",
    },
)

notes = Pages(
    "notes",
    __name__,
    url_prefix="/notes",
    shown={
        "": "note_views.index",
        "/<key>": "note_views.read",
        "/about/<int:question_id>": "note_views.about",
        "/concepts/<concept>": "concept_views.concept",
        "/<key>/find": "note_views.find",
        "/<key>/file/<form>": "note_views.export",
    },
    sent={
        "/<key>/remember": "note_views.remember",
    },
)

pictures = Pages(
    "pictures",
    __name__,
    url_prefix="/pictures",
    shown={
        "/<name>": "picture_views.show",
    },
)

progress = Pages(
    "progress",
    __name__,
    url_prefix="/progress",
    shown={
        "": "progress_views.show",
        "/answers": "progress_views.show_answers",
        "/reviews": "progress_views.show_reviews",
    },
    sent={
        "/refit": "progress_views.refit",
    },
)

plan = Pages(
    "plan",
    __name__,
    url_prefix="/progress/plan",
    shown={
        "": "plan_views.show",
    },
    sent={
        "": "plan_views.make",
        "/drop": "plan_views.drop",
    },
)

log = Pages(
    "log",
    __name__,
    shown={
        "/account/reviews.<form>": "log_views.export",
        "/account/notes.zip": "log_views.export_notes",
    },
    sent={
        "/account/delete": "log_views.delete",
    },
)

reports = Pages(
    "reports",
    __name__,
    url_prefix="/reports",
    shown={
        "": "report_views.show_own",
        "/new": "report_views.new",
    },
    sent={
        "": "report_views.send",
        "/suggest": "report_views.suggest",
    },
)

ONLOOKER = "onlooking.terminal"

onlooking = Pages(
    "onlooking",
    __name__,
    shown={
        "/classes/<uuid:class_id>/terminals/<uuid:learners_run>": "onlooking_views.show",
        "/labs/runs/<uuid:run_id>/onlookers": "onlooking_views.show_onlookers",
    },
    sent={
        "/labs/runs/<uuid:run_id>/onlooking": "onlooking_views.allow",
        "/labs/runs/<uuid:run_id>/onlooking/end": "onlooking_views.forbid",
    },
    connected={
        "/classes/<uuid:class_id>/terminals/<uuid:learners_run>/terminal": "onlooking_views.terminal",
    },
)


@onlooking.before_request
def _fence() -> None:
    """See `onlooking_views.fence`."""
    if request.endpoint == ONLOOKER:
        from quizapp.study.onlooking_views import fence  # see web.pages

        fence()


ALL = (today, notes, pictures, progress, plan, log, reports, onlooking)
