"""Lock files name no registry: other people have other ones."""

import re
from pathlib import Path

import pytest

from ops.checkout import Checkout
from ops.console import Failed
from ops.lock import refuse_addresses


def test_the_lock_files_of_this_checkout_name_none() -> None:
    refuse_addresses(Checkout.here())


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-node", "requirements-uv"])
def test_what_is_asked_for_is_pinned(name: str) -> None:
    root = Checkout.here().root
    pinned = versions(root / f"{name}.txt")
    for package, version in versions(root / f"{name}.in").items():
        assert package in pinned
        assert version in ("", pinned[package])


def versions(file: Path) -> dict[str, str]:
    """Each package that a requirements file names, and its version where it names one."""
    named = re.findall(r"^([\w.-]+)(?:\[.*?\])?(?:==([^\s;]+))?", file.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in named if package[0] != "-"}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("requirements.txt", "--index-url https://registry.example/simple"),
        ("requirements-dev.txt", "--find-links file:///wheels"),
        ("package-lock.json", '{"resolved": "https://registry.example/a.tgz"}'),
    ],
)
def test_one_that_does_is_refused(tmp_path: Path, name: str, line: str) -> None:
    for file in ("requirements.txt", "package-lock.json"):
        (tmp_path / file).write_text("{}")
    (tmp_path / name).write_text(line)
    with pytest.raises(Failed, match=f"^{name} names an address"):
        refuse_addresses(Checkout(tmp_path))
