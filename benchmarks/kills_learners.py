"""Learners who go on whatever is killed around them, and take note of a host that was taken from them. Kill nothing."""

import json
import random
import re
import sys
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from requests import RequestException, Response
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from benchmarks.kills_processes import EngineProcess
from benchmarks.product import LOOK_S, PROMPT, form_token, own_containers
from quizapp.errors import QuizappError, Unavailable
from quizapp.labs.hosts.run_host import HostState
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxNotReady, SandboxState

WAIT_S = 60.0  # for a host, with kills all the time; the page waits for the start anyway
ANSWER_S = 15.0
AGAIN_S = 0.1
LAB = "app-cannot-reach-db"  # any lab that asks for no prediction
QUESTION, ANSWER = b"echo $((6 * 7))-yes\r", b"42-yes"
CLOCKS = timedelta(seconds=1)  # an engine tells the second in which a container was made


class Fate:
    """What became of the hosts of all learners."""

    def __init__(self, engine: EngineProcess) -> None:
        self.claims = self.uses = self.wrongly_ended = 0
        self._engine = engine
        self._lock = threading.Lock()

    def claimed(self) -> None:
        """Somebody has got a host."""
        with self._lock:
            self.claims += 1

    def used(self) -> None:
        """Somebody's host did what it was told."""
        with self._lock:
            self.uses += 1

    def over(self, sandbox: Sandbox, why: str) -> None:
        """A host is gone that nobody ended: wrongly, unless its engine was killed since it was made."""
        if sandbox.created_at - CLOCKS <= self._engine.down_at:
            return
        with self._lock:
            self.wrongly_ended += 1
        print(f"  wrongly ended: {sandbox.id} of {sandbox.owner}: {why}", file=sys.stderr, flush=True)


class Learner(ABC):
    """Somebody who does one thing after the other, except while resting."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self._gone = threading.Event()
        self._turn = threading.Lock()

    @abstractmethod
    def step(self) -> None:
        """Do one thing that takes a few seconds at most."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work for as long as the block runs."""
        thread = threading.Thread(target=self._work)
        thread.start()
        try:
            yield
        finally:
            self._gone.set()
            thread.join()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Finish what is begun, and do nothing for as long as the block runs."""
        with self._turn:
            yield

    def _work(self) -> None:
        while not self._gone.wait(AGAIN_S):
            with self._turn:
                try:
                    self.step()
                except (QuizappError, RequestException, WebSocketException, OSError):
                    pass  # what was killed is not back yet: a person tries again too
                except Exception:
                    traceback.print_exc()


class SandboxLearner(Learner):
    """Uses sandboxd as a web process does: commands, terminals, and now and then a new host."""

    def __init__(self, client: SandboxClient, owner: str, fate: Fate, chance: random.Random) -> None:
        super().__init__(fate)
        self._client = client
        self._owner = owner
        self._chance = chance
        self._mine: Sandbox | None = None

    def step(self) -> None:
        """See Learner.step."""
        if self._mine is None:
            self._claim()
            return
        if not self._still_there(self._mine):
            self._mine = None
            return
        what = self._chance.choice((self._type, self._type, self._run, self._run, self._end))
        try:
            what(self._mine)
        except SandboxNotReady:
            return  # sandboxd has just found it again
        except QuizappError:
            if self._still_there(self._mine):
                raise
            self._mine = None

    def _claim(self) -> None:
        asked = self._client.ask(owner=self._owner)
        until = time.monotonic() + WAIT_S
        while asked.state is not SandboxState.CLAIMED and asked.state.is_live and time.monotonic() < until:
            time.sleep(LOOK_S)
            asked = self._client.get(asked.id)
        if asked.state is SandboxState.CLAIMED:
            self._mine = asked
            self.fate.claimed()

    def _still_there(self, mine: Sandbox) -> bool:
        """Whether it lives; if not, its fate is noted. Raises QuizappError if that cannot be told now."""
        try:
            now = self._client.get(mine.id)
        except Unavailable:
            raise
        except QuizappError as error:
            self.fate.over(mine, str(error))
            return False
        if not now.state.is_live:
            self.fate.over(mine, now.reason or now.state.value)
        return now.state.is_live

    def _run(self, mine: Sandbox) -> None:
        (said,) = self._client.run(mine.id, ["docker ps -q | wc -l"], learner=True, each_s=ANSWER_S, output_bytes=100)
        if said.output.strip() == "0":
            self.fate.used()

    def _type(self, mine: Sandbox) -> None:
        terminal = self._client.terminal(mine.id, rows=24, columns=80)
        alarm = threading.Timer(ANSWER_S, terminal.leave)
        alarm.start()
        try:
            terminal.send(QUESTION)
            shown = b""
            while ANSWER not in shown and (piece := terminal.receive()) is not None:
                shown += piece
            if ANSWER in shown:
                self.fate.used()
        finally:
            alarm.cancel()
            terminal.close()

    def _end(self, mine: Sandbox) -> None:
        self._client.end(mine.id)
        self._mine = None


class PageLearner(Learner):
    """Works in the pages as a browser does: starts a lab's host, sets it up, and types into its terminal."""

    def __init__(self, address: str, link: str, client: SandboxClient, fate: Fate) -> None:
        super().__init__(fate)
        self._address = address
        self._client = client
        self._browser = own_containers(link)
        self._run = ""
        self._mine: Sandbox | None = None

    def step(self) -> None:
        """See Learner.step."""
        if not self._run:
            self._run = self._begin()
        match self._state():
            case HostState.NONE | HostState.LOST | HostState.UNFIT:
                self._lost()
                self._post(f"{self._run}/host", reset="yes")
            case HostState.UP:
                self._post(f"{self._run}/set-up")
            case HostState.READY:
                if self._mine is None:
                    self._mine = self._of_page()
                self._type()
            case HostState.STARTING | HostState.AWAY:
                pass  # as its page would: ask again

    def _begin(self) -> str:
        return self._post(f"/labs/{LAB}/prediction", on=f"/labs/{LAB}").url.removeprefix(self._address)

    def _state(self) -> HostState:
        found = re.search(r'data-host-state="(\w+)"', self._get(f"{self._run}/host").text)
        assert found, "the page does not say how its host is"
        return HostState(found[1])

    def _of_page(self) -> Sandbox | None:
        self.fate.claimed()
        return next((one for one in self._client.list() if one.owner and not one.owner.startswith("kills")), None)

    def _lost(self) -> None:
        if self._mine is not None:
            self.fate.over(self._mine, "the page says that it is lost")
            self._mine = None

    def _type(self) -> None:
        cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._browser.cookies)
        address = self._address.replace("http:", "ws:") + f"{self._run}/terminal?rows=24&columns=80"
        headers = {"Origin": self._address, "Cookie": cookie}
        with connect(address, additional_headers=headers, open_timeout=ANSWER_S, close_timeout=1) as line:
            if "open" not in json.loads(line.recv(timeout=ANSWER_S)):
                return
            line.send(QUESTION)
            shown = b""
            while ANSWER not in shown or PROMPT not in shown.partition(ANSWER)[2]:
                piece = line.recv(timeout=ANSWER_S)
                shown += piece if isinstance(piece, bytes) else b""
            self.fate.used()
            line.send(b"exit\r")
            line.recv(timeout=ANSWER_S)

    def _get(self, path: str) -> Response:
        page = self._browser.get(self._address + path, timeout=WAIT_S)
        page.raise_for_status()
        return page

    def _post(self, path: str, *, on: str = "", **form: str) -> Response:
        token = form_token(self._get(on or self._run).text)
        page = self._browser.post(self._address + path, data={"csrf_token": token, **form}, timeout=WAIT_S)
        page.raise_for_status()
        return page
