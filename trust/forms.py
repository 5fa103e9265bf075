"""Finds the pages and forms of a site, as somebody who follows every link of their own pages. Sends no form."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from trust.person import Person

PAGES_MAX = 150
ENDING = ("/sign-out", "/account/delete", "/delete")
ALIKE_MAX = 3  # pages of one sort that are opened, such as of one question each


@dataclass(kw_only=True)
class FoundForm:
    """A form of a page, with what stands in its fields."""

    action: str
    """The path that it is sent to, with the query."""
    fields: list[tuple[str, str]] = field(default_factory=list)
    is_multipart: bool = False


class _Read(HTMLParser):
    """Collects the links, and the forms that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[FoundForm] = []
        self._form: FoundForm | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            is_post = given.get("method", "").lower() == "post"
            is_multipart = "multipart" in given.get("enctype", "")
            self._form = FoundForm(action=given.get("action", ""), is_multipart=is_multipart) if is_post else None
        elif self._form is not None:
            self._field(tag, given, self._form)

    def _field(self, tag: str, given: dict[str, str], form: FoundForm) -> None:
        name = given.get("name", "")
        if tag in ("input", "button") and name and given.get("type") != "file":
            form.fields.append((name, given.get("value", "on" if given.get("type") == "checkbox" else "")))
        if tag == "textarea" and name:
            self._text = name, []
        if tag == "select":
            self._select = name
        if tag == "option" and self._select:
            form.fields.append((self._select, given.get("value", "")))
        if "formaction" in given:
            self.forms.append(FoundForm(action=given["formaction"], fields=form.fields))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None and self._form is not None:
            self._form.fields.append((self._text[0], "".join(self._text[1])))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form" and self._form is not None:
            self.forms.append(self._form)
            self._form = None


def forms_of(page: str) -> list[FoundForm]:
    """The forms of a page that are sent by POST."""
    read = _Read()
    read.feed(page)
    return read.forms


def fields_of(page: str, *, ending: str) -> list[tuple[str, str]]:
    """What the first form of a page would send whose address ends so, without its token."""
    form = next(form for form in forms_of(page) if form.action.endswith(ending))
    return [(name, value) for name, value in form.fields if name != "csrf_token"]


def found(person: Person, starts: Sequence[str]) -> tuple[list[str], list[FoundForm]]:
    """The pages that answer and the forms on them, each sort of both a few times.

    Each form is sent once as it is, but for those that end an account or a sign-in, so that quizzes, runs and cards are
    there to be seen; what comes to light by that is added.
    """
    pages, forms = _seen(person, starts)
    for form in forms:
        if not form.is_multipart and not form.action.endswith(ENDING):
            person.post(form.action, form.fields)
    more_pages, more_forms = _seen(person, [*starts, "/review", "/practice", "/labs"])
    known = {(form.action, tuple(name for name, _ in form.fields)) for form in forms}
    forms += [form for form in more_forms if (form.action, tuple(name for name, _ in form.fields)) not in known]
    return list(dict.fromkeys([*pages, *more_pages])), forms


def _seen(person: Person, starts: Sequence[str]) -> tuple[list[str], list[FoundForm]]:
    """The pages that can be reached by links, and their forms."""
    waiting, pages = deque(starts), list[str]()
    seen = dict[str, int]()
    forms = dict[tuple[str, tuple[str, ...]], FoundForm]()
    while waiting and len(pages) < PAGES_MAX:
        path = waiting.popleft()
        sort = _sort(path)
        seen[sort] = seen.get(sort, 0) + 1
        if seen[sort] > ALIKE_MAX or path in pages:
            continue
        answer = person.get(path)
        if answer.status == 302:
            waiting.append(_local(person, path, answer.location))
        if answer.status != 200 or "<html" not in answer.text[:500]:
            continue
        pages.append(path)
        read = _Read()
        read.feed(answer.text)
        waiting.extend(filter(None, (_local(person, path, link) for link in read.links)))
        for form in read.forms:
            form.action = _local(person, path, form.action or path)
            forms.setdefault((_sort(form.action), tuple(sorted({name for name, _ in form.fields}))), form)
    return pages, [form for form in forms.values() if form.action]


def _local(person: Person, page: str, link: str) -> str:
    """The path of a link on a page of this site; empty for another site's."""
    parts = urlsplit(urljoin(person.address + page, link))
    if f"{parts.scheme}://{parts.netloc}" != person.address:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _sort(path: str) -> str:
    """A path without the things that it names."""
    parts = path.partition("?")[0].split("/")
    return "/".join("…" if _names_a_thing(part) else part for part in parts)


def _names_a_thing(part: str) -> bool:
    try:
        UUID(part)
    except ValueError:
        return bool(re.search(r"\d|-", part))
    return True
