"""Which files an import leaves out, as they would retire much of their notes though nobody has agreed to it."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.importing.reading import ReadFiles
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.retirement_consent import is_much
from quizapp.catalogue.store.import_run import FileReport, NoteFile, failed
from quizapp.catalogue.store.live_items import live_items, lost_items
from quizapp.db import snapshot

StoresAll = Callable[[Session, ReadFiles], Sequence[FileReport]]


def hold_back(db: Session, found: ReadFiles, *, store_all: StoresAll) -> None:
    """Leave out the files that would retire much of their notes, as if they could not be read this time.

    An item that another file takes over is not lost. So all is stored on trial in a copy; what a file that is left out
    would have taken over may then be lost by another one, which is found at the next trial. After that the import of
    the others, now or at the next start, finds the same files to leave out again.
    """
    while _some_may_lose_much(db, found):
        with rehearsal(db) as copy:
            before = live_items(copy)
            kept = (list(found.reports), dict(found.unchanged))
            tried = store_all(copy, found)
            replaced = {report.path: report.replaced for report in tried}
            lost = lost_items(copy, before)
            lost.subtract({note.name: replaced.get(note.path, 0) for note in found.notes})
            found.reports, found.unchanged = kept
        held = [note for note in found.notes if is_much(lost[note.name], len(before.get(note.name, ())))]
        if not held:
            return
        for note in held:
            found.notes.remove(note)
            found.left_out.append(note)
            found.reports.append(_left_out(note, lost[note.name], len(before[note.name])))


def _some_may_lose_much(db: Session, found: ReadFiles) -> bool:
    with snapshot(db):
        return any(_may_lose_much(db, note) for note in found.notes)


def _may_lose_much(db: Session, note: NoteFile) -> bool:
    """Whether so much of a note is not in its file by the same words or id that some of it may be lost."""
    before = live_items(db, path=note.name).get(note.name, frozenset())
    prints = {*note.concept_prints, *(content.fingerprint for content in note.contents)}
    keys = {item.key for item in note.parsed.everything_asked}
    keys |= {concept.key for section in note.parsed.sections for concept in section.concepts}
    return is_much(sum(one.fingerprint not in prints and one.key not in keys for one in before), len(before))


def _left_out(note: NoteFile, lost: int, before: int) -> FileReport:
    message = (
        f"NOT TAKEN: this file has lost {lost} of the {before} concepts, cards and questions of its note, so the note "
        f"stays as it was. If that is meant: `flask content import {note.path} --yes`; else look for changed labels."
    )
    return failed(note.path, NoteWarning(line=1, message=message), held=lost)
