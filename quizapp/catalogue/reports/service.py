"""What learners report of questions and labs, and what editors decide about it. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.authored_rows import lock
from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.models import KEY_MAX_CHARS, DeedOf, Lab, Question, QuestionKind
from quizapp.catalogue.question_shape import wording_of
from quizapp.catalogue.question_wording import Wording, faults, tidy
from quizapp.catalogue.remits import hold
from quizapp.catalogue.reports.models import (
    ProblemKind,
    ProblemReport,
    ReportedFrom,
    ReportState,
    SuggestedOption,
    SuggestedText,
    SuggestedTexts,
)
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader, is_for_all
from quizapp.errors import Conflict, Invalid, NotFound

OPEN_MAX = 20  # open reports of one learner: an evening's reading of an editor
WORDS_MAX_CHARS = 2_000  # a page; what is longer is a text of its own
REPLY_MAX_CHARS = 500  # a few sentences
ANSWER_MAX_CHARS = 4_000  # of what was answered: all of nearly every written answer


class BadReport(Invalid):
    """A report that says too little or too much."""


class TooManyReports(Conflict):
    """The learner has OPEN_MAX open reports."""

    def __init__(self) -> None:
        super().__init__(f"{OPEN_MAX} of your reports wait for an editor. Report more once some of them are decided.")


class AlreadyDecided(Conflict):
    """Another editor has decided about the report meanwhile."""

    def __init__(self) -> None:
        super().__init__("Another editor has decided about this report meanwhile. Reload the list of reports.")


class TextMovedOn(Conflict):
    """The text is no longer the one that a suggestion was made for."""

    def __init__(self) -> None:
        super().__init__("The text was changed since this was suggested. Open the editor, and take from it what fits.")


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """What a learner says of a question or lab."""

    kind: ProblemKind
    words: str = ""
    prompt: str | None = None
    """The prompt as it should be; None if it is not said."""
    answer: str | None = None
    """The same of the answer's text."""
    options: Mapping[int, tuple[str, bool]] = field(default_factory=dict)
    """What each option should say, and whether it is right, by the id of its choice. Others stay as they are."""
    rev: int | None = None
    """The question's revision that the texts were written over."""


def reportable(db: Session, *, key: str = "", slug: str = "") -> Question:
    """The question with this key, or that of the lab with this slug, if learners may report it.

    Raises NotFound: what is in a learner's own note is nobody else's, and what is being written is not shown yet.
    """
    named = key or slug
    usable = 0 < len(named) <= KEY_MAX_CHARS and named.isprintable()  # PostgreSQL refuses to compare with a NUL
    rows = select(Question).where(is_for_all(), Question.held.is_(None), Question.draft.is_(False))
    rows = rows.where(Question.key == key) if key else rows.join(Lab).where(Lab.slug == slug)
    question = db.scalar(rows) if usable else None
    if question is None:
        raise NotFound("There is nothing to report here. What is in a note of your own, you change in its file.")
    return question


def can_suggest(question: Question) -> bool:
    """Whether its texts can be suggested: those of a lab are its file's."""
    return question.kind is not QuestionKind.LAB


def report(
    db: Session,
    *,
    user: Reader,
    question: Question,
    came_from: ReportedFrom,
    complaint: Complaint,
    answer: str,
    now: datetime,
) -> ProblemReport:
    """Store a report; the same one sent twice is stored once.

    Raises BadReport, and TooManyReports. Two that are sent at the same moment may both be stored above OPEN_MAX.
    """
    words, suggested = tidy(complaint.words).strip(), _suggested(question, complaint)
    if len(words) > WORDS_MAX_CHARS:
        raise BadReport(f"Say it in at most {WORDS_MAX_CHARS} characters.")
    if complaint.kind is ProblemKind.OTHER and not words and suggested is None:
        raise BadReport("Say what is the matter, in a few words.")
    own = select(ProblemReport).where(ProblemReport.user_id == user.id, ProblemReport.state == ReportState.OPEN)
    waiting = db.scalars(own).all()
    for one in waiting:
        if (one.question_id, one.kind, one.words, one.suggested) == (question.id, complaint.kind, words, suggested):
            return one
    if len(waiting) >= OPEN_MAX:
        raise TooManyReports
    made = ProblemReport(
        user_id=user.id,
        question_id=question.id,
        came_from=came_from,
        kind=complaint.kind,
        words=words,
        suggested=suggested,
        answer=answer[:ANSWER_MAX_CHARS],
        reported_at=now,
    )
    db.add(made)
    db.flush()
    return made


def take(db: Session, *, report_id: int, editor: Reader, now: datetime) -> Question:
    """Write the suggested texts into the question, as an edit; returns the question.

    Raises AlreadyDecided, TextMovedOn if one of these texts was changed since, and authoring.Unfit.
    """
    found = _open(db, report_id, editor)
    if found.suggested is None:
        raise Invalid("This report suggests no text. Open the editor and change what is wrong.")
    lock(db, found.question, editor=editor)
    wording = wording_of(found.question)
    if not still_fits(wording, found.suggested):
        raise TextMovedOn
    after = _as_suggested(wording, found.suggested)
    authoring.save(
        db,
        question=found.question,
        wording=after,
        rev=found.question.rev,
        editor=editor,
        now=now,
        what=DeedOf.TAKE_REPORT,
    )
    _close(found, ReportState.TAKEN, reply="", now=now)
    return found.question


def settle(db: Session, *, report_id: int, state: ReportState, reply: str, editor: Reader, now: datetime) -> None:
    """Say that the mistake is mended, or decline the report with a reason. Raises AlreadyDecided and BadReport."""
    found, said = _open(db, report_id, editor), tidy(reply).strip()
    if len(said) > REPLY_MAX_CHARS:
        raise BadReport(f"Answer in at most {REPLY_MAX_CHARS} characters.")
    if state is ReportState.DECLINED and not said:
        raise BadReport("Say in a few words why nothing changes: the learner reads it.")
    if state is ReportState.OPEN:
        raise BadReport("Say whether it is mended or declined.")
    what = DeedOf.SETTLE_REPORT if state is ReportState.TAKEN else DeedOf.DECLINE_REPORT
    note_down(db, what=what, words=found.question.prompt, editor=editor, now=now, key=found.question.key)
    _close(found, state, reply=said, now=now)


def still_fits(wording: Wording, suggested: SuggestedTexts) -> bool:
    """Whether the texts are still those that the learner saw."""
    own = {choice.id: (choice.text, choice.right) for choice in wording.choices}
    return all(getattr(wording, name) == text.before for name, text in suggested.parts.items()) and all(
        own.get(choice) == (option.before, option.was_right) for choice, option in suggested.options.items()
    )


def _as_suggested(wording: Wording, suggested: SuggestedTexts) -> Wording:
    """The wording with the suggested texts in it."""
    texts: dict[str, Any] = {name: text.after for name, text in suggested.parts.items()}
    choices = tuple(
        choice
        if (option := suggested.options.get(choice.id or 0)) is None
        else replace(choice, text=option.after, right=option.right)
        for choice in wording.choices
    )
    return replace(wording, choices=choices, **texts)


def _suggested(question: Question, complaint: Complaint) -> SuggestedTexts | None:
    """The texts that differ from those of the question; None if none does. Raises BadReport."""
    wording, typed = wording_of(question), {"prompt": complaint.prompt, "answer": complaint.answer}
    parts = {}
    for name, text in typed.items():
        before, after = getattr(wording, name), tidy(text) if text is not None else None
        if after is None or after == before:
            continue
        if len(after) > FIELD_MAX_CHARS:
            raise BadReport(f"A text has at most {FIELD_MAX_CHARS} characters.")
        parts[name] = SuggestedText(before=before, after=after)
    options = _suggested_options(wording, complaint)
    if not parts and not options:
        return None
    if not can_suggest(question):
        raise BadReport("The texts of a lab are in its file. Say in words what should be different.")
    if complaint.rev != question.rev:
        raise BadReport("The question was changed while you were writing. Look at its new text, and suggest again.")
    suggested = SuggestedTexts(**parts, options=options)
    wrong = faults(_as_suggested(wording, suggested), question.kind, draft=False).get("choices")
    if options and wrong and "choices" not in faults(wording, question.kind, draft=False):
        raise BadReport(f"So the question could not be asked. {wrong}")
    return suggested


def _suggested_options(wording: Wording, complaint: Complaint) -> dict[int, SuggestedOption]:
    """The options that should be different. Raises BadReport."""
    found = {}
    for choice in wording.choices:
        if choice.id is None or choice.id not in complaint.options:
            continue
        text, right = complaint.options[choice.id]
        after = tidy(text)
        if not after.strip():
            raise BadReport("An option has to say something. Say in words if it should go.")
        if len(after) > FIELD_MAX_CHARS:
            raise BadReport(f"A text has at most {FIELD_MAX_CHARS} characters.")
        if (after, right) != (choice.text, choice.right):
            found[choice.id] = SuggestedOption(before=choice.text, after=after, was_right=choice.right, right=right)
    return found


def _open(db: Session, report_id: int, editor: Reader) -> ProblemReport:
    """A report that waits, its row kept from others until the transaction ends.

    Raises NotFound, OutsideRemit and AlreadyDecided.
    """
    found = db.scalar(select(ProblemReport).where(ProblemReport.id == report_id).with_for_update())
    if found is None:
        raise NotFound("There is no such report. Whoever made it may have deleted their account.")
    hold(db, found.question, editor)
    if found.state is not ReportState.OPEN:
        raise AlreadyDecided
    return found


def _close(found: ProblemReport, state: ReportState, *, reply: str, now: datetime) -> None:
    found.state, found.reply, found.decided_at = state, reply, now
