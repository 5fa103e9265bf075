"""People who go on with what they do while the processes that serve them are killed, each in a thread of their own.

Whatever breaks off they send again, as the page's scripts do, or as the page of the proxy says. `done` counts what they
were told is done, `wrong` has a line for each thing that they should not have seen.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from trust.cluster import LAB
from trust.forms import fields_of
from trust.person import Answer, Person, title_of
from trust.saves import save_text
from trust.shell import Shell

PAUSE_S = 0.03  # between two things, so that nobody takes the processor from those who start anew
COMING_S = 0.3  # between two sign-ins: a password that is being looked at when its process is killed counts as wrong
PATIENCE_S = 120.0  # after which an answer that is none is taken for one: no kill lasts so long
LOST = (0, 502, 503, 504)  # no answer, the proxy's that there was none, and "come back in a moment"
ASKED_EACH = 4  # questions of a quiz
WRONG_MAX = 20  # lines that are kept of one person


class Insistent(Person):
    """A signed-in browser that sends each request until it is answered."""

    again_s = 0.02
    """Seconds before something is sent again."""
    lost_pages = 0
    """How often a page did not come; the proxy asks another process for it, so this stays 0."""
    lost_forms = 0
    """How often the answer to a form did not come."""
    longest_s = 0.0
    """The longest time until a request was answered."""

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """See Person.ask."""
        began = time.monotonic()
        while (answer := super().ask(method, path, body, headers)).status in LOST:
            if time.monotonic() - began > PATIENCE_S:
                break
            if method == "GET":
                self.lost_pages += 1
            else:
                self.lost_forms += 1
            time.sleep(self.again_s)
        self.longest_s = max(self.longest_s, time.monotonic() - began)
        return answer


class Busy:
    """Somebody who does one thing again and again."""

    pause_s = PAUSE_S

    def __init__(self, person: Insistent) -> None:
        self.person = person
        self.done = 0
        self.wrong: list[str] = []

    def work(self, ended: threading.Event) -> None:
        """Do it until `ended`."""
        while len(self.wrong) < WRONG_MAX and not ended.wait(self.pause_s):
            self.once()
        self.person.close()

    def once(self) -> None:
        """Do it once."""
        raise NotImplementedError

    def expect(self, answer: Answer, status: int, what: str) -> bool:
        """Whether the answer has this status; says so if not, and who was signed out."""
        if answer.status == status and "/sign-in" not in answer.location:
            return True
        self.wrong.append(f"{what}: {answer.status} {answer.location} {title_of(answer.text)}")
        return False


class Reviewing(Busy):
    """Rates cards; each review keeps its id, however often it is sent."""

    def __init__(self, person: Insistent, cards: Sequence[UUID]) -> None:
        super().__init__(person)
        self.acknowledged: list[UUID] = []
        self.cards = cards
        self._versions = dict.fromkeys(cards, 0)

    def once(self) -> None:
        """Rate the card that was rated least."""
        card = min(self._versions, key=lambda each: self._versions[each])
        review, version = uuid4(), self._versions[card]
        form = {"card": card, "review_id": review, "rating": 3, "version": version, "taken_ms": 900}
        answer = self.person.post("/review", form, json=True)
        if self.expect(answer, 200, "a review"):
            if '"outcome":"applied"' in answer.text:
                self.acknowledged.append(review)
            else:
                self.wrong.append(f"a review that was sent until it was answered: {answer.text[:100]}")
            self.done += 1
        self._versions[card] += 1


class Quizzed(Busy):
    """Takes quizzes: begins one, answers each question, and looks at each verdict, maybe of another process."""

    def __init__(self, person: Insistent) -> None:
        super().__init__(person)
        self.answered: list[tuple[UUID, int]] = []
        """The quiz and the position of each answer that was acknowledged."""
        self._left: list[tuple[UUID, int]] = []

    def once(self) -> None:
        """Answer a question, the first of a new quiz if none is begun."""
        if not self._left:
            self._begin()
        if self._left:
            self._answer(*self._left.pop(0))

    def _begin(self) -> None:
        begun = self.person.post("/practice", {"length": ASKED_EACH, "mode": "practice", "kind": "single"})
        found = re.search(r"/practice/([0-9a-f-]{36})/1$", begun.location)
        if not self.expect(begun, 302, "beginning a quiz") or found is None:
            self.wrong.append(f"no quiz: {title_of(begun.text)}")
            return
        self._left = [(UUID(found[1]), position) for position in range(1, ASKED_EACH + 1)]

    def _answer(self, quiz: UUID, position: int) -> None:
        path = f"/practice/{quiz}/{position}"
        page = self.person.get(path)
        option = re.search(r'name="choices"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="choices"', page.text)
        if not self.expect(page, 200, "a question") or option is None:
            self.wrong.append(f"no options at {path}")
            return
        answer = self.person.post(f"{path}/answer", {"choices": option[1] or option[2], "go": "next"})
        if self.expect(answer, 302, "an answer"):
            self.answered.append((quiz, position))
            self.done += 1
            if f'action="{path}/answer"' in self.person.get(path).text:
                self.wrong.append(f"an answer that was acknowledged is asked for again: {path}")


class Editing(Busy):
    """Edits texts of questions, over what others have saved where it must be."""

    def __init__(self, person: Insistent, keys: Sequence[str], name: str) -> None:
        super().__init__(person)
        self.acknowledged: dict[str, str] = {}
        self._keys, self._name = keys, name

    def once(self) -> None:
        """Save one text."""
        mark = uuid4().hex
        key = self._keys[self.done % len(self._keys)]
        answer, _ = save_text(self.person, f"/content/questions/{key}", {self._name: f"What is {mark}?"})
        if self.expect(answer, 302, "a save"):
            self.acknowledged[mark] = self._name
            self.done += 1


class Typing(Busy):
    """Types into a terminal, and waits until each word is shown. Its shell must stay the same."""

    def __init__(self, person: Insistent) -> None:
        super().__init__(person)
        self.shell = Shell(person, begun_run(person))
        self._words: list[bytes] = []

    def work(self, ended: threading.Event) -> None:
        """See Busy.work."""
        super().work(ended)
        self.shell.close()
        self.wrong += [*self.shell.wrong, *(f"a terminal ended: {why}" for why in self.shell.ended)]
        self.wrong += [f"{word!r} was typed once" for word in self._words if self.shell.shown.count(word) != 1]

    def once(self) -> None:
        """Type a word. One that was sent into a line that broke may be lost: then it is another one."""
        word = b"%d;" % (10**9 + self.done + 10**6 * self.shell.reconnected)
        if self.shell.type(word, until=word):
            self._words.append(word)
            self.done += 1


class ComingAndGoing(Busy):
    """Signs in with a password and out again, and looks at each process whether all of them know of it."""

    pause_s = COMING_S

    def __init__(
        self, person: Insistent, *, name: str, password: str, at_each: Callable[[str], Sequence[Answer]]
    ) -> None:
        super().__init__(person)
        self._typed = {"name": name, "password": password}
        self._at_each = at_each
        """What each process that answers says to the browser with this cookie."""

    def once(self) -> None:
        """Come and go."""
        cookie, answer = signed_in_by_password(self.person.address, self._typed)
        if not self.expect(answer, 302, "signing in"):
            return
        self.wrong += [f"signed in, and not known: {one.status}" for one in self._at_each(cookie) if one.status != 200]
        browser = Insistent.of_cookie(self.person.address, cookie)
        browser.look("/account")
        out = browser.post("/sign-out", {})
        browser.close()
        if out.status not in (302, 401):  # 401: the first of two that were sent had ended it
            self.wrong.append(f"signing out: {out.status}")
        self.wrong += [f"signed out, and known: {one.status}" for one in self._at_each(cookie) if one.status != 302]
        self.done += 1


def guesses(address: str, name: str, *, most: int) -> tuple[int, int]:
    """Wrong passwords for a name until no more is looked at, `most` at most: how many were, and the last status."""
    for number in range(most):
        _, answer = signed_in_by_password(address, {"name": name, "password": f"wrong, number {number}"})
        if answer.status != 403:
            return number, answer.status
    return most, 403


def signed_in_by_password(address: str, typed: Mapping[str, str]) -> tuple[str, Answer]:
    """The cookie and the answer of a new browser that sends the sign-in form."""
    browser = Insistent.of_cookie(address, "")
    browser.look("/sign-in")
    answer = browser.post("/sign-in", {**typed, "zone": "UTC"})
    browser.take_cookie(answer)
    browser.close()
    return browser.cookie, answer


def begun_run(person: Person) -> str:
    """The path of a new run of this person's, with a host that is ready."""
    page = person.get(f"/labs/{LAB}").text
    started = person.post(f"/labs/{LAB}/prediction", fields_of(page, ending="/prediction"))
    run = urlsplit(started.location).path
    person.post(f"{run}/host", {})
    person.get(f"{run}/host")
    person.post(f"{run}/set-up", {})
    return run
