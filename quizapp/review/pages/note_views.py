"""Which questions of a note are in one's reviews: adding them, taking them out, bringing them back."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from flask import flash, redirect, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.articles.note_questions import note_id_of, questions_of
from quizapp.errors import Invalid
from quizapp.review import studied_notes
from quizapp.review.deed_order import next_number
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.forms import NoteCardsForm
from quizapp.review.pages.sitting_cards import SittingOrder, new_of_note, take
from quizapp.web.database import get_db
from quizapp.web.mounting import home
from quizapp.web.templating import plural

Message = Literal["good", "message"]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a form of a note's cards asked for."""

    note: str
    note_id: int
    questions: list[int]
    section: str | None
    """The anchor of the section that it is about; None for what is about something else."""
    concept: str | None
    """The key of the concept that it is about, likewise."""
    is_whole: bool
    """Whether it is about the whole note."""
    then: str


@audience(Audience.LEARNER)
def add() -> Response:
    """Make new cards of questions of a note; go back to the note, or on to review them."""
    sent = _sent()
    added = studied_notes.add(
        get_db(), user=current_user(), note_id=sent.note_id, question_ids=sent.questions, now=clock.now()
    )
    text = f"{plural(added, 'new card')} in your reviews." if added else "Its cards are in your reviews already."
    return _done(sent, "" if sent.then == "review" and not added else text, "good")


@audience(Audience.LEARNER)
def take_out() -> Response:
    """Take cards of a note out of the reviews; what is remembered of them is kept."""
    sent = _sent()
    whole = sent.note_id if sent.is_whole else None
    taken = studied_notes.take_out(
        get_db(), user=current_user(), question_ids=sent.questions, now=clock.now(), whole=whole
    )
    return _done(sent, _taken_out_text(taken))


@audience(Audience.LEARNER)
def bring_back() -> Response:
    """Let suspended cards of a note come back with what is remembered of them."""
    sent = _sent()
    back = studied_notes.bring_back(get_db(), user=current_user(), question_ids=sent.questions, now=clock.now())
    return _done(sent, f"{plural(back, 'card')} back in your reviews.", "good")


@audience(Audience.LEARNER)
def add_offered() -> Response:
    """Make new cards of what came into a note since its cards were added."""
    sent, user = _sent(), current_user()
    offered = studied_notes.offered_questions(get_db(), user=user, note_id=sent.note_id)
    added = studied_notes.add(get_db(), user=user, note_id=sent.note_id, question_ids=offered, now=clock.now())
    return _done(sent, f"{plural(added, 'new card')} in your reviews.", "good")


@audience(Audience.LEARNER)
def decline() -> Response:
    """Offer no longer what came into a note; its page has it still."""
    sent = _sent()
    studied_notes.decline(get_db(), user=current_user(), note_id=sent.note_id)
    return _done(sent, "Not added. The note's page has them, if you want them later.")


def _sent() -> Sent:
    """What the form asks for. Raises Invalid without a note, NotFound for one that the user does not learn from."""
    form = NoteCardsForm()
    if not form.validate():
        raise Invalid("Choose a note first.")
    key, section, question = form.note.data or "", form.section.data or None, form.question.data or None
    concept = form.concept.data or None
    note_id = note_id_of(get_db(), user=current_user(), key=key)
    asked = questions_of(get_db(), note_id=note_id, section=section, concept=concept, question=question)
    return Sent(
        note=key,
        note_id=note_id,
        questions=[each.id for each in asked],
        section=section,
        concept=concept,
        is_whole=section is None and concept is None and question is None,
        then=form.then.data or "",
    )


def _done(sent: Sent, text: str, kind: Message = "message") -> Response:
    """Keep it, say it if there is something to say, and go where the form leads."""
    get_db().commit()
    if text:
        flash(text, kind)
    if sent.then == "review":
        return _begin(sent)
    if sent.then == "concept" and sent.concept is not None:
        return redirect(url_for("notes.concept", concept=sent.concept))
    return redirect(home() if sent.then == "today" else url_for("notes.read", key=sent.note, _anchor=sent.section))


def _begin(sent: Sent) -> Response:
    """Begin a sitting over the new cards of the note; without one, go on with whatever is due."""
    now, among = clock.now(), new_of_note(sent.note)
    order, user = SittingOrder.OLDEST, current_user()
    ids = take(get_db(), user=user, among=among, order=order, is_apart=False, now=now, chance=Random())
    if not ids:
        return redirect(url_for("review.show"), code=303)
    chosen_cards.keep(session, ids, now=now, first_number=next_number(get_db(), user=user))
    if len(ids) > chosen_cards.CHOSEN_MAX:
        flash(chosen_cards.CUT)
    return redirect(url_for("review.show", chosen=1), code=303)


def _taken_out_text(taken: studied_notes.TakenOut) -> str:
    """Such as "5 cards out of your reviews: 3 suspended with what you remember, 2 new ones removed."."""
    total = taken.suspended + taken.removed
    if not total:
        return "None of these cards was in your reviews."
    parts = [f"{taken.suspended} suspended with what you remember"] if taken.suspended else []
    parts += [f"{plural(taken.removed, 'new one')} removed"] if taken.removed else []
    return f"{plural(total, 'card')} out of your reviews: {', '.join(parts)}."
