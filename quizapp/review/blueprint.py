"""The addresses of the pages under /review: of a card, and of what is done with all cards of a note."""

from quizapp.web.pages import Pages

bp = Pages(
    "review",
    __name__,
    url_prefix="/review",
    shown={
        "": "pages.views.show",
        "/coming": "pages.views.coming",
        "/cards/<uuid:card_id>": "pages.info_views.info",
        "/worker.js": "pages.offline_views.worker",
        "/offline": "pages.offline_views.offline",
    },
    sent={
        "": "pages.views.rate",
        "/mend": "pages.views.mend",
        "/more": "pages.views.more",
        "/today": "pages.views.set_today",
        "/undo": "pages.deed_views.undo",
        "/bury": "pages.deed_views.bury",
        "/suspend": "pages.deed_views.suspend",
        "/unsuspend": "pages.deed_views.unsuspend",
        "/release": "pages.deed_views.release",
        "/flag": "pages.deed_views.flag",
    },
)

of_notes = Pages(
    "note_cards",
    __name__,
    url_prefix="/review",
    sent={
        "/add": "pages.note_views.add",
        "/take-out": "pages.note_views.take_out",
        "/bring-back": "pages.note_views.bring_back",
        "/add-offered": "pages.note_views.add_offered",
        "/decline": "pages.note_views.decline",
    },
)
