"""Steps that are done once and stay done until what they were made from changes. Knows no particular step."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ops.console import Progress, say


def digest(parts: Iterable[Path | str]) -> str:
    """One hash over texts, files and whole folders (names and contents); a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, str):
            total.update(f"text {part}\0".encode())
            continue
        for file in _files(part):
            total.update(f"file {file.relative_to(part.parent)}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(part: Path) -> list[Path]:
    if part.is_file():
        return [part]
    return sorted(file for file in part.rglob("*") if file.is_file() and file.suffix != ".pyc")


class Record(Protocol):
    """Remembers whether a thing is made, and from what."""

    def is_fresh(self) -> bool:
        """Whether the thing is there and was made from what its sources are now."""
        ...

    def forget(self) -> None:
        """Count the thing as not made, before work on it begins: half-done work must not look done."""
        ...

    def write(self) -> None:
        """Count the thing as made."""
        ...


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A record in a file. `makes` is what the work leaves behind: once that is gone, the stamp counts for nothing."""

    file: Path
    makes: Path
    sources: tuple[Path | str, ...]

    def is_fresh(self) -> bool:
        try:
            return self.makes.exists() and self.file.read_text(encoding="utf-8") == digest(self.sources)
        except FileNotFoundError:
            return False

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(digest(self.sources), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class Step:
    """A title for the person, the record of it and the work, which raises Failed with one sentence."""

    title: str
    record: Record
    work: Callable[[Progress], None]


def bring_up_to_date(steps: Sequence[Step]) -> None:
    """Do what is not done, in order. Work done once is forgotten when its sources change or what it made is gone."""
    for step in steps:
        if step.record.is_fresh():
            say(f"  ok   {step.title}")
            continue
        step.record.forget()
        progress = Progress(step.title)
        step.work(progress)
        step.record.write()
        progress.done()
