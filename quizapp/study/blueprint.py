"""The addresses of Today, notes, pictures, Progress, the plan for an interview, what one takes along and reports."""

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
    },
)

ALL = (today, notes, pictures, progress, plan, log, reports)
