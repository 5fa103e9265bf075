"""Wrong, huge and hostile inputs to a running site: forms, addresses, JSON, files to import, frames of WebSockets.

None may end in a server error, take over HANG_S each time it is tried, or let a process of the server grow beyond
MEMORY_MAX_MIB. A site with faults made on purpose gets the same as the control. The seed is printed with the row; the
same seed makes the same inputs, though what they meet depends on what came before.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_from_bytes, urlencode

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import connect

from benchmarks.raters import Site, site
from ops.run import Installation, web_command
from trust.classrooms import Classroom, taught_by_owner, teacher_link
from trust.fake_hosts import SANDBOXD
from trust.forms import FoundForm, forms_of, found
from trust.held_memory import peak_mib
from trust.hostile import Hostile
from trust.person import ANSWER_S, FORM, Answer, Person, title_of
from trust.promises import Control, Promise, Scale

SEED, USUAL_SEED = "QUIZAPP_TRUST_SEED", "1"
SITES = 2  # tried at once, so that a second core is of use
CLIENTS = 4  # of each site
HANG_S = 2.0
MEMORY_MAX_MIB = 512
CARELESS = "/careless"  # where the control has its faults
CARELESS_SHARE = 2  # for so many of all other forms the control has the one with faults once
FRAMES = 5  # to one terminal
AGAIN = 2  # times that a slow input is tried once more: the machine may have been busy
LOOK_EVERY = 100  # inputs of a client, after which it looks whether it is still signed in
LAB = "app-cannot-reach-db"  # any lab that asks for no prediction
STARTS = ("/", CARELESS, f"/labs/{LAB}", "/account", "/content", "/owner", "/owner/list")
# No page leads to these for who is signed in, or they are no pages.
DOORS = (
    "/metrics",
    "/metrics/sandboxd",
    "/sign-in",
    "/sign-in/openid",
    "/sign-in/openid/return",
    "/sign-in/openid/leave",
)
CONTENT = Path(__file__).resolve().parent.parent / "content" / "notes"
NOTE_BYTES = 6_000  # of a note, as much as makes several questions
BANKS: Sequence[tuple[str, bytes]] = (
    ("bank.gift", b"::Ports::Which port is HTTP? {=80 ~443 ~22 #because}\n\nTrue or false? {T}\n\nHow many? {#4:1}\n"),
    ("bank.txt", b"Which port is HTTP?\nA. 80\nB. 443\nANSWER: A\n"),
    ("bank.csv", b"question;answer;tags\nWhich port is HTTP?;80;net\nWhat is NAT?;A rewrite;net\n"),
    ("bank.xml", b'<?xml version="1.0"?>\n<quiz>\n<question type="multichoice">\n<name><text>Q</text></name>\n'
     b"<questiontext><text>Which?</text></questiontext>\n<answer fraction=\"100\"><text>A</text></answer>\n"
     b"<answer fraction=\"0\"><text>B</text></answer>\n</question>\n</quiz>\n"),
    ("deck.apkg", b"PK\x03\x04 no archive"),
)  # fmt: skip

PEOPLE = b'name;role;class\nAda;learner;Class\nBob;editor;\n"Cy;d";owner;Class\n'


@dataclass(kw_only=True)
class Seen:
    """What inputs came to."""

    sent: Counter[str] = field(default_factory=Counter)
    """How many of each kind."""
    errors: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    peak_mib: float = 0.0
    refused: int = 0
    """Terminals that could not be opened, as an input before had ended what they need."""

    def add(self, other: "Seen") -> None:
        """Count another client's or site's too."""
        self.sent += other.sent
        self.errors += other.errors
        self.hangs += other.hangs
        self.refused += other.refused
        self.peak_mib = max(self.peak_mib, other.peak_mib)

    @property
    def said(self) -> str:
        """The figures in words."""
        first = "".join(f"; {one}" for one in [*self.errors, *self.hangs][:3])
        return f"{len(self.errors)} errors, {len(self.hangs)} hangs, {self.peak_mib:.0f} MiB{first}"


def run(scale: Scale) -> Promise:
    """Try it on a site of its own, which is removed afterwards."""
    wanted = scale.count(short=1_500, full=100_000)
    seed = os.environ.get(SEED, USUAL_SEED)
    seen = _tried(wanted, seed, app="trust.fake_hosts:app", sites=SITES, whole=True)
    weak = _tried(scale.count(short=800, full=2_000), seed, app="trust.weak.careless:app", sites=1, whole=False)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(seen.sent.items()))
    return Promise(
        name="bad-inputs",
        done=f"{seen.sent.total()} inputs with the seed {seed}: {kinds}",
        seen=seen.said,
        aim=f"{wanted} inputs: 0 errors, 0 hangs over {HANG_S:g} s, under {MEMORY_MAX_MIB} MiB",
        held=_is_held(seen, wanted),
        control=Control(
            weakness="a page that believes its form",
            seen=f"{weak.said.partition(';')[0]} after {weak.sent.total()} inputs",
            failed=bool(weak.errors and weak.hangs) and weak.peak_mib >= MEMORY_MAX_MIB,
        ),
    )


def _is_held(seen: Seen, wanted: int) -> bool:
    """Whether all kinds of input were sent, enough of them, and nothing came of it."""
    is_whole = seen.sent.total() >= wanted and seen.sent.keys() == {"forms", "addresses", "JSON", "files", "frames"}
    return is_whole and not seen.errors and not seen.hangs and seen.peak_mib < MEMORY_MAX_MIB


def _tried(inputs: int, seed: str, *, app: str, sites: int, whole: bool) -> Seen:
    """So many inputs, to as many sites at once; unless `whole` only until each sort of fault was seen."""
    command, logs = partial(_serving, app=app), f"bad-inputs-{app.partition(':')[0]}"
    seen = Seen()
    with ExitStack() as stack, ThreadPoolExecutor(sites) as pool:
        running = [stack.enter_context(site(command, log=f"{logs}-{number}")) for number in range(sites)]
        each = -(-inputs // sites)
        parts = [pool.submit(_tried_at, one, each, f"{seed}-{number}", whole) for number, one in enumerate(running)]
        for part in parts:
            seen.add(part.result())
    print(*seen.errors, *seen.hangs, sep="\n", file=sys.stderr)
    return seen


def _serving(installation: Installation, *, app: str) -> list[str]:
    """As `make run` serves: by one process, which alone knows its sandboxes in memory, and with as many heaps."""
    *command, _ = web_command(installation)
    return [*command, app]


def _tried_at(running: Site, inputs: int, seed: str, whole: bool) -> Seen:
    """So many inputs to one site, of several clients at once."""
    somebody, room = _teacher(running)
    pages, forms = found(somebody, (*STARTS, *room.pages))
    pages += [*DOORS, room.file]
    forms += _of_a_preview(somebody)
    # The class is used until the end.
    forms = [form for form in forms if form.action != f"/owner/classes/{room.id}/delete"]
    # However many forms the product has, the one with faults gets its share.
    forms += [form for form in forms if form.action == CARELESS] * (len(forms) // CARELESS_SHARE)
    seen, each = Seen(), -(-inputs // CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [_Client(running, pages, forms, room, f"{seed}-{number}") for number in range(CLIENTS)]

        def is_enough() -> bool:
            parts = [client.seen for client in clients]
            has_both = any(part.errors for part in parts) and any(part.hangs for part in parts)
            return not whole and has_both and peak_mib(running) >= MEMORY_MAX_MIB

        for one in pool.map(lambda client: client.send(each, is_enough), clients):
            seen.add(one)
    running.wait()
    seen.peak_mib = peak_mib(running)
    log = running.server.log.read_text(encoding="utf-8", errors="replace")
    seen.errors += [f"in the log: {line}" for line in _faults_in(log)]
    return seen


def _of_a_preview(person: Person) -> list[FoundForm]:
    """The form by which notes are stored that were shown before."""
    note = b"# Ports\n## Questions\n*   **Q: Which port is HTTP?**\n    *   *A:* 80\n"
    body, kind = _multipart([("text", note)], [])
    page = person.ask("POST", "/content/import/preview", body, {"X-CSRFToken": person.token, "Content-Type": kind})
    return [form for form in forms_of(page.text) if form.action.endswith("/content/import")]


def _teacher(running: Site) -> tuple[Person, Classroom]:
    """An owner who is signed in with two browsers and teaches a class, and that class."""
    (first, second), room = taught_by_owner(running)
    Person(second).close()
    return Person(first), room


def _somebody(running: Site, room: Classroom) -> Person:
    """A new owner who is a teacher of the class, too."""
    return Person(teacher_link(running, room))


class _Client:
    """Sends inputs one after the other, as an owner who is signed in again whenever an input signed them out."""

    def __init__(
        self, running: Site, pages: Sequence[str], forms: Sequence[FoundForm], room: Classroom, seed: str
    ) -> None:
        self._running, self._pages, self._forms, self._room = running, pages, forms, room
        self._hostile, self._chance = Hostile(seed), Hostile(f"{seed}-kinds").chance
        self._person = _somebody(running, room)
        self.seen, self._is_out = Seen(), False
        prediction = next(form for form in forms if form.action == f"/labs/{LAB}/prediction")
        self._predicted = [(name, value) for name, value in prediction.fields if name != "csrf_token"]
        self._notes = [path.read_bytes()[:NOTE_BYTES] for path in sorted(CONTENT.glob("*.md"))]
        self._kinds: Sequence[tuple[str, int, Callable[[], None]]] = (
            ("forms", 60, self._form),
            ("addresses", 15, self._address),
            ("JSON", 10, self._json),
            ("files", 10, self._file),
            ("terminals", 2, self._frames),
        )

    def send(self, inputs: int, is_enough: Callable[[], bool]) -> Seen:
        """So many inputs, or fewer if those of all clients are enough."""
        names, weights, senders = zip(*self._kinds, strict=True)
        for number in range(inputs):
            if is_enough():
                break
            if self._is_out or (number % LOOK_EVERY == 0 and self._person.get("/account").status != 200):
                self._person.close()
                self._person, self._is_out = _somebody(self._running, self._room), False
            [kind] = self._chance.choices(range(len(names)), weights)
            senders[kind]()
            self.seen.sent[names[kind]] += names[kind] != "terminals"
        self._person.close()
        return self.seen

    def _form(self) -> None:
        form = self._chance.choice(self._forms)
        fields = self._hostile.form([(name, value) for name, value in form.fields if name != "csrf_token"])
        if form.is_multipart:
            data, kind = _multipart([(name, _bytes(value)) for name, value in fields], [])
        else:
            data, kind = urlencode([(name, _bytes(value)) for name, value in fields]).encode(), FORM
        self._ask("POST", form.action, data, {"Content-Type": kind})

    def _address(self) -> None:
        path = self._chance.choice(self._pages).partition("?")[0]
        parts = path.split("/")
        if self._chance.randrange(2):
            parts[self._chance.randrange(1, len(parts))] = quote_from_bytes(_bytes(self._hostile.value())[:2_000], "")
        names = ("q", "page", "note", "card", "question", "next", "back", "rows", "sort", "stage", "port", "most", "at")
        query = [(self._chance.choice(names), _bytes(self._hostile.value())[:2_000])]
        target = "/".join(parts) + ("?" + urlencode(query) if self._chance.randrange(3) else "")
        method = self._chance.choice(("GET", "GET", "GET", "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"))
        self._ask(method, target, b"", {})

    def _json(self) -> None:
        if self._chance.randrange(2):
            path = SANDBOXD + self._chance.choice(("/sandboxes", "/sandboxes/x/run", "/sandboxes/x/extend"))
        else:
            path = self._chance.choice(self._forms).action
        self._ask("POST", path, self._hostile.json(), {"Content-Type": "application/json"})

    def _file(self) -> None:
        if not self._chance.randrange(5):
            self._list()
            return
        usual = (("note.md", self._chance.choice(self._notes)), *BANKS)
        name, data = self._chance.choice(usual)
        sent = self._hostile.file(data)
        if not self._chance.randrange(3):
            name, sent = "notes.zip", self._hostile.zip(usual)
        elif not self._chance.randrange(4):
            name = self._hostile.text(name)[:200]
        self._send_file("/content/import/preview", "files", name, sent)

    def _list(self) -> None:
        """A list of accounts."""
        self._send_file("/owner/list/preview", "file", "people.csv", self._hostile.file(PEOPLE))

    def _send_file(self, path: str, field: str, name: str, data: bytes) -> None:
        body, kind = _multipart([("text", b"")], [(field, name, data)])
        self._ask("POST", path, body, {"Content-Type": kind})

    def _frames(self) -> None:
        """Messages to a new terminal of a run of a lab."""
        started = self._person.post(f"/labs/{LAB}/prediction", self._predicted)
        run = started.location.removeprefix(self._person.address)
        self._person.post(f"{run}/host", {"reset": "yes", "end_other": "yes"})
        self._person.get(f"{run}/host")
        self._person.post(f"{run}/set-up", {})
        address = self._person.address.replace("http:", "ws:") + f"{run}/terminal?rows=24&columns=80"
        headers = {"Origin": self._person.address, "Cookie": self._person.cookie}
        try:
            with connect(address, additional_headers=headers, close_timeout=1, proxy=None) as line:
                line.recv(timeout=ANSWER_S)
                for _ in range(FRAMES):
                    line.send(self._hostile.frame())
                    self.seen.sent["frames"] += 1
        except ConnectionClosed:
            pass  # a message of no use ended it
        except InvalidStatus as error:  # an input before has ended the run, or the sign-in
            self.seen.refused += error.response.status_code < 500
            self._is_out = started.status == 401
        except (WebSocketException, OSError) as error:
            self.seen.errors.append(f"no terminal at {run}: {error!r:.200}")

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        sent = {"X-CSRFToken": self._person.token, **headers} if method != "GET" else headers
        answer = self._person.ask(method, path, body, sent)
        if answer.status >= 500 or answer.status == 0:
            self.seen.errors.append(f"{answer.status} of {method} {path[:100]}: {title_of(answer.text)}")
        self._is_out = answer.status == 401
        tries = [answer]
        while min(tries, key=_taken).taken_s > HANG_S and len(tries) <= AGAIN:
            tries.append(self._person.ask(method, path, body, sent))
        if (fastest := min(map(_taken, tries))) > HANG_S:
            self.seen.hangs.append(f"{fastest:.1f} s of {method} {path[:100]}: {body[:80]!r}")


def _taken(answer: Answer) -> float:
    return answer.taken_s


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def _multipart(fields: Sequence[tuple[str, bytes]], files: Sequence[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    edge = "edge-of-a-part"
    parts = [(f'form-data; name="{quote(name)}"', data) for name, data in fields]
    parts += [(f'form-data; name="{name}"; filename="{quote(file)}"', data) for name, file, data in files]
    body = b"".join(
        f"--{edge}\r\nContent-Disposition: {head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts
    )
    return body + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


def _faults_in(log: str) -> list[str]:
    """Each unexpected fault that was logged, by its last line, and processes that had to be started anew."""
    faults = re.findall(r"^Traceback [^\n]*\n(?:[ \t][^\n]*\n|\n)*([^\n]*)", log, re.MULTILINE)
    ended = log.count("Booting worker") - 1
    return [fault[:120] for fault in faults] + ["a process of the server ended"] * ended
