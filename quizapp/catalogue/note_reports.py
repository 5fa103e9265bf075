"""What an import says of a note: what its file has, what became of it, and each warning. Reads no row."""

from quizapp.catalogue.formats.parsed import ParsedNote
from quizapp.catalogue.store.import_run import Changes, FileReport, NoteFile
from quizapp.catalogue.store.note_planning import StoredNote


def note_report(note: NoteFile, stored: StoredNote) -> FileReport:
    """The report on a note, from its file and what came of it."""
    parsed = note.parsed
    questions = [one for one in parsed.everything_asked if not one.flashcard]
    once = (*stored.copies, *(doubt.warning for doubt in stored.doubts), *stored.left)
    said = (*note.warnings, *stored.conflicts, *once)
    warnings = sorted(said, key=lambda warning: (warning.line, warning.message))
    return FileReport(
        path=note.path,
        title=parsed.heading,
        convention=parsed.convention,
        questions=len(questions),
        answered=sum(question.answered for question in questions),
        concepts=sum(section.teaches for section in parsed.sections),
        cards=sum(1 for _ in parsed.everything_asked) - len(questions),
        warnings=tuple(warnings),
        changes=stored.changes,
        once=once,
        items_before=_items_before(parsed, stored.changes),
        doubts=stored.doubts,
        replaced=stored.replaced,
    )


def _items_before(parsed: ParsedNote, changes: Changes) -> int:
    """How many concepts, cards and questions of a note were live before its file was stored; 0 if all still are."""
    if not changes.retired:
        return 0
    now = sum(len(section.concepts) for section in parsed.sections) + sum(1 for _ in parsed.everything_asked)
    return max(now - changes.added - changes.restored, 0) + changes.retired
