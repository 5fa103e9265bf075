"""The addresses of the pages under /practice."""

from quizapp.web.pages import Pages

bp = Pages(
    "practice",
    __name__,
    url_prefix="/practice",
    shown={
        "": "views.choose",
        "/<uuid:quiz_id>/<int:position>": "views.show",
        "/<uuid:quiz_id>/result": "views.result",
        "/<uuid:quiz_id>/questions": "sitting_views.questions",
        "/<uuid:quiz_id>/report": "sitting_views.report",
        "/shared/<uuid:key>": "sitting_views.shared",
    },
    sent={
        "": "views.start",
        "/<uuid:quiz_id>/<int:position>/answer": "views.answer",
        "/<uuid:quiz_id>/<int:position>/mark": "views.mark",
        "/<uuid:quiz_id>/<int:position>/unmark": "views.unmark",
        "/<uuid:quiz_id>/<int:position>/hint": "views.hint",
        "/<uuid:quiz_id>/<int:position>/skip": "views.skip",
        "/<uuid:quiz_id>/<int:position>/later": "views.later",
        "/<uuid:quiz_id>/hand-in": "sitting_views.hand_in",
        "/<uuid:quiz_id>/share": "sitting_views.share",
        "/<uuid:quiz_id>/discard": "views.discard",
        "/<uuid:quiz_id>/again": "views.again",
    },
)
