"""What a search means, and what it says of what it does not understand and where. The plays are Anki 26.9.3's."""

from datetime import date

import pytest

from quizapp.search.language import All, Either, Not, NotUnderstood, Phrase, Text, parse
from quizapp.search.terms import Is, ReviewedOn, State

# The plays search-errors and search-text: what Anki refuses is refused, but for what can only be meant as text.
REFUSED = {
    "(tag:a": (0, "never closed"),
    "tag:a)": (0, "closes none"),
    "tag:a or": (6, "both sides"),
    "or tag:a": (0, "both sides"),
    "or": (0, "both sides"),
    "a and": (2, "both sides"),
    "and a": (0, "both sides"),
    "a or or b": (2, "both sides"),
    "is:foo": (0, "one of new, learn"),
    "is:": (0, "must follow"),
    "kind: Deployment": (0, "in quotation marks it is text"),
    "prop:rated=1": (0, "-1 for yesterday"),
    "prop:rated=-0.5": (0, "-1 for yesterday"),
    "prop:resched<-36501": (0, "-1 for yesterday"),
    "mid:123": (0, "no note types"),
    "dns is:foo": (4, "one of new"),
    "prop:ivl": (0, "a sign and a number"),
    "prop:foo>3": (0, "prop: knows s, d, r"),
    "prop:ease>2": (0, "no ease"),
    "prop:due=x": (0, "followed by a number"),
    "rated:x": (0, "number of days"),
    # Anki takes 0 for 1 or for nothing, and neither is what it says.
    "rated:0": (0, "1 for today"),
    "added:0": (0, "1 for today"),
    "rated:1:0": (0, "from 1, Again"),
    "rated:1:7": (0, "from 1, Again"),
    "edited:-1": (0, "number of days"),
    "flag:x": (0, "number from 1 to 7"),
    "flag:8": (0, "number from 1 to 7"),
    '"open': (0, "never closed"),
    "-": (0, "looks for nothing"),  # in quotation marks it is text, and is found wherever one stands
    **dict.fromkeys(["reviewed:7", "reviewed:2026-11-1", "reviewed:20261101"], (0, "a day or a month")),
    "reviewed:2026-13": (0, "There is no 2026-13."),
    "reviewed:2026-01..2026-02-31": (0, "There is no 2026-02-31."),
    "reviewed:2026-11..2026-10": (0, "as in reviewed:2026-10..2026-11."),
    **dict.fromkeys(
        ["reviewed:0001-01", "reviewed:9999-12", "reviewed:9999-12-31..0001-01-01"], (0, "a year from 1970 to 2999")
    ),
    "()": (0, "within brackets"),
    "a (": (2, "within brackets"),
    "tag:re:[": (0, "square bracket is never closed"),
    # Anki knows these, and finds nothing if there is no such deck; that would be a riddle here.
    "deck:nosuch": (0, "no decks"),
    # The plays search-near-expressions: Anki refuses these too, but for \\p and (?=a), which nobody needs here.
    "re:(": (0, "a bracket is never closed"),
    "dns re:*": (4, "nothing stands before"),
    "re:[": (0, "square bracket is never closed"),
    "re:a{2,1}": (0, "from the smaller number"),
    r"re:(a)\1": (0, "no meaning to: \\\\1"),
    r"re:\p{Letters}": (0, "no such class"),
    "re:(?=a)": (0, "nothing looks back or ahead"),
    "re:": (0, "must follow"),
    "nc:": (0, "must follow"),
    "sc:dns": (0, "leave sc: out"),
    "has:tag": (0, "no has:"),
    "w:": (0, "Something must follow w:"),
    "kind:deck": (0, "one of card"),
}
# What Anki refuses or excludes, and shells write.
AS_TEXT = ["nosuch:x", "-p", "--rm", "root:root", "$(pwd)", "main()", ":(){", "8080)", "a|b", "x=(1", "{{.Names}}"]


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_understood_is_said_with_its_place(query: str) -> None:
    at, said = REFUSED[query]
    with pytest.raises(NotUnderstood, match=said) as error:
        parse(query)
    assert (error.value.at, query[at : at + len(error.value.part)]) == (at, error.value.part)


@pytest.mark.parametrize("query", AS_TEXT)
def test_what_shells_write_is_text(query: str) -> None:
    assert parse(query) == Text(piece=query.casefold(), is_prefix=False)


def test_days_of_reviews_are_dates_and_months() -> None:
    assert parse("reviewed:2026-02") == ReviewedOn(first=date(2026, 2, 1), last=date(2026, 2, 28))
    assert parse("reviewed:2026-12-31..2027-01") == ReviewedOn(first=date(2026, 12, 31), last=date(2027, 1, 31))


def test_pieces_terms_and_brackets() -> None:
    due, dns = Is(state=State.DUE), Text(piece="dns", is_prefix=False)
    assert parse("DNS is:due") == All(parts=(dns, due))
    assert parse("dns or -is:due") == Either(parts=(dns, Not(part=due)))
    assert parse("-(dns or is:due) dns") == All(parts=(Not(part=Either(parts=(dns, due))), dns))
    assert parse('-"docker run"') == Not(part=Phrase(text="docker run"))
    assert parse("") == All(parts=())


@pytest.mark.parametrize("query", ["x" * 1_001, "a " * 101, "(" * 21 + "a" + ")" * 21])
def test_what_is_too_much_is_refused(query: str) -> None:
    with pytest.raises(NotUnderstood, match="at most"):
        parse(query)


@pytest.mark.parametrize("query", ['-""', '"-"', '"" ""', "\0", "\\", "a\\", '-"a" -(b) (-"c")', "is:due\0is:new"])
def test_odd_signs_break_nothing(query: str) -> None:
    parse(query)
