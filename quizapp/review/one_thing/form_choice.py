"""In which of several forms a card is asked, where they test the same thing. Pure; chance decides nothing.

The cheapest that still tests it, and never the same twice running.
"""

from collections.abc import Sequence

from quizapp.catalogue.asking_ways import Form, Way

# Study days of stability from which a choice tests no more: what is known for three weeks, Anki's mature, is recognised
# among options also when it could not be said without them.
RECOGNISED_DAYS = 21.0


def to_ask(ways: Sequence[Way], *, last: int | None, stability: float | None, has_host: bool) -> Way | None:
    """The way to ask a memory of this stability next; None if there is no way at all.

    `last` is the question by which it was asked last, None if it was not. Without a host that is free, what needs one
    is left out, unless nothing else is there: it then waits on its own page.
    """
    possible = [way for way in ways if has_host or not way.form.needs_host] or list(ways)
    telling = [way for way in possible if _tests(way.form, stability)] or possible
    other = [way for way in telling if way.question_id != last]
    if not other:  # the only one that tells; another that can be asked is better than the same twice running
        other = [way for way in possible if way.question_id != last] or telling
    order = list(Form)
    return min(other, key=lambda way: order.index(way.form), default=None)


def _tests(form: Form, stability: float | None) -> bool:
    """Whether an answer in this form still says that the thing is known."""
    return form is not Form.CHOICE or stability is None or stability < RECOGNISED_DAYS
