"""The addresses of the pages under /search, and of what begins a sitting over cards."""

from quizapp.web.pages import Pages

bp = Pages(
    "search",
    __name__,
    url_prefix="/search",
    shown={
        "": "views.show",
    },
    sent={
        "/do": "views.do",
        "/tag": "views.tag",
        "/undo": "views.undo",
    },
)
sittings = Pages(
    "study",
    __name__,
    url_prefix="/study",
    sent={
        "/note": "sitting_views.of_a_note",
        "/forgotten": "sitting_views.forgotten",
        "/ahead": "sitting_views.ahead",
        "/found": "sitting_views.found",
    },
)
bp.register_blueprint(sittings)
