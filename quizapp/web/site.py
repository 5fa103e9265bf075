"""The application's class: Flask without work that no request of the product needs. Knows no view."""

import json
from collections.abc import Callable
from functools import cached_property
from io import BytesIO
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import Rule

from quizapp.web.request_times import RequestTimes

URLENCODED = "application/x-www-form-urlencoded"
COMPACT = {"separators": (",", ":")}  # with which Flask writes an answer


class ReadRequest(Request):
    """A request whose body is in memory, so that a form is parsed from it. `bodies` has read it and counted its fields.

    What Werkzeug 3.1.9 does instead, for any size and kind of form, takes twice as long; the fields are the same.
    """

    # Every form of the product is sent as a form. Flask-WTF would take JSON for one, with values that are no text, or
    # nested so deeply that reading them raises RecursionError.
    is_json = False

    def _load_form_data(self) -> None:
        if "form" in self.__dict__ or self.mimetype != URLENCODED:
            super()._load_form_data()
            return
        try:
            fields = parse_qsl(self.get_data().decode(), keep_blank_values=True, errors="werkzeug.url_quote")
        except ValueError:  # not UTF-8
            fields = []
        kind = self.parameter_storage_class
        self.__dict__.update(form=kind(fields), files=kind(), stream=BytesIO())


class KeptEncoder(DefaultJSONProvider):
    """Flask's JSON, by one encoder for all answers: to make one takes longer than to use it."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """See DefaultJSONProvider."""
        return self._encoder.encode(obj) if kwargs == COMPACT else super().dumps(obj, **kwargs)

    @cached_property
    def _encoder(self) -> json.JSONEncoder:
        said: dict[str, Any] = {"ensure_ascii": self.ensure_ascii, "sort_keys": self.sort_keys}
        return json.JSONEncoder(default=self.default, **said, **COMPACT)  # type: ignore[arg-type]


class LateRule(Rule):
    """A rule of addresses that learns to write one when it is first asked to.

    Werkzeug 3.1.9 compiles two functions for it at once, with and without values that the rule does not name. For all
    rules of the product that took nine tenths of the time to make the application, and most processes write few.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            compiled = compile_now(append_unknown).__get__(rule)
            setattr(rule, name, compiled)  # in place of this function; two threads that meet set the same
            written: tuple[str, str] = compiled(**values)
            return written

        return build


class Site(Flask):
    """The application. All of its functions are plain ones: Flask 3.1.3 looks at each, twelve at a request."""

    request_class = ReadRequest
    url_rule_class = LateRule
    json_provider_class = KeptEncoder

    @cached_property
    def request_times(self) -> RequestTimes:
        """How long its requests took. Not asked for before the application has all of its addresses."""
        return RequestTimes(list(self.view_functions))

    def full_dispatch_request(self) -> Response:
        """Answer the current request, and count how long that took."""
        began = perf_counter()
        response = super().full_dispatch_request()
        rule = request_ctx.request.url_rule
        if rule is None or not rule.websocket:
            endpoint = None if rule is None else rule.endpoint
            self.request_times.note(endpoint, response.status_code, perf_counter() - began)
        return response

    def handle_exception(self, e: Exception) -> Response:
        """Answer an error from outside of a view as one of a view, such as a database that is away.

        An address may name something that is looked up while its view is searched for. Flask 3.1.3 would say 500.
        """
        if request_ctx.request.url_rule is not None or request_ctx.request.routing_exception is not None:
            return super().handle_exception(e)
        return self.finalize_request(self.handle_user_exception(e), from_error_handler=True)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is; none of the product's is `async`."""
        return func
