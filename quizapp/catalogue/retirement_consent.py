"""Whether an import may retire much of a note."""

from enum import Enum, auto

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.store.import_run import FileReport, failed

RETIRED_SHARE_MAX = 0.1  # of a note's items; beyond it a formatter or a wrong file is likelier than an edit
RETIRED_MAX = 10  # items of a large note, for the same reason


class Consent(Enum):
    """Whether an import may retire much of a note: more than RETIRED_SHARE_MAX of its items, or than RETIRED_MAX."""

    GIVEN = auto()
    FOR_FILES_GONE = auto()  # who takes a file away means it; a file that is there may have been misread
    NONE = auto()


class Held(Exception):
    """More items would be retired than an import without consent may, or a learner would have more than fits.

    What was written for the file is undone.
    """

    def __init__(self, report: FileReport) -> None:
        super().__init__(report.path)
        self.report = report


def is_much(retired: int, before: int) -> bool:
    """Whether so many items of so many are retired that somebody must agree."""
    return retired > RETIRED_MAX or retired > RETIRED_SHARE_MAX * before


def retires_much(report: FileReport) -> bool:
    """Whether a file retires so much of its note that somebody must agree."""
    retired = report.changes.retired - report.replaced
    return is_much(retired, report.items_before)


def held_report(report: FileReport) -> FileReport:
    """The report on a file that would retire too much."""
    retired = report.changes.retired
    message = (
        f"This would retire {retired} of the {report.items_before} concepts, cards and questions of the note, so "
        "nothing of it was stored. If that is meant, agree to it; else look for changed labels."
    )
    warning = NoteWarning(line=1, message=message)
    return failed(report.path, warning, *report.warnings, held=retired)
