"""How much script and style pages without terminal or editor load at once, as it is sent."""

import re
from pathlib import Path

import pytest

from quizapp.web.assets import DIST, asset_name

MOST_BYTES = 24_500 * 1024 // 1000  # 24.5 KB; 25 is the most that it should be
AT_ONCE = re.compile(r'\b(?:from|import)"\./([^"]+)"')  # not `import("./…")`, which is fetched when it is needed


def loaded_at_once(*entries: str) -> set[str]:
    """The files of these entries with all that they import, and so on."""
    found, coming = set[str](), [asset_name(entry) for entry in entries]
    while coming:
        name = coming.pop()
        if name not in found:
            found.add(name)
            coming += AT_ONCE.findall((DIST / name).read_text(encoding="utf-8")) if name.endswith(".js") else ()
    return found


def sent_bytes(name: str) -> int:
    """The size of a file as browsers get it."""
    whole = DIST / name
    return next(path for path in (Path(f"{whole}.br"), whole) if path.exists()).stat().st_size


@pytest.mark.parametrize(
    "entries",
    [("main.js", "main.css"), ("main.js", "main.css", "practice.css"), ("main.js", "review.js", "main.css")],
    ids=["any page", "practice", "review"],
)
def test_a_page_loads_little(entries: tuple[str, ...]) -> None:
    weights = {name: sent_bytes(name) for name in loaded_at_once(*entries)}
    assert sum(weights.values()) <= MOST_BYTES, weights
