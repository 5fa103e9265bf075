"""Learners who use hosts while processes are killed, and count the hosts that ended wrongly. Kills nothing."""

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

WAIT_S = 60.0  # for a host or a page, with kills all the time
ANSWER_S = 15.0  # for a command or a terminal
AGAIN_S = 0.1  # between two steps
LAB = "app-cannot-reach-db"
PREDICTED = {"capture": "a bridge of their network"}  # what it asks for before a host is started
QUESTION, ANSWER = b"echo $((6 * 7))-yes\r", b"42-yes"  # the echo of the one does not hold the other
CLOCKS = timedelta(seconds=1)  # an engine tells in whole seconds when a container was created


class Fate:
    """Counts for all learners: hosts that were claimed, uses of a host that worked, hosts that ended wrongly."""

    def __init__(self, engine: EngineProcess) -> None:
        self.claims = self.uses = self.wrongly_ended = 0
        self._engine = engine
        self._lock = threading.Lock()

    def claimed(self) -> None:
        """Count a host that a learner has got."""
        with self._lock:
            self.claims += 1

    def used(self) -> None:
        """Count a use of a host that gave the right output."""
        with self._lock:
            self.uses += 1

    def over(self, sandbox: Sandbox, why: str) -> None:
        """Note that a host ended that no learner ended: wrongly, unless the engine was killed since its creation."""
        if sandbox.created_at - CLOCKS <= self._engine.down_at:
            return
        with self._lock:
            self.wrongly_ended += 1
        print(f"  wrongly ended: {sandbox.id} of {sandbox.owner}: {why}", file=sys.stderr, flush=True)


class Learner(ABC):
    """A learner who repeats `step` in a thread, except while resting."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self._gone = threading.Event()
        self._turn = threading.Lock()

    @abstractmethod
    def step(self) -> None:
        """Do one thing, in a few seconds at most."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work while the block runs."""
        thread = threading.Thread(target=self._work)
        thread.start()
        try:
            yield
        finally:
            self._gone.set()
            thread.join()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Wait for the end of the present step, and begin none while the block runs."""
        with self._turn:
            yield

    def _work(self) -> None:
        while not self._gone.wait(AGAIN_S):
            with self._turn:
                try:
                    self.step()
                except (QuizappError, RequestException, WebSocketException, OSError):
                    pass  # a killed process does not answer yet; the next step tries again, as a person does
                except Exception:
                    traceback.print_exc()


class SandboxLearner(Learner):
    """Calls sandboxd as web does: runs commands, types into terminals, and sometimes ends its host for a new one."""

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
            return  # a new sandboxd has found the sandbox and is adopting it
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
        """Whether the host is live; if not, its end is noted. Raises Unavailable if sandboxd does not answer."""
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
    """Uses the pages as a browser does: starts a lab's host, sets it up, and types into its terminal."""

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
                pass  # the next step asks again, as the page does

    def _begin(self) -> str:
        return self._post(f"/labs/{LAB}/prediction", on=f"/labs/{LAB}", **PREDICTED).url.removeprefix(self._address)

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
