"""The addresses of the pages under /practice."""

from quizapp.web.pages import Pages

bp = Pages(
    "practice",
    __name__,
    url_prefix="/practice",
    shown={
        "": "pages.views.choose",
        "/<uuid:quiz_id>/<int:position>": "pages.views.show",
        "/<uuid:quiz_id>/result": "pages.views.result",
        "/<uuid:quiz_id>/questions": "pages.sitting_views.questions",
        "/<uuid:quiz_id>/report": "pages.sitting_views.report",
        "/shared/<uuid:key>": "pages.sitting_views.shared",
    },
    sent={
        "": "pages.views.start",
        "/<uuid:quiz_id>/<int:position>/answer": "pages.views.answer",
        "/<uuid:quiz_id>/<int:position>/mark": "pages.views.mark",
        "/<uuid:quiz_id>/<int:position>/unmark": "pages.views.unmark",
        "/<uuid:quiz_id>/<int:position>/hint": "pages.views.hint",
        "/<uuid:quiz_id>/<int:position>/skip": "pages.views.skip",
        "/<uuid:quiz_id>/<int:position>/later": "pages.views.later",
        "/<uuid:quiz_id>/hand-in": "pages.sitting_views.hand_in",
        "/<uuid:quiz_id>/share": "pages.sitting_views.share",
        "/<uuid:quiz_id>/discard": "pages.views.discard",
        "/<uuid:quiz_id>/again": "pages.views.again",
    },
)
