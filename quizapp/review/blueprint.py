"""The addresses of the pages under /review: of a card, and of what is done with all cards of a note."""

from quizapp.web.pages import Pages

bp = Pages(
    "review",
    __name__,
    url_prefix="/review",
    shown={
        "": "views.show",
        "/coming": "views.coming",
        "/cards/<uuid:card_id>": "info_views.info",
        "/worker.js": "offline_views.worker",
        "/offline": "offline_views.offline",
    },
    sent={
        "": "views.rate",
        "/mend": "views.mend",
        "/more": "views.more",
        "/today": "views.set_today",
        "/undo": "deed_views.undo",
        "/bury": "deed_views.bury",
        "/suspend": "deed_views.suspend",
        "/unsuspend": "deed_views.unsuspend",
        "/release": "deed_views.release",
        "/flag": "deed_views.flag",
    },
)

of_notes = Pages(
    "note_cards",
    __name__,
    url_prefix="/review",
    sent={
        "/add": "note_views.add",
        "/take-out": "note_views.take_out",
        "/bring-back": "note_views.bring_back",
        "/add-offered": "note_views.add_offered",
        "/decline": "note_views.decline",
    },
)
