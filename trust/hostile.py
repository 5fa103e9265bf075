"""Wrong, huge and hostile inputs from a seed: the same seed makes the same ones. Sends nothing."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

LONG = 20_000  # characters of the longest values; bodies stay below what the site takes
NUMBERS = (
    "0", "-1", "1", "007", "7\n", " 7 ", "1e309", "NaN", "-Infinity", "0x10", "1_000", "१२३", "²", "½", "3.0000000001",
    str(2**31), str(2**63), str(-(2**63) - 1), str(2**64), "9" * 400,
)  # fmt: skip
TEXTS = (
    "", " ", "\t\n\r", "\x00", "a\x00b", "\x1b[31m", "\u202eevil", "\ufeff", "\u2028", "\uff21", "ß", "İ", "🦊" * 50,
    "e" + "\u0301" * 500, "../../../../etc/passwd", "..\\..\\x", "C:\\con", "/", "//evil.example",
    "javascript:alert(1)", "'; DROP TABLE card; --", '" OR 1=1 --', "%s%n%x", "${7*7}", "{{7*7}}", "{% raw %}",
    "<script>alert(1)</script>", "]]>", "<!--", "\\", "\\u0000", "&#0;", "&amp;amp;", "null", "None", "undefined",
    "true", "on", "off", "2026-13-45", "0000-00-00", "9999-12-31T23:59:60Z", "99999999999-01-01", "Mars/Olympus",
    "Europe/Berlin\x00",
)  # fmt: skip
BYTES = (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x80", b"a\xffb")
REPEATED = (
    "[", "![[]()", "*a", "> ", "- ", "`", "|a", "# ", "<a ", "&", "\\[", "1. ", "a@", "__", "~~", "[a](", "<!--", "((",
    "\n", "=", "é", "x", "(a+)+", "$", "{", "OR -", "tag:", '"', ":::", "    ",
)  # fmt: skip
NAMES = ("", "x", "__class__", "csrf_token", "id", "user_id", "role", "choices-0-text", "notes-9999-path", "a" * 300)
UNKNOWN: Sequence[Any] = (
    None,
    True,
    -1,
    2**70,
    1e308,
    "",
    "a",
    [],
    {},
    [[]],
    {"a": {"b": []}},
    ["x"] * 100,
    {"\x00": "\ud800"},
)


class Hostile:
    """A source of inputs."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def value(self, like: str = "") -> str | bytes:
        """A value for a field whose usual one is `like`."""
        makers: Sequence[Callable[[], str | bytes]] = (
            lambda: self.chance.choice(NUMBERS),
            lambda: self.chance.choice(TEXTS),
            lambda: self.chance.choice(BYTES),
            self._repeated,
            lambda: self._changed(like) if like else self.chance.choice(TEXTS),
            lambda: str(UUID(int=self.chance.getrandbits(128))),
            lambda: "".join(chr(self._letter()) for _ in range(self.chance.randrange(30))),
        )
        return self.chance.choice(makers)()

    def text(self, like: str = "") -> str:
        """The same, as text that can be written in UTF-8."""
        value = self.value(like)
        return value if isinstance(value, str) else value.decode("latin-1")

    def form(self, usual: Sequence[tuple[str, str]]) -> list[tuple[str, str | bytes]]:
        """A form with some of its fields changed, left out, sent twice, or made up."""
        sent: list[tuple[str, str | bytes]] = []
        for name, value in usual:
            match self.chance.randrange(10):
                case 0:
                    continue
                case 1 | 2 | 3:
                    sent.append((name, self.value(value)))
                case 4:
                    sent += [(name, value), (name, self.value(value))]
                case _:
                    sent.append((name, value))
        if not self.chance.randrange(5):
            sent.append((self.chance.choice(NAMES), self.value()))
        return sent

    def json(self) -> bytes:
        """A JSON document of any shape, or nearly one."""
        if not self.chance.randrange(12):
            return b"[" * self.chance.choice((1, 500, 100_000))
        keys = ("owner", "template", "commands", "learner", "each_s", "output_bytes", "rows", "columns", "")
        document: Any = {
            key: self.chance.choice((self.text(), self.chance.choice(UNKNOWN), 1.5, ["true"], False))
            for key in self.chance.sample(keys, self.chance.randrange(len(keys)))
        }
        if not self.chance.randrange(4):
            document = self.chance.choice(UNKNOWN)
        text = json.dumps(document).encode()
        return self._damaged(text) if not self.chance.randrange(4) else text

    def file(self, usual: bytes) -> bytes:
        """A file that is damaged, or has hostile text between its own lines."""
        lines = usual.split(b"\n")
        for _ in range(self.chance.randrange(1, 4)):
            at = self.chance.randrange(len(lines) + 1)
            match self.chance.randrange(4):
                case 0:
                    value = self.value()
                    lines.insert(at, value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value)
                case 1:
                    del lines[at : at + self.chance.randrange(1, 6)]
                case 2:
                    lines[at:at] = lines[at : at + 3] * self.chance.randrange(1, 30)
                case _:
                    self.chance.shuffle(lines)
        changed = b"\n".join(lines)
        return self._damaged(changed) if not self.chance.randrange(3) else changed

    def zip(self, files: Sequence[tuple[str, bytes]]) -> bytes:
        """An archive of these files under hostile names, damaged one time in two."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files:
                path = name if self.chance.randrange(2) else self.text(name)[:200].replace("\x00", "")
                archive.writestr(path or "x", self.file(data))
        made = held.getvalue()
        return self._damaged(made) if self.chance.randrange(2) else made

    def frame(self) -> str | bytes:
        """A message to a terminal."""
        sizes = ('{"resize": {"rows": %s, "columns": %s}}', '{"ack": %s}', '{"resize": [%s]}', '{"close": %s}')
        shaped = self.chance.choice(sizes)
        match self.chance.randrange(4):
            case 0:
                return shaped.replace("%s", self.chance.choice((*NUMBERS[:6], "null", '"a"', "[]", "1e999")))
            case 1:
                return self.json().decode("utf-8", "replace")[:LONG]
            case 2:
                return self.chance.randbytes(self.chance.randrange(2_000))
            case _:
                return self.text()[:LONG]

    def _letter(self) -> int:
        """The number of any character that can be written."""
        number = self.chance.randrange(0x110000 - 0x800)
        return number if number < 0xD800 else number + 0x800

    def _repeated(self) -> str:
        part = self.chance.choice(REPEATED)
        most = self.chance.choice((3, 100, 3_000, LONG))
        return (part * (most // len(part) + 1))[:most]

    def _changed(self, usual: str) -> str:
        at = self.chance.randrange(len(usual) + 1)
        middle = self.chance.choice(("", usual, "\x00", chr(self._letter()), "'", "-", "0" * 50))
        return usual[:at] + middle + usual[at + self.chance.randrange(3) :]

    def _damaged(self, data: bytes) -> bytes:
        """Some bytes of it changed, or its end cut off."""
        if not data:
            return b"\x00"
        damaged = bytearray(data)
        for _ in range(self.chance.randrange(1, 9)):
            damaged[self.chance.randrange(len(damaged))] = self.chance.randrange(256)
        return bytes(damaged[: self.chance.randrange(1, len(damaged) + 1)] if not self.chance.randrange(3) else damaged)
