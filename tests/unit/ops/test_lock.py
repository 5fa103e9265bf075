"""Lock files serve other people: they name no registry, and know the files of other machines and Pythons."""

import re
from pathlib import Path

import pytest

from ops.checkout import Checkout
from ops.console import Failed
from ops.lock import refuse_addresses, refuse_single_files


def test_the_lock_files_of_this_checkout_name_none() -> None:
    refuse_addresses(Checkout.here())


@pytest.mark.parametrize("name", sorted(file.stem for file in Checkout.here().root.glob("requirements*.in")))
def test_what_is_asked_for_is_pinned(name: str) -> None:
    root = Checkout.here().root
    asked, pinned = versions(root / f"{name}.in"), versions(root / f"{name}.txt")
    assert asked == {package: pinned.get(package) for package in asked}  # a new lock moves nothing by itself


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


def test_the_lock_files_of_this_checkout_know_the_files_of_other_pythons() -> None:
    refuse_single_files(Checkout.here())


def test_one_that_knows_a_single_file_of_a_package_is_refused(tmp_path: Path) -> None:
    two = "whole==1 \\\n    --hash=sha256:0 \\\n    --hash=sha256:1\n    # via flask\n"
    (tmp_path / "requirements.txt").write_text(two + "lone==2 ; python_version < '4' \\\n    --hash=sha256:2\n")
    with pytest.raises(Failed, match=r"^requirements\.txt knows only one file of lone==2, "):
        refuse_single_files(Checkout(tmp_path))
