"""The addresses of the pages for signing in and out and of the account."""

from quizapp.web.pages import Pages

bp = Pages(
    "accounts",
    __name__,
    shown={
        "/sign-in": "views.show_sign_in",
        "/sign-in/<token>": "views.show_link",
        "/sign-in/code": "second_factor_views.ask_code",
        "/sign-in/openid": "openid_views.begin_openid",
        "/sign-in/openid/return": "openid_views.show_openid_return",
        "/sign-in/openid/leave": "openid_views.leave_openid",
        "/account": "views.show_account",
        "/account/link": "own_link_views.show_own_link",
        "/account/second-factor": "second_factor_views.show_second_factor",
        "/account/second-factor/recovery-codes": "second_factor_views.show_recovery_codes",
    },
    sent={
        "/sign-in": "views.sign_in_with_password",
        "/sign-in/<token>": "views.sign_in_by_link",
        "/sign-in/code": "second_factor_views.enter_by_code",
        "/sign-in/openid/return": "openid_views.enter_by_openid",
        "/sign-out": "views.sign_out",
        "/account/calendar": "views.set_calendar",
        "/account/limits": "views.set_limits",
        "/account/interview": "views.set_interview",
        "/account/interview/drop": "views.drop_interview",
        "/account/order": "views.set_order",
        "/account/days": "views.set_days",
        "/account/leeches": "views.set_leeches",
        "/account/retention": "views.set_retention",
        "/account/password": "views.set_password",
        "/account/link": "own_link_views.make_own_link",
        "/account/second-factor": "second_factor_views.turn_on_second_factor",
        "/account/second-factor/off": "second_factor_views.turn_off_second_factor",
        "/account/second-factor/recovery-codes": "second_factor_views.renew_recovery_codes",
        "/account/second-factor/recovery-codes/kept": "second_factor_views.keep_recovery_codes",
        "/account/sign-ins/<key>/end": "views.end_sign_in",
        "/account/openid/link": "openid_views.link_openid",
        "/account/openid/unlink": "openid_views.unlink_openid",
    },
)
