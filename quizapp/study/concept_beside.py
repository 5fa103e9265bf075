"""What one learner knows of a concept, as a note says it beside the concept's line. Reads only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quizapp.catalogue.articles.lab_links import LabSummary
from quizapp.catalogue.articles.note_article import ConceptView
from quizapp.labs.runs.calibration import Foretold
from quizapp.review.knowledge import Knowledge, KnownQuestion

# From least to most advanced: a concept has the state of its least advanced card. Due is first: it is to be reviewed.
_ORDER = (Knowledge.DUE, Knowledge.LEARNING, Knowledge.NEW, Knowledge.KNOWN)


@dataclass(frozen=True, kw_only=True)
class LabBeside:
    """A lab beside a concept or below a section, with how far the learner is with it."""

    lab: LabSummary
    state: str
    """The value of a Knowledge; "new" without a card."""


@dataclass(frozen=True, kw_only=True)
class ConceptBeside:
    """A concept beside its line."""

    key: str
    term: Markup
    state: str
    """The value of the Knowledge of its least advanced card; see `state_of`."""
    holds_days: int | None
    """The days for which the weakest memory of it holds, if all of them were reviewed; else None."""
    cards: int
    """Its questions that can become cards, without its labs'."""
    lab: LabBeside | None
    """The easiest lab about it that the learner does not know; if there is none, the easiest."""
    more_labs: int
    """How many other labs are about it."""
    otherwise: Foretold | None
    """The learner's last prediction in one of its labs that did not come true."""


def beside(
    concept: ConceptView, *, known: Mapping[int, KnownQuestion], otherwise: Mapping[int, Foretold]
) -> ConceptBeside:
    """What is said beside a concept. `otherwise` has the last prediction that failed, by the lab's question."""
    labs = [lab_beside(lab, known) for lab in concept.labs]
    to_do = next((each for each in labs if each.state != Knowledge.KNOWN.value), next(iter(labs), None))
    failed = [otherwise[lab.question_id] for lab in concept.labs if lab.question_id in otherwise]
    of_labs = {lab.question_id for lab in concept.labs}
    return ConceptBeside(
        key=concept.key,
        term=concept.term_html,
        state=state_of({id: known[id].state for id in concept.question_ids}, concept.question_ids),
        holds_days=holds_of([known[id] for id in concept.question_ids]),
        cards=len(set(concept.question_ids) - of_labs),
        lab=to_do,
        more_labs=max(len(labs) - 1, 0),
        otherwise=max(failed, key=lambda each: each.day, default=None),
    )


def lab_beside(lab: LabSummary, known: Mapping[int, KnownQuestion]) -> LabBeside:
    """A lab with how far the learner is with it."""
    state = known[lab.question_id].state
    return LabBeside(lab=lab, state=Knowledge.NEW.value if state is Knowledge.NONE else state.value)


def state_of(known: Mapping[int, Knowledge], question_ids: Collection[int]) -> str:
    """The state of several questions together: the first of _ORDER that one of them has; "new" without any card."""
    states = {known[question_id] for question_id in question_ids}
    return next((state.value for state in _ORDER if state in states), Knowledge.NEW.value)


def holds_of(known: Sequence[KnownQuestion]) -> int | None:
    """For how many days the weakest of some memories holds; None if one that is a card was never reviewed."""
    cards = [one for one in known if one.state is not Knowledge.NONE]
    days = [one.holds_days for one in cards if one.holds_days is not None]
    return min(days) if days and len(days) == len(cards) else None


def last_otherwise(foretold: Sequence[Foretold]) -> Mapping[int, Foretold]:
    """Of predictions, the newest first, the last one of each lab's question that did not come true."""
    found: dict[int, Foretold] = {}
    for each in foretold:
        if not each.came_true:
            found.setdefault(each.question_id, each)
    return found
