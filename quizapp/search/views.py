"""The search page, and what is done from it with what was found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.html.rendering import render_head
from quizapp.errors import Invalid
from quizapp.review import deeds, undoing
from quizapp.review import service as cards
from quizapp.review.pages.deed_messages import undone_text
from quizapp.review.queries import comes_back, counts, has_cards, today_of
from quizapp.search import queries, service, sitting_views
from quizapp.search.hints import hint_for
from quizapp.search.language import NotUnderstood, in_address
from quizapp.search.queries import FoundCard
from quizapp.search.service import Action
from quizapp.web.database import get_db
from quizapp.web.templating import plural

PAGE_DIGITS_MAX = 4  # there are no more than PAGES_MAX pages
NUMBER_DIGITS_MAX = 5  # of days; more than DAYS_AHEAD_MAX is refused in any case
PUT_AWAY = "Those are suspended or buried. Bring them back first."
UNCHANGED = "Nothing to change."
NOTHING_CHOSEN = "Choose some cards first, or tick that all found are meant."


@dataclass(frozen=True, kw_only=True)
class Refused:
    """What could not be done with a selection, for the page that shows it again."""

    why: str
    cards: Collection[str] = ()
    """The values of the ticked boxes, as they were sent."""
    questions: Collection[str] = ()
    is_whole: bool = False
    due: str = "0"
    tag: str = ""
    is_due: bool = False
    """Whether the number of days is what is wrong."""


@audience(Audience.LEARNER)
def show() -> str | tuple[str, int]:
    """The search page with what was found, or with why the search is not understood."""
    return _page(request.args.get("q", "").strip())


@audience(Audience.LEARNER)
def do() -> Response | tuple[str, int]:
    """Study cards now, add questions to one's reviews, or do an Action with cards.

    Too many cards, or a number of days that is none, are told on the search page, with the selection as it was.
    """
    action = request.form.get("do", "")
    if action == "study":
        card_ids = _cards_chosen()
        if not card_ids:
            return _back(NOTHING_CHOSEN)
        return sitting_views.begin(card_ids, nothing=PUT_AWAY, back=_to_search())
    if action == "add":
        return _add(request.form.getlist("question", type=int))
    if action not in list(Action):
        raise Invalid("That could not be read, so nothing was done. Reload the page and choose again.")
    try:
        card_ids = _cards_chosen()
        if not card_ids:
            return _back(NOTHING_CHOSEN)
        number = _number(Action(action))
        done = service.act(
            get_db(), user=current_user(), action=Action(action), card_ids=card_ids, number=number, now=clock.now()
        )
    except Invalid as wrong:
        get_db().rollback()
        return _refused(wrong)
    get_db().commit()
    return _back(f"{plural(done, 'card')} {service.SAID[Action(action)]}." if done else UNCHANGED)


@audience(Audience.EDITOR)
def tag() -> Response | tuple[str, int]:
    """Give the chosen questions a tag, or take it away; with `whole` all questions that the search finds."""
    adds = request.form.get("do") != "untag"
    try:
        done = service.tag(
            get_db(),
            editor=current_user(),
            question_ids=_questions_chosen(),
            name=request.form.get("tag", ""),
            adds=adds,
            now=clock.now(),
        )
    except Invalid as wrong:
        get_db().rollback()
        return _refused(wrong)
    get_db().commit()
    return _back(f"{plural(done, 'question')} {'tagged' if adds else 'without the tag'}." if done else UNCHANGED)


@audience(Audience.LEARNER)
def undo() -> Response | str | tuple[str, int]:
    """Take back the last thing that was done with cards, here or in a review.

    A rating was made on another page, so this one first says which it is, and takes it back when it is sent again.
    """
    user, now = current_user(), clock.now()
    rating = undoing.rating_to_undo(get_db(), user=user)
    if rating is not None and request.form.get("rating") != str(rating.review_id):
        return _page(request.form.get("q", "").strip(), asked=rating)
    undone = undoing.undo(get_db(), user=user, now=now)
    get_db().commit()
    return _back("There is nothing to undo." if undone is None else undone_text(undone))


def _page(
    query: str, refused: Refused | None = None, asked: undoing.RatingToUndo | None = None
) -> str | tuple[str, int]:
    """The page of a query, with what was refused if something was, or with the rating that undo would take back."""
    shown: dict[str, object] = {"inline": render_head, "state": _state, "refused": refused, "asked": asked}
    if not query:
        return render_template("search/show.html", query="", found=None, wrong=None, **shown)
    try:
        found = queries.search(get_db(), user=current_user(), query=query, now=clock.now(), page=_page_number())
    except NotUnderstood as wrong:
        return render_template("search/show.html", query=query, found=None, wrong=wrong, **shown), wrong.status
    shown["has_cards"] = has_cards(get_db(), user=current_user())
    may_undo = not found.results and counts(get_db(), user=current_user(), now=clock.now()).may_undo
    around = {"hint": None if found.results else hint_for(query), "may_undo": may_undo, **shown}
    return render_template("search/show.html", query=query, found=found, wrong=None, **around)


def _refused(wrong: Invalid) -> tuple[str, int]:
    """The page that the selection was made on, with it and with what is wrong."""
    form = request.form
    refused = Refused(
        why=str(wrong),
        cards=frozenset(form.getlist("card")),
        questions=frozenset(form.getlist("question")),
        is_whole="whole" in form,
        due=form.get("due", ""),
        tag=form.get("tag", ""),
        is_due=form.get("do") == Action.DUE,
    )
    page = _page(form.get("q", "").strip(), refused)
    return page if isinstance(page, tuple) else (page, wrong.status)


def _add(question_ids: Sequence[int]) -> Response:
    """Add questions to the user's reviews."""
    added = cards.add_cards(get_db(), user=current_user(), question_ids=question_ids, now=clock.now(), wanted=True)
    get_db().commit()
    return _back(f"{plural(added, 'new card')} in your reviews." if added else "Choose some questions first.")


def _cards_chosen() -> Sequence[UUID]:
    """The cards that were ticked, or with `whole` all cards that the search finds."""
    if "whole" not in request.form:
        return request.form.getlist("card", type=UUID)[: deeds.CARDS_MAX]
    query = request.form.get("q", "")
    found = queries.cards_of(get_db(), user=current_user(), query=query, now=clock.now(), most=deeds.CARDS_MAX + 1)
    if len(found) > deeds.CARDS_MAX and request.form.get("do") != "study":
        raise Invalid(f"At most {deeds.CARDS_MAX} cards can be changed at once. Search for fewer.")
    return found


def _questions_chosen() -> Sequence[int]:
    """The questions that were ticked, as cards or as such, or with `whole` all that the search finds."""
    if "whole" in request.form:
        query, most = request.form.get("q", ""), service.TAGGED_MAX + 1
        return queries.questions_of(get_db(), user=current_user(), query=query, now=clock.now(), most=most)
    of_cards = queries.questions_of_cards(get_db(), user=current_user(), card_ids=_cards_chosen())
    found = [*request.form.getlist("question", type=int), *of_cards]
    if not found:
        raise Invalid("Choose some questions first, or tick that all found are meant.")
    return found


def _number(action: Action) -> int:
    """The number that goes with an action. Raises Invalid."""
    written = request.form.get(action, "0").strip()
    if action not in (Action.FLAG, Action.DUE):
        return 0
    if not (written.isascii() and written.isdigit() and len(written) <= NUMBER_DIGITS_MAX):
        raise Invalid("Enter a whole number of days, 0 for today.")
    return int(written)


def _back(said: str) -> Response:
    """To the search that this was done from."""
    flash(said)
    return _to_search()


def _to_search() -> Response:
    query, page = request.form.get("q", ""), _page_number()
    return redirect(url_for("search.show", q=in_address(query), page=page if page > 1 else None), code=303)


def _state(card: FoundCard) -> str:
    """When a card comes back, or why it does not, in words."""
    user, now = current_user(), clock.now()
    if card.is_suspended:
        return "suspended"
    if (card.buried_until_day or 0) > today_of(user, now=now):
        return "buried until tomorrow"
    return "new" if card.due_day is None else f"comes {comes_back(card, user=user, now=now)}"


def _page_number() -> int:
    """The number in `page`; 1 if that is no page number."""
    text = request.values.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS_MAX else 1
