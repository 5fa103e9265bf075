"""Steps that are done once, side by side, and stay done until what they were made from changes. Knows no step."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ops.console import Progress, beat, end_commands, say, want_commands

BEAT_S = 1.0  # how often a person sees that the work goes on


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
    """A title for the person, the record of it and the work, which raises Failed with one sentence.

    `after` are the titles of the steps that come first. Steps that do not wait for each other run side by side.
    """

    title: str
    record: Record
    work: Callable[[Progress], None]
    after: tuple[str, ...] = ()


class EachTime:
    """The record of a step that is never done for good."""

    def is_fresh(self) -> bool:
        return False

    def forget(self) -> None:
        pass

    def write(self) -> None:
        pass


def bring_up_to_date(steps: Sequence[Step]) -> None:
    """Do what is not done, each step as soon as those before it are.

    Work done once is forgotten when its sources change or what it made is gone. What comes first and is none of these
    steps counts as done. The first step that fails ends the others, and its Failed is raised; so does
    KeyboardInterrupt.
    """
    want_commands()
    waiting = list(steps)
    done = {title for step in steps for title in step.after} - {step.title for step in steps}
    at_work: dict[Future[None], Step] = {}
    with ThreadPoolExecutor(max(1, len(steps))) as threads:
        try:
            while waiting:
                ready = [step for step in waiting if done.issuperset(step.after)]
                assert ready or at_work, "the steps wait for each other"
                waiting = [step for step in waiting if step not in ready]
                fresh = [step.title for step in ready if _is_fresh(step)]
                at_work |= {threads.submit(_do, step): step for step in ready if step.title not in fresh}
                done |= set(fresh) or _finished(at_work)
            while at_work:
                _finished(at_work)
        except BaseException:
            end_commands()
            raise


def _is_fresh(step: Step) -> bool:
    fresh = step.record.is_fresh()
    if fresh:
        say(f"  ok   {step.title}")
    return fresh


def _finished(at_work: dict[Future[None], Step]) -> set[str]:
    """Wait about a second for steps to be done, and take them out; their titles. Raises what one of them raised."""
    ended, _ = wait(at_work, timeout=BEAT_S, return_when=FIRST_COMPLETED)
    if not ended:
        beat()
    for future in ended:
        future.result()
    return {at_work.pop(future).title for future in ended}


def _do(step: Step) -> None:
    """Do one step. Its record says that it is done only once it is."""
    step.record.forget()
    with Progress(step.title) as progress:
        step.work(progress)
        step.record.write()
