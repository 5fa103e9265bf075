"""The addresses of the pages under /content, where editors change questions and everybody brings notes."""

from quizapp.web.pages import Pages

content = Pages(
    "admin",
    __name__,
    url_prefix="/content",
    shown={
        "": "views.index",
        "/questions/<key>": "views.edit_question",
        "/questions/<key>/history": "views.question_history",
    },
    sent={
        "/questions/<key>": "views.save_question",
        "/questions/<key>/settle": "views.settle_question",
        "/questions/<key>/preview": "views.preview_question",
    },
)

bringing = Pages(
    "imports",
    __name__,
    url_prefix="/content/import",
    shown={
        "": "import_views.show",
    },
    sent={
        "/preview": "import_views.show_preview",
        "/columns": "import_views.choose_columns",
        "": "import_views.store",
        "/<key>/retire": "import_views.retire",
        "/<key>/offer": "import_views.offer",
        "/<key>/take-back": "import_views.take_back",
        "/<key>/publish": "import_views.publish",
    },
)
