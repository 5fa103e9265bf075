"""One line for each thing that an operator looks for after an attack: sign-ins, failed ones, and what was refused.

It says who by the account's id, since names change and people type passwords where their name goes, from which address,
and at which page. Nothing that opens a door is written: of an address with a token in it the route alone.
"""

import logging
from typing import Any

from flask import g, request

_log = logging.getLogger("quizapp.security")
_OPENING = frozenset({"token", "key"})  # the parts of addresses that open what they lead to


def note(what: str, *, user_id: Any = None) -> None:
    """Write that this happened in this request, by whoever is signed in or by the account that is given."""
    by = user_id or g.get("user_id")
    who = f"account {by}" if by else "nobody known"
    _log.info("%s, %s, from %s, %s %s", what, who, request.remote_addr, request.method, address())


def address() -> str:
    """The path of the request, as it may be logged."""
    rule = request.url_rule
    return rule.rule if rule and _OPENING & rule.arguments else request.path
