"""Somebody who is signed in, over one connection that stays open: requests as a browser's, without a browser's work."""

import http.client
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from html import unescape
from typing import Self
from urllib.parse import urlencode, urlsplit

from benchmarks.product import form_token, own_containers

FORM = "application/x-www-form-urlencoded"
ANSWER_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back of one request."""

    status: int
    """0 where the connection broke off without an answer."""
    text: str
    location: str
    taken_s: float
    cookie: str = ""
    """The cookies that it sets, as a browser sends them; empty for none."""


class Person:
    """A signed-in browser. One thread uses it at a time."""

    def __init__(self, link: str) -> None:
        self.address = link.removesuffix(urlsplit(link).path)
        browser = own_containers(link)
        self._cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.token = form_token(browser.get(f"{self.address}/account", timeout=ANSWER_S).text)
        browser.close()
        self._line: http.client.HTTPConnection | None = None

    @classmethod
    def of_cookie(cls, address: str, cookie: str) -> Self:
        """A browser with this cookie, which may be empty, at a site."""
        person = cls.__new__(cls)
        person.address, person._cookie, person.token, person._line = address, cookie, "", None
        return person

    def look(self, path: str) -> Answer:
        """A page with a form, whose token is the browser's from now on; so is the cookie that it sets."""
        page = self.get(path)
        self.take_cookie(page)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        self.token = found[1] if found else ""
        return page

    def take_cookie(self, answer: Answer) -> None:
        """Keep the cookie that an answer sets, if it sets one."""
        self._cookie = answer.cookie or self._cookie

    def another_tab(self) -> "Person":
        """The same browser over a connection of its own."""
        tab = copy(self)
        tab._line = None
        return tab

    @property
    def cookie(self) -> str:
        """The header with which the server knows who this is."""
        return self._cookie

    def get(self, path: str) -> Answer:
        """A page."""
        return self.ask("GET", path, b"", {})

    def post(
        self, path: str, form: Mapping[str, object] | Iterable[tuple[str, object]], *, json: bool = False
    ) -> Answer:
        """The answer to a form of this person's; `json` asks for the answer that scripts get."""
        headers = {"X-CSRFToken": self.token, "Content-Type": FORM}
        if json:
            headers["Accept"] = "application/json"
        pairs = list(form.items()) if isinstance(form, Mapping) else list(form)
        return self.ask("POST", path, urlencode(pairs).encode(), headers)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request. Waits for the answer for ANSWER_S.

        Where a connection that was kept is closed without an answer, the request is sent once more over a new one, as
        browsers do: a server may close it at any time, and closes it after a body that it has refused unread.
        """
        began = time.monotonic()
        was_kept = self._line is not None
        try:
            answer = self._answer(method, path, body, headers, began=began)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if was_kept and not isinstance(error, TimeoutError):
                return Person.ask(self, method, path, body, headers)
            answer = Answer(status=0, text=repr(error), location="", taken_s=time.monotonic() - began)
        return answer

    def _answer(self, method: str, path: str, body: bytes, headers: Mapping[str, str], *, began: float) -> Answer:
        if self._line is None:
            self._line = self._new_line()
        self._line.request(method, path, body=body or None, headers={"Cookie": self._cookie, **headers})
        got = self._line.getresponse()
        text = got.read().decode("utf-8", "replace")
        if got.will_close:
            self.close()
        location = got.headers.get("Location", "")
        cookie = "; ".join(one.partition(";")[0] for one in got.headers.get_all("Set-Cookie") or ())
        return Answer(status=got.status, text=text, location=location, taken_s=time.monotonic() - began, cookie=cookie)

    def _new_line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=ANSWER_S)

    def close(self) -> None:
        """Close the connection; the next request opens one."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError):
                line.close()


def title_of(page: str) -> str:
    """The heading of a page, or the first of a text that is no page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return found[1].strip() if found else page[:80]


def hidden_fields(page: str, *, of: str) -> dict[str, str]:
    """The hidden fields of the form whose id is `of`, by name."""
    start = page.index(f'id="{of}"')
    form = page[start : page.index("</form>", start)]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found.get("type") == "hidden" and "name" in found:
            fields[found["name"]] = unescape(found.get("value", ""))
    return fields
