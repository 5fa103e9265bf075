"""Anki's language as it is understood here, one test for each play of Anki 26.9.3 about searches, by the play's name.

Where the product does otherwise than Anki, the test says what Anki does and why it is not done here.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import User
from quizapp.catalogue.models import Concept, Question
from quizapp.review import deeds, queries, service, undoing
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.search.language import NotUnderstood
from quizapp.search.patterns import Steps
from tests.builders import a_note, rate_card
from tests.integration.search.conftest import NOON, Search

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Ask = Callable[..., Question]
MakeCard = Callable[..., Card]
STATES = {
    "is:new": ["new", "new suspended"],
    "is:learn": ["learning", "learning suspended", "relearning"],
    "is:review": ["due", "due buried", "due suspended", "late", "later", "relearning"],
    # Anki's has cards in steps that come in ten minutes. Here it is what can be answered now, as on every page.
    "is:due": ["due", "late"],
    "is:suspended": ["due suspended", "learning suspended", "new suspended"],
    "is:buried": ["due buried"],
    "is:buried-manually": ["due buried"],
    "is:buried-sibling": [],
    "is:review -is:learn": ["due", "due buried", "due suspended", "late", "later"],
    "is:learn is:review": ["relearning"],
    "-is:due is:review": ["due buried", "due suspended", "later", "relearning"],
    # Anki refuses this: its letters must be small. Nobody means anything else by it.
    "is:Due": ["due", "late"],
    "prop:due<=0": ["due", "late", "learning", "relearning"],
    "prop:due=6": ["later"],
    "prop:comes=1": ["due buried"],
    "-kind:card": [],
}


def rate(db: Session, user: User, card: Card, rating: Rating = Rating.GOOD, *, at: object = NOON) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=at,  # type: ignore[arg-type]
        seen_version=card.version,
        taken_ms=None,
    )


def test_search_is(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    today = queries.today_of(learner, now=NOON)
    phases = {"learning": Phase.LEARNING, "relearning": Phase.RELEARNING}
    for name in sorted({name for names in STATES.values() for name in names}):
        one = card(name)
        first = name.split()[0]
        one.phase = phases.get(first, Phase.NEW if first == "new" else Phase.REVIEW)
        if first != "new":
            one.due_day, one.last_day = today + {"late": -4, "later": 6}.get(first, 0), today - 10
        if first in phases:
            one.due_at = NOON + 10 * MINUTE
        if name.endswith("suspended"):
            one.suspended = True
        if name.endswith("buried"):
            one.buried_until_day = today + 1
    assert {query: find(query) for query in STATES} == STATES


def test_what_only_cards_have_is_looked_for_among_cards(
    db: Session, learner: User, card: MakeCard, ask: Ask, find: Search
) -> None:
    """Anki has no question without a card. Here x and -x together find every card, and nothing else."""
    card("new"), ask("not added")
    rate(db, learner, card("known"))
    for term in ("is:new", "prop:r<0.9", "prop:s>1", "flag:1", "rated:1", "prop:ivl>2", "introduced:1", "is:buried"):
        assert sorted(find(term) + find(f"-{term}")) == ["known", "new"], term


def test_search_precedence(ask: Ask, find: Search) -> None:
    for tags in ("a", "b", "c", "a+c"):
        ask(tags, tags=tags.split("+"))
    assert {query: find(query) for query in PRECEDENCE} == PRECEDENCE


PRECEDENCE = {
    "tag:a or tag:b tag:c": ["a", "a+c"],
    "tag:a tag:c or tag:b": ["a+c", "b"],
    "-(tag:a or tag:b)": ["c"],
    "-tag:a or tag:a": ["a", "a+c", "b", "c"],
    "tag:a OR tag:b": ["a", "a+c", "b"],
    "tag:a and tag:c": ["a+c"],
    "(tag:a or tag:b) tag:c": ["a+c"],
    '-"a" tag:c': ["c"],
}


def test_search_tags(ask: Ask, find: Search) -> None:
    """A line stands for itself, as tags have many; in Anki it is any one sign."""
    for name in ("net", "net::ip", "network", "x::net"):
        ask(name, tags=[name])
    ask("(none)")
    assert {query: find(query) for query in TAGS} == TAGS


TAGS = {
    "tag:net": ["net", "net::ip"],
    "tag:NET": ["net", "net::ip"],
    "tag:net*": ["net", "net::ip", "network"],
    "tag:net::*": ["net::ip"],
    "tag:*net": ["net", "net::ip", "x::net"],
    "tag:none": ["(none)"],
    "-tag:net": ["(none)", "network", "x::net"],
    "tag:n_t": [],
    "tag:*": ["(none)", "net", "net::ip", "network", "x::net"],
    "tag:net::ip": ["net::ip"],
    "tag:nosuch": [],
    "tag:re:^net": ["net", "net::ip", "network"],
    "tag:re:(^|::)net$": ["net", "x::net"],
    "-tag:RE:net": ["(none)"],
}
FRONTS = [
    "docker run -p 8080:80",
    "/etc/resolv.conf",
    "Über dns",
    "a_b",
    "axb",
    "100% sure",
    'say "hi"',
    "use --rm",
    "type is:due here",
    "star * here",
    "DNS server",
]
TEXTS = {
    # Anki excludes p and rm: who searches for shell text means the option. `-"p"` excludes here.
    "-p": ["docker run -p 8080:80"],
    '"-p"': ["docker run -p 8080:80"],
    r"\-p": ["docker run -p 8080:80"],
    "--rm": ["use --rm"],
    '"--rm"': ["use --rm"],
    "run -p": ["docker run -p 8080:80"],
    # Anki takes what is before a colon for a field and finds nothing; here only its own terms are terms.
    "8080:80": ["docker run -p 8080:80"],
    '"8080:80"': ["docker run -p 8080:80"],
    r"8080\:80": ["docker run -p 8080:80"],
    "nosuch:x": [],
    "resolv.conf": ["/etc/resolv.conf"],
    "dns": ["DNS server", "Über dns"],
    # Anki folds no letters but a to z. Here all letters are folded, and accents count but after nc:.
    "über": ["Über dns"],
    "ÜBER": ["Über dns"],
    "uber": [],
    # Anki's line is any one sign and needs a backslash; in shell text it stands for itself.
    "a_b": ["a_b"],
    r"a\_b": ["a_b"],
    "100%": ["100% sure"],
    r"say \"hi\"": ['say "hi"'],
    # Quotation marks make text of anything. Anki reads terms in them.
    '"is:due"': ["type is:due here"],
    r"is\:due": ["type is:due here"],
    r"\*": ["star * here"],
    "*": ["star * here"],
    # Words are found whole; Anki finds parts, and needs w: for whole ones.
    "ru": [],
    "run": ["docker run -p 8080:80"],
    "ru*": ["docker run -p 8080:80"],
    '"run -p"': ["docker run -p 8080:80"],
    '"dns server"': ["DNS server"],
    '"or"': [],
    '""': sorted(FRONTS),
    "nc:uber": ["Über dns"],
    "nc:über": ["Über dns"],
    'nc:"ÜBER DNS"': ["Über dns"],
    "nc:ub*": ["Über dns"],
    "nc:dns -nc:uber": ["DNS server"],
    # As every word, found whole: Anki's nc: finds parts, as "ub" in "kubectl".
    "nc:be": [],
    r"re:\bDNS\b": ["DNS server", "Über dns"],
    r"re:\d{4}": ["docker run -p 8080:80"],
    're:"run -p"': ["docker run -p 8080:80"],
    "re:docker.*80": ["docker run -p 8080:80"],
    "re:a_b": ["a_b"],
    "re:a.b": ["a_b", "axb"],
    r"re:\S+\.conf": ["/etc/resolv.conf"],
    "re:rm|hi": ['say "hi"', "use --rm"],
    "re:(use|say) dns": [],
    "(re:^a.b$)": ["a_b", "axb"],
    r"dns -re:\bserver": ["Über dns"],
    r're:"say \"hi"': ['say "hi"'],
}


def test_search_text(ask: Ask, find: Search) -> None:
    for front in FRONTS:
        ask(front)
    assert {query: find(query) for query in TEXTS} == TEXTS


def test_search_by_memory(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    """Difficulty runs from 1 to 10 as FSRS has it; in Anki's search from 0 to 1, though it shows percent."""
    one, _ = card("with memory"), card("new")
    one.phase, one.stability, one.difficulty = Phase.REVIEW, 20.0, 5.0
    one.last_day = queries.today_of(learner, now=NOON) - 30
    one.due_day = one.last_day + 20
    expected = {
        "prop:s>10": ["with memory"],
        "prop:s<1": [],
        "prop:d>4": ["with memory"],
        "prop:d=5": ["with memory"],
        "prop:r<0.9": ["with memory"],
        "prop:r=0.87": ["with memory"],
        "prop:r>0.5": ["with memory"],
        "prop:r>0": ["with memory"],
        "prop:r<0": [],
        "-prop:r<0.9": ["new"],
        "prop:ivl>=20": ["with memory"],
        "prop:due=-10": ["with memory"],
    }
    assert {query: find(query) for query in expected} == expected


def test_search_rated_window_is_study_days(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    at = NOON + timedelta(hours=15.5)  # 03:30
    rate(db, learner, card("card"), at=at)
    assert [find("rated:1", at=at + MINUTE), find("rated:1", at=at + 90 * MINUTE)] == [["card"], []]
    assert find("rated:2", at=at + 90 * MINUTE) == ["card"]


def test_days_stay_what_they_were_after_a_flight(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    """Anki counts back from today's rollover in the zone of now, and finds other days after a flight."""
    rate(db, learner, card("card"), at=NOON - DAY)
    accounts.set_calendar(learner, zone="Pacific/Honolulu", rollover_hour=4)
    assert [find("rated:1"), find("rated:2")] == [["card"], ["card"]]


def test_undo_answer_in_searches_and_a_card_introduced_twice(
    db: Session, learner: User, card: MakeCard, find: Search
) -> None:
    one = card("card")
    rate(db, learner, one, Rating.AGAIN)
    assert [find("rated:1:1"), find("rated:1:3"), find("introduced:1")] == [["card"], [], ["card"]]
    deeds.reset(db, user=learner, card_ids=[one.id], now=NOON + 3 * DAY)
    rate(db, learner, one, at=NOON + 3 * DAY)
    assert find("introduced:1", at=NOON + 3 * DAY) == []
    undoing.undo(db, user=learner, now=NOON + 3 * DAY)
    assert find("rated:1", at=NOON + 3 * DAY) == []


def test_search_flags(card: MakeCard, find: Search) -> None:
    for flag in range(8):
        card(str(flag)).flag = flag
    assert [find("flag:0"), find("flag:1"), find("flag:7")] == [["0"], ["1"], ["7"]]
    assert find("-flag:0") == [str(flag) for flag in range(1, 8)]


def test_set_due_date_in_searches(db: Session, learner: User, card: MakeCard, find: Search) -> None:
    one = card("card")
    deeds.reschedule(db, user=learner, card_ids=[one.id], days=4, now=NOON)
    assert [find("rated:1"), find("resched:1"), find("prop:due=4")] == [[], ["card"], ["card"]]


def test_search_dates_edited_added(db: Session, card: MakeCard, find: Search) -> None:
    """Added is when it came to one's reviews, in Anki when the note was made."""
    at = NOON + timedelta(hours=15.5)
    one = card("card", at=at - 2 * DAY)
    one.question.updated_at = at
    before = {"edited:1": ["card"], "added:2": [], "added:3": ["card"]}
    after = {"edited:1": [], "edited:2": ["card"], "added:3": [], "added:4": ["card"]}
    assert {query: find(query, at=at) for query in before} == before
    assert {query: find(query, at=at + 60 * MINUTE) for query in after} == after


def test_leeches_and_lapses(card: MakeCard, find: Search) -> None:
    one = card("card")
    one.lapses, one.leech = 8, True
    assert [find("is:leech"), find("prop:lapses>7"), find("prop:lapses>8"), find("prop:reps=0")] == [
        ["card"],
        ["card"],
        [],
        ["card"],
    ]


def test_note_is_a_key_or_a_part_of_a_title(db: Session, ask: Ask, find: Search) -> None:
    """In Anki it is the kind of note. Here notes are what one reads, and take the place of decks."""
    note = a_note(db, title="Docker Networking")
    ask("in it").note = note
    ask("elsewhere")
    db.flush()
    expected = ["Docker Networking", "in it"]
    for query in ("note:docker", 'note:"docker networking"', "note:docker*", f"note:{note.key}"):
        assert [head for head in find(query) if head != "Bridges"] == expected, query
    assert find("note:nosuch") == []


def test_a_whole_key_names_one_note_whatever_stands_in_titles(db: Session, ask: Ask, find: Search) -> None:
    notes = [a_note(db, title=title) for title in ("First", "More than n-first says")]
    notes[0].key = "n-first"
    for note, prompt in zip(notes, ("mine", "of the other"), strict=True):
        ask(prompt).note = note
    db.flush()
    assert find("note:n-first kind:question") == ["mine"]
    assert find("note:n-fir* kind:question") == ["mine"]


@pytest.fixture
def of_concepts(db: Session, ask: Ask) -> Concept:
    """The concept "Bridge networks", which one question asks; another asks "Bridge", a third one none."""
    section = a_note(db).sections[0]
    terms = ("Bridge networks", "Bridge")
    concepts = [
        Concept(key=f"c-{n}", section=section, position=n, term=term, text="Text", fingerprint=f"{n:064}")
        for n, term in enumerate(terms)
    ]
    db.add_all(concepts)
    for prompt, concept in (("of networks", concepts[0]), ("of a bridge", concepts[1]), ("of none", None)):
        ask(prompt).concept = concept
    db.flush()
    return concepts[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('concept:"Bridge networks"', ["Bridge networks", "of networks"]),
        ("concept:c-0", ["Bridge networks", "of networks"]),
        ("concept:NETWORK kind:question", ["of networks"]),
        ("concept:bridge kind:question", ["of a bridge", "of networks"]),
        ("concept:bridge* -concept:*networks kind:question", ["of a bridge"]),
        ("concept:nosuch", []),
    ],
)
@pytest.mark.usefixtures("of_concepts")
def test_concept_is_a_key_or_a_part_of_a_term(find: Search, query: str, found: list[str]) -> None:
    """Not Anki's, which has none."""
    assert find(query) == found


@pytest.mark.usefixtures("of_concepts")
def test_a_concept_and_all_but_it_are_everything(find: Search) -> None:
    assert sorted(find("concept:c-0") + find("-concept:c-0")) == find("")


def test_misjudged_is_what_one_was_sure_of_and_wrong_about(
    db: Session, learner: User, card: MakeCard, find: Search
) -> None:
    wrong, _ = card("wrong"), card("never asked")
    service.misjudge(db, user=learner, question_id=wrong.question_id, at=NOON)
    assert [find("is:misjudged"), find("-is:misjudged")] == [["wrong"], ["never asked"]]


@pytest.mark.parametrize("query", ["kind:note", "kind:section", "kind:question", "kind:card"])
def test_kind(db: Session, card: MakeCard, find: Search, query: str) -> None:
    """Not Anki's, which finds nothing but cards and notes."""
    a_note(db, title="note")
    card("question")
    assert find(query) == [{"note": "note", "section": "Bridges"}.get(query[5:], "question")]


def test_what_is_looked_for_letter_by_letter_is_looked_for_among_what_the_rest_finds(
    db: Session, card: MakeCard, ask: Ask, find: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    card("eth0"), ask("eth1"), ask("other")
    assert [find("re:eth[0-9] is:new"), find("re:eth[0-9] kind:question")] == [["eth0"], ["eth0", "eth1"]]
    monkeypatch.setattr(Steps.__init__, "__defaults__", (1,))
    with pytest.raises(NotUnderstood, match="too much text"):
        find("re:eth")
    assert find("tag:nosuch re:eth") == []
