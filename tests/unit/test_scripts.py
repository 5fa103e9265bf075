"""What no script of the pages does, whatever it is given."""

import re
from collections.abc import Iterator

from ops.checkout import Checkout

BY_A_NAME = re.compile(r"(?<![\w\])])[\w.#]+\[(?!\d+\])[^\]\n\"']+\]\s*=(?!=)")


def assigned(text: str) -> Iterator[str]:
    """Where a property is set whose name is a value: of an object that could be what all objects are made from."""
    return (
        found[0]
        for line in text.splitlines()
        if not line.strip().startswith(("*", "//"))
        for found in BY_A_NAME.finditer(line)
    )


def test_names_from_outside_go_into_maps() -> None:
    """ASVS 5.0, 15.3.6: prototype pollution. `Map` and `Object.fromEntries` take any name."""
    scripts = (Checkout.here().root / "assets" / "js").rglob("*.js")
    assert {
        script.name: found for script in scripts if (found := [*assigned(script.read_text(encoding="utf-8"))])
    } == {}


def test_a_property_set_by_a_name_is_noticed() -> None:
    """The control."""
    assert [*assigned("this.#left[pile] = 3;")] == ["this.#left[pile] ="]
    assert [*assigned('const [a, b] = c; x["own"] = 1; if (x[y] == z) w = x[y];')] == []
