"""The addresses of the pages under /content, where editors change questions and everybody brings notes."""

from quizapp.web.pages import Pages

content = Pages(
    "admin",
    __name__,
    url_prefix="/content",
    shown={
        "": "views.index",
        "/new": "making_views.new_question",
        "/trail": "trail_views.show_trail",
        "/trail/<int:deed>": "trail_views.show_step",
        "/reports": "report_views.inbox",
        "/questions/<key>": "views.edit_question",
        "/questions/<key>/history": "views.question_history",
        "/questions/<key>/place": "making_views.show_place",
        "/questions/<key>/kind": "making_views.show_kind",
    },
    sent={
        "/questions/<key>": "views.save_question",
        "/questions/<key>/settle": "views.settle_question",
        "/questions/<key>/preview": "views.preview_question",
        "/new": "making_views.make_question",
        "/new/preview": "making_views.preview_new",
        "/questions/<key>/duplicate": "making_views.duplicate_question",
        "/questions/<key>/place": "making_views.move_question",
        "/questions/<key>/kind": "making_views.change_kind",
        "/questions/<key>/stage": "making_views.set_stage",
        "/questions/<key>/still-right": "still_views.say_still_right",
        "/questions/<key>/delete": "making_views.delete_question",
        "/questions/<key>/restore": "making_views.restore_version",
        "/pictures": "picture_views.take_picture",
        "/many": "many_views.act",
        "/many/undo": "many_views.undo",
        "/reports/<int:report>/take": "report_views.take",
        "/reports/<int:report>/settle": "report_views.settle",
        "/trail/<int:deed>/again": "making_views.make_deleted_again",
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

note_editor = Pages(
    "note_editor",
    __name__,
    url_prefix="/content/notes",
    shown={
        "/<key>": "note_views.edit",
        "/<key>/history": "note_views.show_history",
        "/<key>/draft": "draft_views.draft",
    },
    sent={
        "/<key>": "note_views.save",
        "/<key>/typed": "note_views.show_typed",
        "/<key>/draft": "draft_views.keep",
        "/<key>/draft/forget": "draft_views.forget",
    },
)
