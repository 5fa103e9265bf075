"""Learners of a class who review, take quizzes and do labs at a person's pace, by what a browser sends.

Everybody is known by a name that no other has, and every page and terminal is looked at for the names of others.
"""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from quizapp.labs.hosts.run_host import HostState
from trust.forms import fields_of
from trust.insistent import Busy, Insistent, Quizzed, Reviewing
from trust.person import Answer
from trust.shell import Shell
from trust.stricken import LAB

NAMED = re.compile(r"pupil-[0-9a-f]{32}")
LAB_S = 90.0  # after which somebody who has no host yet goes on with other things
LOOK_S = 2.0  # between two looks at a host that starts, as the page's script has it
FAILS_MAX = 5  # of a lab that is mended: its host may end meanwhile, and a new one is as it was
REVIEWS, QUESTIONS = 8, 4  # before a learner does something else
HTMX = {"HX-Request": "true"}
# Whatever the drawn cause is, one of these mends it; the last line is shown with the sum of two numbers for its words.
MEND = """docker exec app sh -c 'grep -v " db$" /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts'
docker exec app sh -c 'ip route | grep blackhole | while read -r way; do ip route del $way; done'
docker exec db sh -c 'iptables -D INPUT 1; echo "0.0.0.0 5432" > /etc/db.conf'
docker network connect shop db; sleep 1
clear; echo $((6 * 7))-{name}
"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, with all times that it was sent until it was answered."""

    began: float
    """In seconds of the monotonic clock, as `ended`."""
    ended: float
    is_page: bool
    path: str


class Watched(Insistent):
    """A browser of which is noted how long everything took, and where somebody else's name stood."""

    again_s = 0.5

    def __init__(self, link: str, name: str) -> None:
        self.name = name
        self.asked: list[Asked] = []
        self.of_others: list[str] = []
        super().__init__(link)

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """See Person.ask."""
        began = time.monotonic()
        answer = super().ask(method, path, body, headers)
        self.asked.append(Asked(began=began, ended=time.monotonic(), is_page=method == "GET", path=path))
        self.look_through(answer.text, path)
        return answer

    def part(self, path: str) -> Answer:
        """A part of a page, as its script asks for it."""
        return self.ask("GET", path, b"", HTMX)

    def look_through(self, text: str, where: str) -> None:
        """Note the names of others that stand in a text."""
        self.of_others += [f"{where} showed {name} to {self.name}" for name in set(NAMED.findall(text)) - {self.name}]


class Looking(Busy):
    """Looks at pages of their own, and at the addresses of another's, which must not be there."""

    person: Watched

    def __init__(self, person: Watched, others: Callable[[], Sequence[str]]) -> None:
        super().__init__(person)
        self._others = others

    def once(self) -> None:
        """Look at each page once."""
        for path in ("/", "/progress", "/labs"):
            page = self.person.get(path)
            if self.expect(page, 200, path) and set(NAMED.findall(page.text)) != {self.person.name}:
                self.wrong.append(f"{path} is not that of who asks")
        for path in self._others():
            self.expect(self.person.get(path), 404, "something of another's")
        self.done += 1


class DoingLabs(Busy):
    """Does a lab again and again: predicts, gets a host, mends it in the terminal, has it checked, ends the host."""

    person: Watched

    def __init__(self, person: Watched) -> None:
        super().__init__(person)
        self.begun: list[UUID] = []
        """The runs whose prediction was acknowledged."""
        self.passed: list[UUID] = []
        """The runs that a page said were passed."""
        self._shell: Shell | None = None
        self._fails = 0
        self._path = ""

    def once(self) -> None:
        """Do the next thing that can be done."""
        if not self._path:
            self._begin()
            return
        page = self.person.part(f"{self._path}/host")
        found = re.search(r'data-host-state="(\w+)"', page.text)
        if not self.expect(page, 200, "a host") or found is None:
            return
        match HostState(found[1]):
            case HostState.NONE | HostState.LOST | HostState.UNFIT:
                self.person.post(f"{self._path}/host", {"reset": "yes"})
            case HostState.UP:
                self.person.post(f"{self._path}/set-up", {})
            case HostState.READY:
                self._mend()
            case HostState.STARTING | HostState.AWAY:
                pass

    def _begin(self) -> None:
        page = self.person.get(f"/labs/{LAB}")
        if not self.expect(page, 200, "a lab"):
            return
        started = self.person.post(f"/labs/{LAB}/prediction", fields_of(page.text, ending="/prediction"))
        if self.expect(started, 302, "a prediction"):
            self._path = urlsplit(started.location).path
            self.begun.append(UUID(self._path.rpartition("/")[2]))
            self._shell, self._fails = Shell(self.person, self._path), 0

    def _mend(self) -> None:
        assert self._shell is not None
        self.person.part(f"{self._path}/networks")
        keys = MEND.format(name=self.person.name).replace("\n", "\r").encode()
        if not self._shell.type(keys, until=b"42-" + self.person.name.encode()):
            return
        self.person.post(f"{self._path}/check", {})
        page = self.person.get(self._path)
        self._fails += "verdict-fail" in page.text
        if self.expect(page, 200, "a result") and "verdict-pass" in page.text:
            self.passed.append(self.begun[-1])
            self.done += 1
            self._leave()
        elif self._fails == FAILS_MAX:
            self.wrong.append(f"what was mended is not right: {self._path}")
            self.person.post(f"{self._path}/close", {})
            self._leave()

    def _leave(self) -> None:
        assert self._shell is not None
        self._shell.close()
        self.person.look_through(self._shell.shown.decode("utf-8", "replace"), "a terminal")
        self.wrong += self._shell.wrong
        self.person.post(f"{self._path}/end", {})
        self._path = ""

    @property
    def is_idle(self) -> bool:
        """Whether no run is begun."""
        return not self._path


class Pupil(Busy):
    """Does all of it in turn, with time to think between two things."""

    person: Watched

    def __init__(self, person: Watched, cards: Sequence[UUID], *, think_s: float, chance: random.Random) -> None:
        super().__init__(person)
        self.neighbour: Pupil = self
        self.reviewing = Reviewing(person, cards)
        self.quizzed, self.labs = Quizzed(person), DoingLabs(person)
        self._looking = Looking(person, self._of_neighbour)
        self._think_s, self._chance = think_s, chance
        for part in (self.reviewing, self.quizzed, self.labs, self._looking):
            part.wrong = self.wrong

    def work(self, ended: threading.Event) -> None:
        """See Busy.work. Begins anywhere."""
        turns = [self._review, self._do_lab, self._take_quiz]
        at = self._chance.randrange(len(turns))
        while not ended.is_set():
            turns[at % len(turns)](ended)
            at += 1
        self.person.close()

    def _review(self, ended: threading.Event) -> None:
        self._repeat(self._looking, 1, ended)
        self._repeat(self.reviewing, REVIEWS, ended)

    def _take_quiz(self, ended: threading.Event) -> None:
        self._repeat(self.quizzed, QUESTIONS, ended)

    def _do_lab(self, ended: threading.Event) -> None:
        before, until = self.labs.done, time.monotonic() + LAB_S
        while self.labs.done == before and time.monotonic() < until and not ended.wait(LOOK_S):
            self.labs.once()

    def _repeat(self, part: Busy, times: int, ended: threading.Event) -> None:
        for _ in range(times):
            if ended.wait(self._chance.uniform(0.0, 2 * self._think_s)):
                return
            part.once()

    def _of_neighbour(self) -> Sequence[str]:
        """What the neighbour has and nobody else may see, or hear of."""
        quizzes = [f"/practice/{quiz}/{position}" for quiz, position in self.neighbour.quizzed.answered[-1:]]
        runs = [f"/labs/runs/{run}" for run in self.neighbour.labs.begun[-1:]]
        cards = [f"/review/cards/{card}" for card in self.neighbour.reviewing.cards[:1]]
        return [*quizzes, *runs, *(f"{run}/host" for run in runs), *cards]
