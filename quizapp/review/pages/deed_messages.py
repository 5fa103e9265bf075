"""What pages say of deeds: what was undone, when a rated card is due, and that a card has become a leech."""

from collections.abc import Mapping

from quizapp.accounts.models import LeechAction, User
from quizapp.review.models import DeedKind
from quizapp.review.rating import Rated
from quizapp.review.undoing import Undone
from quizapp.study_day import date_of

FLAGS = {1: "red", 2: "orange", 3: "green", 4: "blue", 5: "pink", 6: "turquoise", 7: "purple"}  # Anki's colours
DEEDS: Mapping[DeedKind, str] = {
    DeedKind.BURY: "burying",
    DeedKind.UNBURY: "unburying",
    DeedKind.SUSPEND: "suspending",
    DeedKind.UNSUSPEND: "unsuspending",
    DeedKind.FLAG: "the flag",
    DeedKind.LEECH: "the mark of a leech",
    DeedKind.RELEASE: "taking the mark of a leech away",
    DeedKind.RESCHEDULE: "setting the due day",
    DeedKind.RESET: "beginning anew",
    DeedKind.ADD: "adding to your reviews",
    DeedKind.EDIT: "the edit",
    DeedKind.TAG: "the tags",
    DeedKind.REMOVE: "taking out of your reviews",
    DeedKind.LIMIT_NEW: "the limit for today",
    DeedKind.LIMIT_REVIEWS: "the limit for today",
}
# Said of a card that is put away, or given another flag, or none.
DONE: Mapping[DeedKind, str] = {
    DeedKind.BURY: "Buried. The card comes back tomorrow.",
    DeedKind.SUSPEND: "Suspended. The card stays away until you bring it back.",
    DeedKind.FLAG: "The flag is changed.",
}
NEW_LAB_PUT_OFF = "The lab comes again in a week. Another new card takes its place."
UNCHANGED = "That card had been put away already, as in another tab. It stays as it is."
RATE_AGAIN = "Rate the card again."
HIDDEN = "Its question has been removed meanwhile, so the card is not shown again."


def script_texts() -> Mapping[str, Mapping[str, str]]:
    """What the page's script says of deeds before the server has answered, by the kind of the deed."""
    return {
        "done": {kind.value: text for kind, text in DONE.items()},
        "put_off": {DeedKind.BURY.value: NEW_LAB_PUT_OFF},
        "undone": {kind.value: f"Undone: {text}." for kind, text in DEEDS.items()},
    }


def due_text(rated: Rated) -> str | None:
    """When a rated card is due, for a script: a time if within the study day, else a date; None without a question."""
    if rated.due_at is not None:
        return rated.due_at.isoformat()
    return date_of(rated.due_day).isoformat() if rated.due_day else None


def undone_text(undone: Undone) -> str:
    """Such as "Undone: Good." or "Undone: suspending, on 12 cards."."""
    if undone.rating is not None:
        return f"Undone: {undone.rating.name.capitalize()}."
    assert undone.kind is not None  # it is one or the other
    things = "questions" if undone.kind in (DeedKind.EDIT, DeedKind.TAG) else "cards"
    of_many = f", on {undone.cards} {things}" if undone.cards > 1 else ""
    said = f"Undone: {DEEDS[undone.kind]}{of_many}."
    if undone.stays and undone.kind is DeedKind.ADD:
        return f"{said} Those that you have answered since stay."
    return f"{said} What was changed again since stays as it is." if undone.stays else said


def leech_text(user: User) -> str:
    """That the card just rated has become a leech, and what to do about it."""
    advice = "Read its paragraph in the note, put the question in other words, or set it aside."
    if user.leech_action is LeechAction.SUSPEND:
        return f"That card keeps slipping away, so it is suspended as a leech. {advice} Undo brings it back."
    return f"That card keeps slipping away: it is a leech now. {advice} Search finds all of them by is:leech."
