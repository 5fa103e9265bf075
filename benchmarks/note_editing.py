"""What an editor of a whole note waits for: the learner's view of what is typed, and the editor's script."""

import re
from pathlib import Path
from statistics import quantiles

import brotli  # type: ignore[import-untyped]

from benchmarks.flat import cpu_ms
from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from quizapp.admin.notes.typed_note import read_typed
from quizapp.catalogue.html.markdown_html import render_document

ROUNDS = 10
WARM_UP = 2
TYPED_BYTES = 60_000
SCRIPT_MOST_KB = 150.0
KB = 1000
_LOADED = re.compile(r'"\./([\w-]+\.js)"')  # as the build names one of its scripts in another, at once or by import()
BLOCK = """\
## Networks, part {number}

A user-defined bridge has a **resolver** at `127.0.0.11`, so that containers find each other by name.

- **Bridge {number}**: a switch in software, to which each container has a pair of interfaces.

```sh
docker network create web-{number}
```

1.  **Q: Which address has the resolver of network {number}?**
    *   *Options:*
        - [x] `127.0.0.11`  *Why:* The engine answers there.
        - [ ] `172.17.0.1`  *Why:* That is the gateway of the default bridge.
        - [ ] `8.8.8.8`  *Why:* That is where the engine may pass a question on to.
    *   *Source:* https://docs.example/network  *As of:* 2026-11

"""


def typed() -> list[Row]:
    """The view of a note of 60 KB, as a press of a key asks for it, beside the text rendered and nothing else."""
    blocks = TYPED_BYTES // len(BLOCK.format(number=100))
    text = "# Networks\n\n" + "".join(BLOCK.format(number=number) for number in range(blocks))
    shown, bare = list[float](), list[float]()
    for _ in range(WARM_UP + ROUNDS):  # in turns, so that a busy moment meets both
        shown.append(cpu_ms(lambda: read_typed(text, name="networks", stored_title="Networks", pictures={})))
        bare.append(cpu_ms(lambda: render_document(text)))
    note = "p95 of what the server computes, without the request; beside a bare render"
    return [beside("preview-60k", value=_p95(shown), baseline=_p95(bare), unit="ms", note=note)]


def script() -> list[Row]:
    """The editor's script with all that it loads, as a browser gets it, without what every page loads."""
    dist = Checkout.here().root / "quizapp" / "static" / "dist"
    own = _with_loaded(dist, "note_editor") - _with_loaded(dist, "main")
    size = sum(len(brotli.compress(script.read_bytes())) for script in own) / KB
    note = f"brotli, {len(own)} scripts that not every page loads; the most is 150"
    return [beside("editor-script", value=size, baseline=SCRIPT_MOST_KB, unit="KB", note=note)]


def _with_loaded(dist: Path, entry: str) -> set[Path]:
    """A built script and those that it loads, and those that they load."""
    waiting, found = list(dist.glob(f"{entry}-*.js")), set[Path]()
    while waiting:
        found.add(script := waiting.pop())
        named = {dist / name for name in _LOADED.findall(script.read_text())}
        waiting += [one for one in named - found if one.is_file()]
    return found


def _p95(taken: list[float]) -> float:
    return quantiles(taken[WARM_UP:], n=20)[-1]
