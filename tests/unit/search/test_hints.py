"""What is said where a search finds nothing. The plays are Anki 26.9.3's, which finds something by each."""

import pytest

from quizapp.search.hints import WORDS, hint_for

HINTS = {
    "dns -server": '-"server" in quotation marks',
    '"note:docker networking"': "it has them after note:",
    '"re:run -p"': "it has them after re:",
    "dock*80": "re:dock.*80",
    '"run*8080.80"': r"re:run.*8080\.80",
    "*.conf": ".conf is found within longer names",
    "-p": WORDS,
    "tag:leech": "is:leech finds them",
    "is:due (tag:Leech or x)": "is:leech finds them",
    "tag:marked": "flag:1 to flag:7",
    "iptabels": WORDS,
}


@pytest.mark.parametrize("query", ["is:due", '-"dns"', "is:new or flag:1", "-tag:leech", "tag:dns"])
def test_of_words_nothing_is_said_where_none_were_looked_for(query: str) -> None:
    assert hint_for(query) == ""


@pytest.mark.parametrize("query", HINTS)
def test_what_may_have_been_meant_is_said(query: str) -> None:
    assert HINTS[query] in hint_for(query)
